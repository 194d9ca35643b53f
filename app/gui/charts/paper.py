"""Paper: what a figure is drawn on for a file, the clipboard or a screen."""

from dataclasses import dataclass

from PySide6.QtCore import QSizeF

from app.gui.parts.theme import LIGHT, Colours

WIDTH, HEIGHT = 1280, 720


@dataclass(frozen=True)
class Paper:
    """``wide`` by ``high`` units in a theme's colours, with texts ``type_size`` times as large as usual.

    ``title`` takes the place of the finding, where it says anything.
    """

    wide: float = WIDTH
    high: float = HEIGHT
    colours: Colours = LIGHT
    type_size: float = 1.0
    title: str = ""

    @property
    def size(self) -> QSizeF:
        """Its width and height."""
        return QSizeF(self.wide, self.high)


USUAL_PAPER = Paper()
"""A slide of 16 by 9 in light colours, under the finding."""
