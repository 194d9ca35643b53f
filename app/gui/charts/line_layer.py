"""Draws curves and scattered marks."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from app.charts.picture import Curve, Lines, Picture, Spot
from app.gui.charts.look import Look
from app.gui.charts.strokes import Stroke, Strokes
from app.gui.charts.style import LineStyle, styles, translucent

THIN, FINE, BOLD = 1.0, 1.8, 2.6
FAINT, QUIET_MARK = 0.16, 0.6
"""The ink of what is out of focus, and the size of a mark that is only context, of 1."""
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
    """Shapes of curves are made anew where their figures change, pens and brushes whenever the look does.

    What is in focus is drawn once more over all else, which fades: that follows the pointer.
    """

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._shapes: dict[Figures, _Shape] = {}
        self._drawn: object = None
        self._all, self._focused = _Ink(plot, 0), _Ink(plot, 2)

    def show(self, picture: Lines, look: Look) -> None:
        """Draw these curves in place of the last ones; nothing happens where nothing differs."""
        bare = replace(look, focus="")
        if self._drawn != (picture, bare):
            figures = [_figures(curve, picture) for curve in picture.curves]
            before = self._shapes
            self._shapes = {
                now: before.get(now) or _shape(curve, picture)
                for now, curve in zip(figures, picture.curves, strict=True)
            }
            self._drawn = (picture, bare)
            self._all.draw(picture, picture.curves, [self._shapes[now] for now in figures], bare)
        focused = [curve for curve in picture.curves if look.focus and curve.key[1] == look.focus]
        self._all.fade(bool(look.focus))
        shapes = [self._shapes[_figures(curve, picture)] for curve in focused]
        self._focused.draw(picture, focused, shapes, look)

    def hit(self, at: QPointF) -> Spot | None:
        """Marks are found by their distance, not by what they cover."""
        return None

    def remove(self) -> None:
        """Take everything off the plot."""
        for ink in (self._all, self._focused):
            ink.remove()


class _Ink:
    """Lines and marks of some curves, in items of a plot from a depth on."""

    def __init__(self, plot: pg.PlotItem, depth: int) -> None:
        self._plot = plot
        self._strokes = Strokes()
        self._marks = pg.ScatterPlotItem(pxMode=True)
        for z, item in enumerate((self._strokes, self._marks), depth):
            item.setZValue(z)
            plot.addItem(item, ignoreBounds=True)

    def fade(self, faint: bool) -> None:
        """Stand back, or do no more."""
        for item in (self._strokes, self._marks):
            item.setOpacity(FAINT if faint else 1.0)

    def remove(self) -> None:
        """Take everything off the plot."""
        for item in (self._strokes, self._marks):
            self._plot.removeItem(item)

    def draw(self, picture: Lines, curves: Sequence[Curve], shapes: Sequence[_Shape], look: Look) -> None:
        """Draw these curves in place of the last ones."""
        if not curves and not self._strokes.strokes and not len(self._marks.data):
            return
        known = styles(picture, look.colours)
        looks = [_dressed(known[curve.key], curve, look) for curve in curves]
        self._strokes.keep(look.fine and not look.focus and not look.vectors)
        self._strokes.show_strokes(_strokes(curves, shapes, looks, look), look.fine)
        self._mark(picture, curves, looks, look)

    def _mark(self, picture: Lines, curves: Sequence[Curve], looks: Sequence[LineStyle], look: Look) -> None:
        """A mark is hollow while its spot is not sure, and ringed where it is flagged."""
        hollow, flag = pg.mkBrush(None), pg.mkPen(look.colours.bad, width=2.2)
        symbols, pens, brushes, sizes = [], [], [], []
        spots: list[Spot] = []
        for curve, style in zip(curves, looks, strict=True):
            if curve.joined and _context(curve, look):
                continue
            spots += curve.spots
            quiet = _context(curve, look)
            plain, solid = pg.mkPen(style.colour, width=1), pg.mkBrush(style.colour)
            if not curve.joined and not look.focus:
                # Scattered marks may lie on each other.
                solid = pg.mkBrush(translucent(style.colour, 150))
            symbols += [style.symbol] * len(curve.spots)
            pens += [flag if s.flagged else plain for s in curve.spots]
            brushes += [solid if s.sure and not s.flagged else hollow for s in curve.spots]
            part = QUIET_MARK if quiet else 1.0
            sizes += [FLAGGED if s.flagged else MARK * s.large * part for s in curve.spots]
        at, up = picture.x.scale.place, picture.y.scale.place
        self._marks.opts["useCache"] = not look.vectors
        self._marks.opts["antialias"] = look.fine
        self._marks.setData(
            x=[at(s.x) for s in spots],
            y=[up(s.y) for s in spots],
            symbol=symbols,
            size=sizes,
            pen=pens,
            brush=brushes,
        )


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
    # One without length would be a path without a point: PDF readers complain of it.
    long = low < high
    whiskers = _path(np.repeat(xs[long], 2), np.column_stack((low, high))[long].ravel(), "pairs")
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


def _context(curve: Curve, look: Look) -> bool:
    """Whether a curve is only what others are seen against."""
    return curve.quiet and curve.key[1] != look.focus


def _dressed(style: LineStyle, curve: Curve, look: Look) -> LineStyle:
    """A curve's own style, or that of context."""
    return replace(style, colour=look.colours.quiet, dash=()) if _context(curve, look) else style


def _strokes(
    curves: Sequence[Curve], shapes: Sequence[_Shape], looks: Sequence[LineStyle], look: Look
) -> list[Stroke]:
    """Context beneath all else, whiskers beneath lines; what is in focus is broad, with a band."""
    empty, found = pg.mkBrush(None), []
    for curve, shape, style in zip(curves, shapes, looks, strict=True):
        quiet = _context(curve, look)
        width = (BOLD if look.focus else FINE if look.fine and not quiet else THIN) * look.pen_scale
        pen = style.pen(width)
        found += [(0 if quiet else 2, Stroke(piece, pen, empty)) for piece in shape.line]
        if look.focus:
            band = pg.mkBrush(translucent(style.colour, 40))
            found.append((1, Stroke(shape.band, pg.mkPen(None), band)))
        elif not quiet:
            ink = pg.mkPen(translucent(style.colour, 120), width=look.pen_scale)
            found.append((1, Stroke(shape.whiskers, ink, empty)))
    found.sort(key=lambda pair: pair[0])
    return [stroke for _, stroke in found if not stroke.path.isEmpty()]
