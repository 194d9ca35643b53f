"""Editing a kernel of one's own: kept as it is typed, run beside the one it was made from."""

from dataclasses import replace

from msgspec import structs
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMessageBox

from app.catalog import index as catalog
from app.core.edit import Edit, beside
from app.core.errors import KernelscopeError
from app.core.variant import why_not
from app.gui.parts.plain import plain
from app.gui.source.added import added
from app.gui.source.choice import Kernel, TextChoice
from app.gui.source.choice_bar import ChoiceBar
from app.gui.source.code_view import CodeView
from app.gui.source.edit_bar import EditBar
from app.gui.source.outcome import measured, outcome
from app.gui.state.controller import Controller

KEEP_MS = 800
"""Milliseconds from the last key until a text is kept; to run, close or choose another keeps it at once."""


class Editor(QObject):
    """``changed`` when the text on screen is no longer the one that was shown."""

    changed = Signal()

    def __init__(self, controller: Controller, choices: ChoiceBar, code: CodeView) -> None:
        super().__init__(code)
        self._controller = controller
        self._choices = choices
        self._code = code
        self._edit: Edit | None = None
        self._dirty = False
        self._marked = ""
        self.bar = EditBar()
        self.bar.hide()
        self._timer = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._timer.timeout.connect(self.keep)
        self.bar.run_asked.connect(self.run)
        self.bar.delete_asked.connect(self.delete)
        self.bar.renamed.connect(self.rename)
        code.run_asked.connect(self.run)
        code.textChanged.connect(self._on_text)
        controller.closing.connect(self.keep)
        controller.running_changed.connect(lambda _: self.judge())

    @property
    def typing(self) -> bool:
        """Whether the text on screen is newer than what is kept."""
        return self._dirty

    def begin(self, choice: TextChoice, text: str) -> None:
        """Start a new one from ``text`` and let the user type."""
        variant, edit = choice.kernel.variant, choice.kernel.edit
        # An edit always runs with the web's checks, so it is one of the checked twin.
        like = edit.like if edit else variant.name.removesuffix(f"+{catalog.UNCHECKED}")
        try:
            original = catalog.find(variant.workload, like, variant.runtime)
            fresh = self._controller.own.begin(original, choice.parameters, text)
        except KernelscopeError as error:
            self._controller.said.emit("error", str(error))
            return
        mine = next(k for k in self._choices.own(variant.workload) if k.edit == fresh)
        self._choices.show_choice(replace(choice, kernel=mine))
        self._code.setFocus()

    def follow(self, choice: TextChoice) -> None:
        """Edit the chosen kernel if it is the user's own; what was typed before is kept."""
        edit = choice.kernel.edit if choice.kernel.mine else None
        if edit is None or self._edit is None or edit.key != self._edit.key:
            self.keep()
            self._marked, self._edit = "", None
            self._code.turn_to(edit.key if edit else None)
        elif self.typing:
            return
        self._edit = edit
        self.bar.setVisible(edit is not None)
        self._code.set_editable(edit is not None)
        if edit:
            self.bar.name.setText(edit.name)
            self.bar.name.setCursorPosition(0)

    def _on_text(self) -> None:
        if self._edit and not self._code.isReadOnly() and self._code.toPlainText() != self._edit.text:
            self._dirty = True
            self._timer.start()
            self.changed.emit()

    def keep(self) -> None:
        """Write what was typed, if anything was."""
        if not self._dirty or self._edit is None:
            return
        self._dirty = False
        self._timer.stop()
        self._put(structs.replace(self._edit, text=self._code.toPlainText()))

    def _put(self, edit: Edit) -> None:
        try:
            self._controller.own.put(edit)
        except KernelscopeError as error:
            self._controller.said.emit("error", f"Your kernel could not be kept: {error}")
        self._edit = edit
        choice = self._choices.choice
        if choice and choice.kernel.mine and choice.kernel.variant.name == edit.name:
            self._choices.choice = replace(choice, kernel=Kernel(choice.kernel.variant, edit, mine=True))

    def run(self) -> None:
        """Measure the text on screen beside its original, with the baseline; or say why not."""
        self.keep()
        control, choice, edit = self._controller, self._choices.choice, self._edit
        if edit is None or choice is None or choice.shape is None:
            return
        if control.busy:
            self.bar.say("warn", "Wait for the run under way, or stop it with Shift+F5.")
            return
        target = next((t for t in control.targets if choice.target and t.id == choice.target.id), None)
        if target is None:
            self.bar.say("warn", "This machine has no such target: choose another above.")
            return
        try:
            original, mine = beside(edit, catalog.find(edit.workload, edit.like, edit.runtime))
        except KernelscopeError as error:
            self.bar.say("bad", str(error))
            return
        if reason := why_not(mine, target):
            self.bar.say("warn", reason)
            return
        self._marked = ""
        self._code.set_error(None)
        control.run(added(control, target, mine, (original,), choice.shape))

    def judge(self) -> None:
        """Say what came of the last run of this very text, and mark where it does not compile."""
        edit, choice, session = self._edit, self._choices.choice, self._controller.session
        if edit is None or choice is None or choice.target is None or choice.shape is None:
            return
        ran = session and any(known == edit for known in session.plan.edits)
        if session is None or not ran or self.typing:
            if not self.typing:
                self.bar.say("", f"F5 runs it beside {edit.like}.")
            return
        level, text = outcome(session, edit, choice.target, choice.shape)
        self.bar.say(level, text)
        mine = measured(session, edit, choice.target, choice.shape)
        if mine and mine.place and self._marked != mine.reason:
            self._marked = mine.reason
            self._code.set_error(mine.place, mine.reason)

    def rename(self, name: str) -> None:
        """Call it something else; results under the old name stay as they are."""
        self.keep()
        edit, own = self._edit, self._controller.own
        if edit is None or name == edit.name:
            return
        new = structs.replace(edit, name=name)
        try:
            own.check_name(edit, name)
            self._become(edit, new)
            own.replace(edit, new)
        except KernelscopeError as error:
            self._become(self._edit or edit, edit)
            self.bar.say("bad", str(error))
            self.bar.name.setText(edit.name)
            return
        choice = self._choices.choice
        mine = next(k for k in self._choices.own(edit.workload) if k.edit == new)
        if choice:
            self._choices.show_choice(replace(choice, kernel=mine))

    def _become(self, old: Edit, new: Edit) -> None:
        """Go on with the text of ``old``, and with all that can be undone in it."""
        self._code.rename(old.key, new.key)
        self._edit = new

    def delete(self) -> None:
        """Forget it, once the user has said so twice."""
        self.keep()
        edit = self._edit
        if edit is None:
            return
        button = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self.bar,
            "Delete your kernel",
            plain(f"Delete {edit.name}? Its text is lost, unless a saved session has it."),
            button.Discard | button.Cancel,
            button.Cancel,
        )
        if answer != button.Discard:
            return
        self._edit = None
        try:
            self._controller.own.remove(edit)
        except KernelscopeError as error:
            self._edit = edit
            self._controller.said.emit("error", str(error))
            return
        self._code.forget(edit.key)
