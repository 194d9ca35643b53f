"""Opening a problem of the user's own in the window, or beginning one."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.errors import KernelscopeError
from app.gui.parts.actions import Action
from app.gui.parts.memory import Memory
from app.gui.state.controller import Controller
from app.storage.problem_files import write_example
from app.storage.problems import FILE


class ProblemFiles:
    """What the File menu has for problems."""

    def __init__(self, controller: Controller, memory: Memory, parent: QWidget) -> None:
        self._controller, self._memory, self._parent = controller, memory, parent

    def commands(self) -> list[Action]:
        """Open one, begin one."""
        return [
            Action(
                "open_problem",
                "&File",
                "Open pro&blem…",
                "",
                f"A folder of your own with a {FILE}, kernels and a reference: they run like any other",
                self.ask,
            ),
            Action(
                "new_problem",
                "&File",
                "&New problem…",
                "",
                "Write a worked example (saxpy) into a new folder, and open it",
                self.begin,
            ),
        ]

    def ask(self) -> None:
        """Let the user choose the folder."""
        before = self._memory.read("problem_folder", "")
        name = QFileDialog.getExistingDirectory(self._parent, "Open the folder of a problem", before)
        if name:
            self.open(Path(name))

    def begin(self) -> None:
        """Let the user name a new folder."""
        before = self._memory.read("problem_folder", "")
        name, _ = QFileDialog.getSaveFileName(self._parent, "A new folder, called as the problem", before)
        if not name:
            return
        try:
            write_example(Path(name))
        except KernelscopeError as error:
            self._controller.said.emit("error", str(error))
            return
        self.open(Path(name))

    def open(self, path: Path) -> bool:
        """Open a problem and show its kernels in the question."""
        name = self._controller.problems.open(path)
        if not name:
            return False
        self._memory.write("problem_folder", str(path.resolve().parent))
        self._controller.said.emit("info", f"Opened the problem {name}: F5 checks and times its kernels.")
        return True

    def is_one(self, path: Path) -> bool:
        """Whether ``path`` looks like a problem's folder, or its file."""
        return path.name == FILE or (path / FILE).is_file()
