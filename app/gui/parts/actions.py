"""Actions: what the window can do, declared where it belongs; menus, help and palette all read the set."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from app.gui.parts.icons import icon
from app.gui.parts.theme import Colours

MENUS = ("&File", "&Edit", "&Run", "&View", "&Panels", "&Help")


def always() -> bool:
    """The condition of what can be done at any time."""
    return True


@dataclass(frozen=True)
class Action:
    """One thing that can be done, by menu, key or palette.

    ``menu`` is where it stands (``&View/&Theme`` is a menu within a menu), ``icon`` its picture.
    ``when`` says whether it can be done now; ``checked`` makes it checkable and says whether it is.
    """

    name: str
    menu: str
    text: str
    keys: str
    tip: str
    slot: Callable[[], object]
    icon: str = ""
    when: Callable[[], bool] = always
    checked: Callable[[], bool] | None = None


@runtime_checkable
class HasCommands(Protocol):
    """A panel with actions of its own; the window puts them into its menus, as one group."""

    def commands(self) -> list[Action]: ...


@runtime_checkable
class HasOffers(Protocol):
    """A panel with things that only the palette offers, because they depend on what is there just now."""

    def offers(self) -> list[Action]: ...


class ActionSet:
    """Every action of a window by name. Each group that is added stands apart in its menu."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._menus: dict[str, QMenu] = {name: window.menuBar().addMenu(name) for name in MENUS}
        self._made: dict[str, tuple[Action, QAction]] = {}

    def __getitem__(self, name: str) -> QAction:
        return self._made[name][1]

    def __iter__(self) -> Iterator[tuple[Action, QAction]]:
        return iter(self._made.values())

    def add(self, group: Iterable[Action]) -> None:
        """Make a QAction of each and put it into its menu, after what stands there and a line."""
        begun: set[str] = set()
        for action in group:
            menu = self.menu(action.menu)
            if action.menu not in begun and not menu.isEmpty():
                menu.addSeparator()
            begun.add(action.menu)
            made = self._make(action)
            menu.addAction(made)
            self._made[action.name] = (action, made)

    def menu(self, path: str) -> QMenu:
        """The menu at ``path``; made where there is none yet."""
        if path not in self._menus:
            above, _, name = path.rpartition("/")
            self._menus[path] = self.menu(above).addMenu(name)
        return self._menus[path]

    def _make(self, action: Action) -> QAction:
        made = QAction(action.text, self._window)
        made.setObjectName(action.name)
        if action.keys:
            made.setShortcuts([QKeySequence(keys) for keys in action.keys.split(", ")])
        shown = f" ({action.keys})" if action.keys else ""
        made.setToolTip(f"{action.tip}{shown}")
        made.setStatusTip(action.tip)
        made.setCheckable(action.checked is not None)
        made.triggered.connect(lambda _=False: self._do(action))
        return made

    def _do(self, action: Action) -> None:
        action.slot()
        self.refresh()

    def refresh(self) -> None:
        """Bring what can be done, and what is ticked, in line with what is going on."""
        for action, made in self._made.values():
            made.setEnabled(action.when())
            if action.checked:
                made.setChecked(action.checked())

    def dress(self, colours: Colours) -> None:
        """Give the actions icons in the theme's colours."""
        inks = {"run": colours.good, "stop": colours.bad}
        for action, made in self._made.values():
            if action.icon:
                made.setIcon(icon(action.icon, inks.get(action.name, colours.text), colours.border))
