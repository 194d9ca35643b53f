"""The chart panel: views, title, plot, legend and read-out; or, with nothing to draw, what to do."""

from functools import partial
from importlib import import_module
from threading import Thread

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.core.series import Point, Quantity
from app.gui.actions import Action
from app.gui.charts.chart import Chart, Key, baseline_title, make_chart, read_out
from app.gui.charts.placeholder import Placeholder
from app.gui.charts.words import empty_words
from app.gui.controller import Controller
from app.gui.elided_label import ElidedLabel
from app.gui.theme import current

VIEWS = {
    Quantity.SPEEDUP: ("Speedup", "How many times faster than the base line, over size"),
    Quantity.GFLOPS: ("GFLOP/s", "Arithmetic done per second, over size"),
    Quantity.GBYTES: ("GB/s", "Memory traffic per second when every operand is read once, over size"),
}
HINT = "Point at a marker, or use the arrow keys, to read its figures."


class ChartPanel(QWidget):
    """The centre of the window. ``view_changed`` carries the quantity shown."""

    view_changed = Signal(str)
    _imported = Signal()

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.quantity = Quantity.SPEEDUP
        self.chart: Chart | None = None
        self.plan_words, self.plan_ready = "", False
        self._buttons = QButtonGroup(self)
        self._title, self._caption, self._read = ElidedLabel(), ElidedLabel(), QLabel(HINT)
        self.placeholder = Placeholder()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.placeholder)
        self._splitter: QSplitter | None = None
        self._build()
        controller.rows_changed.connect(self.refresh)
        controller.session_changed.connect(self.refresh)
        controller.hardware_changed.connect(self.refresh)
        controller.running_changed.connect(self._on_running)
        self._imported.connect(self.load_plot)
        self._dress_views()
        self.refresh()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2)
        for quantity, (text, tip) in VIEWS.items():
            button = QToolButton(text=text, checkable=True, toolTip=tip, accessibleName=f"View {text}")
            button.setChecked(quantity is self.quantity)
            button.clicked.connect(lambda _=False, q=quantity: self.set_view(q))
            self._buttons.addButton(button)
            head.addWidget(button)
        head.addSpacing(12)
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        head.addWidget(self._title, 1)
        muted = QPalette.ColorRole.PlaceholderText
        self._read.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        for label in (self._caption, self._read):
            label.setForegroundRole(muted)
        self._read.setWordWrap(True)
        self._read.setMinimumHeight(2 * self.fontMetrics().height())
        self._read.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._read.setAccessibleName("Figures of the point pointed at")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 2)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._caption)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._read)

    def commands(self) -> list[Action]:
        """One per view, and one that shows all of it."""
        views = [
            Action(quantity.name.lower(), "&View", text, f"Ctrl+{i}", tip, partial(self.set_view, quantity))
            for i, (quantity, (text, tip)) in enumerate(VIEWS.items(), 1)
        ]
        fit = Action(
            "fit",
            "&View",
            "Show &all points",
            "Ctrl+0",
            "Undo zooming and panning; a double click does it too",
            self.fit,
        )
        return [*views, fit]

    def import_plot(self) -> None:
        """Import what charts need once the window shows; in a thread, for it takes half a second."""

        def load() -> None:
            for module in ("app.gui.charts.canvas", "numpy.random"):
                import_module(module)
            self._imported.emit()

        Thread(target=load, name="import-pyqtgraph", daemon=True).start()

    def load_plot(self) -> None:
        """Build the plot, if it is not there yet."""
        if self._splitter:
            return
        from app.gui.charts.canvas import Canvas
        from app.gui.charts.legend import Legend

        self.canvas = Canvas(current())
        self.legend = Legend()
        self.canvas.pointed.connect(self._on_pointed)
        self.legend.hidden_changed.connect(self._on_hidden)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.addWidget(self.canvas)
        self._splitter.addWidget(self.legend)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setSizes([600, 190])
        self._splitter.setChildrenCollapsible(False)
        self._pages.addWidget(self._splitter)

    def set_view(self, quantity: Quantity) -> None:
        """Show another quantity of the same session."""
        self.quantity = quantity
        self._buttons.buttons()[list(VIEWS).index(quantity)].setChecked(True)
        self._dress_views()
        self.view_changed.emit(quantity.value)
        self.refresh()

    def _dress_views(self) -> None:
        """The chosen view stands out in both themes; Fusion's pressed look hardly does in the dark."""
        for button in self._buttons.buttons():
            palette = QPalette(self.palette())
            if button.isChecked():
                palette.setColor(QPalette.ColorRole.Button, palette.highlight().color())
                palette.setColor(QPalette.ColorRole.ButtonText, palette.highlightedText().color())
            button.setPalette(palette)

    @property
    def hidden(self) -> frozenset[Key]:
        """The lines that the user put out."""
        return self.legend.hidden if self._splitter else frozenset()

    def refresh(self) -> None:
        """Draw what the controller has now."""
        from app.workloads import workloads

        control = self._controller
        self.chart = None
        if control.session and control.session.plan.cases:
            found = workloads()
            self.chart = make_chart(control.session, control.rows, self.quantity, control.baseline, found)
        drawn = self.chart is not None and bool(self.chart.lines)
        for label in (self._caption, self._read):
            label.setVisible(drawn)
        self._title.set_whole(self.chart.title if self.chart and drawn else "")
        self._caption.set_whole(self.chart.caption if self.chart and drawn else "")
        if self.chart and drawn:
            self.load_plot()
            self.canvas.show_chart(self.chart)
            self.legend.show_chart(self.chart, current())
        else:
            self.placeholder.say(*empty_words(control, self.quantity, self.plan_words, self.plan_ready))
        self._pages.setCurrentIndex(1 if drawn else 0)

    def set_plan_words(self, words: str, ready: bool) -> None:
        """What F5 would do, or what it still needs, for the empty page."""
        self.plan_words, self.plan_ready = words, ready
        if self._pages.currentIndex() == 0:
            self.refresh()

    def fit(self) -> None:
        """Show all points."""
        if self._splitter:
            self.canvas.fit()

    def _on_running(self, running: bool) -> None:
        if self._splitter:
            self.canvas.plot.set_fine(not running)
        self.refresh()

    def _on_hidden(self, hidden: frozenset[Key]) -> None:
        self.canvas.set_hidden(hidden)
        if self.chart:
            self.canvas.show_chart(self.chart)

    def _on_pointed(self, point: Point | None) -> None:
        session = self._controller.session
        if point is None or session is None:
            self._read.setText(HINT)
            return
        base = baseline_title(session, self._controller.baseline)
        self._read.setText(read_out(point, self.quantity, base))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is not QEvent.Type.PaletteChange or not hasattr(self, "_pages"):
            return
        self._dress_views()
        if self._splitter:
            self.canvas.set_colours(current())
            self.refresh()
