"""Buttons that stay pressed, so that one sees it."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QToolButton


def dress_pressed(button: QToolButton, pressed: bool | None = None) -> None:
    """Give a button that is checked, or said to be ``pressed``, the colours of a selection.

    Fusion's own look hardly shows in the dark.
    """
    # Not the parent's: that may hear of another theme after its buttons.
    palette = QApplication.palette()
    if button.isChecked() if pressed is None else pressed:
        palette.setColor(QPalette.ColorRole.Button, palette.highlight().color())
        palette.setColor(QPalette.ColorRole.ButtonText, palette.highlightedText().color())
    button.setPalette(palette)
