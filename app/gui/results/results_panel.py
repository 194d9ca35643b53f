"""The results panel: every measurement in a table that sorts, filters and copies."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.findings.rows import Row
from app.gui.charts.pressed import dress_pressed
from app.gui.parts.folding_bar import FoldingBar
from app.gui.parts.memory import Memory
from app.gui.parts.sizes import set_widths
from app.gui.results.columns import COLUMNS, CPU_TIME, OF_PEER
from app.gui.results.results_focus import FocusDelegate
from app.gui.results.results_model import ResultsModel
from app.gui.results.results_proxy import ResultsProxy
from app.gui.state.controller import Controller

GROUPED = "grouped"
"""Whether rows stand below their targets: until somebody says otherwise they do."""


class ResultsPanel(QWidget):
    """Copies what is selected, or everything shown when nothing is. The line that is current is the chosen
    row; ``opened`` when the user asks for more of it.

    Rows of several targets stand below these, folded, unless there is a filter; a target's line speaks of
    what is fastest there.
    """

    opened = Signal()

    def __init__(self, controller: Controller, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller, self._memory = controller, memory
        self._pointing = False
        self._open: set[str] = set()
        """Labels of the targets that the user unfolded."""
        self.model = ResultsModel()
        self.proxy = ResultsProxy(self.model)
        self.filter = QLineEdit(placeholderText="Filter: llvmpipe f16 1024…", clearButtonEnabled=True)
        self.filter.setAccessibleName("Filter results")
        self.filter.setToolTip("Shows the lines with every word in target, variant, size, status or notes")
        letter = self.fontMetrics().averageCharWidth()
        self.filter.setMinimumWidth(16 * letter)
        self.filter.setMaximumWidth(40 * letter)
        self.count = QLabel(accessibleName="How many results", textFormat=Qt.TextFormat.PlainText)
        self.by_target = QToolButton(text="By target", checkable=True, checked=memory.read(GROUPED, True))
        self.by_target.setToolTip("Let the rows of each target stand below it, to fold and unfold")
        self._marker = FocusDelegate(self)
        self.table = self._make_table()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(
            FoldingBar(((self.filter, 1), (self.count, 0)), [(self.by_target, 0), *self._copies()])
        )
        layout.addWidget(self.table, 1)
        self.setFocusProxy(self.table)
        self._connect()
        self.refresh()

    def _connect(self) -> None:
        controller = self._controller
        self.filter.textChanged.connect(self._on_filter)
        self.by_target.toggled.connect(self._on_by_target)
        self.proxy.modelReset.connect(self._unfold)
        self.proxy.rowsInserted.connect(lambda parent: None if parent.isValid() else self._unfold())
        self.table.expanded.connect(lambda index: self._on_folded(index, False))
        self.table.collapsed.connect(lambda index: self._on_folded(index, True))
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.table.entered.connect(lambda index: controller.focus.point(self.proxy.row(index)))
        self.table.viewport().installEventFilter(self)
        self.table.activated.connect(lambda index: self.proxy.is_group(index) or self.opened.emit())
        controller.focus.pointed.connect(self._on_pointed)
        controller.focus.filtered.connect(self.filter.setText)
        controller.rows_changed.connect(self.refresh)
        controller.row_chosen.connect(lambda _: self._point(True))

    def _copies(self) -> list[tuple[QWidget, int]]:
        """Buttons that copy, and what else the table's menu offers."""
        copy_tsv = self._action(
            "Copy", "Selected lines, or all: copy as TSV, for a spreadsheet", self.copy_tsv
        )
        copy_tsv.setShortcut(QKeySequence.StandardKey.Copy)
        tip = "Selected lines, or all: copy as a Markdown table, for an issue"
        markdown = self._action("Copy as Markdown", tip, self.copy_markdown)
        markdown.setShortcut("Ctrl+Shift+C")
        for action in (copy_tsv, markdown):
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._action("Unfold all targets", "Show all rows", self.table.expandAll)
        self._action("Fold all targets", "Show what is fastest on each", self.table.collapseAll)
        buttons: list[tuple[QWidget, int]] = []
        for action, text in ((copy_tsv, "Copy"), (markdown, "As Markdown")):
            button = QPushButton(text, toolTip=action.toolTip(), accessibleName=action.text())
            button.setMinimumWidth(button.fontMetrics().horizontalAdvance(text) + 16)
            button.clicked.connect(action.trigger)
            buttons.append((button, 0))
        return buttons

    def _make_table(self) -> QTreeView:
        table = QTreeView(accessibleName="Results", alternatingRowColors=True, sortingEnabled=True)
        table.setModel(self.proxy)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        table.setUniformRowHeights(True)
        table.setAllColumnsShowFocus(True)
        table.setMouseTracking(True)
        table.setItemDelegate(self._marker)
        table.header().setSectionsMovable(False)
        table.header().setSortIndicatorClearable(True)
        table.header().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        set_widths(table.header(), [column.letters for column in COLUMNS])
        return table

    def _action(self, text: str, tip: str, slot: Callable[[], object]) -> QAction:
        action = QAction(text, self, toolTip=tip)
        action.triggered.connect(lambda _=False: slot())
        self.table.addAction(action)
        return action

    def refresh(self) -> None:
        """Show the controller's rows; the chosen case stays chosen wherever its line is now."""
        rows, session = self._controller.rows, self._controller.session
        several = bool(session and len({case.target for case in session.plan.cases}) > 1)
        grouped = several and self.by_target.isChecked()
        self.by_target.setVisible(several)
        dress_pressed(self.by_target)
        self.model.show_rows(rows, grouped)
        self.table.setRootIsDecorated(grouped)
        known = {CPU_TIME: any(row.cpu for row in rows), OF_PEER: any(row.of_peer for row in rows)}
        for i, column in enumerate(COLUMNS):
            self.table.setColumnHidden(i, not known.get(column.title, True))
        self._point()
        self._say_count()

    def _on_by_target(self, grouped: bool) -> None:
        self._memory.write(GROUPED, grouped)
        self.refresh()

    def _unfold(self) -> None:
        """What the user unfolded is so again; of a filter all is seen that it lets through."""
        self._pointing = True
        for line in self.proxy.groups():
            self.table.setExpanded(line, bool(self.filter.text().strip()) or line.data() in self._open)
        self._pointing = False

    def _on_folded(self, index: QModelIndex, folded: bool) -> None:
        if not self._pointing and not self.filter.text().strip():
            (self._open.discard if folded else self._open.add)(index.data())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The pointer that leaves the table lets go."""
        if event.type() is QEvent.Type.Leave:
            self._controller.focus.point(None)
        return False

    def _on_pointed(self, row: Row | None) -> None:
        """Mark the line, or that of its target where it is folded; nothing scrolls, nothing unfolds."""
        index = self._line_of(row and row.index, lambda own: own.index)
        before, self._marker.marked = self._marker.marked, QPersistentModelIndex(self._seen(index))
        if before != self._marker.marked:
            for changed in (before, self._marker.marked):
                self._paint_line(QModelIndex(changed))

    def _seen(self, index: QModelIndex) -> QModelIndex:
        parent = index.parent()
        return parent if parent.isValid() and not self.table.isExpanded(parent) else index

    def _paint_line(self, index: QModelIndex) -> None:
        """Paint one line anew, as far as it is seen: all of them take too long to follow the pointer."""
        place = self.table.visualRect(index)
        wide = self.table.viewport().width()
        self.table.viewport().update(0, place.top(), wide, place.height())

    def _line_of(self, wanted: object, what: Callable[[Row], object]) -> QModelIndex:
        """The first line of which ``what`` is wanted; nowhere for None."""
        numbers = (i for i, own in enumerate(self.model.rows) if what(own) == wanted)
        number = next(numbers, None) if wanted is not None else None
        return QModelIndex() if number is None else self.proxy.place(number)

    def _on_current(self, index: QModelIndex) -> None:
        row = self.proxy.row(index) if index.isValid() and not self._pointing else None
        if row:
            self._controller.choose(row)

    def _point(self, new: bool = False) -> None:
        """Select the line of the chosen case, or none where it has no line.

        Its target's line stands for it where that is current, unless a ``new`` choice is another case.
        """
        chosen = self._controller.chosen
        case = chosen.measurement.case if chosen else None
        index = self._line_of(case, lambda own: own.measurement.case)
        now = self.table.currentIndex().siblingAtColumn(0)
        if index == now:
            return
        if now.isValid() and index.parent() == now:
            row = self.proxy.row(now)
            if not new or (row and row.measurement.case == case):
                return
        self._pointing = True
        if index.isValid():
            self.table.setCurrentIndex(index)
        else:
            self.table.selectionModel().clear()
        self._pointing = False

    def _on_filter(self, text: str) -> None:
        self.proxy.set_filter(text)
        self._unfold()
        self._controller.focus.filter(text)
        self._say_count()

    def _say_count(self) -> None:
        shown, there = sum(map(self.proxy.rowCount, self.proxy.groups())), len(self.model.rows)
        noun = "result" if there == 1 else "results"
        self.count.setText(f"{there} {noun}" if shown == there else f"{shown} of {there} {noun}")

    def picked(self) -> list[Row]:
        """The selected rows in the order shown, all of a selected target; all shown when none is selected."""
        selected = self.table.selectionModel()
        found: list[Row] = []
        for group in self.proxy.groups():
            whole = group.isValid() and selected.isRowSelected(group.row(), group.parent())
            rows = self.proxy.below(group)
            found += [row for i, row in enumerate(rows) if whole or selected.isRowSelected(i, group)]
        return found or [row for group in self.proxy.groups() for row in self.proxy.below(group)]

    def copy_tsv(self) -> None:
        """Put them on the clipboard, tab-separated, in the documented columns."""
        from app.storage.tables import tsv_text

        QApplication.clipboard().setText(tsv_text(self.picked()))

    def copy_markdown(self) -> None:
        """Put them on the clipboard as a Markdown table."""
        from app.storage.tables import markdown_text

        QApplication.clipboard().setText(markdown_text(self.picked()))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "by_target"):
            dress_pressed(self.by_target)
