"""The mode bar: a button per mode; what does not fit goes into a menu at its end."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QAction, QActionGroup, QPaintEvent
from PySide6.QtWidgets import QToolBar, QToolButton, QWidget

from app.charts.modes import MODES
from app.gui.charts.pressed import dress_pressed
from app.gui.parts.icons import icon
from app.gui.parts.theme import current

AROUND = 8
"""Pixels beside a button's text."""


class ModeBar(QToolBar):
    """``chosen`` carries the name of a mode whose button was pressed."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Charts", parent)
        self.setAccessibleName("Kinds of chart")
        bar = self.layout()
        if bar:
            bar.setContentsMargins(0, 0, 0, 0)
            bar.setSpacing(1)
        group = QActionGroup(self)
        self._actions: dict[str, QAction] = {}
        for mode in MODES:
            action = QAction(mode.title, group, checkable=True, toolTip=f"{mode.title}: {mode.tip}")
            action.triggered.connect(lambda _=False, name=mode.name: self.chosen.emit(name))
            self.addAction(action)
            self._actions[mode.name] = action
            button = self.widgetForAction(action)
            button.setAccessibleName(f"{mode.title} chart")
            button.setAccessibleDescription(mode.tip)
        self._fit()
        self._dress()

    def _fit(self) -> None:
        """Narrower than the style would have it, so that all fit beside the kernels in a small window."""
        for action in self._actions.values():
            words = self.fontMetrics().horizontalAdvance(action.text())
            self.widgetForAction(action).setFixedWidth(words + AROUND)

    def show_mode(self, name: str) -> None:
        """Press this mode's button."""
        self._actions[name].setChecked(True)
        self._dress()

    def _dress(self) -> None:
        for action in self._actions.values():
            button = self.widgetForAction(action)
            assert isinstance(button, QToolButton)
            dress_pressed(button)
            button.setAutoRaise(not action.isChecked())
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
        if not hasattr(self, "_actions"):
            return
        if event.type() is QEvent.Type.PaletteChange:
            self._dress()
        elif event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()
