"""Runs on their way into the history: those that are over, and those that a crash interrupted. No widgets."""

from PySide6.QtCore import QObject, Signal

from app.gui.parts.background import Background
from app.gui.state.run import Run
from app.storage.journal import Recovered, recover


class Keeping(QObject):
    """Keeps runs, waiting for no disk.

    ``recovered`` carries a ``Recovered``, ``said`` a level and a line; ``refused`` when a run
    was not taken.
    """

    recovered = Signal(object)
    remembered = Signal()
    refused = Signal()
    said = Signal(str, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._background = Background("journals", self)
        self._background.failed.connect(lambda line: self.said.emit("error", line))

    def look(self) -> None:
        """Bring interrupted runs into the history, and say so if it cannot be used now."""
        self._background.ask(_recover, self._on_recovered, "look")

    def _on_recovered(self, answer: tuple[list[str], list[Recovered]]) -> None:
        lines, found = answer
        for line in lines:
            self.said.emit("warning", line)
        for run in found:
            self.said.emit("warning", f"{run}.")
            self.recovered.emit(run)
        if found:
            self.remembered.emit()

    def keep(self, run: Run) -> None:
        """Put a run that is over into the history; say so if it cannot be."""
        run.keep(self._on_kept)

    def _on_kept(self, why: str) -> None:
        """Called in a thread of the run's: signals find their way from there."""
        if why:
            self.said.emit("warning", why)
            self.refused.emit()
        else:
            self.remembered.emit()

    def close(self) -> None:
        """Let the thread go."""
        self._background.close()


def _recover() -> tuple[list[str], list[Recovered]]:
    lines: list[str] = []
    return lines, recover(lines.append)
