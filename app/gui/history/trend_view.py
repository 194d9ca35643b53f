"""One case over time: which case, its picture, and what a point says."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from app.charts.picture import Lines, Spot
from app.charts.trend import Place, trend_picture
from app.figures.verdict import MARGIN
from app.findings.trend import Change
from app.gui.charts.look import Look
from app.gui.charts.placeholder import Placeholder
from app.gui.history.records import CaseKey, Records
from app.gui.parts.elided import ElidedBox, ElidedLabel
from app.gui.parts.theme import current

HINT = "Each point is one run; a click selects it in the list. Dashed: a change beyond noise."


class TrendView(QWidget):
    """``session_chosen`` carries the number of the run whose point was clicked."""

    session_chosen = Signal(int)

    def __init__(self, records: Records, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._records = records
        self._sessions: tuple[int, ...] = ()
        self._cases: list[CaseKey] = []
        self._followed = ""
        self.picture: Lines | None = None
        self.case = ElidedBox("Case over time", "What is followed from run to run", 16)
        label = QLabel("O&ver time")
        label.setBuddy(self.case)
        self._read = ElidedLabel()
        self._read.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.placeholder = Placeholder()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.placeholder)
        head = QHBoxLayout()
        head.addWidget(label)
        head.addWidget(self.case, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._read)
        self.case.activated.connect(self._ask)
        records.cases_found.connect(self._on_cases)
        records.trend_found.connect(self._on_trend)
        self.clear()

    def clear(self) -> None:
        """Show nothing, and how to see something."""
        self._cases, self.picture = [], None
        self.case.clear()
        self.case.setEnabled(False)
        self._read.set_whole("")
        self.placeholder.say("", "Select a run to follow one of its cases over time.")
        self._pages.setCurrentIndex(0)

    def _on_cases(self, cases: Sequence[CaseKey]) -> None:
        """Stay with the case that was followed, if this run has it."""
        self.clear()
        if not cases:
            self.placeholder.say("", "Nothing of this run has a result.")
            return
        self._cases = list(cases)
        titles = [f"{workload} {variant} {shape} on {target}" for workload, variant, shape, target in cases]
        self.case.addItems(titles)
        self.case.setEnabled(True)
        self.case.setCurrentIndex(titles.index(self._followed) if self._followed in titles else 0)
        self._ask()

    def _ask(self) -> None:
        self._followed = self.case.currentText()
        self._records.ask_trend(self._cases[self.case.currentIndex()], MARGIN)

    def _on_trend(self, case: CaseKey, found: Mapping[Place, Sequence[Change]]) -> None:
        if not self._cases or case != self._cases[self.case.currentIndex()] or not found:
            return
        self.picture, self._sessions = trend_picture(self.case.currentText(), found)
        self._read.set_whole(HINT)
        self._load_plot()
        self._draw()
        self._pages.setCurrentIndex(1)

    def _load_plot(self) -> None:
        if self._pages.count() > 1:
            return
        from app.gui.charts.canvas import Canvas

        self.canvas = Canvas(Look(current()))
        self.canvas.pointed.connect(self._on_pointed)
        self.canvas.chosen.connect(lambda spot: self.session_chosen.emit(self._sessions[int(spot.x)]))
        self._pages.addWidget(self.canvas)

    def _draw(self) -> None:
        if self.picture:
            self.canvas.set_colours(current())
            self.canvas.show_picture(self.picture)
            self.canvas.setAccessibleName(f"Chart: {self.picture.title} over time")

    def _on_pointed(self, spot: Spot | None) -> None:
        self._read.set_whole(spot.note if spot else HINT)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_pages"):
            self._draw()
