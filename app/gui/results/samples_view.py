"""The samples of one case: in the order they were taken, and how they are distributed."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from app.figures import units
from app.figures.warnings import outliers
from app.findings.rows import Row
from app.gui.parts.theme import current

HEIGHT = 76
BINS = 24
HISTOGRAM = 0.24
"""The histogram's part of the width."""

REACH = 4.0
"""The axis ends this many quartile distances beyond the quartiles; what lies farther is drawn at its edge."""


class SamplesView(QWidget):
    """A dot per sample from left to right, outliers as rings; median and its 95 % interval across."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: Row | None = None
        self.samples = np.empty(0)
        self.odd = np.empty(0, dtype=bool)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("Samples")

    def sizeHint(self) -> QSize:
        """Wider than high."""
        return QSize(300, HEIGHT)

    def show_row(self, row: Row | None) -> None:
        """Draw the samples of ``row``."""
        self._row = row
        self.samples = np.asarray(row.measurement.samples if row else (), dtype=np.float64)
        self.odd = outliers(self.samples) if len(self.samples) else np.empty(0, dtype=bool)
        self.setVisible(len(self.samples) > 0)
        self.setAccessibleDescription(f"{len(self.samples)} samples, {int(self.odd.sum())} outliers")
        self.update()

    def bounds(self) -> tuple[float, float]:
        """The ends of the time axis, in seconds."""
        low, middle, high = np.quantile(self.samples, [0.25, 0.5, 0.75])
        reach = max(REACH * (high - low), 0.01 * middle)
        bottom = max(float(self.samples.min()), float(low - reach))
        top = min(float(self.samples.max()), float(high + reach))
        air = max(0.08 * (top - bottom), 0.002 * float(middle))
        return bottom - air, top + air

    def _areas(self) -> tuple[QRectF, QRectF]:
        """The areas of the dots and of the bars; the times stand left of both."""
        text = self.fontMetrics().horizontalAdvance("888.88 ms") + 6
        height = self.height() - 8
        wide = max(40.0, self.width() - text - 4)
        return (
            QRectF(text, 4, wide * (1 - HISTOGRAM) - 6, height),
            QRectF(text + wide * (1 - HISTOGRAM), 4, wide * HISTOGRAM, height),
        )

    def _y(self, seconds: float, area: QRectF) -> float:
        bottom, top = self.bounds()
        share = (min(max(seconds, bottom), top) - bottom) / (top - bottom)
        return area.bottom() - share * area.height()

    def place(self, index: int) -> QPointF:
        """The place of a sample's dot."""
        dots, _ = self._areas()
        count = max(1, len(self.samples) - 1)
        return QPointF(
            dots.left() + 4 + index / count * (dots.width() - 8), self._y(self.samples[index], dots)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Band, median, dots, bars."""
        if not len(self.samples):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = current()
        dots, bars = self._areas()
        self._paint_axis(painter, dots, bars)
        ink, bad = QColor(colours.accent), QColor(colours.warn)
        radius = 2.6 if len(self.samples) < 120 else 1.6
        for i, odd in enumerate(self.odd):
            painter.setPen(QPen(bad, 1.5) if odd else Qt.PenStyle.NoPen)
            painter.setBrush(Qt.BrushStyle.NoBrush if odd else ink)
            painter.drawEllipse(self.place(i), radius + odd, radius + odd)
        self._paint_bars(painter, bars, ink)
        painter.end()

    def _paint_axis(self, painter: QPainter, dots: QRectF, bars: QRectF) -> None:
        colours = current()
        right = bars.right()
        summary = self._row.summary if self._row else None
        if summary and summary.low is not None and summary.high is not None:
            band = QColor(colours.accent)
            band.setAlpha(45)
            top, bottom = self._y(summary.high, dots), self._y(summary.low, dots)
            painter.fillRect(QRectF(dots.left(), top, right - dots.left(), max(1.0, bottom - top)), band)
        middle = float(np.median(self.samples))
        y = self._y(middle, dots)
        painter.setPen(QPen(QColor(colours.text), 1))
        painter.drawLine(QPointF(dots.left(), y), QPointF(right, y))
        metrics = self.fontMetrics()
        low, high = self.bounds()
        for seconds, at, muted in ((middle, y, False), (high, dots.top(), True), (low, dots.bottom(), True)):
            if muted and abs(at - y) < 1.6 * metrics.height():
                continue
            painter.setPen(QColor(colours.muted if muted else colours.text))
            box = QRectF(0, at - metrics.height() / 2, dots.left() - 6, metrics.height())
            box.moveTop(min(max(0.0, box.top()), self.height() - box.height()))
            painter.drawText(
                box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, units.seconds(seconds)
            )
        painter.setPen(QColor(colours.border))
        painter.drawLine(dots.topLeft(), dots.bottomLeft())

    def _paint_bars(self, painter: QPainter, bars: QRectF, ink: QColor) -> None:
        bottom, top = self.bounds()
        counts, edges = np.histogram(np.clip(self.samples, bottom, top), BINS, (bottom, top))
        ink.setAlpha(150)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        shape = QPolygonF([QPointF(bars.left(), bars.bottom())])
        for count, low, high in zip(counts, edges[:-1], edges[1:], strict=True):
            x = bars.left() + count / max(1, counts.max()) * bars.width()
            shape.append(QPointF(x, self._y(low, bars)))
            shape.append(QPointF(x, self._y(high, bars)))
        shape.append(QPointF(bars.left(), bars.top()))
        painter.drawPolygon(shape)

    def event(self, event: QEvent) -> bool:
        """Say of the sample under the mouse what it is."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and len(self.samples):
            QToolTip.showText(event.globalPos(), self.words_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def words_at(self, at: QPointF) -> str:
        """The nearest sample, or what the picture is."""
        away = [(self.place(i) - at).manhattanLength() for i in range(len(self.samples))]
        i = int(np.argmin(away))
        if away[i] > 10:
            return (
                "Samples in the order they were taken, and their distribution.\n"
                "Line: median. Band: its 95 % interval. Rings: outliers, kept."
            )
        return f"Sample {i + 1}: {units.seconds(self.samples[i])}{', an outlier' if self.odd[i] else ''}"
