"""Strokes: all lines and fields of a picture in one item: a hundred items cost more than what they draw."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPen


@dataclass(frozen=True)
class Stroke:
    """A path in places, and what it is drawn with."""

    path: QPainterPath
    pen: QPen
    brush: QBrush


class Strokes(pg.GraphicsObject):  # type: ignore[misc]
    """Drawn in the order given; what is ``kept`` is copied from where it was drawn as long as it stays."""

    def __init__(self) -> None:
        super().__init__()
        self.strokes: tuple[Stroke, ...] = ()
        self._fine = True
        self._bounds = QRectF()

    def show_strokes(self, strokes: Sequence[Stroke], fine: bool) -> None:
        """Draw these in place of the last ones."""
        self.strokes, self._fine = tuple(strokes), fine
        bounds = QRectF()
        for stroke in strokes:
            bounds |= stroke.path.boundingRect()
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        self.update()

    def keep(self, kept: bool) -> None:
        """Whether it stays for a while: what moves would only be drawn twice, and a file wants vectors."""
        mode = self.CacheMode.DeviceCoordinateCache if kept else self.CacheMode.NoCache
        if self.cacheMode() is not mode:
            self.setCacheMode(mode)

    def boundingRect(self) -> QRectF:
        """The area of all strokes."""
        return self._bounds

    def paint(self, painter: QPainter, *_: object) -> None:
        """Pens are cosmetic: as wide at any zoom."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self._fine)
        for stroke in self.strokes:
            painter.setPen(stroke.pen)
            painter.setBrush(stroke.brush)
            painter.drawPath(stroke.path)
