"""A tree whose first column stays in view while the others scroll sideways."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QAction, QKeySequence, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QTreeView, QWidget


class FrozenTree(QTreeView):
    """Lays a second view of the same model, selection and branches over its own first column.

    ``Ctrl+C`` calls ``copy``.
    """

    def __init__(self, name: str, copy: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._over = QTreeView(self)
        for view in (self, self._over):
            view.setAccessibleName(name)
            view.setAlternatingRowColors(True)
            view.setUniformRowHeights(True)
            view.setIndentation(14)
            view.setSelectionMode(self.SelectionMode.ExtendedSelection)
            view.header().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            view.header().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollMode(self.ScrollMode.ScrollPerPixel)
        action = QAction("Copy", self, shortcut=QKeySequence.StandardKey.Copy)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _=False: copy())
        self.addAction(action)
        self._over.setFrameShape(QFrame.Shape.NoFrame)
        self._over.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._over.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._over.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._over.header().setSectionsClickable(False)
        self._over.header().setStretchLastSection(False)
        self._edge = QFrame(self, frameShape=QFrame.Shape.VLine, frameShadow=QFrame.Shadow.Plain)
        self._edge.setForegroundRole(QPalette.ColorRole.Mid)
        self.horizontalScrollBar().valueChanged.connect(self._show_edge)
        for mine, theirs in ((self, self._over), (self._over, self)):
            mine.expanded.connect(theirs.expand)
            mine.collapsed.connect(theirs.collapse)
            mine.verticalScrollBar().valueChanged.connect(theirs.verticalScrollBar().setValue)
        self.header().sectionResized.connect(self._place)
        self._over.header().sectionResized.connect(self._on_dragged)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show a model in both."""
        super().setModel(model)
        self._over.setModel(model)
        self._over.setSelectionModel(self.selectionModel())
        if model is not None:
            model.modelReset.connect(self._place)
            model.columnsInserted.connect(self._place)
        self._place()

    def _on_dragged(self, section: int, _: int, width: int) -> None:
        if section == 0 and self.columnWidth(0) != width:
            self.setColumnWidth(0, width)

    def _place(self, *_: object) -> None:
        """Make the frozen column as wide as the first column, and as high as what shows."""
        model = self.model()
        columns = model.columnCount() if model else 0
        for column in range(1, columns):
            self._over.setColumnHidden(column, True)
        if columns:
            self._over.setColumnWidth(0, self.columnWidth(0))
        height = self.header().height() + self.viewport().height()
        self._over.setGeometry(self.frameWidth(), self.frameWidth(), self.columnWidth(0), height)
        self._over.header().setFixedHeight(self.header().height())
        self._over.setVisible(columns > 1)
        self._over.raise_()
        self._edge.setGeometry(self._over.geometry().right(), self.frameWidth(), 1, height)
        self._show_edge()

    def _show_edge(self) -> None:
        """Draw the edge only where something is hidden behind the column."""
        self._edge.setVisible(self._over.isVisible() and self.horizontalScrollBar().value() > 0)
        self._edge.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow."""
        super().resizeEvent(event)
        self._place()

    def expandAll(self) -> None:
        """Expand all branches in both trees."""
        super().expandAll()
        self._over.expandAll()

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QTreeView.ScrollHint = QTreeView.ScrollHint.EnsureVisible,
    ) -> None:
        """The first column is in view anyway: nothing moves sideways for it."""
        bar = self.horizontalScrollBar()
        before = bar.value()
        super().scrollTo(index, hint)
        if index.column() == 0:
            bar.setValue(before)
