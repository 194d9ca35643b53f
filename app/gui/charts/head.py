"""What stands above a chart: the answer that it gives, what is drawn, and what can be chosen of it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.charts.choices import Selector
from app.gui.charts.choice_bar import ChoiceBar
from app.gui.charts.pressed import dress_pressed
from app.gui.parts.elided import ElidedLabel, FittedLabel

HEADLINE = 18.0
"""Points of the answer, where usual type has 10."""


class ChartHead(QWidget):
    """The answer has a line of its own; beside the choices stands what is drawn, then the machine.

    ``chosen`` carries the field of ``View`` and its new value, ``articles_clicked`` comes before any change.
    """

    chosen = Signal(str, str)
    articles_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answer, self.title, self.note = FittedLabel(HEADLINE), ElidedLabel(), ElidedLabel()
        for label in (self.title, self.note):
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.choices = ChoiceBar()
        self.choices.chosen.connect(self.chosen)
        self.articles = QToolButton(text="Articles", checkable=True, accessibleName="Articles' figures")
        self.articles.setToolTip("Lay what the two articles report under the chart, in grey")
        self.articles.clicked.connect(self.articles_clicked)
        self.resume = QToolButton(toolTip="Measure what the stopped run left; rows that are there stay")
        self.resume.hide()
        self.many = QToolButton(toolTip="Every variant as a field of one picture: types by techniques")
        self.many.hide()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.title, 1)
        line.addWidget(self.many)
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

    def offer_resume(self, left: int) -> None:
        """Offer to go on with a run that was stopped, where it left something."""
        self.resume.setText(f"Resume ({left} left)")
        self.resume.setAccessibleName(self.resume.text())
        self.resume.setVisible(left > 0)

    def propose(self, variants: int) -> None:
        """Propose the heat map for so many variants; none needs it."""
        self.many.setText(f"{variants} variants: heat map")
        self.many.setAccessibleName(self.many.text())
        self.many.setVisible(variants > 0)

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

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "articles"):
            dress_pressed(self.articles)
