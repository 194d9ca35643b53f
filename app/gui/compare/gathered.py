"""What thousands of sessions say together: a heat map of hardware x variants, and what it is of."""

from collections.abc import Sequence
from functools import partial

from msgspec import structs
from PySide6.QtWidgets import QLineEdit, QWidget

from app.charts.choices import Selector
from app.charts.gathered import gathered_grid
from app.charts.picture import Picture
from app.findings.gathered import Filter, Gathered, Points, gathered
from app.gui.charts.choice_bar import ChoiceBar
from app.gui.compare.chart import ComparedChart
from app.gui.state.controller import Controller

FILTERS = {
    "since": ("From", "Only from this day on: 2026-11-29, or 2026-11"),
    "until": ("To", "Only up to this day"),
    "driver": ("Driver", "Only such drivers: glob patterns, as *25.*"),
    "version": ("Version", "Only of these versions of Kernelscope"),
    "hardware": ("Hardware", "Only such hardware: glob patterns"),
}


class GatheredChart(ComparedChart):
    """Filters and choices stand above the chart; what it says is derived in the background."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__("compare-gathered", controller, parent)
        self._points: Points | None = None
        self._filter = Filter()
        self.found: Gathered | None = None
        self.choices = ChoiceBar()
        self.edits: dict[str, QLineEdit] = {}
        for name, (title, tip) in FILTERS.items():
            edit = QLineEdit(
                placeholderText=title, toolTip=tip, accessibleName=title, clearButtonEnabled=True
            )
            edit.setMaximumWidth(12 * edit.fontMetrics().averageCharWidth() + 24)
            edit.editingFinished.connect(partial(self._on_edit, name))
            self.edits[name] = edit
            self.head.addWidget(edit)
        self.head.addWidget(self.choices)
        self.choices.chosen.connect(self._on_choice)

    def show_points(self, points: Points) -> None:
        """Chart these, unless they are charted already."""
        if points is not self._points:
            self._points, self._filter = points, Filter()
            for edit in self.edits.values():
                edit.clear()
            self._ask()

    def _on_edit(self, name: str) -> None:
        self._change(**{name: self.edits[name].text().strip()})

    def _on_choice(self, name: str, value: str) -> None:
        # A workload's sizes are its own.
        self._change(**{name: value}, **({"size": ""} if name == "workload" else {}))

    def _change(self, **values: str) -> None:
        changed = structs.replace(self._filter, **values)
        if changed != self._filter:
            self._filter = changed
            self._ask()

    def _ask(self) -> None:
        points, wanted = self._points, self._filter
        if points is None:
            return

        def work() -> Picture:
            found = gathered(points, wanted)
            self.found = found
            return gathered_grid(found)

        self.ask(work)

    def show_picture(self, picture: Picture) -> None:
        """Draw it, and offer what else there is."""
        super().show_picture(picture)
        if self.found:
            self.choices.show_choices(_choices(self.found))


def _choices(found: Gathered) -> Sequence[Selector]:
    pairs = [(found.workload, found.shape), *(tuple(other.rsplit(" ", 1)) for other in found.others)]
    names = sorted({pair[0] for pair in pairs})
    sizes = sorted(
        {size for name, size in pairs if name == found.workload}, key=lambda size: (len(size), size)
    )
    offered = (
        Selector("workload", tuple((name, name) for name in names), found.workload),
        Selector("size", tuple((size, size) for size in sizes), found.shape),
    )
    return [choice for choice in offered if len(choice.options) > 1]
