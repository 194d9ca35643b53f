"""Bars of the sessions that are compared: a group per session and target, a bar per variant, at one size."""

from functools import partial

from msgspec import structs
from PySide6.QtGui import QImage, QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.charts.bar_groups import Bars
from app.charts.choices import Selector
from app.charts.comparison import (
    baseline_choices,
    comparison_bars,
    shape_names,
    target_labels,
    workload_names,
)
from app.charts.modes.mode import read_row
from app.charts.picture import Key, Spot
from app.charts.scene import Scene, View
from app.core.errors import KernelscopeError
from app.findings.across import Named
from app.gui.charts.choice_bar import ChoiceBar
from app.gui.charts.look import Look
from app.gui.charts.placeholder import Placeholder
from app.gui.parts.background import Background
from app.gui.parts.elided import ElidedLabel
from app.gui.parts.theme import current
from app.storage.shipped import articles
from app.workloads import workloads

HINT = "Point at a bar, or use the arrow keys, to read its figures."


class CompareBars(QWidget):
    """Derives its picture in the background, which ends with ``close_background``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = Background("compare-bars", self)
        self._background.failed.connect(self._on_failed)
        self._named: Named = ()
        self._view = View()
        self.picture: Bars | None = None
        self.choices = ChoiceBar()
        self.baseline = QComboBox(accessibleName="Baseline", toolTip="What speedups are measured against")
        self.baseline.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.articles = QCheckBox("&Articles", toolTip="Lay what the articles report beneath the bars")
        self._title, self._read = ElidedLabel(), ElidedLabel()
        self.placeholder = Placeholder()
        self._pages = QStackedWidget()
        self._splitter: QSplitter | None = None
        self._build()

    def _build(self) -> None:
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._read.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        for widget in (self.articles, self.baseline, self.choices):
            head.addWidget(widget)
        self._pages.addWidget(self.placeholder)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._read)
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
        self._background.ask(work, self._on_picture, "bars")

    def _on_picture(self, picture: Bars) -> None:
        self.picture = picture
        self._load_plot()
        self._title.set_whole(picture.title)
        self._read.set_whole(HINT)
        self._pages.setCurrentIndex(1)
        self.redraw()

    def _on_failed(self, line: str) -> None:
        self.picture = None
        self._title.set_whole("")
        self._read.set_whole("")
        self.placeholder.say("No bars to draw", f"{line[:1].upper()}{line[1:]}.")
        self._pages.setCurrentIndex(0)

    def _load_plot(self) -> None:
        if self._splitter:
            return
        from app.gui.charts.canvas import Canvas
        from app.gui.charts.legend import Legend

        self.canvas, self.legend = Canvas(Look(current())), Legend()
        self.canvas.pointed.connect(self._on_pointed)
        self.legend.hidden_changed.connect(lambda _: self.redraw())
        self._splitter = self.legend.beside(self.canvas)
        self._pages.addWidget(self._splitter)

    def redraw(self) -> None:
        """Draw in the colours of now, without what was put out in the legend."""
        if self.picture is None:
            return
        self.canvas.set_colours(current())
        self.legend.show_picture(self.picture, current())
        self.canvas.show_picture(self.picture.without(self.hidden))
        self.canvas.name(self.picture.title, self.picture)

    @property
    def hidden(self) -> frozenset[Key]:
        """What was put out in the legend."""
        return self.legend.hidden if self._splitter else frozenset()

    def _on_pointed(self, spot: Spot | None) -> None:
        if spot is None:
            self._read.set_whole(HINT)
            return
        session = self._named[0][1]
        base = self.baseline.currentData() or session.plan.baseline
        self._read.set_whole(read_row(Scene(session, (), workloads(), base), spot))

    def image(self) -> QImage | None:
        """The chart as a picture, if there is one."""
        from app.gui.charts.export import picture_image

        return picture_image(self.picture, self.hidden) if self.picture else None

    def bytes(self, suffix: str) -> bytes:
        """The chart as the contents of a file.

        Raises:
            KernelscopeError: there is none.
        """
        from app.gui.charts.export import picture_bytes

        if self.picture is None:
            raise KernelscopeError("There is no chart to export: nothing shown here has a speedup")
        return picture_bytes(self.picture, suffix, self.hidden)

    def close_background(self) -> None:
        """Let the thread go."""
        self._background.close()
