"""The theme that the user asked for, remembered; ``system`` follows the desktop while the window is open."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QApplication

from app.gui.parts import theme
from app.gui.parts.actions import Action
from app.gui.parts.memory import Memory


class ThemeChoice:
    """``changed`` is called after every change, so that what is drawn in colours can follow."""

    def __init__(self, memory: Memory, changed: Callable[[], None]) -> None:
        self._memory = memory
        self._changed = changed
        self.chosen = theme.Theme.SYSTEM
        QApplication.styleHints().colorSchemeChanged.connect(self._on_system)

    def restore(self) -> None:
        """Apply what was chosen last."""
        try:
            wanted = theme.Theme(self._memory.read("theme", "system"))
        except ValueError:
            wanted = theme.Theme.SYSTEM
        self.choose(wanted)

    def choose(self, wanted: theme.Theme) -> None:
        """Light, dark, or as the desktop has it."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.chosen = wanted
        theme.apply(app, wanted)
        self._memory.write("theme", wanted.value)
        self._changed()

    def _on_system(self) -> None:
        if self.chosen is theme.Theme.SYSTEM:
            self.choose(self.chosen)

    def commands(self) -> list[Action]:
        """An action for each theme."""
        tips = {
            theme.Theme.SYSTEM: "Light or dark, as the desktop has it",
            theme.Theme.LIGHT: "Dark on light: for bright rooms and projectors",
            theme.Theme.DARK: "Light on dark",
        }
        return [
            Action(
                f"theme_{choice.value}",
                "&View/&Theme",
                f"&{choice.value.capitalize()}",
                "",
                tip,
                partial(self.choose, choice),
                checked=lambda c=choice: self.chosen is c,  # type: ignore[misc]
            )
            for choice, tip in tips.items()
        ]
