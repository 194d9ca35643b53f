"""Layers: what paints itself is as large on any screen and in any file, and cheap to change."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage

from app.charts.bar_groups import Bars
from app.charts.palette import INKS, LIGHT_INKS
from app.charts.picture import Picture
from app.gui.charts.bar_layer import figure_font
from app.gui.charts.canvas import Canvas
from app.gui.charts.captions import spread
from app.gui.charts.export import picture_bytes
from app.gui.charts.look import Look
from app.gui.charts.paper import HEIGHT, WIDTH
from app.gui.charts.plot import Plot, columns_for
from app.gui.charts.strokes import Strokes
from app.gui.parts.theme import LIGHT
from tests.charts.made import both_sides, tuned
from tests.charts.scenes import draw
from tests.gui.made import FULL, WASM, session


def _grey(image: QImage) -> Any:
    small = image.scaled(WIDTH // 4, HEIGHT // 4, mode=Qt.TransformationMode.SmoothTransformation)
    grey = small.convertToFormat(QImage.Format.Format_Grayscale8)
    return np.frombuffer(grey.constBits(), np.uint8).astype(float)


def _file(picture: Picture, scale: float) -> QImage:
    return QImage.fromData(picture_bytes(picture, ".png", scale=scale))


@pytest.mark.parametrize("mode", ["bars", "heatmap", "tune", "roofline"])
def test_a_larger_picture_is_the_same_picture(qtbot: Any, mode: str) -> None:
    picture = draw(tuned() if mode == "tune" else both_sides(), mode)
    away = np.abs(_grey(_file(picture, 1.0)) - _grey(_file(picture, 4.0)))
    assert float(away.mean()) < 1.0
    assert float((away > 60).mean()) < 0.001


def test_bars_that_change_add_nothing_to_the_scene(qtbot: Any) -> None:
    plot = Plot(Look(LIGHT))
    plot.show(draw(both_sides(), "bars"))
    before = len(plot.item.items)
    plot.show(draw(both_sides(), "bars", size="64"))
    assert len(plot.item.items) == before


def test_figures_shrink_with_their_bars_and_go_before_they_overlap(qtbot: Any) -> None:
    picture = draw(both_sides(), "bars")
    assert isinstance(picture, Bars)
    wide, sizes = 200.0, set()
    while font := figure_font(picture.bars, wide):
        sizes.add(font.pixelSize())
        assert max(QFontMetricsF(font).horizontalAdvance(bar.text) for bar in picture.bars) <= wide
        wide *= 0.95
    assert len(sizes) > 2
    assert 10 < wide < 60


def test_long_lines_are_drawn_in_pieces_that_meet(qtbot: Any) -> None:
    made = session((FULL,), spoil=lambda m: structs.replace(m, samples=m.samples * 10))
    picture = draw(made, "samples")
    joined = tuple(replace(curve, joined=True) for curve in picture.curves)
    picture = replace(picture, curves=joined)
    plot = Plot(Look(LIGHT))
    plot.show(picture)
    strokes = next(item for item in plot.item.items if isinstance(item, Strokes) and item.strokes)
    pieces = [stroke.path for stroke in strokes.strokes]
    curves = len(picture.curves)
    count = len(pieces) // curves
    assert count == 8  # of 120 points
    for own in zip(*[iter(pieces)] * count, strict=True):
        ends = [(path.elementAt(0), path.elementAt(path.elementCount() - 1)) for path in own]
        assert ends[0][0].x == 1
        assert ends[-1][1].x == 120
        assert all((a[1].x, a[1].y) == (b[0].x, b[0].y) for a, b in pairwise(ends))


@pytest.mark.parametrize("high", [160, 600])
def test_labels_stay_below_the_top_and_names_off_each_other(qtbot: Any, high: int) -> None:
    canvas = Canvas(Look(LIGHT))
    qtbot.addWidget(canvas)
    canvas.resize(500, high)
    canvas.show()
    canvas.show_picture(draw(both_sides(), "roofline"))
    canvas.grab()
    captions = canvas.plot.panes[0].captions
    top = canvas.plot.item.vb.sceneBoundingRect().top()
    boxes = [captions._box(item) for item in captions._labels + captions._names if item.isVisible()]
    assert high == 160 or len(boxes) > len(captions._labels)
    assert all(box.top() >= top for box in boxes)
    names = boxes[len(captions._labels) :]
    assert not any(a.intersects(b) for i, a in enumerate(names) for b in names[:i])


def test_names_beside_curves_stand_off_each_other_and_near_their_own() -> None:
    assert spread([50.0, 52.0, 90.0], 14, 0, 100) == [44.0, 58.0, 90.0]
    assert spread([99.0, 99.0], 14, 0, 100) == [86.0, 100.0]
    assert spread([], 14, 0, 100) == []


def shown(qtbot: Any, wide: int = 900) -> Canvas:
    canvas = Canvas(Look(LIGHT))
    qtbot.addWidget(canvas)
    canvas.resize(wide, 500)
    canvas.show()
    canvas.show_picture(draw(session((FULL, WASM)), "size"))
    canvas.grab()
    return canvas


def test_panes_share_their_axes_and_name_their_curves(qtbot: Any) -> None:
    plot = shown(qtbot).plot
    assert [len(pane.captions._ends) for pane in plot.panes] == [5, 5]
    for pane in plot.panes:
        assert pane.item.vb.viewRange() == plot.item.vb.viewRange()
        room = pane.item.vb.sceneBoundingRect()
        boxes = [item.mapRectToScene(item.boundingRect()) for item, _ in pane.captions._ends]
        assert all(room.adjusted(-1, -1, 1, 1).contains(box) for box in boxes)
        boxes.sort(key=lambda box: box.top())
        assert all(a.bottom() <= b.top() + 1 for a, b in pairwise(boxes))
    plot.item.vb.setRange(xRange=(6.0, 7.0), padding=0)
    plot.item.vb.sigRangeChangedManually.emit([True, True])
    assert plot.panes[1].item.vb.viewRange() == plot.item.vb.viewRange()


def test_one_title_has_the_room_of_all_panes(qtbot: Any) -> None:
    """No narrow pane cuts it; plots are as wide as each other, names beside curves are whole."""
    canvas = shown(qtbot, 620)
    plot = canvas.plot

    def even() -> bool:
        canvas.grab()
        one, other = (pane.item.vb.sceneBoundingRect().width() for pane in plot.panes)
        return bool(abs(one - other) < 3)

    qtbot.waitUntil(even)
    assert plot._columns == 2
    for title in (plot.x_title, plot.y_title):
        assert title.shown == title.text
        assert title.text
    assert plot.y_title.rect().height() > 350
    assert plot.x_title.sceneBoundingRect().top() >= plot.item.vb.sceneBoundingRect().bottom()
    names = [item.toPlainText() for pane in plot.panes for item, _ in pane.captions._ends]
    assert not any("…" in name for name in names), names
    plot.y_title.say("and " * 100, "#000000")
    assert plot.y_title.shown.endswith("…")


def test_panes_go_when_one_is_enough(qtbot: Any) -> None:
    canvas = shown(qtbot)
    canvas.show_picture(draw(session((FULL,)), "size"))
    assert len(canvas.plot.panes) == 1
    canvas.show_picture(draw(both_sides(), "bars"))
    canvas.grab()
    assert canvas.plot.item.vb.sceneBoundingRect().height() > 350
    assert columns_for(6, 1200, 600) == 3
    assert columns_for(6, 300, 900) == 1
    assert columns_for(6, 640, 140, 40) == 6, "of two rows the headings would leave nothing"


def test_what_is_pointed_at_is_in_focus_in_every_pane(qtbot: Any) -> None:
    canvas = shown(qtbot)
    spot = next(s for s in canvas.plot.spots() if s.row and s.row.name == "f16-storage")
    canvas._point(spot)
    assert canvas.plot._look.focus == "f16-storage"
    for pane in canvas.plot.panes:
        faint, focused = sorted(
            (item for item in pane.item.items if isinstance(item, Strokes)), key=lambda item: item.zValue()
        )
        assert faint.opacity() < 0.2
        (line,) = (stroke for stroke in focused.strokes if stroke.pen.widthF() > 2)
        assert line.pen.color() == QColor(LIGHT_INKS[list(INKS).index("f16-storage")])
    canvas._point(None)
    assert canvas.plot._look.focus == ""
    assert all(item.opacity() == 1 for item in canvas.plot.item.items if isinstance(item, Strokes))


def test_curves_at_rest_are_copied_but_not_while_they_move_nor_into_files(qtbot: Any) -> None:
    def kept(plot: Plot) -> set[bool]:
        return {
            item.cacheMode() is not Strokes.CacheMode.NoCache
            for item in plot.item.items
            if isinstance(item, Strokes) and item.strokes
        }

    picture = draw(both_sides(), "size")
    plot = Plot(Look(LIGHT))
    plot.show(picture)
    assert kept(plot) == {True}
    plot.set_moving(True)
    assert kept(plot) == {False}
    file = Plot(Look(LIGHT, vectors=True))
    file.show(picture)
    assert kept(file) == {False}
