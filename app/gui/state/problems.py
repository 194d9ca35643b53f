"""The problems that the user opened in the window; their folders are watched for what he saves there."""

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from app.core.errors import KernelscopeError
from app.problems import registry
from app.storage.problems import open_problem

SETTLE_MS = 200
"""Editors write a file in several steps."""


class Problems(QObject):
    """``changed`` carries the name of a problem that came or changed, ``opened`` that of one just opened."""

    changed = Signal(str)
    opened = Signal(str)
    said = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folders: set[Path] = set()
        self._watcher = QFileSystemWatcher(self)
        self._timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._timer.timeout.connect(self.look_again)
        self._watcher.fileChanged.connect(lambda _: self._timer.start())
        self._watcher.directoryChanged.connect(lambda _: self._timer.start())

    def open(self, path: Path) -> str:
        """Open the problem of a folder that the user chose; its name, empty where it has a fault."""
        try:
            opened = open_problem(path)
        except KernelscopeError as error:
            self.said.emit("error", str(error))
            return ""
        assert opened.folder
        self._folders.add(opened.folder)
        self._watch(opened.folder)
        self.changed.emit(opened.problem.name)
        self.opened.emit(opened.problem.name)
        return opened.problem.name

    def look_again(self) -> None:
        """Take in what has changed in the folders; one with a fault stays as it was, and that is said."""
        before = set(registry.state())
        for folder in sorted(self._folders):
            self._watch(folder)
            try:
                opened = open_problem(folder)
            except KernelscopeError as error:
                self.said.emit("warning", str(error))
                continue
            if opened.digest not in before:
                self.said.emit(
                    "info", f"{opened.problem.name} has changed: the next run takes it as it is now."
                )
                self.changed.emit(opened.problem.name)

    def _watch(self, folder: Path) -> None:
        paths = [str(folder), *(str(file) for file in folder.glob("*") if file.is_file())][:200]
        missing = sorted(set(paths) - set(self._watcher.files()) - set(self._watcher.directories()))
        if missing:
            self._watcher.addPaths(missing)
