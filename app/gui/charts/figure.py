"""A figure of the window: a picture on a canvas, its legend beside it, and the menu that every chart has."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.charts.picture import Key, Picture, Spot
from app.findings.rows import Row
from app.gui.charts.look import Look
from app.gui.charts.menu import Entry, about_case, chart_menu, copy_figure, literal, with_figure
from app.gui.parts.theme import current
from app.gui.state.controller import Controller


class Figure(QWidget):
    """Canvas and legend are built when there is first something to draw, for that takes half a second.

    ``pointed`` carries the spot under the pointer or None, ``chosen`` one that was clicked, and
    ``hidden_changed`` says that something was left out. ``about`` gives what else can be done about a spot,
    ``explain`` what the chart says of itself.
    """

    pointed = Signal(object)
    chosen = Signal(object)
    hidden_changed = Signal()

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.picture: Picture | None = None
        self.splitter: QSplitter | None = None
        self.about: Callable[[Spot], list[Entry]] = lambda spot: []
        self.explain: Callable[[], str] = lambda: ""
        self._room = QVBoxLayout(self)
        self._room.setContentsMargins(0, 0, 0, 0)

    def load(self) -> None:
        """Build canvas and legend, if they are not there yet."""
        if self.splitter:
            return
        from app.gui.charts.canvas import Canvas
        from app.gui.charts.legend import Legend

        self.canvas, self.legend = Canvas(Look(current())), Legend()
        self.canvas.pointed.connect(self.pointed)
        self.canvas.chosen.connect(self.chosen)
        self.canvas.menu_asked.connect(self._on_menu)
        self.canvas.copy_asked.connect(self.copy)
        self.legend.hidden_changed.connect(lambda _: self._on_hidden())
        self.legend.pointed.connect(self.canvas.focus)
        self.splitter = self.legend.beside(self.canvas)
        self._room.addWidget(self.splitter)
        self.splitter.show()  # a layout would do so later
        self._take_place()

    def _take_place(self) -> None:
        """Be reached by Tab where the figure stands: what is made late would come last of all."""
        before = self.previousInFocusChain()
        while before and before is not self and not before.focusPolicy() & Qt.FocusPolicy.TabFocus:
            before = before.previousInFocusChain()
        if before:
            self.setTabOrder(before, self.canvas)
            self.setTabOrder(self.canvas, self.legend)

    @property
    def hidden(self) -> frozenset[Key]:
        """What the user left out."""
        return self.legend.hidden if self.splitter else frozenset()

    def show_picture(self, picture: Picture, said: str) -> None:
        """Draw this without what is hidden; ``said`` is what a screen reader calls it."""
        self.load()
        self.picture = picture
        shown = picture.without(self.hidden)
        self.legend.show_picture(picture, current())
        self.legend.setVisible(len(picture.listed) > 1)
        self.canvas.show_picture(shown)
        self.canvas.name(said)

    def dress(self) -> None:
        """Follow the theme."""
        if self.splitter:
            self.canvas.set_colours(current())
            if self.picture:
                self.legend.show_picture(self.picture, current())

    def set_hidden(self, keys: frozenset[Key]) -> None:
        """Leave these out."""
        self.load()
        self.legend.set_hidden(keys)
        self._on_hidden()

    def _on_hidden(self) -> None:
        if self.picture:
            self.canvas.show_picture(self.picture.without(self.hidden))
        self.hidden_changed.emit()

    def choose_told(self) -> None:
        """Show all about the case that the finding tells of."""
        if self.splitter:
            self.canvas.choose_told()

    def pin(self, variant: str) -> None:
        """Keep a variant in focus; an empty name lets go."""
        if self.splitter:
            self.canvas.plot.pin(variant)

    @property
    def pinned(self) -> str:
        """The variant that is kept in focus, if one is."""
        return self.canvas.plot.pinned if self.splitter else ""

    def copy(self) -> None:
        """Put the picture on the clipboard, under its finding."""
        if self.picture:
            copy_figure(self._controller, self.picture.without(self.hidden))

    def _on_menu(self, spot: Spot | None, at: QPoint) -> None:
        chart_menu(self, *self.entries(spot)).popup(at)

    def entries(self, spot: Spot | None) -> list[list[Entry]]:
        """What can be done about a spot and its variant, then with the figure, then with the view of it."""
        if self.picture is None:
            return []
        row = self._row(spot) if spot else None
        explain = Entry("E&xplain this chart", lambda: self._controller.said.emit("info", self.explain()))
        return [
            [*(about_case(self._controller, row) if row else []), *(self.about(spot) if spot else [])],
            self._about_variant(spot),
            with_figure(self._controller, self.picture, self.hidden),
            [Entry("Show all poi&nts", self.canvas.fit), *([explain] if self.explain() else [])],
        ]

    def _row(self, spot: Spot) -> Row | None:
        """The row of the session shown with the result behind a spot: its own may be of another session."""
        results = [*spot.results, *([spot.row.measurement] if spot.row else [])]
        return next((row for row in self._controller.rows if row.measurement in results), None)

    def _about_variant(self, spot: Spot | None) -> list[Entry]:
        found, key = [], self.canvas.plot.key_of(spot) if spot else None
        if key:
            name = key[1]
            if name == self.pinned:
                found.append(Entry("&Let go of it", partial(self.pin, "")))
            else:
                found.append(Entry(f"&Keep {literal(name)} in focus", partial(self.pin, name)))
            found.append(Entry(f"&Hide {literal(name)}", partial(self._hide_variant, name)))
        if self.hidden:
            found.append(Entry("Sho&w what is hidden", partial(self.set_hidden, frozenset())))
        return found

    def _hide_variant(self, name: str) -> None:
        """On every target."""
        keys = self.picture.keys if self.picture else ()
        self.set_hidden(self.hidden | {key for key in keys if key[1] == name})
