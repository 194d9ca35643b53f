"""Texts that become problems: a kernel of one's own with all that it is given, or one from the clipboard."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from app.core.edit import Edit
from app.core.errors import KernelscopeError
from app.core.shape import Shape
from app.gui.parts.actions import Action
from app.gui.source.choice_bar import ChoiceBar
from app.gui.source.editor import Editor
from app.gui.state.controller import Controller
from app.problems.pasted import kernel_in
from app.problems.reflect import draft
from app.storage.problem_files import check_problem_name, write_draft, write_problem


class ProblemMaker:
    """Writes a new folder that the user names, and opens it; what cannot be done is one line."""

    def __init__(self, controller: Controller, editor: Editor, bar: ChoiceBar, parent: QWidget) -> None:
        self._controller, self._editor, self._bar, self._parent = controller, editor, bar, parent

    def commands(self, menu: str, mine: Callable[[], bool]) -> list[Action]:
        """What can be made of the text shown, while it is ``mine``, and of the clipboard."""
        return [
            Action(
                "save_problem",
                menu,
                "Save as &problem…",
                "",
                "A folder with your kernel, the one it was made from, and what both are given",
                self.keep_shown,
                when=mine,
            ),
            Action(
                "paste_problem",
                menu,
                "Problem from the clip&board…",
                "",
                "Begin a problem from a kernel copied from a page, a script or a log",
                self.paste,
            ),
        ]

    def keep_shown(self) -> None:
        """Save the kernel on screen."""
        self._editor.keep()
        choice = self._bar.choice
        if choice and choice.kernel.mine and choice.kernel.edit and choice.shape:
            self.keep(choice.kernel.edit, choice.shape)

    def keep(self, edit: Edit, shape: Shape) -> None:
        """Save a kernel of the user's own, and the one it was made from, as a problem."""

        def write(folder: Path) -> str:
            from app.storage.as_problem import edit_as_problem  # brings the engines, which take a while

            name = folder.resolve().name
            check_problem_name(name)
            write_problem(folder, name, edit_as_problem(edit, name, shape))
            return (
                f"Saved {folder}: {edit.name} and {edit.like}, with what they are given at {shape} "
                "and beside it."
            )

        self._make(write)

    def paste(self) -> None:
        """Begin a problem from the kernel in the clipboard."""
        text = QApplication.clipboard().text()
        if kernel_in(text) is None:
            said = "The clipboard holds no kernel: copy WGSL with an @compute function, or a WAT module."
            self._controller.said.emit("warning", said)
            return

        def write(folder: Path) -> str:
            written = write_draft(folder, draft(text, folder.resolve().name))
            return (
                f"Wrote {folder}: {', '.join(written)}. Say in problem.toml how long buffers are, "
                "then write reference.py."
            )

        self._make(write)

    def _make(self, write: Callable[[Path], str]) -> None:
        name, _ = QFileDialog.getSaveFileName(self._parent, "A new folder, called as the problem")
        if not name:
            return
        try:
            said = write(Path(name))
        except (KernelscopeError, OSError) as error:
            self._controller.said.emit("error", str(error))
            return
        if self._controller.problems.open(Path(name)):
            self._controller.said.emit("info", said)
