"""The menus and the tool bar: what the window, its parts and its panels declare, in one set."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from app.gui.parts.actions import ActionSet, HasCommands
from app.gui.window.help import help_commands

TOOLS = ("run", "live", "stop", "", "open", "save", "export")
"""The tool bar; an empty name is a line between two groups."""


def fill_menus(window: QMainWindow, known: ActionSet, parts: Iterable[object]) -> None:
    """Add what each of ``parts`` declares to ``known``, in this order, then help and the tool bar."""
    for part in parts:
        if isinstance(part, HasCommands):
            known.add(part.commands())
    known.add(help_commands(window, known))
    known["quit"].setMenuRole(QAction.MenuRole.QuitRole)
    bar = window.addToolBar("Tools")
    bar.setObjectName("tools")
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    bar.setMovable(False)
    for name in TOOLS:
        bar.addAction(known[name]) if name else bar.addSeparator()
