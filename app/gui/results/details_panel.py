"""The inspector: what is known of the chosen case, why it is so, and the ways that lead on from it."""

import re
from collections.abc import Callable
from functools import partial
from html import escape

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.charts.modes import find_mode
from app.charts.picture import Picture
from app.charts.scene import Scene, View
from app.core.plan import Case
from app.findings.rows import Row
from app.gui.charts.menu import about_case, chart_menu, with_figure
from app.gui.parts.elided import ElidedLabel, FittedLabel
from app.gui.parts.flow import Flow
from app.gui.parts.theme import current
from app.gui.results.details import answer, as_text, correctness, facts, place
from app.gui.results.samples_view import SamplesView
from app.gui.results.why import Evidence, baseline_of, parts
from app.gui.source.added import again
from app.gui.state.controller import Controller
from app.gui.state.deeds import DETAILS, Deed
from app.workloads import workloads

NOTHING = (
    "Choose a line of the results, or click a point of a chart: its samples, costs and parameters show here."
)

LINGER_MS = 60
"""A pointer that crosses a chart passes many a case: one is shown where it stays so long."""

ANSWER = 14.0
"""Points of what came out, where usual type has 10."""

NARROW = 36
"""Letters of width below which names stand above their words."""


class DetailsPanel(QWidget):
    """Shows the case that was chosen, and meanwhile the one that is pointed at.

    ``evidence_asked`` carries a row and the ``Evidence`` that a part of its sentence rests on.
    """

    evidence_asked = Signal(object, object)

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.row: Row | None = None
        self._chosen: Row | None = None
        self._lingers = QTimer(self, interval=LINGER_MS, singleShot=True)
        self._lingers.timeout.connect(self._show_pointed)
        self._narrow = False
        self._again: tuple[Case, int] | None = None
        """A case that was asked for again, and the last run before that."""
        self.title, self.place = ElidedLabel(), ElidedLabel()
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.answer, self.correct = FittedLabel(ANSWER), ElidedLabel()
        for label in (self.place, self.correct):
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.why = QLabel(wordWrap=True, accessibleName="Why", textFormat=Qt.TextFormat.RichText)
        self.why.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.why.linkActivated.connect(self._on_evidence)
        self.why.setMargin(2)
        self.samples = SamplesView()
        self.facts = QLabel(wordWrap=True, accessibleName="Details", textFormat=Qt.TextFormat.RichText)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.facts.setMargin(2)
        scroll = QScrollArea(widgetResizable=True, accessibleName="Details, to scroll")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.why)
        column.addWidget(self.samples)
        column.addWidget(self.facts, 1)
        scroll.setWidget(inside)
        self.buttons: dict[str, QPushButton] = {}
        ways = QWidget()
        self._ways = Flow(ways)
        self._ways.setContentsMargins(0, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(4)
        for label in (self.title, self.place, self.answer, self.correct):
            layout.addWidget(label)
        layout.addWidget(scroll, 1)
        self.setFocusProxy(scroll)
        layout.addWidget(ways)
        self._connect()
        self.show_row(None)

    def _connect(self) -> None:
        controller = self._controller
        controller.row_chosen.connect(self.show_row)
        controller.row_updated.connect(self.show_row)
        controller.focus.pointed.connect(lambda _: self._lingers.start())
        controller.running_changed.connect(lambda _: self._enable())
        controller.hardware_changed.connect(self._enable)
        controller.rows_changed.connect(self._turn, Qt.ConnectionType.QueuedConnection)  # when all have them
        self.samples.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.samples.customContextMenuRequested.connect(self._on_samples_menu)

    def _add_way(self, name: str, text: str, tip: str, slot: Callable[[], object]) -> None:
        """A button for what leads on from here."""
        button = QPushButton(text, toolTip=tip, accessibleName=tip)
        button.setMinimumWidth(button.fontMetrics().horizontalAdvance(text) + 16)
        button.clicked.connect(slot)
        self.buttons[name] = button
        self._ways.add(button)

    def offer_deeds(self) -> None:
        """Have a button for what can be done about a case, beside showing it."""
        for deed in self._controller.deeds.known:
            if deed.name != DETAILS:
                self._add_way(deed.name, deed.text.replace("&", ""), deed.tip, partial(self._do, deed))
        self._add_way("Copy", "Copy", "Copy all of this as text, samples included", self.copy)
        self._enable()

    def _do(self, deed: Deed) -> None:
        if self.row:
            deed.do(self.row)

    def show_row(self, row: Row | None) -> None:
        """Show what is known of ``row``, which was chosen; None says how to choose one."""
        self._chosen = row
        if row is None or (self._again and row.measurement.case != self._again[0]):
            self._again = None
        self._lingers.stop()
        self._show(row)

    def _show_pointed(self) -> None:
        row = self._controller.focus.row or self._chosen
        if row is not self.row:
            self._show(row)

    def _show(self, row: Row | None) -> None:
        self.row = row
        base = baseline_of(row, self._controller.rows) if row else None
        ceilings = self._controller.session.ceilings if self._controller.session else {}
        for label, words in (
            (self.title, row.name if row else ""),
            (self.place, place(row) if row else ""),
            (self.answer, answer(row) if row else ""),
            (self.correct, correctness(row) if row else ""),
        ):
            label.set_whole(words)
            label.setVisible(bool(words))
        told = parts(row, base, ceilings.get(row.target.id)) if row else []
        self.why.setText("".join(_linked(words, evidence) for words, evidence in told))
        self.why.setVisible(bool(self.why.text()))
        self.samples.show_row(row)
        self._enable()
        if row is None:
            self.facts.setText(NOTHING)
            return
        self._say_facts()

    def _say_facts(self) -> None:
        """Names beside their words; above them where there is little width."""
        if self.row is None:
            return
        self._narrow = self.width() < NARROW * self.fontMetrics().averageCharWidth()
        between = "<br/>" if self._narrow else "</td><td>"
        lines = "".join(
            f"<tr><td style='padding-right:10px'><span style='color:{current().muted}'>{escape(name)}</span>"
            f"{between}{escape(_breakable(words))}</td></tr>"
            for name, words in facts(self.row)
        )
        self.facts.setText(f"<table cellspacing='0' cellpadding='1'>{lines}</table>")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the facts out anew where that changes what there is room for."""
        super().resizeEvent(event)
        if self._narrow != (self.width() < NARROW * self.fontMetrics().averageCharWidth()):
            self._say_facts()

    def _enable(self) -> None:
        row, known = self.row, {deed.name: deed for deed in self._controller.deeds.known}
        for name, button in self.buttons.items():
            button.setEnabled(row is not None and (name not in known or known[name].when(row)))

    def _on_samples_menu(self, at: QPoint) -> None:
        session, row, control = self._controller.session, self.row, self._controller
        if session is None or row is None:
            return
        view = View("samples", row.measurement.case.workload)
        made = find_mode("samples").make(Scene(session, [row], workloads(), control.baseline, view))
        if isinstance(made, Picture):
            menu = chart_menu(self, about_case(control, row), with_figure(control, made, frozenset()))
            menu.popup(self.samples.mapToGlobal(at))

    def _on_evidence(self, name: str) -> None:
        if self.row is not None:
            self.evidence_asked.emit(self.row, Evidence(name))

    def copy(self) -> None:
        """Copy all details to the clipboard."""
        if self.row:
            QApplication.clipboard().setText(as_text(self.row))

    def run(self, row: Row) -> None:
        """Measure its case once more, or say why not."""
        request = again(self._controller, row)
        if isinstance(request, str):
            self._controller.said.emit("warning", request)
            return
        last = max((row.measurement.run for row in self._controller.rows), default=0)
        self._again = (row.measurement.case, last)
        self._controller.run(request)

    def _turn(self) -> None:
        """Go to the row of the case that was run again, once there is one."""
        if self._again is None:
            return
        case, last = self._again
        for row in self._controller.rows:
            own = row.measurement
            if own.run > last and (own.case.group, own.case.variant) == (case.group, case.variant):
                self._again = None
                self._controller.choose(row)
                return

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "buttons"):
            self._show(self.row)


def _linked(words: str, evidence: Evidence) -> str:
    """A part of the sentence, underlined where a click leads to what it rests on."""
    bare = words.lstrip(";:, ")
    lead = words[: len(words) - len(bare)]
    style = f"color:{current().text}"
    return f"{escape(lead)}<a href='{evidence.value}' style='{style}'>{escape(_breakable(bare))}</a>"


LONG = 14
"""Letters of a word that may have to be broken."""


def _breakable(words: str) -> str:
    """With places in long words at which a line may end."""
    parts = words.split(" ")
    return " ".join(re.sub(r"([=_,/+-])", "\\1\u200b", p) if len(p) > LONG else p for p in parts)
