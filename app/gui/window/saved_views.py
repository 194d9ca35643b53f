"""Saved views: a way to look at results under a name, with its mode, size, baseline and hidden lines."""

from functools import partial

import msgspec
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenu, QWidget

from app.gui.parts.actions import Action
from app.gui.parts.memory import Memory
from app.gui.state.undo import States, Undo

KEY = "saved_views"
MENU = "&View/&Saved views"


class SavedViews:
    """Remembered between starts; each is a step that can be undone."""

    def __init__(self, undo: Undo, memory: Memory, parent: QWidget) -> None:
        self._undo = undo
        self._memory = memory
        self._parent = parent
        try:
            self.views = msgspec.json.decode(memory.read(KEY, "{}"), type=dict[str, States])
        except msgspec.MsgspecError:
            self.views = {}

    def save(self, name: str) -> None:
        """Keep what is shown as ``name``; an older one of that name goes."""
        now = self._undo.now()
        self.views[name] = {"chart": now["chart"], "kernels": {"baseline": now["kernels"]["baseline"]}}
        self._write()

    def delete(self, name: str) -> None:
        """Forget it."""
        self.views.pop(name, None)
        self._write()

    def show(self, name: str) -> None:
        """Look at the results that way; what a session lacks is left out."""
        self._undo.restore(self.views[name])

    def ask(self) -> None:
        """Ask for a name and save."""
        text, fine = QInputDialog.getText(
            self._parent,
            "Save view",
            "Name of this view (mode, size, baseline and hidden lines):",
            QLineEdit.EchoMode.Normal,
            f"View {len(self.views) + 1}",
        )
        if fine and text.strip():
            self.save(text.strip())

    def fill(self, menu: QMenu) -> None:
        """List the views after the menu's first action, each with a way to delete it."""
        for old in menu.actions()[1:]:
            menu.removeAction(old)
        if self.views:
            menu.addSeparator()
        for name in self.views:
            menu.addAction(_text(name), partial(self.show, name))
        if self.views:
            menu.addSeparator()
            remove = menu.addMenu("&Delete")
            for name in self.views:
                remove.addAction(_text(name), partial(self.delete, name))

    def commands(self) -> list[Action]:
        """The action that saves a view; the menu lists the rest when it opens."""
        return [
            Action(
                "save_view",
                MENU,
                "&Save this view…",
                "Ctrl+Shift+D",
                "Keep mode, size, baseline and hidden lines under a name",
                self.ask,
            )
        ]

    def offers(self) -> list[Action]:
        """Actions for the palette."""
        shown = [
            Action(f"view_{n}", "", f"Show view: {n}", "", "A saved view", partial(self.show, n))
            for n in self.views
        ]
        gone = [
            Action(f"delete_{n}", "", f"Delete view: {n}", "", "Forget it", partial(self.delete, n))
            for n in self.views
        ]
        return [*shown, *gone]

    def _write(self) -> None:
        self._memory.write(KEY, msgspec.json.encode(self.views).decode())


def _text(name: str) -> str:
    """An ampersand in a name is no key."""
    return name.replace("&", "&&")
