"""The presentation: the window's chart alone on the whole screen, with one sentence in large type."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from msgspec import structs
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QColor, QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.charts.headline import headline
from app.charts.modes import MODES
from app.gui.charts.panel import ChartPanel
from app.gui.charts.paper import Paper
from app.gui.charts.sheet import draw_sheet
from app.gui.parts.theme import LIGHT
from app.gui.state.controller import Controller
from app.gui.state.undo import Undo
from app.gui.window.saved_views import SavedViews

WIDE = 960.0
"""Logical units across the screen, where a picture for a file has 1280: type is a third larger."""

PAUSE_MS = 500
"""Milliseconds between two drawings at least: during a run the picture is drawn twice a second at most."""

Step = Callable[[], None]


class Presentation(QWidget):
    """Steps through the saved views, or through the modes where there are none; leaves all as it was.

    Left and right step, up and down change the size, Esc leaves. Light, as projectors need it.
    """

    def __init__(self, controller: Controller, chart: ChartPanel, views: SavedViews, undo: Undo) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Kernelscope")
        self.setAccessibleDescription("Left and right step, up and down change the size, Esc leaves")
        self.setCursor(Qt.CursorShape.BlankCursor)
        self._controller, self._chart, self._undo = controller, chart, undo
        self._before = undo.pause()
        self._steps: list[Step] = [partial(views.show, name) for name in views.views]
        self._at = -1
        if not self._steps:
            self._steps = [partial(chart.set_mode, mode.name) for mode in MODES]
            self._at = [mode.name for mode in MODES].index(chart.view.mode) - 1
        self._drawn: QPixmap | None = None
        self._waiting = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._waiting.timeout.connect(self._draw_anew)
        controller.rows_changed.connect(self._on_rows)
        self.step(1)

    def _on_rows(self) -> None:
        if not self._waiting.isActive():
            self._waiting.start()

    def _draw_anew(self) -> None:
        """Not while Qt paints: a chart is itself a widget that paints."""
        self._drawn = self._draw()
        self.update()

    def step(self, by: int) -> None:
        """Go on to the next that has something to show."""
        for _ in self._steps:
            self._at = (self._at + by) % len(self._steps)
            self._steps[self._at]()
            if self._chart.picture:
                break
        self._draw_anew()

    def resize_case(self, by: int) -> None:
        """Show the next larger or smaller size, where the mode has one."""
        labels = self._chart.sizes
        if labels:
            at = labels.index(self._chart.size_shown) + by
            label = labels[max(0, min(len(labels) - 1, at))]
            self._chart.set_view(structs.replace(self._chart.view, size=label))
            self._draw_anew()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step, or leave."""
        key = Qt.Key
        steps = {key.Key_Right: 1, key.Key_Space: 1, key.Key_Left: -1}
        steps |= {key.Key_PageDown: 1, key.Key_PageUp: -1}  # what a presenter's remote sends
        sizes = {key.Key_Up: 1, key.Key_Down: -1}
        pressed = key(event.key())
        if pressed in steps:
            self.step(steps[pressed])
        elif pressed in sizes:
            self.resize_case(sizes[pressed])
        elif pressed in (key.Key_Escape, key.Key_F11, key.Key_Q):
            self.close()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, drawn once for this screen."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(LIGHT.base))
        if self._drawn is not None:
            painter.drawPixmap(0, 0, self._drawn)

    def _draw(self) -> QPixmap:
        """The sheet, without machine and method."""
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.fill(QColor(LIGHT.base))
        if self._chart.picture:
            picture = self._chart.picture.without(self._chart.hidden)
            said = headline(picture)
            self.setAccessibleName(said)
            scale = pixmap.width() / WIDE
            shown = replace(picture, caption="", footer="")
            pixmap.setDevicePixelRatio(scale)
            with QPainter(pixmap) as painter:
                draw_sheet(painter, shown, scale, Paper(WIDE, pixmap.height() / scale))
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw for the new size."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._draw_anew)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window shows what it showed before."""
        self._undo.resume(self._before)
        super().closeEvent(event)
