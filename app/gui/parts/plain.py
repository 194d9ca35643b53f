"""Text from files as tooltips: Qt takes one with tags for HTML, and would fetch the pictures in it."""

from html import escape

from PySide6.QtGui import Qt


def plain(text: str) -> str:
    """``text`` so that Qt shows it as it stands."""
    if not Qt.mightBeRichText(text):
        return text
    return f"<p style='white-space: pre-wrap'>{escape(text)}</p>"
