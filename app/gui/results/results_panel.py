"""The results panel: every measurement in a table that sorts, filters and copies."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.findings.rows import Row
from app.gui.parts.folding_bar import FoldingBar
from app.gui.parts.sizes import set_widths
from app.gui.results.results_focus import FocusDelegate
from app.gui.results.results_model import COLUMNS, CPU_TIME, NOWHERE, OF_PEER, ResultsModel, ResultsProxy
from app.gui.state.controller import Controller

WIDTHS = {
    "Target": 33,
    "Variant": 15,
    "Size": 11,
    "Status": 14,
    "Median": 11,
    "Speedup": 25,
    "Rel. error": 11,
    "Notes": 43,
    "95 % interval": 25,
    "Quartiles": 25,
    CPU_TIME: 18,
    OF_PEER: 25,
}
"""Widths of columns, in letters; the others have 13."""


class ResultsPanel(QWidget):
    """Copies what is selected, or everything shown when nothing is. The line that is current is the chosen
    row; ``opened`` when the user asks for more of it.
    """

    opened = Signal()

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._pointing = False
        self.model = ResultsModel()
        self.proxy = ResultsProxy(self.model)
        self.filter = QLineEdit(placeholderText="Filter: llvmpipe f16 1024…", clearButtonEnabled=True)
        self.filter.setAccessibleName("Filter results")
        self.filter.setToolTip("Shows the lines with every word in target, variant, size, status or notes")
        letter = self.fontMetrics().averageCharWidth()
        self.filter.setMinimumWidth(16 * letter)
        self.filter.setMaximumWidth(40 * letter)
        self.count = QLabel(accessibleName="How many results", textFormat=Qt.TextFormat.PlainText)
        self._marker = FocusDelegate(self)
        self.table = self._make_table()
        copy_tsv = self._action("Copy", "copy as TSV, for a spreadsheet", self.copy_tsv)
        copy_tsv.setShortcut(QKeySequence.StandardKey.Copy)
        copy_tsv.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        markdown = self._action(
            "Copy as Markdown", "copy as a Markdown table, for an issue", self.copy_markdown
        )
        markdown.setShortcut("Ctrl+Shift+C")
        markdown.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        buttons: list[tuple[QWidget, int]] = []
        for action, text in ((copy_tsv, "Copy"), (markdown, "As Markdown")):
            button = QPushButton(text, toolTip=action.toolTip(), accessibleName=action.text())
            button.setMinimumWidth(button.fontMetrics().horizontalAdvance(text) + 16)
            button.clicked.connect(action.trigger)
            buttons.append((button, 0))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(FoldingBar(((self.filter, 1), (self.count, 0)), buttons))
        layout.addWidget(self.table, 1)
        self.setFocusProxy(self.table)
        self.filter.textChanged.connect(self._on_filter)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.table.entered.connect(lambda index: controller.focus.point(self._row(index)))
        self.table.viewport().installEventFilter(self)
        controller.focus.pointed.connect(self._on_pointed)
        controller.focus.filtered.connect(self.filter.setText)
        self.table.activated.connect(lambda _: self.opened.emit())
        controller.rows_changed.connect(self.refresh)
        controller.row_chosen.connect(lambda _: self._point())
        self.refresh()

    def _make_table(self) -> QTableView:
        table = QTableView(accessibleName="Results", alternatingRowColors=True, sortingEnabled=True)
        table.setModel(self.proxy)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        table.setWordWrap(False)
        table.setMouseTracking(True)
        table.setItemDelegate(self._marker)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        set_widths(table, [WIDTHS.get(column.title, 13) for column in COLUMNS])
        return table

    def _action(self, text: str, tip: str, slot: object) -> QAction:
        action = QAction(text, self, toolTip=f"Selected lines, or all: {tip}")
        action.triggered.connect(slot)
        self.table.addAction(action)
        return action

    def refresh(self) -> None:
        """Show the controller's rows; the chosen case stays chosen wherever its line is now."""
        self.model.show_rows(self._controller.rows)
        rows = self.model.rows
        known = {CPU_TIME: any(r.cpu for r in rows), OF_PEER: any(r.of_peer for r in rows)}
        for i, column in enumerate(COLUMNS):
            self.table.setColumnHidden(i, not known.get(column.title, True))
        self._point()
        self._say_count()

    def _row(self, index: QModelIndex) -> Row:
        return self.model.rows[self.proxy.mapToSource(index).row()]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The pointer that leaves the table lets go."""
        if event.type() is QEvent.Type.Leave:
            self._controller.focus.point(None)
        return False

    def _on_pointed(self, row: Row | None) -> None:
        """Mark the line; nothing scrolls."""
        places = [i for i, own in enumerate(self.model.rows) if row and own.index == row.index]
        line = self.proxy.mapFromSource(self.model.index(places[0], 0)).row() if places else -1
        if line != self._marker.line:
            before, self._marker.line = self._marker.line, line
            for changed in (before, line):
                self._paint_line(changed)

    def _paint_line(self, line: int) -> None:
        """Paint one line anew, as far as it is seen: all of them take too long to follow the pointer."""
        place = self.table.visualRect(self.proxy.index(line, 0))
        wide = self.table.viewport().width()
        self.table.viewport().update(0, place.top(), wide, place.height())

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid() and not self._pointing:
            self._controller.choose(self._row(index))

    def _point(self) -> None:
        """Select the line of the chosen case, or none where it has no line."""
        chosen = self._controller.chosen
        case = chosen.measurement.case if chosen else None
        found = [i for i, row in enumerate(self.model.rows) if row.measurement.case == case]
        index = self.proxy.mapFromSource(self.model.index(found[0], 0)) if found else NOWHERE
        if index.row() == self.table.currentIndex().row():
            return
        self._pointing = True
        if index.isValid():
            self.table.setCurrentIndex(index)
        else:
            self.table.selectionModel().clear()
        self._pointing = False

    def _on_filter(self, text: str) -> None:
        self.proxy.set_filter(text)
        self._controller.focus.filter(text)
        self._say_count()

    def _say_count(self) -> None:
        shown, there = self.proxy.rowCount(), self.model.rowCount()
        noun = "result" if there == 1 else "results"
        self.count.setText(f"{there} {noun}" if shown == there else f"{shown} of {there} {noun}")

    def picked(self) -> list[Row]:
        """The selected rows in the order shown; all that are shown when none is selected."""
        chosen = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        places = chosen or range(self.proxy.rowCount())
        return [self.model.rows[self.proxy.mapToSource(self.proxy.index(i, 0)).row()] for i in places]

    def copy_tsv(self) -> None:
        """Put them on the clipboard, tab-separated, in the documented columns."""
        from app.storage.tables import tsv_text

        QApplication.clipboard().setText(tsv_text(self.picked()))

    def copy_markdown(self) -> None:
        """Put them on the clipboard as a Markdown table."""
        from app.storage.tables import markdown_text

        QApplication.clipboard().setText(markdown_text(self.picked()))
