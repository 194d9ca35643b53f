"""Buttons that stay pressed, so that one sees it."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QToolButton


def dress_pressed(button: QToolButton) -> None:
    """Give a pressed button the colours of a selection; Fusion's own look hardly shows in the dark."""
    parent = button.parentWidget()
    palette = QPalette(parent.palette() if parent else button.palette())
    if button.isChecked():
        palette.setColor(QPalette.ColorRole.Button, palette.highlight().color())
        palette.setColor(QPalette.ColorRole.ButtonText, palette.highlightedText().color())
    button.setPalette(palette)
