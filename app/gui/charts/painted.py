"""Painted pictures: drawings that are no charts, to be copied and exported as these are."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from app.charts.picture import Axis, Picture, Spot
from app.gui.parts.theme import Colours

NO_AXIS = Axis("")


@dataclass(frozen=True, kw_only=True)
class Painted(Picture):
    """``paint`` draws it into a box, in the colours of a theme."""

    paint: Callable[[QPainter, QRectF, Colours], None]
    x: Axis = NO_AXIS
    y: Axis = NO_AXIS

    @property
    def spots(self) -> tuple[Spot, ...]:
        """Nothing that could be pointed at."""
        return ()
