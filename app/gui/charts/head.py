"""What stands above a chart: the answer that it gives, what is drawn, and what can be chosen of it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.charts.choices import Selector
from app.gui.charts.choice_bar import ChoiceBar
from app.gui.charts.pressed import dress_pressed
from app.gui.parts.elided import ElidedLabel, FittedLabel
from app.gui.parts.plain import plain

HEADLINE = 18.0
"""Points of the answer, where usual type has 10."""


class ChartHead(QWidget):
    """The answer has a line of its own; beside the choices stands what is drawn, then the machine.

    ``chosen`` carries the field of ``View`` and its new value, ``articles_clicked`` comes before any change.
    ``asked`` when the answer is clicked, which leads on to the case that it is about.
    """

    chosen = Signal(str, str)
    articles_clicked = Signal()
    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answer, self.title, self.note = FittedLabel(HEADLINE), ElidedLabel(), ElidedLabel()
        self.answer.installEventFilter(self)
        self._leads = False
        for label in (self.title, self.note):
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.choices = ChoiceBar()
        self.choices.chosen.connect(self.chosen)
        self.articles = QToolButton(text="Articles", checkable=True, accessibleName="Articles' figures")
        self.articles.setToolTip("Lay what the two articles report under the chart, in grey")
        self.articles.clicked.connect(self.articles_clicked)
        self.map = QToolButton(toolTip="Every type and technique as a cell: more than lines or bars can show")
        self.map.hide()
        self.resume = QToolButton(toolTip="Measure what the stopped run left; rows that are there stay")
        self.resume.hide()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.title, 1)
        line.addWidget(self.map)
        line.addWidget(self.articles)
        line.addWidget(self.choices)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        first = QHBoxLayout()
        first.addWidget(self.answer, 1)
        first.addWidget(self.resume)
        layout.addLayout(first)
        layout.addLayout(line)
        layout.addWidget(self.note)

    def offer(self, choices: Sequence[Selector], articles: bool | None) -> None:
        """Let these be chosen; ``articles`` is whether their figures are laid under, None where none suit."""
        self.choices.show_choices(choices)
        self.articles.setVisible(articles is not None)
        self.articles.setChecked(bool(articles))
        dress_pressed(self.articles)

    def offer_map(self, variants: int) -> None:
        """Propose the heat map of so many variants; 0 proposes nothing."""
        self.map.setText(f"All {variants} as a heat map")
        self.map.setVisible(variants > 0)

    def offer_resume(self, left: int) -> None:
        """Offer to go on with a run that was stopped, where it left something."""
        self.resume.setText(f"Resume ({left} left)")
        self.resume.setAccessibleName(self.resume.text())
        self.resume.setVisible(left > 0)

    def say(self, answer: str, title: str, machine: str, note: str = "") -> None:
        """Show these words; what is empty takes no room."""
        for label, words in (
            (self.answer, answer),
            (self.title, "  ·  ".join(dict.fromkeys(filter(None, (title, machine))))),
            (self.note, note),
        ):
            label.set_whole(words)
        self.answer.setVisible(bool(answer))
        self.note.setVisible(bool(note))

    def lead_on(self, leads: bool) -> None:
        """Whether a click on the answer shows the case that it is about."""
        self._leads = leads
        words = plain(self.answer.whole)
        self.answer.setToolTip(f"{words}\nA click shows all about this case" if leads else words)
        shape = Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor
        if self.answer.cursor().shape() is not shape:
            self.answer.setCursor(shape)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The answer is clicked."""
        if event.type() is QEvent.Type.MouseButtonRelease and self._leads:
            self.asked.emit()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "articles"):
            dress_pressed(self.articles)
