"""The history panel: every run that was, to open, compare and run again; and one case over time."""

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.core.session import Session
from app.gui.charts.placeholder import Placeholder
from app.gui.history.model import COLUMNS, HistoryModel
from app.gui.history.records import Records, title
from app.gui.history.table import Deed, HistoryTable
from app.gui.history.trend_view import TrendView
from app.gui.parts.folding_bar import FoldingBar
from app.gui.parts.in_front import in_front
from app.gui.parts.memory import Memory
from app.gui.state.controller import Controller
from app.gui.state.saving import ask_where
from app.gui.state.session_files import SESSION, shown_session

TYPING_MS = 120
"""A search begins when no letter came for so long."""


class HistoryPanel(QWidget):
    """Reads the history when it is first seen. ``opened`` carries a name and a session to be shown."""

    opened = Signal(str, object)

    def __init__(self, controller: Controller, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._memory = memory
        self.records = Records(self)
        self.model = HistoryModel()
        self.table = HistoryTable(self.model)
        self.trend = TrendView(self.records, controller)
        self.search = QLineEdit(placeholderText="Search: llvmpipe matmul 2026-11…", clearButtonEnabled=True)
        self.search.setAccessibleName("Search the history")
        self.search.setToolTip(
            "Runs in which every word occurs: target, workload, machine, label, note, date"
        )
        self.search.setMinimumWidth(self.fontMetrics().averageCharWidth() * 16)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self.count = QLabel(accessibleName="How many runs", textFormat=Qt.TextFormat.PlainText)
        # Runs are counted in the background: what stands beside it stays where it is.
        self.count.setMinimumWidth(self.fontMetrics().horizontalAdvance("888 runs"))
        self.undo = QPushButton("&Undo delete", toolTip="Bring back what was deleted last")
        self.placeholder = Placeholder()
        self._pages = QStackedWidget()
        self._build()
        self._connect()

    def _build(self) -> None:
        self.undo.hide()
        buttons: list[tuple[QWidget, int]] = []
        for deed in (
            Deed("Open", "Return", "Show this run", 1, self.open),
            Deed(
                "Compare",
                "Ctrl+Return",
                "Set the selected runs side by side, or one beside what is shown",
                0,
                self.compare,
            ),
            Deed("Run again", "", "Run its plan on this machine now, and compare", 1, self.run_again, True),
            Deed("Export…", "", "Write this run to a file", 1, self.export),
            Deed("Delete", "Del", "Forget the selected runs; files they were saved to stay", 0, self.delete),
        ):
            button = QToolButton()
            button.setDefaultAction(self.table.add_deed(deed))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            buttons.append((button, 0))
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(self.trend)
        split.setSizes([300, 240])
        split.setChildrenCollapsible(False)
        self._pages.addWidget(self.placeholder)
        self._pages.addWidget(split)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(FoldingBar(((self.search, 1), (self.count, 0), (self.undo, 0)), buttons))
        layout.addWidget(self._pages, 1)
        self.setFocusProxy(self.table)
        self.placeholder.say("Reading the history…", "")

    def _connect(self) -> None:
        records, control = self.records, self._controller
        self.search.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(lambda: records.search(self.search.text()))
        self.undo.clicked.connect(records.undo)
        self.table.selectionModel().selectionChanged.connect(self._on_selection)
        self.table.doubleClicked.connect(self._on_double_click)
        self.model.written.connect(records.write)
        self.placeholder.button.clicked.connect(records.refresh)
        records.listed.connect(self._on_listed)
        records.failed.connect(self._on_failed)
        self.trend.session_chosen.connect(lambda id: self.table.pick({id}))
        self.trend.session_asked.connect(self._open_run)
        control.remembered.connect(self._on_remembered)
        control.running_changed.connect(self.table.offer)
        control.closing.connect(records.close)

    def catch_up(self) -> None:
        """What other programs added since is listed too."""
        self.records.refresh()

    def _on_remembered(self) -> None:
        if in_front(self):
            self.records.refresh()

    def _on_listed(self) -> None:
        if self.table.editing:
            # A new list would take away what is being written.
            QTimer.singleShot(TYPING_MS, self._on_listed)
            return
        kept = {entry.id for entry in self.table.picked()}
        self.model.show(self.records.entries)
        self.table.pick(kept)
        self.table.offer(self._controller.running)
        count = len(self.records.entries)
        self.count.setText(f"{count:,} run{'s' * (count != 1)}")
        self.undo.setVisible(self.records.removed is not None)
        if self.search.text() and not count:
            self.placeholder.say(
                "No such run", "Every word has to occur: in target, workload, label, note or date."
            )
        else:
            self.placeholder.say("No runs yet", "Every run is kept here: press F5.")
        self._pages.setCurrentIndex(1 if count else 0)

    def _on_failed(self, line: str) -> None:
        """Say why runs cannot be listed; where none is listed yet, in the place of the list."""
        if self.records.entries:
            self._controller.said.emit("error", line)
            return
        self.placeholder.say("The history cannot be read", line, "Try again")
        self._pages.setCurrentIndex(0)

    def _on_selection(self) -> None:
        self.table.offer(self._controller.running)
        picked = self.table.picked()
        if len(picked) == 1:
            self.records.ask_cases(picked[0].id)

    def _on_double_click(self, index: QModelIndex) -> None:
        if not COLUMNS[index.column()].field:
            self.open()

    def _open_run(self, id: int) -> None:
        """Show the run of a point, wherever it stands in the list."""
        self.table.pick({id})
        self.open()

    def open(self) -> None:
        """Show the selected run."""

        def show(found: list[tuple[str, Session]]) -> None:
            self.opened.emit(*found[0])

        self.records.fetch(self.table.picked()[:1], show)

    def compare(self) -> None:
        """Set the selected runs side by side, the oldest first; a single one beside the session shown."""
        picked = self.table.picked()[::-1]
        there = shown_session(self._controller) if len(picked) == 1 else []
        self.records.fetch(picked, lambda found: self._controller.comparing.show([*there, *found]))

    def run_again(self) -> None:
        """Run the plan of the selected run here and now."""

        def run(found: list[tuple[str, Session]]) -> None:
            self._controller.run_again(*found[0])

        self.records.fetch(self.table.picked()[:1], run)

    def export(self) -> None:
        """Ask for a file and write the selected run to it."""
        (entry,) = self.table.picked()
        name = title(entry).replace(":", "").replace("/", "-").replace(" ", "-")
        path = ask_where(self, self._memory, "Export a run", f"{name}{SESSION[0]}", *SESSION)
        if path:
            self.records.export(entry, path, lambda _: self._controller.said.emit("info", f"Saved {path}"))

    def delete(self) -> None:
        """Forget the selected runs; it can be undone."""
        self.records.delete([entry.id for entry in self.table.picked()])
