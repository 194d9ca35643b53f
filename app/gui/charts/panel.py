"""The chart panel: modes, choices, title, plot, legend and read-out; or, with nothing to draw, what to do."""

import logging
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from threading import Thread

import msgspec
from msgspec import structs
from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.charts.headline import headline, told_by
from app.charts.modes import MODES
from app.charts.picture import Empty, Key, Picture, Spot
from app.charts.scene import Scene, View
from app.core.errors import one_line
from app.findings.rows import Row
from app.gui.charts.commands import chart_commands
from app.gui.charts.figure import Figure
from app.gui.charts.head import ChartHead
from app.gui.charts.placeholder import Placeholder
from app.gui.charts.read_out import ReadOut
from app.gui.charts.viewing import Viewing
from app.gui.charts.words import empty_words
from app.gui.parts.actions import Action
from app.gui.state.controller import Controller
from app.gui.state.undo import State
from app.storage.shipped import articles

log = logging.getLogger(__name__)


class ChartPanel(Viewing):
    """The centre of the window: one picture of the controller's session, as ``view`` asks for it.

    ``row_chosen`` carries the ``Row`` of a point, bar or cell that
    was clicked (or confirmed with Enter) in whatever mode: whoever shows samples, kernel text and parameters
    connects to it. ``action_asked`` carries the name of what would fill an empty chart, such as ``ceilings``.
    ``picture`` and ``hidden`` are what is drawn, for export and presentation.
    """

    row_chosen = Signal(object)
    action_asked = Signal(str)
    _imported = Signal()

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self.picture: Picture | None = None
        self.plan_words, self.plan_ready = "", False
        self._scene: Scene | None = None
        self._marked: object = None
        self.head, self.read_out = ChartHead(), ReadOut()
        self._offered = self._problem = ""
        self.placeholder = Placeholder()
        self.placeholder.button.clicked.connect(lambda: self.action_asked.emit(self._offered))
        self._pages = QStackedWidget()
        self._pages.addWidget(self.placeholder)
        self.figure = Figure(controller)
        self.figure.explain = self._explanation
        self._pages.addWidget(self.figure)
        self._build()
        self.head.chosen.connect(self._on_choice)
        self.head.asked.connect(self.figure.choose_told)
        self.head.resume.clicked.connect(self.resume)
        self.head.map.clicked.connect(lambda: self.set_mode("heatmap"))
        self.head.articles_clicked.connect(self.toggle_articles)
        for changed in (controller.rows_changed, controller.session_changed, controller.hardware_changed):
            changed.connect(self.refresh)
        controller.running_changed.connect(self._on_running)
        controller.focus.filtered.connect(self.refresh)
        controller.focus.pointed.connect(self._on_focus)
        self.figure.pointed.connect(self._on_pointed)
        self.figure.chosen.connect(self._on_chosen)
        self.figure.hidden_changed.connect(self._on_hidden)
        self._imported.connect(self.figure.load)
        self.set_view(self.view)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 2)
        layout.setSpacing(4)
        layout.addWidget(self.modes)
        layout.addWidget(self.head)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.read_out)

    def commands(self) -> list[Action]:
        """What menus, keys and the palette offer."""
        return chart_commands(self)

    def import_plot(self) -> None:
        """Import what charts need once the window shows; in a thread, for it takes half a second."""

        def load() -> None:
            for module in ("app.gui.charts.canvas", "numpy.random"):
                import_module(module)
            with suppress(RuntimeError):  # the window is gone by now
                self._imported.emit()

        # No daemon: Python would end it amid Qt's own code when the window is closed at once, which aborts.
        Thread(target=load, name="import-pyqtgraph").start()

    def load_plot(self) -> None:
        """Build the plot, if it is not there yet."""
        self.figure.load()

    @property
    def hidden(self) -> frozenset[Key]:
        """The lines that the user put out."""
        return self.figure.hidden

    def refresh(self) -> None:
        """Draw what the controller has now; what goes wrong with that is said, and the next is drawn anew."""
        control = self._controller
        empty = None
        try:
            empty = self._look()
            if self.picture:
                self._draw(self.picture)
            self._problem = ""
        except Exception as error:  # a picture's last resort: shown as one line, the whole in the log
            log.exception("the chart %s cannot be drawn", self.view.mode)
            self._complain(f"This chart cannot be drawn: {one_line(error)}")
            self.picture, self._scene, self._choices = None, None, ()
            empty = Empty("This chart cannot be drawn", f"{one_line(error)}. The log has more.")
        picture = self.picture
        self.head.offer_resume(self.left())
        self.head.offer_map(self.crowd(self._scene))
        self.head.offer(self._choices, self.view.articles if self.mode.articles else None)
        self.read_out.setVisible(picture is not None)
        if not picture:
            self.head.say("", "", "")
            words = empty_words(control, empty, self.plan_words, self.plan_ready)
            self._offered = words.action
            self.placeholder.say(words.heading, words.advice, words.button)
        self._pages.setCurrentIndex(1 if picture else 0)
        self.setFocusProxy(self.figure.canvas if picture else self.placeholder.button)

    def _mark_modes(self, scene: Scene) -> None:
        """Show which menus have something to see; while more comes in nobody looks for it."""
        rows = self._controller.rows
        if self._marked is not rows and not self._controller.running:
            self._marked, whole = rows, replace(scene, rows=rows)
            self.modes.mark(frozenset(mode.name for mode in MODES if mode.fills(whole)))

    def _complain(self, line: str) -> None:
        """Say it, once: charts are drawn several times a second during a run."""
        if line != self._problem:
            self._problem = line
            self._controller.said.emit("error", line)

    def _look(self) -> Empty | None:
        """Make the picture of what the controller has now, or words about why there is none."""
        from app.workloads import workloads

        control = self._controller
        self.picture, self._scene, self._choices = None, None, ()
        if not (control.session and (control.session.plan.cases or control.session.searches)):
            return None
        told = articles() if self.view.articles and self.mode.articles else None
        rows = [row for row in control.rows if control.focus.passes(row)]
        if control.rows and not rows:
            words = f"“{control.focus.words}” is the filter of the table and of the chart."
            return Empty("Nothing passes the filter", words, "unfilter", "Clear the filter")
        scene = Scene(control.session, rows, workloads(), control.baseline, self.view, told)
        self._mark_modes(scene)
        self._scene, made = self.mode.look(scene)
        self._choices = self.mode.choices(self._scene)
        if isinstance(made, Empty):
            return made
        self.picture = made
        return None

    def _draw(self, picture: Picture) -> None:
        shown = picture.without(self.hidden)
        told = self._scene.articles if self._scene else None
        answer = picture.remark or headline(shown)
        if self._controller.running:
            answer = f"So far: {answer}"
        self.head.say(answer, picture.title, picture.caption, told.note if told else "")
        self.figure.show_picture(picture, f"{answer}. {picture.title}")
        self.head.lead_on(told_by(shown) is not None)

    def _on_hidden(self) -> None:
        if self.picture:
            self._draw(self.picture)
        self.state_changed.emit()

    def state(self) -> State:
        """The view and the lines put out."""
        return {"view": structs.asdict(self.view), "hidden": [list(key) for key in sorted(self.hidden)]}

    def set_state(self, state: State) -> None:
        """Look at it that way again."""
        if "hidden" in state:
            self.figure.load()
            self.figure.legend.set_hidden(frozenset((t, variant) for t, variant in state["hidden"]))
        self.set_view(msgspec.convert(state.get("view", {}), View))
        self.state_changed.emit()

    def set_plan_words(self, words: str, ready: bool) -> None:
        """What F5 would do, or what it still needs, for the empty page."""
        self.plan_words, self.plan_ready = words, ready
        if self._pages.currentIndex() == 0:
            self.refresh()

    def fit(self) -> None:
        """Show all points."""
        if self.figure.splitter:
            self.figure.canvas.fit()

    def _on_running(self, running: bool) -> None:
        if self.figure.splitter:
            self.figure.canvas.plot.set_fine(not running)
        self.refresh()

    def _on_pointed(self, spot: Spot | None) -> None:
        scene = self._scene
        words = self.mode.read(scene, spot) if scene and spot else ""
        canvas = self.figure.canvas
        canvas.describe(self.read_out.say(words, canvas.together))
        self.figure.legend.focus(canvas.focused)
        self._controller.focus.point(spot.row if spot else None)

    def _on_focus(self, row: Row | None) -> None:
        """Follow what is pointed at elsewhere."""
        if self.figure.splitter and self.isVisible():
            self.figure.canvas.point_at(row)

    def _on_chosen(self, spot: Spot) -> None:
        if spot.row is not None:
            self.row_chosen.emit(spot.row)

    def copy_figure(self) -> None:
        """Put the picture on the clipboard, under its finding."""
        if self.picture:
            self.figure.copy()

    def _explanation(self) -> str:
        """What question the chart answers, and how it was made."""
        title, footer = (self.picture.title, self.picture.footer) if self.picture else ("", "")
        return "  ·  ".join(filter(None, (self.mode.tip, title, footer)))

    def pin(self, variant: str) -> None:
        """Keep a variant in focus; an empty name lets go."""
        self.figure.pin(variant)

    def pinned(self) -> str:
        """The variant that is kept in focus, if one is."""
        return self.figure.pinned

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is not QEvent.Type.PaletteChange or not hasattr(self, "_pages"):
            return
        self.figure.dress()
