"""What is compared: sessions by name, and their table, read and derived in the background. No widgets."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.core.errors import KernelscopeError
from app.core.session import Session
from app.findings.across import Across, Named, across
from app.findings.compare import names
from app.findings.gathered import Points
from app.gui.parts.background import Background
from app.storage.gathering import gather_points
from app.storage.named import file_title


class Comparing(QObject):
    """``changed`` after every change, ``asked`` when somebody wants to see it, ``said`` with what went wrong,
    ``opened`` with the name and the session of one that is to be shown instead of that in the window.

    The first session is what the others are compared with. ``across`` is None until there are two and their
    table is ready.
    """

    changed = Signal()
    asked = Signal()
    said = Signal(str, str)
    opened = Signal(str, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._background = Background("compare", self)
        self._background.failed.connect(lambda line: self.said.emit("error", line))
        self._background.busy_changed.connect(lambda _: self.changed.emit())
        self.named: tuple[tuple[str, Session], ...] = ()
        self.across: Across | None = None
        self.points: Points | None = None
        """What was gathered of folders, while that is looked at."""

    @property
    def busy(self) -> bool:
        """Whether files are being read or a table made."""
        return self._background.busy

    def show(self, named: Named) -> None:
        """Compare these instead of what was compared before."""
        self._set(named)
        self.asked.emit()

    def add(self, named: Named) -> None:
        """Compare these too."""
        self.show([*self.named, *named])

    def add_files(self, paths: Sequence[Path], beside: Named | None = None) -> None:
        """Read files and compare them with ``beside``, by default with what is there.

        Those that cannot be read are said and left out.
        """

        def follow(answer: tuple[list[tuple[str, Session]], list[str]]) -> None:
            read, problems = answer
            if problems:
                self.said.emit("error", "; ".join(problems))
            if read:
                self.show([*(self.named if beside is None else beside), *read])

        self._background.ask(lambda: _read(paths), follow)
        self.asked.emit()

    def gather(self, paths: Sequence[Path]) -> None:
        """Read all sessions of these folders and files, each file once, and show what they say together."""

        def follow(points: Points) -> None:
            self.points = points
            self.changed.emit()

        self._background.ask(lambda: gather_points(paths), follow, "gather")
        self.asked.emit()

    def remove(self, name: str) -> None:
        """Leave one out."""
        self._set([pair for pair in self.named if pair[0] != name])

    def put_first(self, name: str) -> None:
        """Compare the others with this one."""
        self._set(sorted(self.named, key=lambda pair: pair[0] != name))

    def clear(self) -> None:
        """Compare nothing."""
        self._set([])

    def _set(self, named: Named) -> None:
        self.named, self.across, self.points = _unique(named), None, None
        self.changed.emit()
        if len(self.named) > 1:
            shown = self.named
            self._background.ask(lambda: across(shown), self._on_across, "across")

    def _on_across(self, found: Across) -> None:
        if found.names == tuple(name for name, _ in self.named):
            self.across = found
            self.changed.emit()

    def close(self) -> None:
        """Let the thread go."""
        self._background.close()


def _read(paths: Sequence[Path]) -> tuple[list[tuple[str, Session]], list[str]]:
    from app.storage.files import load

    read, problems = [], []
    for path in paths:
        try:
            read.append((file_title(path), load(path)))
        except KernelscopeError as error:
            problems.append(str(error))
    return read, problems


def _unique(named: Named) -> tuple[tuple[str, Session], ...]:
    """The sessions, each once, under a name of its own."""
    once = {id(session): (name, session) for name, session in named}
    found: dict[str, Session] = {}
    for name, (_, session) in zip(names(list(once.values())), once.values(), strict=True):
        number = next(i for i in range(1, len(once) + 1) if _numbered(name, i) not in found)
        found[_numbered(name, number)] = session
    return tuple(found.items())


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name} #{number}"
