"""The font of code and data."""

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QWidget


def code_font(beside: QWidget) -> QFont:
    """Monospaced, as large as the letters of ``beside``."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(beside.font().pointSizeF())
    return font
