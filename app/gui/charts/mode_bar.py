"""The mode bar: a button for each chart that most ask for, and menus of the others."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QAction, QActionGroup, QPaintEvent
from PySide6.QtWidgets import QMenu, QToolBar, QToolButton, QWidget

from app.charts.modes import GROUPS, MODES, Mode
from app.gui.charts.pressed import dress_pressed
from app.gui.parts.icons import icon
from app.gui.parts.theme import current

AROUND = 12
"""Pixels beside a button's text."""

DOT = "•"
"""Stands beside what there is something to see of."""


class ModeBar(QToolBar):
    """``chosen`` carries the name of a mode that was chosen; what does not fit is in a menu at the end."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Charts", parent)
        self.setAccessibleName("Kinds of chart")
        bar = self.layout()
        if bar:
            bar.setContentsMargins(0, 0, 0, 0)
            bar.setSpacing(1)
        self._group = QActionGroup(self)
        self._actions: dict[str, QAction] = {}
        self._menus: dict[str, QAction] = {}
        self._shown, self._filled = "", frozenset[str]()
        grouped = {mode.name for modes in GROUPS.values() for mode in modes}
        for mode in MODES:
            if mode.name not in grouped:
                self.addAction(self._make(mode))
                button = self.widgetForAction(self._actions[mode.name])
                button.setAccessibleName(f"{mode.title} chart")
                button.setAccessibleDescription(mode.tip)
        for title, modes in GROUPS.items():
            self._add_menu(title, modes)
        self._fit()
        self._dress()

    def _make(self, mode: Mode) -> QAction:
        action = QAction(mode.title, self._group, checkable=True, toolTip=f"{mode.title}: {mode.tip}")
        action.triggered.connect(lambda _=False: self.chosen.emit(mode.name))
        self._actions[mode.name] = action
        return action

    def _add_menu(self, title: str, modes: tuple[Mode, ...]) -> None:
        menu = QMenu(title, self)
        menu.setToolTipsVisible(True)
        for mode in modes:
            menu.addAction(self._make(mode))
        action = menu.menuAction()
        action.setToolTip(f"{title}: {', '.join(mode.title for mode in modes)}")
        self.addAction(action)
        button = self.widgetForAction(action)
        assert isinstance(button, QToolButton)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setAccessibleName(f"{title}: more charts")
        self._menus[title] = action

    def _fit(self) -> None:
        """Narrower than the style would have it, so that all fit beside the kernels in a small window."""
        for action in self.actions():
            button = self.widgetForAction(action)
            more = button.fontMetrics().height() if action.menu() else 0
            button.setFixedWidth(self.fontMetrics().horizontalAdvance(action.text()) + AROUND + more)

    def show_mode(self, name: str) -> None:
        """Press this mode's button; a menu is called by what was chosen from it."""
        self._shown = name
        self._actions[name].setChecked(True)
        self._name_menus()

    def mark(self, filled: frozenset[str]) -> None:
        """Mark the modes in menus, and these, that the session has something for."""
        if filled != self._filled:
            self._filled = filled
            self._name_menus()

    def _name_menus(self) -> None:
        for title, modes in GROUPS.items():
            mine = next((mode.title for mode in modes if mode.name == self._shown), "")
            some = [mode for mode in modes if mode.name in self._filled]
            words = f"{title}: {mine}" if mine else f"{title} {DOT}" if some else title
            self._menus[title].setText(words)
            for mode in modes:
                there = mode in some
                self._actions[mode.name].setText(f"{mode.title} {DOT}" if there else mode.title)
                told = "the session has data" if there else "no data yet"
                self._actions[mode.name].setToolTip(f"{mode.title}: {mode.tip} ({told})")
        self._fit()
        self._dress()

    def _dress(self) -> None:
        for action in self.actions():
            button = self.widgetForAction(action)
            assert isinstance(button, QToolButton)
            menu = action.menu()
            pressed = action.isChecked() if menu is None else ":" in action.text()
            dress_pressed(button, pressed)
            button.setAutoRaise(not pressed)
        more = self.findChild(QToolButton, "qt_toolbar_ext_button")
        if more:
            # The style's own picture cannot be seen in the dark.
            more.setIcon(icon("more", current().text))
            more.setAccessibleName("More kinds of chart")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint no frame: beside a plot it is noise. A style sheet would keep the old theme's colours."""

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if not hasattr(self, "_menus") or len(self._menus) < len(GROUPS):
            return
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()
        elif event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()
