"""The history as the window knows it: what matches a search, and what is done to it. No widgets."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.core.session import Session
from app.findings.trend import Change, trend
from app.gui.parts.background import Background
from app.storage.history import Entry, History, Removed

CaseKey = tuple[str, str, str, str]
"""Workload, variant, shape and target."""


class Records(QObject):
    """The history for the window, which waits for no disk: answers come by signal.

    ``listed`` when the entries are new, ``cases_found`` with the cases of a session, ``trend_found`` with the
    trends of a case by target and machine, ``failed`` with one line.
    """

    listed = Signal()
    cases_found = Signal(object)
    trend_found = Signal(object, object)
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._background = Background("history", self)
        self._background.failed.connect(self.failed)
        self._words = ""
        self.entries: Sequence[Entry] = ()
        self.removed: Removed | None = None

    def search(self, words: str) -> None:
        """List what all of these words occur in."""
        self._words = words
        self.refresh()

    def refresh(self) -> None:
        """List again."""
        words = self._words
        self._background.ask(lambda: History().entries(words), self._on_entries, "list")

    def _on_entries(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self.listed.emit()

    def write(self, id: int, field: str, text: str) -> None:
        """Set a run's label or note."""
        self._change(lambda: {"label": History().label, "note": History().note}[field](id, text))

    def delete(self, ids: Sequence[int]) -> None:
        """Forget runs, until it is undone."""

        def keep(removed: Removed) -> None:
            self.removed = removed
            self.refresh()

        self._background.ask(lambda: History().delete(*ids), keep)

    def undo(self) -> None:
        """Bring back what was deleted last."""
        removed, self.removed = self.removed, None
        if removed:
            self._change(lambda: History().put_back(removed))

    def _change(self, work: Callable[[], None]) -> None:
        self._background.ask(work, lambda _: self.refresh())

    def fetch(self, entries: Sequence[Entry], then: Callable[[list[tuple[str, Session]]], object]) -> None:
        """Read sessions and hand them on, each with a name."""
        self._background.ask(lambda: [(title(e), History().session(e.id)) for e in entries], then)

    def export(self, entry: Entry, path: Path, then: Callable[[None], object]) -> None:
        """Write a run to a file."""

        def work() -> None:
            from app.storage.files import save

            save(History().session(entry.id), path)

        self._background.ask(work, then)

    def ask_cases(self, id: int) -> None:
        """Find out what a run measured."""
        self._background.ask(lambda: History().cases(id), self.cases_found.emit, "cases")

    def ask_trend(self, case: CaseKey, margin: float) -> None:
        """Follow one case over time, wherever it ran."""

        def work() -> dict[tuple[str, str], list[Change]]:
            found = History().moments(*case[:3], case[3])
            return {place: trend(moments, margin) for place, moments in found.items()}

        self._background.ask(work, lambda found: self.trend_found.emit(case, found), "trend")

    def close(self) -> None:
        """Let the thread go."""
        self._background.close()


def title(entry: Entry) -> str:
    """What to call a run: its label, or what it measured and when."""
    return entry.label or f"{entry.workloads} on {entry.targets}, {entry.created[:16].replace('T', ' ')}"
