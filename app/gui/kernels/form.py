"""The form of the kernels panel: its lists, boxes and fields, and how they stand."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.catalog.named_plans import NAMED_PLANS
from app.gui.kernels.baseline_box import BaselineBox
from app.gui.kernels.instances_box import InstancesBox
from app.gui.kernels.operands_box import OperandsBox
from app.gui.kernels.sizes_edit import SizesEdit
from app.gui.kernels.upright import upright
from app.gui.parts.elided import ElidedBox
from app.gui.parts.tick_list import TickList
from app.workloads import workloads


class KernelsForm(QWidget):
    """Widgets alone: what they mean together is the panel's to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plan = ElidedBox(
            "Plan",
            "What you tick below, or a plan that answers a question people often ask.\n"
            "A named plan brings its own variants and sizes and runs on the ticked targets.",
            12,
        )
        self.workload = ElidedBox("Workload", "The problem that every kernel solves", 12)
        self.targets = TickList("Targets")
        self.variants = TickList("Variants")
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
        self.run_button = QPushButton("Run (F5)")
        self._build()

    def _build(self) -> None:
        for name, workload in workloads().items():
            self.workload.addItem(workload.title, name)
        self.plan.addItem("What is ticked below", "")
        for i, named in enumerate(NAMED_PLANS, 1):
            self.plan.addItem(f"Plan: {named.name}", named.name)
            self.plan.setItemData(i, named.question, Qt.ItemDataRole.ToolTipRole)
        choices = QWidget()
        layout = QVBoxLayout(choices)
        layout.setContentsMargins(6, 6, 6, 0)
        layout.addWidget(self.plan)
        layout.addWidget(self.workload)
        for title, widget, stretch in (("&Targets", self.targets, 0), ("&Variants", self.variants, 1)):
            label = QLabel(title)
            label.setBuddy(widget)
            layout.addWidget(label)
            layout.addWidget(widget, stretch)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("&Base line", self.baseline)
        form.addRow("Si&zes", self.sizes)
        form.addRow("Ti&me per case", self.seconds)
        form.addRow("", self.operands)
        form.addRow("&Instances", self.instances)
        layout.addLayout(form)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 6)
        # Large type in a small window scrolls; what a run would do, and Run, stay in sight.
        whole.addWidget(upright(choices), 1)
        end = QVBoxLayout()
        end.setContentsMargins(6, 0, 6, 0)
        end.addWidget(self.summary)
        end.addWidget(self.run_button)
        whole.addLayout(end)
        self.setFocusProxy(self.plan)
