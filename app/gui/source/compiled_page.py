"""The page "Compiled": the hot loop of a kernel beside that of another one, counted."""

from collections import OrderedDict
from functools import partial

import msgspec
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from app.catalog.index import find
from app.compiled.messages import Job
from app.core.code import Code, Compiled
from app.core.target import Runtime
from app.core.tuning import describe
from app.findings.code import COUNTED, measured, sentence, statistics
from app.gui.charts.menu import chart_menu, with_figure
from app.gui.charts.painted import Painted
from app.gui.parts.background import Background
from app.gui.parts.elided import ElidedBox, ElidedLabel
from app.gui.parts.theme import current
from app.gui.source.choice import TextChoice
from app.gui.source.code_view import CodeView
from app.gui.source.comparison import OtherBox, name_of
from app.gui.source.loop_bars import LoopBars, inks
from app.gui.source.marks import Tint
from app.gui.state.controller import Controller
from app.worker.compiling import PLACES, Place, compile_all, job
from app.workloads import workloads

KEPT = 64
"""Compiled kernels that are remembered."""

FOREIGN = "This text came with the session: read it, and make it yours (Edit) before it is compiled here."
WAITING = "Compiling…"
LATER = "A run is under way, and compiling would disturb it: the code is shown when it is over."


class CompiledPage(QWidget):
    """Compiles what is shown, in the background, for the compiler that is chosen."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._background = Background("compiled", self)
        self._background.failed.connect(self._on_failed)
        controller.closing.connect(self._background.close)
        self._known: OrderedDict[bytes, Compiled] = OrderedDict()
        self._choice: TextChoice | None = None
        self._text = ""
        self._asked: dict[Runtime, str] = {}
        self._waited: list[bytes] = []
        """What is being compiled: a run asks over and over."""
        self.places = ElidedBox("Compiler", "Whose code is shown; of GPUs that are not here as well", 12)
        self.other = OtherBox(controller, "Beside", "Which kernel stands at the left")
        self.sentence = QLabel(
            wordWrap=True, accessibleName="What the code says", textFormat=Qt.TextFormat.PlainText
        )
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bars = LoopBars()
        self.note = QLabel(
            wordWrap=True, accessibleName="Counted and measured", textFormat=Qt.TextFormat.PlainText
        )
        self.note.setForegroundRole(self.note.foregroundRole().PlaceholderText)
        self.views = (CodeView("Code of the other"), CodeView("Code of the chosen kernel"))
        self._titles = (ElidedLabel(), ElidedLabel())
        self._build()
        self.places.activated.connect(self._on_place)
        self.other.activated.connect(lambda _: self._compile())
        self.bars.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.bars.customContextMenuRequested.connect(self._on_menu)

    def _build(self) -> None:
        head = QHBoxLayout()
        for words, box in (("C&ompiler", self.places), ("&Beside", self.other)):
            label = QLabel(words)
            label.setBuddy(box)
            head.addWidget(label)
            head.addWidget(box, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        for title, view in zip(self._titles, self.views, strict=True):
            side = QWidget()
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(2)
            column.addWidget(title)
            column.addWidget(view, 1)
            splitter.addWidget(side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.sentence)
        layout.addWidget(self.bars)
        layout.addWidget(self.note)
        layout.addWidget(splitter, 1)

    @property
    def place(self) -> Place | None:
        """The compiler chosen."""
        return next((place for place in PLACES if place.name == self.places.currentData()), None)

    def show_choice(self, choice: TextChoice, text: str) -> None:
        """Show what the compiler makes of ``text``, which is that of ``choice``."""
        self._choice, self._text = choice, text
        runtime = choice.kernel.variant.runtime
        own = [place for place in PLACES if place.runtime is runtime]
        if [self.places.itemData(i) for i in range(self.places.count())] != [place.name for place in own]:
            self.places.clear()
            for place in own:
                self.places.addItem(f"{place.label or HERE}{' (not here)' * bool(place.family)}", place.name)
        on_cpu = choice.target is None or choice.target.is_cpu
        wanted = self._asked.get(runtime) or ("navi21" if not on_cpu else own[0].name)
        self.places.setCurrentIndex(max(0, self.places.findData(wanted)))
        self.other.offer(choice)
        self._compile()

    def _on_place(self) -> None:
        if self._choice and self.place:
            self._asked[self._choice.kernel.variant.runtime] = self.place.name
        self._compile()

    def _compile(self) -> None:
        place, choices = self.place, [self.other.chosen, self._choice]
        if place is None or None in choices:
            return
        whole = [choice for choice in choices if choice is not None]
        if any(choice.kernel.edit and not choice.kernel.mine for choice in whole):
            self._say(FOREIGN)
            return
        jobs = [self._job(choice, place) for choice in whole]
        missing = [one for one in jobs if _key(place, one) not in self._known]
        if not missing:
            self._show(place, jobs)
            return
        if self._controller.running:
            self._say(LATER)
            return
        waited = [_key(place, one) for one in missing]
        if waited == self._waited:
            return
        self._waited = waited
        self._say(WAITING)
        self._background.ask(
            partial(compile_all, {place.name: missing}),
            partial(self._on_compiled, place, jobs, missing),
            "compile",
        )

    def _job(self, choice: TextChoice, place: Place) -> Job:
        """The case as it is chosen, where it ran on the like of ``place``; else with the defaults there."""
        kernel = choice.kernel
        edit = kernel.edit
        variant = kernel.variant
        if edit:
            variant = find(variant.workload, edit.like, variant.runtime)
        shape = choice.shape or workloads()[variant.workload].default_shapes[-1]
        alike = choice.target is None or choice.target.is_cpu is (place.kind != "vulkan")
        parameters = edit.parameters if edit else choice.parameters if alike else {}
        text = edit.text if edit else ""
        return job(variant, place, shape, parameters, self._text if edit and choice is self._choice else text)

    def _on_compiled(self, place: Place, jobs: list[Job], made: list[Job], found: list[Compiled]) -> None:
        self._waited = []
        for one, compiled in zip(made, found, strict=True):
            self._known[_key(place, one)] = compiled
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        self._show(place, jobs)

    def _show(self, place: Place, jobs: list[Job]) -> None:
        left, right = (self._known[_key(place, one)] for one in jobs)
        choice, other = self._choice, self.other.chosen
        assert choice
        assert other
        names = (name_of(other.kernel), name_of(choice.kernel))
        same = jobs[0] == jobs[1]
        reasons = [
            f"{name}: {one.reason}" for name, one in zip(names, (left, right), strict=True) if one.reason
        ]
        words = sentence([right], () if same else [left])
        if other.kernel.edit:
            words = words.replace(f" of {left.variant}", f" of {names[0]}", 1)
        self.sentence.setText(
            "\n".join([*dict.fromkeys(reasons), *filter(None, [words[:1].upper() + words[1:]])])
        )
        pairs = list(zip(names, (left.hot, right.hot), strict=True))
        bars = [(name, hot.per_multiply_add) for name, hot in pairs if hot and hot.cost]
        self.bars.show_bars(bars[1:] if same else bars)
        found = measured(self._controller.rows, names[1], names[0]) if not same else []
        counted = f"{COUNTED[0].upper()}{COUNTED[1:]}"
        self.note.setText(
            "\n".join([f"{counted}: instructions in one turn of the hot loop.", *found[:MOST_MEASURED]])
        )
        for view, title, name, one, own in zip(
            self.views, self._titles, names, (left, right), jobs, strict=True
        ):
            hot = one.hot
            title.set_whole(f"{name}   {describe(own.parameters)}   {statistics(hot) if hot else ''}")
            _show_code(view, hot)

    def _say(self, words: str) -> None:
        self.sentence.setText(words)
        self.bars.show_bars([])
        self.note.setText("")
        for view, title in zip(self.views, self._titles, strict=True):
            title.set_whole("")
            view.show_text("", "asm")

    def _on_failed(self, words: str) -> None:
        self._waited = []
        self._say(words)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._choice_shown():
            self._compile()

    def _choice_shown(self) -> bool:
        return self.isVisible() and self.__dict__.get("_choice") is not None

    def _on_menu(self, at: QPoint) -> None:
        """What every figure offers."""
        place = self.place
        painted = Painted(
            title=f"Instructions for each multiply-add: {' and '.join(name for name, _ in self.bars.bars)}",
            caption=f"{place.label if place else ''}: {COUNTED}",
            footer="",
            remark=self.sentence.text(),
            paint=self.bars.paint_into,
        )
        menu = chart_menu(self, with_figure(self._controller, painted, frozenset()))
        menu.popup(self.bars.mapToGlobal(at))


HERE = "GPUs here whose driver tells"
MOST_MEASURED = 3
"""Lines of measured ratios."""


def _key(place: Place, own: Job) -> bytes:
    return msgspec.json.encode((place.name, own))


def _show_code(view: CodeView, code: Code | None) -> None:
    """The hot loop, each line in the colour of what it is for, beside the line of the text it came from."""
    body = code.body if code else ()
    colour = inks(current())
    tints = []
    for i, one in enumerate(body):
        faint, full = QColor(colour[one.work]), QColor(colour[one.work])
        faint.setAlpha(28)
        full.setAlpha(90)
        tints.append(Tint(i, faint, full))
    lines = [one.text + (f"   ×{one.times}" if one.times > 1 else "") for one in body]
    view.show_text("\n".join(lines), "asm", [one.line or None for one in body], tints)
