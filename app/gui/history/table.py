"""The table of runs, with what can be done to the selected ones as actions."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from app.gui.history.model import COLUMNS, HistoryModel
from app.gui.parts.sizes import set_widths
from app.storage.history import Entry


@dataclass(frozen=True)
class Deed:
    """``most`` is how many runs it takes at once, 0 for any number; ``quiet`` forbids it during a run."""

    text: str
    keys: str
    tip: str
    most: int
    slot: Callable[[], None]
    quiet: bool = False


class HistoryTable(QTableView):
    """Selection survives a new list of the same runs."""

    def __init__(self, model: HistoryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.deeds: list[tuple[Deed, QAction]] = []
        self.setModel(model)
        self.setAccessibleName("History")
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        set_widths(self.horizontalHeader(), [column.letters for column in COLUMNS])

    def add_deed(self, deed: Deed) -> QAction:
        """Offer it in the context menu, and by its key while the table has the focus."""
        action = QAction(deed.text, self, enabled=False)
        action.setToolTip(f"{deed.tip} ({deed.keys})" if deed.keys else deed.tip)
        if deed.keys:
            action.setShortcut(deed.keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _=False: deed.slot())
        self.addAction(action)
        self.deeds.append((deed, action))
        return action

    def offer(self, running: bool) -> None:
        """Bring what can be done in line with what is selected."""
        count = len(self.selectionModel().selectedRows())
        for deed, action in self.deeds:
            fits = count > 0 and (not deed.most or count <= deed.most)
            action.setEnabled(fits and not (deed.quiet and running))

    @property
    def editing(self) -> bool:
        """Whether a label or note is being written."""
        return self.state() is QAbstractItemView.State.EditingState

    def picked(self) -> list[Entry]:
        """The selected runs, as they stand in the list."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._model.entries[place] for place in places]

    def pick(self, ids: set[int]) -> None:
        """Select the runs with these numbers, as far as they are listed, and show the first."""
        selection = self.selectionModel()
        flags = QItemSelectionModel.SelectionFlag
        places = [i for i, entry in enumerate(self._model.entries) if entry.id in ids]
        selection.clearSelection()
        for place in places:
            selection.select(self._model.index(place, 0), flags.Select | flags.Rows)
        if places:
            selection.setCurrentIndex(self._model.index(places[0], 0), flags.NoUpdate)
            self.scrollTo(self._model.index(places[0], 0))
