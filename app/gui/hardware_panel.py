"""The hardware panel: every target with its features, limits and proposals; filter and copy."""

from PySide6.QtCore import QEvent, QModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.core.target import Target
from app.gui.controller import Controller
from app.gui.hardware_model import HEADERS, HardwareModel
from app.gui.theme import current


class HardwarePanel(QWidget):
    """A tree that opens at its matches while something stands in the filter box."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._shown: list[tuple[Target, str]] = []
        self._model = HardwareModel()
        self.proxy = QSortFilterProxyModel(self)
        self.proxy.setSourceModel(self._model)
        self.proxy.setRecursiveFilteringEnabled(True)
        self.proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.proxy.setFilterKeyColumn(-1)
        self.filter = QLineEdit(placeholderText="Filter: f16, limit, missing…", clearButtonEnabled=True)
        self.filter.setAccessibleName("Filter hardware")
        self.filter.setToolTip("Shows what contains these words: a feature, a state, a limit, a driver")
        self.filter.textChanged.connect(self._on_filter)
        self._copy = QPushButton("Copy all", toolTip="Copy the whole tree as text")
        self._copy.clicked.connect(self.copy_all)
        self._detail = QLabel(wordWrap=True)
        self._detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._detail.setMinimumHeight(3 * self.fontMetrics().height())
        self._detail.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._detail.setAccessibleName("Details of the selected line")
        self.tree = self._make_tree()
        head = QHBoxLayout()
        head.addWidget(self.filter, 1)
        head.addWidget(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addLayout(head)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self._detail)
        controller.hardware_changed.connect(self.refresh)
        controller.session_changed.connect(self.refresh)
        self.refresh()

    def _make_tree(self) -> QTreeView:
        tree = QTreeView(accessibleName="Hardware", alternatingRowColors=True, uniformRowHeights=True)
        tree.setModel(self.proxy)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        tree.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        tree.setIndentation(14)
        header = tree.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(0, 300)
        header.resizeSection(1, 170)
        tree.selectionModel().currentChanged.connect(self._on_current)
        QShortcut(QKeySequence.StandardKey.Copy, tree, self.copy_selected).setContext(
            Qt.ShortcutContext.WidgetShortcut
        )
        return tree

    def refresh(self) -> None:
        """List what was found, and what a loaded session brings from elsewhere."""
        here = list(self._controller.targets)
        known = {(t.id, t.driver) for t in here}
        shown = [(target, "") for target in here]
        session = self._controller.session
        for target in session.targets if session else ():
            if (target.id, target.driver) not in known:
                shown.append((target, "from the session, not this machine"))
        if shown == self._shown:
            self._say_state()
            return
        self._shown = shown
        self._model.show_targets(shown, current())
        self._open_targets()
        self._say_state()

    def _open_targets(self) -> None:
        if self.filter.text():
            self.tree.expandAll()

    def _say_state(self) -> None:
        if self.tree.currentIndex().isValid():
            return
        if self._controller.searching:
            self._detail.setText("Looking for adapters…")
        else:
            reasons = [found.reason for found in self._controller.found.values() if found.reason]
            self._detail.setText("\n".join(reasons) or "Select a line to read all of it here.")

    def _on_filter(self, text: str) -> None:
        self.proxy.setFilterFixedString(text.strip())
        if text.strip():
            self.tree.expandAll()
        else:
            self.tree.collapseAll()

    def _on_current(self, index: QModelIndex) -> None:
        cells = [index.siblingAtColumn(c).data() for c in range(len(HEADERS))]
        name, state, why = (str(cell or "") for cell in cells)
        self._detail.setText(f"{name}: {state}\n{why}" if state or why else name)

    def copy_selected(self) -> None:
        """Put the selected lines on the clipboard, cells separated by tabs."""
        picked = self.tree.selectionModel().selectedRows()
        QApplication.clipboard().setText("\n".join(self._line(index) for index in picked))

    def copy_all(self) -> None:
        """Put the whole tree, as filtered, on the clipboard, indented."""
        QApplication.clipboard().setText("\n".join(self._lines(QModelIndex(), 0)))

    def _line(self, index: QModelIndex) -> str:
        cells = [str(index.siblingAtColumn(c).data() or "") for c in range(len(HEADERS))]
        return "\t".join(cells).rstrip("\t")

    def _lines(self, parent: QModelIndex, depth: int) -> list[str]:
        lines: list[str] = []
        for row in range(self.proxy.rowCount(parent)):
            index = self.proxy.index(row, 0, parent)
            lines.append("  " * depth + self._line(index))
            lines += self._lines(index, depth + 1)
        return lines

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._shown:
            self._model.show_targets(self._shown, current())
            self._open_targets()
