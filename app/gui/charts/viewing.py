"""What of a session is looked at: the mode of the chart and what was chosen of it."""

from msgspec import structs
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.charts.choices import Selector
from app.charts.modes import MODES, Mode, find_mode
from app.charts.panels import many
from app.charts.scene import Scene, View
from app.gui.charts.mode_bar import ModeBar
from app.gui.state.controller import Controller


class Viewing(QWidget):
    """The base of the chart panel: it holds the view and changes it, ``refresh`` draws.

    ``view_changed`` carries the new ``View``, ``state_changed`` says that there is something to remember.
    """

    view_changed = Signal(object)
    state_changed = Signal()

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.view = View()
        self._choices: tuple[Selector, ...] = ()
        self.modes = ModeBar()
        self.modes.chosen.connect(self.set_mode)

    def refresh(self) -> None:
        """Draw what there is now."""
        raise NotImplementedError

    @property
    def mode(self) -> Mode:
        """The mode shown."""
        return find_mode(self.view.mode)

    def set_view(self, view: View) -> None:
        """Look at the session in another way; a mode that there is none of becomes the first."""
        if view.mode not in {mode.name for mode in MODES}:
            view = structs.replace(view, mode=MODES[0].name)
        changed = view != self.view
        self.view = view
        self.modes.show_mode(view.mode)
        self.refresh()
        if changed:
            self.view_changed.emit(view)
            self.state_changed.emit()

    def set_mode(self, name: str) -> None:
        """Change the mode alone."""
        self.set_view(structs.replace(self.view, mode=name))

    def step_mode(self, by: int) -> None:
        """Go to a neighbouring mode; after the last comes the first."""
        names = [mode.name for mode in MODES]
        self.set_mode(names[(names.index(self.view.mode) + by) % len(names)])

    def shows(self, mode: str) -> bool:
        """Whether this is the mode shown."""
        return self.view.mode == mode

    def toggle_articles(self) -> None:
        """Lay the articles' figures under the chart, or take them away."""
        self.set_view(structs.replace(self.view, articles=not self.view.articles))

    def set_quantity(self, quantity: str) -> None:
        """Show another quantity; a mode that has none such gives way to the first."""
        offered = {option for choice in self._choices for option, _ in choice.options}
        mode = self.view.mode if quantity in offered else MODES[0].name
        self.set_view(structs.replace(self.view, mode=mode, quantity=quantity))

    def _on_choice(self, name: str, value: str) -> None:
        self.set_view(structs.replace(self.view, **{name: value}))

    @property
    def sizes(self) -> tuple[str, ...]:
        """The sizes that can be chosen in this mode, an empty one for all; none where there is no choice."""
        return tuple(
            value for choice in self._choices if choice.name == "size" for value, _ in choice.options
        )

    @property
    def size_shown(self) -> str:
        """The size shown."""
        return next((choice.chosen for choice in self._choices if choice.name == "size"), "")

    def left(self) -> int:
        """How many cases a stopped run left, while nothing runs."""
        return 0 if self._controller.busy else self._controller.left

    def crowd(self, scene: Scene | None) -> int:
        """How many variants there are, where lines or bars of them all would show nothing; else 0."""
        return len(scene.variants) if scene and self.view.mode in ("size", "bars") and many(scene) else 0

    def resume(self) -> None:
        """Measure them."""
        self._controller.resume()

    def clear_filter(self) -> None:
        """Show all rows, in the table as well."""
        self._controller.focus.filter("")

    def pin(self, variant: str) -> None:
        """Keep a variant in focus; an empty name lets go."""
        raise NotImplementedError

    def let_go(self) -> None:
        """Keep nothing in focus any more."""
        self.pin("")
