"""The question on top of the window: a sentence of chips, each with a pop-over to choose in."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from app.catalog.named_plans import NAMED_PLANS
from app.gui.kernels.baseline_box import BaselineBox
from app.gui.kernels.grid import VariantGrid
from app.gui.kernels.instances_box import InstancesBox
from app.gui.kernels.operands_box import OperandsBox
from app.gui.kernels.sizes_edit import SizesEdit
from app.gui.parts.actions import ActionSet
from app.gui.parts.elided import ElidedLabel
from app.gui.parts.flow import Flow
from app.gui.parts.pick_list import PickList
from app.gui.parts.pop_over import Chip
from app.gui.parts.tick_list import TickList
from app.workloads import catalogue, workloads

CUSTOM = "Custom selection"
TIPS = {"variants": "Which kernels run", "sizes": "At which sizes"}
"""What the chips are about that a named plan answers by itself."""

CHIP_TEXTS = {
    "plan": "&Plan…",
    "workload": "&Workload…",
    "targets": "&Targets…",
    "variants": "&Variants…",
    "sizes": "&Sizes…",
    "baseline": "&Baseline…",
    "time": "Time and &operands…",
}
"""What the menu calls the chips."""


class QuestionForm(QWidget):
    """Widgets alone: what they mean together is the question's to say.

    ``chips`` are the words of the sentence by name, in their order.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plan = PickList(
            "Plan", "What you choose yourself, or a plan that answers a question people often ask"
        )
        self.workload = PickList("Workload", "The problem that every kernel solves")
        self.targets = TickList("Targets")
        self.variants = VariantGrid("Variants")
        self.baseline = BaselineBox()
        self.sizes = SizesEdit()
        self.seconds = QDoubleSpinBox(minimum=0.05, maximum=60.0, singleStep=0.1, decimals=2, suffix=" s")
        self.seconds.setAccessibleName("Time per case")
        self.seconds.setToolTip(
            "The most time spent on one variant at one size on one target.\n"
            "Sampling stops earlier once the interval is narrow enough."
        )
        self.operands = OperandsBox()
        self.instances = InstancesBox()
        self.summary = QLabel(
            wordWrap=True, accessibleName="What a run would do", textFormat=Qt.TextFormat.PlainText
        )
        self.summary.setMargin(4)
        self.run_button, self.stop_button = QToolButton(), QToolButton()
        self.forecast = Forecast()
        self.chips: dict[str, Chip] = {}
        self.list_workloads()
        self.plan.addItem(CUSTOM, "", "what you tick in the chips beside this one")
        for named in NAMED_PLANS:
            question = f"{named.question[:1].upper()}{named.question[1:]}"
            self.plan.addItem(named.name.capitalize(), named.name, "", question)
        self._build()

    def list_workloads(self) -> None:
        """Offer every workload, problems of the user's own first among them; what is chosen stays so."""
        found = workloads()
        own = [name for name in found if name not in catalogue()]
        names = [*own, *(name for name in found if name not in own)]
        if names == [self.workload.itemData(i) for i in range(self.workload.count())]:
            return
        chosen = self.workload.itemData(self.workload.currentIndex())
        self.workload.clear()
        for name in names:
            self.workload.addItem(name, name, found[name].title)
        if (before := self.workload.findData(chosen)) >= 0:
            self.workload.setCurrentIndex(before)

    def _build(self) -> None:
        flow = Flow(self)
        flow.setContentsMargins(6, 4, 6, 4)
        for button in (self.run_button, self.stop_button):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            flow.add(button)
        for name, tip, contents in (
            ("Plan", "A plan of your own, or one by name", _over(self.plan, self.summary)),
            ("Workload", "The problem that every kernel solves", self.workload),
            ("Targets", "Where it runs", self.targets),
            ("Variants", TIPS["variants"], self.variants),
            ("Sizes", TIPS["sizes"], _sized(self.sizes)),
            ("Baseline", "What speedups are measured against", self.baseline),
            ("Time", "For how long, and on which operands", self._time()),
        ):
            chip = Chip(name, tip, contents, self)
            self.chips[name.lower()] = chip
            flow.add(chip)
        self.chips["variants"].pop_over.setMinimumWidth(420)
        flow.push()
        flow.add(self.forecast)
        self.tools = flow
        self.setFocusProxy(self.chips["plan"])

    def _time(self) -> QWidget:
        inside = QWidget()
        form = QFormLayout(inside)
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow("Ti&me per case", self.seconds)
        form.addRow("&Instances", self.instances)
        form.addRow(self.operands)
        inside.setFocusProxy(self.seconds)
        return inside

    def take_actions(self, known: ActionSet) -> None:
        """Give the buttons what they do: ways to run, to stop, and what stands at the end."""
        ways = QMenu(self)
        for name in ("run", "live", "again"):
            ways.addAction(known[name])
        ways.addMenu(known.menu("&Run/&Named plan"))
        self.run_button.setDefaultAction(known["run"])
        self.run_button.setMenu(ways)
        self.run_button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.stop_button.setDefaultAction(known["stop"])
        for name in ("copy-figure", "export", "palette"):
            button = QToolButton()
            button.setDefaultAction(known[name])
            button.setAccessibleName(known[name].text().replace("&", ""))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            if name == "palette":
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            self.tools.add(button)


class Forecast(ElidedLabel):
    """How long a run would take, or what it still needs; asks for as much room as a short line takes."""

    MOST = 44

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.setContentsMargins(4, 0, 4, 0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def set_whole(self, text: str) -> None:
        """Show as much of the text as fits."""
        super().set_whole(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As wide as its words, up to a short line."""
        metrics = self.fontMetrics()
        most = self.MOST * metrics.averageCharWidth()
        size = super().minimumSizeHint()
        size.setWidth(min(most, metrics.horizontalAdvance(self.whole) + 12))
        return size


def _over(above: PickList, below: QWidget) -> QWidget:
    """``below`` as the last line of the list's pop-over."""
    layout = above.layout()
    assert layout is not None
    layout.addWidget(below)
    return above


def _sized(sizes: SizesEdit) -> QWidget:
    """Wide enough to read what is typed."""
    sizes.setMinimumWidth(46 * sizes.fontMetrics().averageCharWidth())
    return sizes
