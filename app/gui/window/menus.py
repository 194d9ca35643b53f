"""The menus: what the window, its parts and its panels declare, in one set."""

from collections.abc import Iterable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from app.gui.parts.actions import ActionSet, HasCommands
from app.gui.window.help import help_commands


def fill_menus(window: QMainWindow, known: ActionSet, parts: Iterable[object]) -> None:
    """Add what each of ``parts`` declares to ``known``, in this order, then help."""
    for part in parts:
        if isinstance(part, HasCommands):
            known.add(part.commands())
    known.add(help_commands(window, known))
    known["quit"].setMenuRole(QAction.MenuRole.QuitRole)
