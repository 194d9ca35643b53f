"""Colours for WGSL, WAT and Python: Pygments reads the text, this paints what it found."""

from functools import cache
from typing import TYPE_CHECKING, Any

from pygments.token import Comment, Keyword, Name, Number, String, _TokenType
from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from app.gui.parts.theme import Colours

if TYPE_CHECKING:
    from pygments.lexer import Lexer

Span = tuple[int, int, str]
"""Start and length within a line, and the token type that has an ink."""


LONGEST_READ = 200_000
"""Characters; nine times the longest text of the catalogue, read in a fifth of a second."""


INKS = {
    Comment: ("#5f6b78", "#93a1b0"),
    Keyword: ("#8a1ca8", "#d39bff"),
    Keyword.Type: ("#00696f", "#5fd0d6"),
    Name.Builtin: ("#00696f", "#5fd0d6"),
    Name.Decorator: ("#955800", "#f0b54a"),
    Name.Function: ("#0a5fc0", "#6db3ff"),
    Name.Variable: ("#0a5fc0", "#8cc4ff"),
    Number: ("#a5300f", "#ff9e80"),
    String: ("#3a6b1e", "#a5d680"),
}
"""Light and dark; each at least 4.5 to 1 against its background."""


@cache
def lexer(language: str) -> "Lexer":
    """The reader of a language: wgsl, wat or python; imported when the first text is shown."""
    from app.gui.source.lexers import LEXERS

    return LEXERS[language](stripnl=False, ensurenl=False)


def spans(text: str, language: str) -> list[list[Span]]:
    """The coloured stretches of each line, by token type; none in a text that is empty or far too long."""
    if not 0 < len(text) <= LONGEST_READ:
        return [[] for _ in range(text.count("\n") + 1)]
    lines: list[list[Span]] = [[]]
    column = 0
    for kind, value in lexer(language).get_tokens(text):
        name = _known(kind)
        for i, part in enumerate(value.split("\n")):
            if i:
                lines.append([])
                column = 0
            if part and name:
                lines[-1].append((column, len(part), name))
            column += len(part)
    return lines


@cache
def _known(kind: Any) -> str:
    """The nearest type that has an ink, as a word; empty when none has."""
    while kind not in INKS and kind.parent:
        kind = kind.parent
    return str(kind) if kind in INKS else ""


class Highlighter(QSyntaxHighlighter):
    """Reads the whole text once after each change, so that no token is cut at a line's end.

    Then it paints anew what is not as it was: with every key, all lines would take too long.
    """

    def __init__(self, document: QTextDocument, language: str, colours: Colours) -> None:
        super().__init__(document)
        self._language = language
        self._text: str | None = None
        self._painting = False
        self._early: set[int] = set()
        """Lines that Qt had painted before the new text was read: as what stood there before."""
        self._spans: list[list[Span]] = []
        self._formats: dict[str, QTextCharFormat] = {}
        document.contentsChanged.connect(self._read)
        self.set_colours(colours)

    def set_language(self, language: str) -> None:
        """Read the text as another language from now on."""
        if language != self._language:
            self._language, self._text = language, None
            self._read()

    def set_colours(self, colours: Colours) -> None:
        """Follow the theme."""
        self._formats = {str(kind): _format(kind, inks[colours.dark]) for kind, inks in INKS.items()}
        self._text = None
        self._read()

    def _read(self) -> None:
        if self._painting:  # which says that the contents changed
            return
        text = self.document().toPlainText()
        if text == self._text:
            return
        anew, self._text = self._text is None, text
        before, self._spans = self._spans, spans(text, self._language)
        self._painting = True
        if anew:
            self.rehighlight()
        else:
            for line in {*_changed(before, self._spans), *self._early}:
                self.rehighlightBlock(self.document().findBlockByNumber(line))
        self._early.clear()
        self._painting = False

    def highlightBlock(self, text: str) -> None:
        """Paint one line."""
        number = self.currentBlock().blockNumber()
        if not self._painting:
            self._early.add(number)
        for start, length, name in self._spans[number] if number < len(self._spans) else ():
            self.setFormat(start, length, self._formats[name])


def _changed(before: list[list[Span]], after: list[list[Span]]) -> range:
    """The lines between those that are the same at the top and at the bottom."""
    most = min(len(before), len(after))
    top = next((i for i in range(most) if before[i] != after[i]), most)
    bottom = next((i for i in range(most - top) if before[-1 - i] != after[-1 - i]), most - top)
    return range(top, len(after) - bottom)


def _format(kind: _TokenType, ink: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(ink))
    if kind is Keyword:
        made.setFontWeight(QFont.Weight.DemiBold)
    made.setFontItalic(kind is Comment)
    return made
