"""Icons: drawn from the SVG files in resources/icons in the theme's own colours, sharp at any scale."""

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.core.target import FeatureState
from app.gui.parts.theme import Colours

SIZES = (16, 24, 32, 48)


@cache
def _svg(name: str) -> str:
    return (files("resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@cache
def icon(name: str, colour: str, disabled: str = "", selected: str = "") -> QIcon:
    """The icon with ``currentColor`` replaced; ``disabled`` is its colour while it cannot be used.

    ``selected`` is its colour in a selected line of a list.
    """
    made = QIcon()
    modes = {
        QIcon.Mode.Normal: colour,
        QIcon.Mode.Disabled: disabled or colour,
        QIcon.Mode.Selected: selected or colour,
    }
    for mode, ink in modes.items():
        renderer = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", ink).encode()))
        for size in SIZES:
            pixmap = QPixmap(size, size)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            renderer.render(painter)
            painter.end()
            made.addPixmap(pixmap, mode)
    return made


def state_icon(state: FeatureState, colours: Colours) -> QIcon:
    """A feature's state: each has a shape of its own, not only a colour."""
    inks = {
        FeatureState.SUPPORTED: colours.good,
        FeatureState.EMULATED: colours.warn,
        FeatureState.MISSING: colours.muted,
        FeatureState.BLOCKED: colours.bad,
        FeatureState.UNKNOWN: colours.muted,
    }
    return icon(f"state-{state.value}", inks[state], selected=colours.selected)
