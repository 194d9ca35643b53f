"""Opening and saving from the window: file dialogs, and the question about unsaved results."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.core.errors import KernelscopeError
from app.core.session import Session
from app.gui.parts.actions import Action
from app.gui.parts.memory import Memory
from app.gui.state.controller import Controller
from app.gui.state.saving import ask_where
from app.storage.files import load, save
from app.storage.named import file_title

Say = Callable[[str, str], None]

SESSION = (".kernelscope.json", ".json", ".json.gz")
"""What the names of sessions end in."""

FILTER = f"Sessions ({' '.join(f'*{suffix}' for suffix in SESSION)})"
"""The filter of file dialogs."""


def shown_session(controller: Controller) -> list[tuple[str, Session]]:
    """The session on screen under the name of its file, or of its hour; empty where there is none."""
    session = controller.kept()
    if session is None or not session.measurements:
        return []
    hour = session.created[:16].replace("T", " ")
    name = file_title(controller.path) if controller.path else controller.title or f"run of {hour}"
    return [(name, session)]


class SessionFiles:
    """Errors become one line in the message bar; each method returns whether it went through."""

    def __init__(self, controller: Controller, memory: Memory, say: Say, parent: QWidget) -> None:
        self._controller = controller
        self._memory = memory
        self._say = say
        self._parent = parent

    def commands(self) -> list[Action]:
        """What the menu File offers for sessions."""
        return [
            Action("open", "&File", "&Open…", "Ctrl+O", "Open a saved session", self.open, "open"),
            Action(
                "example",
                "&File",
                "Open e&xample",
                "",
                "Explore a session that was measured on software GPUs, two Wasm engines and NumPy",
                self.open_example,
            ),
            Action(
                "save",
                "&File",
                "&Save",
                "Ctrl+S",
                "Save the session: everything needed to draw it again",
                self.save,
                "save",
                when=self._some,
            ),
            Action(
                "save_as",
                "&File",
                "Save &as…",
                "Ctrl+Shift+S",
                "Save the session under another name",
                self.save_as,
                when=self._some,
            ),
        ]

    def _some(self) -> bool:
        return self._controller.something

    def open(self, path: Path | None = None) -> bool:
        """Show a saved session; asks for a file when none is given, and about unsaved results first."""
        if not self.settle():
            return False
        if path is None:
            name, _ = QFileDialog.getOpenFileName(self._parent, "Open session", self._folder(), FILTER)
            if not name:
                return False
            path = Path(name)
        try:
            session = load(path)
        except KernelscopeError as error:
            self._say("error", str(error))
            return False
        self._controller.show_session(session, path, modified=False)
        self._controller.logged.emit("info", f"Opened {path}")
        for line in session.log:
            self._controller.logged.emit(line.level, f"{line.time}  {line.text}")
        self._memory.write("folder", str(path.resolve().parent))
        return True

    def show(self, name: str, session: Session) -> bool:
        """Show a session that is kept elsewhere, after the question about unsaved results."""
        if not self.settle():
            return False
        self._controller.show_session(session, modified=False, title=name)
        return True

    def open_example(self) -> None:
        """Show the session that ships with the program, and say what it is from."""
        from app.storage.shipped import TITLE, example

        session = example()
        if self.show(TITLE, session):
            host = session.host
            self._say(
                "info",
                f"Measured on {session.created[:10]} on {host.processor}, {host.core_words}, without a "
                "graphics card: its GPUs are llvmpipe and SwiftShader, which compute on the processor.",
            )

    def save(self) -> bool:
        """Save where it was saved last, or ask."""
        path = self._controller.path
        session = self._controller.kept()
        return self._save_to(session, path) if session and path else self.save_as()

    def save_as(self) -> bool:
        """Ask for a name and save."""
        session = self._controller.kept()
        if session is None:
            self._say("info", "There is nothing to save yet: press F5 to run.")
            return False
        stamp = session.created.replace(":", "").replace("T", "-").rstrip("Z")
        path = ask_where(self._parent, self._memory, "Save session", f"{stamp}{SESSION[0]}", *SESSION)
        return path is not None and self._save_to(session, path)

    def _save_to(self, session: Session, path: Path) -> bool:
        try:
            save(session, path)
        except KernelscopeError as error:
            self._say("error", str(error))
            return False
        self._controller.saved(path)
        self._controller.logged.emit("info", f"Saved {path}")
        self._memory.write("folder", str(path.resolve().parent))
        self._say("info", f"Saved {path}")
        return True

    def settle(self) -> bool:
        """Ask to stop a run before results are left; False where the user stays.

        Every run is in the history: only what that did not take is offered to be saved.
        """
        control = self._controller
        if control.running and not self._may_stop():
            return False
        control.finish_now()
        if not (control.unkept and control.modified and control.something):
            return True
        button = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._parent,
            "Unsaved results",
            "The results of this run are not saved. Save them?",
            button.Save | button.Discard | button.Cancel,
            button.Save,
        )
        if answer == button.Save:
            return self.save()
        return bool(answer == button.Discard)

    def _may_stop(self) -> bool:
        """Nothing stops a run by accident."""
        button = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._parent,
            "A run is under way",
            "Stop the run? What it has measured so far stays.",
            button.Yes | button.Cancel,
            button.Cancel,
        )
        return bool(answer != button.Cancel)

    def _folder(self) -> str:
        return self._memory.read("folder", str(Path.home()))
