"""The table of verdicts with its margin and filter."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.core.foreign import spreadsheet
from app.figures.verdict import MARGIN
from app.findings.across import Across
from app.gui.compare.verdicts_model import VERDICT, VerdictsModel, VerdictsProxy, count_words
from app.gui.parts.elided import ElidedLabel
from app.gui.parts.frozen_tree import FrozenTree
from app.gui.parts.lines_model import Role
from app.gui.parts.theme import current

WIDEST_NAME, WIDEST_TITLE = 400, 140
WIDEST_MEDIAN, WIDEST_VERDICT = "mean of 10", "▲ 12.20× faster (11.58–12.66)"
"""What the columns must have room for."""


class VerdictsView(QWidget):
    """Shows a comparison; ``margin`` is the fraction that counts as no difference."""

    margin_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._across: Across | None = None
        self.model = VerdictsModel()
        self.proxy = VerdictsProxy(self.model)
        self.filter = QLineEdit(placeholderText="Filter: llvmpipe f16 1024…", clearButtonEnabled=True)
        self.filter.setAccessibleName("Filter verdicts")
        self.filter.setToolTip("Shows the lines in which every word occurs")
        self.only = QCheckBox("Only &changes", toolTip="Only what became faster or slower, or broke")
        self._percent = QDoubleSpinBox(minimum=0.0, maximum=100.0, singleStep=0.5, decimals=1, suffix=" %")
        self._percent.setValue(100 * MARGIN)
        self._percent.setPrefix("± ")
        self._percent.setAccessibleName("Margin")
        self._percent.setToolTip("Differences up to this much count as none")
        self.counts = ElidedLabel()
        self.tree = self._make_tree()
        head = QHBoxLayout()
        for widget in (self.filter, self.only, self._percent):
            head.addWidget(widget, int(widget is self.filter))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.addLayout(head)
        layout.addWidget(self.counts)
        layout.addWidget(self.tree, 1)
        self.filter.textChanged.connect(self._on_filter)
        self.only.toggled.connect(self._on_filter)
        self._percent.valueChanged.connect(self.refresh)
        self._percent.valueChanged.connect(lambda _: self.margin_changed.emit())

    def _make_tree(self) -> FrozenTree:
        tree = FrozenTree("Verdicts", self.copy)
        tree.setModel(self.proxy)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        return tree

    @property
    def margin(self) -> float:
        """The margin as a fraction."""
        return float(self._percent.value()) / 100

    def show_across(self, across: Across) -> None:
        """Fill the table, unless it shows this already."""
        if across is not self._across:
            self._across = across
            self.refresh()

    def refresh(self) -> None:
        """Judge anew, with the margin and in the colours of now."""
        if self._across is None:
            return
        self.model.show(self._across, self.margin, current())
        self.counts.set_whole(count_words(self._across, self.margin))
        self._on_filter()
        advance = self.tree.fontMetrics().horizontalAdvance
        heads = (branch.cells[0] for branch in self.model.branches)
        widths = (
            QFontMetrics(head.get(Role.FontRole, self.tree.font())).horizontalAdvance(head[Role.DisplayRole])
            for head in heads
        )
        self.tree.setColumnWidth(0, min(WIDEST_NAME, 48 + max(widths, default=0)))
        for column in range(1, self.model.columnCount()):
            title = str(self.model.headerData(column, Qt.Orientation.Horizontal))
            least = advance(WIDEST_VERDICT if title == VERDICT else WIDEST_MEDIAN)
            self.tree.setColumnWidth(column, max(least, min(WIDEST_TITLE, advance(title))) + 16)

    def _on_filter(self) -> None:
        self.proxy.set_filter(self.filter.text(), self.only.isChecked())
        self.tree.expandAll()

    def copy(self) -> None:
        """Put the selected lines on the clipboard, cells separated by tabs."""
        rows = self.tree.selectionModel().selectedRows()
        QApplication.clipboard().setText("\n".join(map(self._text, rows)))

    def _text(self, index: QModelIndex) -> str:
        above = index.parent()
        cells = [
            str(index.siblingAtColumn(i).data() or "") for i in range(self.proxy.columnCount(index.parent()))
        ]
        if above.isValid():
            cells[0] = f"{above.data()}, {cells[0]}"
        return "\t".join(map(spreadsheet, cells)).rstrip("\t")
