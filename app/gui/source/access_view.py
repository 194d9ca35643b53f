"""Swizzle, seen: what a workgroup reads at each step, and what that costs."""

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSlider, QVBoxLayout, QWidget

from app.core.variant import Parameters, Variant
from app.gui.charts.menu import chart_menu, with_figure
from app.gui.charts.painted import Painted
from app.gui.source.access_picture import THREADS, Picture
from app.gui.state.controller import Controller
from kernels.matvec.access import LINE, Order, addresses, lines_touched, order_of, word_of

ROWS = 4
WORDS = 4
"""Rows of a thread and words of a row drawn, at most."""

LESSONS = {
    Order.PLAIN: "Plain: a row lies in one piece, and each thread walks rows of its own. At one step "
    "neighbouring threads read words that lie whole rows apart: every load fetches a cache line of its own.",
    Order.SWIZZLE: "Swizzled: the rows of a thread are interleaved. What one thread reads in successive "
    "steps lies side by side: its next loads find their words in the cache line that the first fetched.",
    Order.COALESCED: "Coalesced: the rows of a workgroup are interleaved. At one step neighbouring threads "
    "read neighbouring words: one cache line serves several threads at once.",
    Order.ROWWISE: "Row by row: the threads of a workgroup share a row. At one step neighbouring threads "
    "read neighbouring words of it; their sums are added up at the end.",
    Order.SUBGROUPS: "Row by row, a subgroup each: at one step the threads of a subgroup read neighbouring "
    "words of a row of their own; the subgroup adds their sums up, and nobody waits for the others.",
}

SHARED = (Order.ROWWISE, Order.SUBGROUPS)
"""Where threads share a row."""


class AccessView(QScrollArea):
    """A picture, a slider through the steps, and what it teaches; scrolls where there is little room."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent, widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        self._controller, self._name = controller, ""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._shown: tuple[object, ...] = ()
        self.picture = Picture()
        self.lesson = QLabel(
            wordWrap=True, accessibleName="What the picture shows", textFormat=Qt.TextFormat.PlainText
        )
        self.figures = QLabel(
            wordWrap=True, accessibleName="Cache lines fetched", textFormat=Qt.TextFormat.PlainText
        )
        self.step = QSlider(Qt.Orientation.Horizontal, accessibleName="Step")
        self.step.setToolTip("The words that all threads read at one moment; left and right keys walk")
        self._at = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.step.valueChanged.connect(self._on_step)
        self.picture.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.picture.customContextMenuRequested.connect(self._on_menu)
        walk = QHBoxLayout()
        walk.addWidget(self._at)
        walk.addWidget(self.step, 1)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(self.lesson)
        layout.addLayout(walk)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.figures)
        self.setWidget(inside)

    def show_variant(self, variant: Variant, parameters: Parameters, columns: int) -> None:
        """Draw a WGSL variant of matvec; ``columns`` are the elements of a row at the chosen size.

        Nothing happens where that is drawn already: a run asks over and over.
        """
        asked = (variant, dict(parameters), columns)
        if asked == self._shown:
            return
        self._shown = asked
        self._name = variant.name
        order = order_of(variant)
        elements, size = word_of(variant)
        self.lesson.setText(LESSONS[order])
        self.picture.show_access(order, drawn(order, parameters))
        self.step.setRange(0, self.picture.read.shape[1] - 1)
        self._on_step(self.step.value())
        self.figures.setText(_figures(order, parameters, -(-columns // elements), size))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as the words need at this width, which a scroll area does not ask."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        inside = self.widget()
        layout = inside.layout() if inside else None
        if inside and layout:
            inside.setMinimumHeight(layout.totalHeightForWidth(self.viewport().width()))

    def _on_menu(self, at: QPoint) -> None:
        """What every figure offers."""
        painted = Painted(
            title=f"Access pattern of {self._name}: {self._at.text().lower()}",
            caption=self.figures.text(),
            footer="",
            remark=self.lesson.text(),
            paint=self.picture.paint_into,
        )
        menu = chart_menu(self, with_figure(self._controller, painted, frozenset()))
        menu.popup(self.picture.mapToGlobal(at))

    def _on_step(self, step: int) -> None:
        self.picture.show_step(step)
        self._at.setText(f"Step {step + 1} of {self.picture.read.shape[1]}")


def drawn(order: Order, parameters: Parameters) -> np.ndarray:
    """[thread, step] of a workgroup small enough to see, in the same order as the real one."""
    rows = "rows_per_group" if order in SHARED else "rows_per_thread"
    small = {**parameters, "workgroup_size": THREADS, rows: min(ROWS, int(parameters[rows]))}
    return addresses(order, small, 2 * THREADS if order in SHARED else WORDS, THREADS // 2)


def _figures(order: Order, parameters: Parameters, words: int, size: int) -> str:
    """What the real workgroup fetches, for one step and for a word of each of its rows."""
    threads = int(parameters["workgroup_size"])
    together = order in SHARED
    rows = int(parameters["rows_per_group" if together else "rows_per_thread"])
    # Every round is like the first; a few stand for all.
    read = addresses(order, parameters, min(words, 4 * threads if together else 64))
    once, in_turn = lines_touched(read, size), lines_touched(read, size, rows)
    shares = f"{rows} row{'s' * (rows != 1)} {'together' if together else 'each'}"
    return (
        f"Chosen: {threads} threads, {shares}, words of {size} bytes. A step fetches {once:.0f} cache lines "
        f"of {LINE} bytes; a word of every row, {in_turn:.0f}. The picture shows {THREADS} of the threads."
    )
