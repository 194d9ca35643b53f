"""The window's way to what a bug report needs."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.core.errors import KernelscopeError
from app.gui.parts.actions import Action
from app.gui.parts.memory import Memory
from app.gui.state.controller import Controller
from app.gui.state.saving import ask_where


class Diagnostics:
    """Writes the report where the user says; there is nothing to see before."""

    def __init__(
        self, controller: Controller, memory: Memory, say: Callable[[str, str], None], parent: QWidget
    ) -> None:
        self._controller = controller
        self._memory = memory
        self._say = say
        self._parent = parent

    def commands(self) -> list[Action]:
        """What the menu Help offers."""
        tip = "Versions, adapters, drivers, settings and log for a bug report; your name and folders left out"
        return [Action("diagnose", "&Help", "Save &diagnostics…", "", tip, self.save)]

    def save(self) -> None:
        """Ask for a name and write the report."""
        path = ask_where(self._parent, self._memory, "Save diagnostics", "kernelscope-report.txt", ".txt")
        if path is None:
            return
        from app.storage.diagnostics import report
        from app.storage.files import write_atomically

        answers = self._controller.found.values()
        versions = {library: number for found in answers for library, number in found.versions.items()}
        notes = [note for found in answers for note in found.notes]
        try:
            write_atomically(path, report(self._controller.targets, versions, notes).encode())
        except KernelscopeError as error:
            self._say("error", str(error))
            return
        self._say("info", f"Saved {path}: please read it before you send it to anybody")
