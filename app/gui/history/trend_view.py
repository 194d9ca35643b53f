"""One case over time: which case, its picture, and what a point says."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from app.charts.picture import Spot
from app.charts.trend import Place, trend_picture
from app.figures.verdict import MARGIN
from app.findings.trend import Change
from app.gui.charts.menu import Entry
from app.gui.charts.titled import TitledFigure
from app.gui.history.records import CaseKey, Records
from app.gui.parts.elided import ElidedBox
from app.gui.state.controller import Controller
from app.storage.history import series_words


class TrendView(TitledFigure):
    """``session_chosen`` carries the number of the run whose point was clicked, ``session_asked`` that of one
    that is to be opened.
    """

    session_chosen = Signal(int)
    session_asked = Signal(int)
    hint = "Each point is one run; a click selects it in the list. Dashed: a change beyond noise."

    def __init__(self, records: Records, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self._records = records
        self._sessions: tuple[int, ...] = ()
        self._cases: list[CaseKey] = []
        self._followed = ""
        self.case = ElidedBox("Case over time", "What is followed from run to run", 16)
        label = QLabel("O&ver time")
        label.setBuddy(self.case)
        self.head.addWidget(label)
        self.head.addWidget(self.case, 1)
        self.case.activated.connect(self._ask)
        self.figure.chosen.connect(lambda spot: self.session_chosen.emit(self._session(spot)))
        self.figure.about = self._about
        records.cases_found.connect(self._on_cases)
        records.trend_found.connect(self._on_trend)
        self.clear()

    def _session(self, spot: Spot) -> int:
        return self._sessions[int(spot.x)]

    def _about(self, spot: Spot) -> list[Entry]:
        run = self._session(spot)
        return [Entry("&Open this run", lambda: self.session_asked.emit(run))]

    def clear(self, words: str = "Select a run to follow one of its cases over time.") -> None:
        """Show nothing, and how to see something."""
        self._cases = []
        self.case.clear()
        self.case.setEnabled(False)
        self.show_words("", words)

    def _on_cases(self, cases: Sequence[CaseKey]) -> None:
        """Stay with the case that was followed, if this run has it."""
        if not cases:
            self.clear("Nothing of this run has a result.")
            return
        self.clear()
        self._cases = list(cases)
        titles = [
            f"{workload} {series_words(series)} {shape} on {target}"
            for workload, series, shape, target in cases
        ]
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
        picture, self._sessions = trend_picture(self.case.currentText(), found)
        self.show_picture(picture)
