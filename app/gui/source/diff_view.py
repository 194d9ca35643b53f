"""Two texts side by side: aligned, marked, scrolled together."""

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.core.diff import Pair, PairKind, Side, side_by_side
from app.gui.parts.elided import ElidedLabel
from app.gui.parts.theme import Colours, current
from app.gui.source.code_view import CodeView
from app.gui.source.marks import Tint


class DiffView(QWidget):
    """Two texts side by side: the other at the left, as what came before. ``find_asked`` carries a side."""

    find_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = ("", "", "", "")
        self._language = "wgsl"
        self.pairs: list[Pair] = []
        self.left, self.right = CodeView("Compared with"), CodeView("Chosen text")
        self._titles = (ElidedLabel(), ElidedLabel())
        self.count = ElidedLabel()
        self.count.setMinimumWidth(self.fontMetrics().averageCharWidth() * 16)
        self.count.setForegroundRole(self.count.foregroundRole().PlaceholderText)
        for keys, step in (("Alt+Up", -1), ("Alt+Down", 1)):
            shortcut = QShortcut(QKeySequence(keys), self, partial(self.walk, step))
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        for title, view in zip(self._titles, (self.left, self.right), strict=True):
            side = QWidget()
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(2)
            column.addWidget(title)
            column.addWidget(view, 1)
            splitter.addWidget(side)
            view.find_asked.connect(lambda v=view: self.find_asked.emit(v))
        for bar in ("verticalScrollBar", "horizontalScrollBar"):
            a, b = getattr(self.left, bar)(), getattr(self.right, bar)()
            a.valueChanged.connect(b.setValue)
            b.valueChanged.connect(a.setValue)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(splitter, 1)

    def compare(self, left: str, right: str, titles: tuple[str, str], language: str) -> None:
        """Show two texts of one language, from where they first differ; an edited pair stays in place.

        Nothing happens where they are shown already.
        """
        if (left, right, *titles) == self._texts:
            return
        same_pair, here = titles == self._texts[2:], self.right.textCursor().blockNumber()
        self._texts, self._language = (left, right, *titles), language
        self.pairs = side_by_side(left, right)
        for label, title in zip(self._titles, titles, strict=True):
            label.set_whole(title)
        self._draw()
        self._go_to(min(here, len(self.pairs) - 1) if same_pair else next(iter(self._starts()), 0))

    def _starts(self) -> list[int]:
        """The first lines of all stretches that differ."""
        same = [pair.kind is PairKind.SAME for pair in self.pairs]
        return [i for i, alike in enumerate(same) if not alike and (i == 0 or same[i - 1])]

    def _go_to(self, line: int) -> None:
        for view in (self.left, self.right):
            view.go_to(line)

    def walk(self, step: int) -> None:
        """Go to the next stretch of lines that differ, or the one before."""
        starts = self._starts()
        here = self.right.textCursor().blockNumber()
        ahead = [i for i in starts if (i > here if step > 0 else i < here)]
        if starts:
            # Past the last one comes the first.
            self._go_to((ahead or starts)[0 if step > 0 else -1])

    def _draw(self) -> None:
        colours = current()
        for view, sides, mine in (
            (self.left, [pair.left for pair in self.pairs], PairKind.REMOVED),
            (self.right, [pair.right for pair in self.pairs], PairKind.ADDED),
        ):
            tints = [
                _tint(i, pair, side, mine, colours)
                for i, (pair, side) in enumerate(zip(self.pairs, sides, strict=True))
                if pair.kind is not PairKind.SAME
            ]
            text = "\n".join(side.text if side else "" for side in sides)
            view.show_text(text, self._language, [side.number if side else None for side in sides], tints)
        self.count.set_whole(_words(self.pairs))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "count"):
            self._draw()


def _tint(line: int, pair: Pair, side: Side | None, mine: PairKind, colours: Colours) -> Tint:
    """Removed and added lines are wholly of one side; a changed line has its words marked."""
    if side is None:
        grey = _faint(colours.muted, 28)
        return Tint(line, grey, grey)
    ink = colours.bad if mine is PairKind.REMOVED else colours.good
    return Tint(line, _faint(ink, 34), _faint(ink, 90), side.marks if pair.kind is PairKind.CHANGED else ())


def _faint(ink: str, alpha: int) -> QColor:
    colour = QColor(ink)
    colour.setAlpha(alpha)
    return colour


def _words(pairs: list[Pair]) -> str:
    counts = [
        sum(pair.kind is kind for pair in pairs)
        for kind in (PairKind.CHANGED, PairKind.ADDED, PairKind.REMOVED)
    ]
    if not any(counts):
        return "The texts are the same."
    return ", ".join(
        f"{count} line{'s' * (count != 1)} {word}"
        for count, word in zip(counts, ("changed", "added", "removed"), strict=True)
        if count
    )
