"""What the user chose in the panels, as plain data: it can be undone, redone, and kept under a name."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol, runtime_checkable

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtGui import QUndoCommand, QUndoStack
from PySide6.QtWidgets import QWidget

from app.gui.parts.actions import Action

State = dict[str, Any]
"""What is chosen in a panel, by name, each JSON: words, numbers, lists of these."""

States = dict[str, State]
"""The states of every panel, by the panel's name."""

TYPED = {"sizes", "seconds"}
"""Names of what is typed letter by letter, which is undone as one change."""

DEPTH = 200


@runtime_checkable
class HasState(Protocol):
    """A panel in which the user chooses something."""

    state_changed: SignalInstance

    def state(self) -> State:
        """What is chosen now."""
        ...

    def set_state(self, state: State) -> None:
        """Choose that again; names that are missing, or mean nothing here any more, change nothing."""
        ...


class Undo(QObject):
    """Follows the panels; ``anchor`` says what they are about: when that changes there is nothing to undo."""

    changed = Signal()

    def __init__(self, panels: Mapping[str, QWidget], anchor: Callable[[], object]) -> None:
        super().__init__()
        self._panels = {name: panel for name, panel in panels.items() if isinstance(panel, HasState)}
        self._anchor = anchor
        self._about = anchor()
        self._quiet = 0
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(DEPTH)
        self._last = self.now()
        for panel in self._panels.values():
            panel.state_changed.connect(self._note)

    def now(self) -> States:
        """Everything that is chosen."""
        return {name: panel.state() for name, panel in self._panels.items()}

    def restore(self, states: States) -> None:
        """Choose all of it, as one step that can be undone."""
        with self._quietly():
            self._apply(states)
        self._note()

    def _apply(self, states: States) -> None:
        for name, state in states.items():
            if name in self._panels:
                self._panels[name].set_state(state)

    def pause(self) -> States:
        """Follow nothing until ``resume``; what is chosen now."""
        self._quiet += 1
        return self.now()

    def resume(self, states: States) -> None:
        """Choose these and follow again: nothing has happened."""
        self._apply(states)
        self._quiet -= 1

    def restart(self) -> None:
        """What is chosen now is where undoing ends."""
        self.stack.clear()
        self._last = self.now()

    def _note(self) -> None:
        if self._quiet:
            return
        before, self._last = self._last, self.now()
        about, self._about = self._about, self._anchor()
        if about is self._about and self._last != before:
            self.stack.push(_Change(before, self._last, self._put))
        self.changed.emit()

    def _put(self, states: States) -> None:
        with self._quietly():
            self._apply(states)
        self._last = self.now()
        self.changed.emit()

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        self._quiet += 1
        try:
            yield
        finally:
            self._quiet -= 1

    def commands(self) -> list[Action]:
        """Undo and redo."""
        stack = self.stack
        tip = "the last choice: a tick, a size, the baseline, the view, a hidden line"
        return [
            Action("undo", "&Edit", "&Undo", "Ctrl+Z", f"Take back {tip}", stack.undo, when=stack.canUndo),
            Action(
                "redo",
                "&Edit",
                "&Redo",
                "Ctrl+Shift+Z, Ctrl+Y",
                "Do again what was just undone",
                stack.redo,
                when=stack.canRedo,
            ),
        ]


class _Change(QUndoCommand):
    """From one state of all choices to the next."""

    def __init__(self, before: States, after: States, put: Callable[[States], None]) -> None:
        self.what = {
            name
            for panel, choice in after.items()
            for name, v in choice.items()
            if before[panel].get(name) != v
        }
        super().__init__(", ".join(sorted(self.what)))
        self._before, self._after, self._put = before, after, put
        self._made = False

    def id(self) -> int:
        """A number that only what is typed has: changes of one number merge."""
        return 1 + sorted(TYPED).index(min(self.what)) if len(self.what) == 1 and self.what <= TYPED else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """The next letter."""
        assert isinstance(other, _Change)
        self._after = other._after
        return True

    def undo(self) -> None:
        """Put things as they were before the change."""
        self._put(self._before)

    def redo(self) -> None:
        """Put things as they are after the change; the first time they are so already."""
        if self._made:
            self._put(self._after)
        self._made = True
