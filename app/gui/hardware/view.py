"""Targets side by side: filter, only differences, details of a line, and copies in several forms."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFrame,
    QLineEdit,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.catalog.index import variants
from app.core.feature_tests import snippets
from app.core.target import RUNTIMES, Runtime
from app.findings.matrix import Column, Line, matrix
from app.gui.charts.placeholder import Placeholder
from app.gui.hardware.detail import detail_html, features_of, limits_of
from app.gui.hardware.model import FIXED, LINE, MatrixModel, MatrixProxy
from app.gui.parts.folding_bar import FoldingBar
from app.gui.parts.frozen_tree import FrozenTree
from app.gui.parts.theme import current
from app.storage.matrices import matrix_json, matrix_markdown, matrix_text

LANGUAGES = {
    "JavaScript": "A script that tests for the selected features and limits and asks for them",
    "WGSL": "The lines that a shader using the selected features begins with",
    "WAT": "The modules that were run here to find out",
}
WIDEST_NAME = 290
HINT = "Select a line to read why, what it would unlock, and how a page tests for it."


class HardwareView(QWidget):
    """Shows the targets of one kind at a time; ``variants_wanted`` carries a workload and variant names."""

    variants_wanted = Signal(str, list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all: list[Column] = []
        self._hidden: set[str] = set()
        self._kind: Runtime | None = None
        self._stale = False
        self.model = MatrixModel()
        self.proxy = MatrixProxy(self.model)
        self.kind = QComboBox(accessibleName="Kind of target", toolTip="Which targets stand side by side")
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.filter = QLineEdit(placeholderText="Filter: f16, missing, Buffer…", clearButtonEnabled=True)
        self.filter.setAccessibleName("Filter hardware")
        self.filter.setToolTip("Shows lines with all these words: a feature, a state, a reason, a driver")
        self.filter.setMinimumWidth(self.fontMetrics().averageCharWidth() * 16)
        self.only = QCheckBox("&Differences", toolTip="Only lines in which the targets shown differ")
        self.only.setAccessibleName("Only differences")
        self._targets = QMenu(self)
        self._copies = QMenu(self)
        self.tree = self._make_tree()
        self.detail = QTextBrowser(accessibleName="Details of the selected line", openLinks=False)
        self.detail.setFrameShape(QFrame.Shape.NoFrame)
        self.detail.anchorClicked.connect(self._on_link)
        self.placeholder = Placeholder()
        self._pages = QStackedWidget()
        self._build()
        self.kind.activated.connect(self._on_kind)
        self.filter.textChanged.connect(self._on_filter)
        self.only.toggled.connect(self._on_filter)

    def _build(self) -> None:
        targets = QPushButton("Targets", toolTip="Which of them to show")
        copy = QPushButton("Copy", toolTip="Copy the table, or what tests for the selected lines")
        for button, menu in ((targets, self._targets), (copy, self._copies)):
            button.setMenu(menu)
        for text, make in (
            ("As &text", matrix_text),
            ("As &Markdown", matrix_markdown),
            ("As JS&ON", matrix_json),
        ):
            action = self._copies.addAction(text)
            action.triggered.connect(lambda _=False, m=make: _copy(m(self.model.columns, self.proxy.shown())))
        self._copies.addSeparator()
        self._snippets: dict[str, QAction] = {}
        for name, tip in LANGUAGES.items():
            action = self._copies.addAction(f"&{name}")
            action.setToolTip(tip)
            action.triggered.connect(lambda _=False, n=name: self.copy_code(n))
            self._snippets[name] = action
        self._copies.setToolTipsVisible(True)
        self._copies.aboutToShow.connect(self._offer_snippets)
        head = FoldingBar(((self.kind, 0), (self.filter, 1)), ((self.only, 0), (targets, 0), (copy, 0)))
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.tree)
        split.addWidget(self.detail)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        split.setSizes([400, 7 * self.fontMetrics().height()])
        split.setChildrenCollapsible(False)
        self.detail.setMinimumHeight(2 * self.fontMetrics().height())
        self._pages.addWidget(self.placeholder)
        self._pages.addWidget(split)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(head)
        layout.addWidget(self._pages, 1)

    def _make_tree(self) -> FrozenTree:
        tree = FrozenTree("Hardware", lambda: _copy(matrix_text(self.model.columns, self.picked())))
        tree.setModel(self.proxy)
        tree.selectionModel().currentChanged.connect(self._on_current)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.customContextMenuRequested.connect(
            lambda at: self._copies.popup(tree.viewport().mapToGlobal(at))
        )
        return tree

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Set these targets side by side, those of the kind that is chosen; once somebody looks."""
        if list(columns) == self._all:
            return
        self._all = list(columns)
        self._pages.setCurrentIndex(1 if self._all else 0)
        self._stale = True
        if self.isVisible():
            self._refill()

    def _refill(self) -> None:
        self._stale = False
        self.kind.clear()
        for runtime, about in RUNTIMES.items():
            count = sum(column.target.runtime is runtime for column in self._all)
            if count:
                self.kind.addItem(f"{about.targets} ({count})", runtime)
        self.kind.setCurrentIndex(max(0, self.kind.findData(self._kind)))
        self._fill()

    def _fill(self) -> None:
        own = [column for column in self._all if column.target.runtime == self.kind.currentData()]
        self._targets.clear()
        for column in own:
            action = self._targets.addAction(column.title.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(column.title not in self._hidden)
            action.toggled.connect(lambda on, title=column.title: self._on_target(title, on))
        shown = [column for column in own if column.title not in self._hidden]
        chosen = self._current()
        self.model.show(shown, matrix(shown), current())
        self._on_filter()
        self._resize_columns()
        self.detail.setPlainText(HINT)
        again = next(
            (i for i, line in enumerate(self.model.lines) if chosen and line.name == chosen.name), -1
        )
        found = self.proxy.match(self.proxy.index(0, 0), LINE, again, 1, Qt.MatchFlag.MatchRecursive)
        if found:
            self.tree.setCurrentIndex(found[0])

    def _resize_columns(self) -> None:
        """Names and short words whole; a target as wide as its title, within reason."""
        header, metrics = self.tree.header(), self.tree.fontMetrics()
        names = [metrics.horizontalAdvance(line.name) for line in self.model.lines]
        header.resizeSection(0, min(WIDEST_NAME, max(names, default=0) + 60))
        header.resizeSection(1, metrics.horizontalAdvance("not in WebGPU") + 16)
        for place, column in enumerate(self.model.columns):
            wanted = metrics.horizontalAdvance(column.title) + 24
            header.resizeSection(FIXED + place, min(240, max(120, wanted)))

    def _current(self) -> Line | None:
        place = self.tree.currentIndex().siblingAtColumn(0).data(LINE)
        return None if place is None else self.model.lines[place]

    def _on_kind(self) -> None:
        self._kind = self.kind.currentData()
        self._fill()

    def _on_target(self, title: str, shown: bool) -> None:
        self._hidden ^= {title}
        self._fill()

    def _on_filter(self) -> None:
        self.proxy.set_filter(self.filter.text(), self.only.isChecked())
        self.tree.expandAll()
        for branch in range(self.proxy.rowCount()):
            self.tree.setFirstColumnSpanned(branch, QModelIndex(), True)
        self.tree.scrollTo(self.tree.currentIndex())

    def picked(self) -> list[Line]:
        """The selected lines; all that are shown when none is."""
        places = sorted(
            index.data(LINE)
            for index in self.tree.selectionModel().selectedRows()
            if index.data(LINE) is not None
        )
        return [self.model.lines[place] for place in places] or self.proxy.shown()

    def code(self) -> dict[str, str]:
        """What tests for the picked lines, by language."""
        lines = self.picked()
        return snippets(features_of(lines), limits_of(lines))

    def copy_code(self, language: str) -> None:
        """Put what tests for the picked lines on the clipboard."""
        _copy(self.code()[language])

    def _offer_snippets(self) -> None:
        there = self.code()
        some = "of the selection" if self.tree.selectionModel().hasSelection() else "of all shown"
        for name, action in self._snippets.items():
            action.setEnabled(name in there)
            action.setText(f"&{name} {some}")

    def _on_current(self) -> None:
        line = self._current()
        if line is None:
            self.detail.setPlainText(HINT)
            return
        languages = tuple(snippets(features_of([line]), limits_of([line])))
        self.detail.setHtml(detail_html(line, self.model.columns, variants(), languages, current()))

    def _on_link(self, url: QUrl) -> None:
        scheme, _, rest = url.toString().partition(":")
        if scheme == "copy":
            self.copy_code(rest)
            return
        workload, _, names = rest.partition("/")
        self.variants_wanted.emit(workload, names.split(","))

    def showEvent(self, event: QShowEvent) -> None:
        """What came while nobody looked."""
        super().showEvent(event)
        if self._stale:
            self._refill()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is not QEvent.Type.PaletteChange or not self._all:
            return
        self._stale = True
        if self.isVisible():
            self._refill()


def _copy(text: str) -> None:
    QApplication.clipboard().setText(text)
