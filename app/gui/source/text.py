"""A text of a code view, which may have several: its letters and colours, and where the user was."""

from dataclasses import dataclass
from typing import Self

from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextDocumentLayout, QWidget

from app.gui.parts.theme import current
from app.gui.source.highlighter import Highlighter


@dataclass
class Text:
    """``given`` is what was to be shown, before the user typed and as Qt may not show it."""

    document: QTextDocument
    given: str = ""
    language: str = "wgsl"
    cursor: QTextCursor | None = None
    _highlighter: Highlighter | None = None

    @classmethod
    def of(cls, view: QWidget) -> Self:
        """An empty one, which lives as long as ``view``."""
        document = QTextDocument(view)
        document.setDocumentLayout(QPlainTextDocumentLayout(document))
        document.setDefaultFont(view.font())
        return cls(document)

    def highlight(self, language: str) -> None:
        """Colour it as that language."""
        self.language = language
        if self._highlighter is None:
            self._highlighter = Highlighter(self.document, language, current())
        self._highlighter.set_language(language)

    def dress(self) -> None:
        """Follow the theme."""
        if self._highlighter:
            self._highlighter.set_colours(current())
