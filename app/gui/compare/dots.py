"""What changed between the sessions that are compared: a dot per case."""

from functools import partial

from PySide6.QtWidgets import QWidget

from app.charts.changes import changes
from app.findings.across import Across
from app.gui.compare.chart import ComparedChart


class CompareDots(ComparedChart):
    """Shows a comparison with the margin that the verdicts have."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("compare-dots", parent)

    def show_across(self, across: Across, margin: float, created: str) -> None:
        """Draw the changes of these sessions."""
        self._background.ask(partial(changes, across, margin, created), self.show_picture, "dots")
