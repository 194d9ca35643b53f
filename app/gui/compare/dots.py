"""What changed between the sessions that are compared: a dot per case."""

from functools import partial

from PySide6.QtWidgets import QWidget

from app.charts.changes import changes
from app.findings.across import Across
from app.gui.compare.chart import ComparedChart
from app.gui.state.controller import Controller


class CompareDots(ComparedChart):
    """Shows a comparison with the margin that the verdicts have."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__("compare-dots", controller, parent)
        self._shown: tuple[Across, float] | None = None

    def show_across(self, across: Across, margin: float, created: str) -> None:
        """Draw the changes of these sessions, unless they are drawn already."""
        if self._shown and self._shown[0] is across and self._shown[1] == margin:
            return
        self._shown = (across, margin)
        self.ask(partial(changes, across, margin, created))
