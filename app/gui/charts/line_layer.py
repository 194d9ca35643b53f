"""Draws curves and scattered marks."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from app.charts.picture import Curve, Lines, Picture, Spot
from app.gui.charts.look import Look
from app.gui.charts.strokes import Stroke, Strokes
from app.gui.charts.style import LineStyle, styles, translucent

THIN, FINE = 1.0, 1.8
LONG, PIECE = 100, 16
"""Lines of more points are drawn in pieces of so many."""

MARK, FLAGGED = 8, 12

Figures = Hashable
"""What the shape of a curve depends on."""


@dataclass(frozen=True)
class _Shape:
    """A curve in places: its line, piece by piece, the whiskers and the band of its intervals."""

    line: tuple[QPainterPath, ...]
    whiskers: QPainterPath
    band: QPainterPath


class LineLayer:
    """Shapes of curves are made anew where their figures change, pens and brushes whenever the look does."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._shapes: dict[Figures, _Shape] = {}
        self._drawn: object = None
        self._strokes = Strokes()
        self._marks = pg.ScatterPlotItem(pxMode=True)
        for depth, item in enumerate((self._strokes, self._marks)):
            item.setZValue(depth)
            plot.addItem(item, ignoreBounds=True)

    def show(self, picture: Lines, look: Look) -> None:
        """Draw these curves in place of the last ones; nothing happens where nothing differs."""
        figures = [_figures(curve, picture) for curve in picture.curves]
        known = styles(picture, look.colours)
        looks = [known[curve.key] for curve in picture.curves]
        if (figures, looks, look) == self._drawn:
            return
        self._drawn = (figures, looks, look)
        before = self._shapes
        self._shapes = {
            now: before.get(now) or _shape(curve, picture)
            for now, curve in zip(figures, picture.curves, strict=True)
        }
        shapes = [self._shapes[now] for now in figures]
        self._strokes.show_strokes(_strokes(shapes, looks, look), look.fine)
        self._mark(picture, looks, look)

    def _mark(self, picture: Lines, looks: list[LineStyle], look: Look) -> None:
        """A mark is hollow while its spot is not sure, and ringed where it is flagged."""
        hollow, flag = pg.mkBrush(None), pg.mkPen(look.colours.bad, width=2.2)
        symbols, pens, brushes = [], [], []
        for curve, style in zip(picture.curves, looks, strict=True):
            plain, solid = pg.mkPen(style.colour, width=1), pg.mkBrush(style.colour)
            if not curve.joined:
                # Scattered marks may lie on each other.
                solid = pg.mkBrush(translucent(style.colour, 150))
            symbols += [style.symbol] * len(curve.spots)
            pens += [flag if s.flagged else plain for s in curve.spots]
            brushes += [solid if s.sure and not s.flagged else hollow for s in curve.spots]
        at, up = picture.x.scale.place, picture.y.scale.place
        spots = picture.spots
        self._marks.opts["useCache"] = not look.vectors
        self._marks.opts["antialias"] = look.fine
        self._marks.setData(
            x=[at(s.x) for s in spots],
            y=[up(s.y) for s in spots],
            symbol=symbols,
            size=[FLAGGED if s.flagged else MARK * s.large for s in spots],
            pen=pens,
            brush=brushes,
        )

    def hit(self, at: QPointF) -> Spot | None:
        """Marks are found by their distance, not by what they cover."""
        return None

    def remove(self) -> None:
        """Take everything off the plot."""
        for item in (self._strokes, self._marks):
            self._plot.removeItem(item)


def _figures(curve: Curve, picture: Picture) -> Figures:
    spots = tuple((s.x, s.y, s.low, s.high, s.flagged, s.sure, s.large) for s in curve.spots)
    return (curve.key, curve.joined, picture.x.scale, picture.y.scale, spots)


def _shape(curve: Curve, picture: Lines) -> _Shape:
    at, up = picture.x.scale.place, picture.y.scale.place
    spots = curve.spots
    line: tuple[QPainterPath, ...] = ()
    band = QPainterPath()
    if curve.joined:
        line = _line([at(s.x) for s in spots], [up(s.y) for s in spots])
    bounded = [s for s in spots if s.low and s.high]
    xs = np.array([at(s.x) for s in bounded])
    low = np.array([up(s.low or s.y) for s in bounded])
    high = np.array([up(s.high or s.y) for s in bounded])
    whiskers = _path(np.repeat(xs, 2), np.column_stack((low, high)).ravel(), "pairs")
    if curve.joined and len(bounded) > 1:
        band = _path(np.concatenate((xs, xs[::-1])), np.concatenate((low, high[::-1])))
    return _Shape(line, whiskers, band)


def _line(xs: Sequence[float], ys: Sequence[float]) -> tuple[QPainterPath, ...]:
    """Pieces that meet: for a wide line that goes up and down a thousand times Qt takes a second at once."""
    size = PIECE if len(xs) > LONG else LONG
    starts = range(0, max(1, len(xs) - 1), size)
    return tuple(_path(xs[i : i + size + 1], ys[i : i + size + 1]) for i in starts)


def _path(xs: object, ys: object, connect: str = "all") -> QPainterPath:
    made: QPainterPath = pg.arrayToQPath(np.asarray(xs, float), np.asarray(ys, float), connect=connect)
    return made


def _strokes(shapes: list[_Shape], looks: list[LineStyle], look: Look) -> list[Stroke]:
    """Bands beneath whiskers beneath lines."""
    width = (FINE if look.fine else THIN) * look.pen_scale
    none, empty = pg.mkPen(None), pg.mkBrush(None)
    pairs = list(zip(shapes, looks, strict=True))
    bands = [Stroke(s.band, none, pg.mkBrush(translucent(style.colour, 30))) for s, style in pairs]
    whiskers = [
        Stroke(s.whiskers, pg.mkPen(translucent(style.colour, 120), width=look.pen_scale), empty)
        for s, style in pairs
    ]
    lines = [Stroke(piece, style.pen(width), empty) for s, style in pairs for piece in s.line]
    return [stroke for stroke in (*bands, *whiskers, *lines) if not stroke.path.isEmpty()]
