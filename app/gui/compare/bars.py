"""Bars of the sessions that are compared: a group per session and target, a bar per variant, at one size."""

from functools import partial

from msgspec import structs
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from app.charts.choices import Selector
from app.charts.comparison import (
    baseline_choices,
    comparison_bars,
    shape_names,
    target_labels,
    workload_names,
)
from app.charts.modes.mode import read_row
from app.charts.picture import Spot
from app.charts.scene import Scene, View
from app.findings.across import Named
from app.gui.charts.choice_bar import ChoiceBar
from app.gui.compare.chart import ComparedChart
from app.gui.state.controller import Controller
from app.storage.shipped import articles
from app.workloads import workloads


class CompareBars(ComparedChart):
    """Speedups within each session, side by side."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__("compare-bars", controller, parent)
        self._named: Named = ()
        self._view = View()
        self.choices = ChoiceBar()
        self.baseline = QComboBox(accessibleName="Baseline", toolTip="What speedups are measured against")
        self.baseline.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.articles = QCheckBox("&Articles", toolTip="Lay what the articles report beneath the bars")
        for widget in (self.articles, self.baseline, self.choices):
            self.head.addWidget(widget)
        self.choices.chosen.connect(self._on_choice)
        self.baseline.activated.connect(self._ask)
        self.articles.toggled.connect(self._ask)

    def show_sessions(self, named: Named) -> None:
        """Chart these, unless they are charted already."""
        if list(named) != list(self._named):
            self._named = tuple(named)
            self._offer()
            self._ask()

    def _offer(self) -> None:
        names = workload_names(self._named)
        if self._view.workload not in names:
            self._view = structs.replace(self._view, workload=next(iter(names), ""))
        workload = self._view.workload
        sizes = {shape.label: name for shape, name in shape_names(self._named, workload).items()}
        targets = target_labels(self._named, workload)
        if self._view.size not in sizes:
            self._view = structs.replace(self._view, size="")
        if self._view.target not in targets:
            self._view = structs.replace(self._view, target="")
        offered = (
            Selector("workload", tuple((name, name) for name in names), workload),
            Selector("target", (("", "All targets"), *targets.items()), self._view.target),
            Selector("size", (("", "Largest size"), *sizes.items()), self._view.size),
        )
        self.choices.show_choices([choice for choice in offered if len(choice.options) > 1])
        chosen = self.baseline.currentData()
        self.baseline.clear()
        self.baseline.addItem("Baseline of each session", "")
        for name in baseline_choices(self._named, workload):
            self.baseline.addItem(f"over {name}", name)
        self.baseline.setCurrentIndex(max(0, self.baseline.findData(chosen)))

    def _on_choice(self, name: str, value: str) -> None:
        self._view = structs.replace(self._view, **{name: value})
        self._offer()
        self._ask()

    def _ask(self) -> None:
        work = partial(
            comparison_bars,
            self._named,
            workloads(),
            self.baseline.currentData() or None,
            self._view.size or None,
            articles() if self.articles.isChecked() else None,
            self._view.workload,
            self._view.target,
        )
        self.ask(work)

    def words(self, spot: Spot) -> str:
        """A row of the results in words."""
        session = self._named[0][1]
        base = self.baseline.currentData() or session.plan.baseline
        return read_row(Scene(session, (), workloads(), base), spot)
