"""Charts: ticks, words, looks, and files that other programs can read."""

import dataclasses
from collections.abc import Callable
from math import log2
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtWidgets import QApplication

from app.catalog.index import variants
from app.charts.bar_groups import Bars
from app.charts.modes import accuracy, bars, size
from app.charts.modes.mode import read_row
from app.charts.modes.size import tick_times
from app.charts.picture import Axis
from app.charts.scene import Scene, View
from app.core.errors import KernelscopeError
from app.core.measurement import Measurement, Status
from app.core.session import Session
from app.findings.rows import rows
from app.findings.series import Quantity
from app.gui.charts.axis import PlaceAxis, fit_names, log2_ticks, log10_ticks, ticks
from app.gui.charts.canvas import Canvas
from app.gui.charts.export import export_chart
from app.gui.charts.look import Look
from app.gui.charts.style import LineStyle, styles
from app.gui.parts.theme import DARK, LIGHT
from app.workloads import workloads
from tests.gui.made import BARE, FULL, NATIVE, WASM, noted, session


def test_wide_ranges_have_powers_of_two() -> None:
    assert log2_ticks(-2.1, 3.2, 400) == [-2.0, -1.0, 0.0, 1.0, 2.0, 3.0]
    assert len(log2_ticks(0, 40, 200)) <= 6


def test_narrow_ranges_have_round_figures() -> None:
    values = [round(2**v, 6) for v in log2_ticks(log2(0.9), log2(1.4), 400)]
    assert 1.0 in values
    assert all(abs(v * 10 - round(v * 10)) < 1e-6 for v in values)


@pytest.mark.parametrize("size", [1, 40, 400, 4000])
@pytest.mark.parametrize("span", [1e-4, 0.1, 1.9, 2.0, 30.0])
def test_ticks_stay_inside_and_few(size: float, span: float) -> None:
    found = log2_ticks(1.3, 1.3 + span, size)
    assert all(1.3 - 1e-9 <= t <= 1.3 + span + 1e-9 for t in found)
    assert len(found) <= 120


@pytest.mark.parametrize("size", [60, 120, 400])
@pytest.mark.parametrize(("low", "high"), [(210e-6, 590e-6), (0.31, 0.39), (-7.0, 4.0), (0.9, 1.1)])
def test_no_axis_has_but_one_tick(size: float, low: float, high: float) -> None:
    found = ticks(low, high, size)
    assert 2 <= len(found) <= max(5, size / 30)
    assert all(low <= tick <= high for tick in found)


@pytest.mark.parametrize("span", [0.1, 0.4, 0.69, 0.71, 1.0, 1.3])
def test_times_close_together_have_two_ticks(span: float) -> None:
    for start in range(10):
        assert 2 <= len(log10_ticks(start / 10 - 4, start / 10 - 4 + span, 60)) <= 5


def test_axis_words(qtbot: Any) -> None:
    axis = PlaceAxis("left")
    axis.set_axis(Axis("", words=tick_times))
    assert axis.tickStrings([-2.0, 0.0, 1.0, 10.0], 1, 1) == ["¼×", "1×", "2×", "1,024×"]
    axis.set_axis(Axis("", ticks=((256.0, "256"), (8192.0, "32768x2048"))))
    assert axis.tickStrings([8.0, 13.0], 1, 1) == ["256", "32768x2048"]
    axis.set_axis(Axis("", ticks=tuple((2.0**i, str(2**i)) for i in range(20))))
    assert len(axis.tickValues(0, 19, 200)[0][1]) < 6


def test_names_take_lines_then_smaller_type_then_are_cut(qtbot: Any) -> None:
    usual = QFontMetricsF(QApplication.font())
    label = "llvmpipe\n(Vulkan, Mesa 25.0.7)"
    whole = usual.horizontalAdvance("(Vulkan, Mesa 25.0.7)") + 2
    assert fit_names({0.0: label}, {0.0: whole}) == (None, {0.0: label})
    assert fit_names({0.0: label}, {0.0: whole * 0.6}) == (None, {0.0: "llvmpipe\n(Vulkan,\nMesa 25.0.7)"})
    small, names = fit_names({0.0: label}, {0.0: usual.horizontalAdvance("llvmpipe") * 0.9})
    assert small is not None
    assert "…" not in names[0.0]
    assert "…" in fit_names({0.0: label}, {0.0: 28.0})[1][0.0]


def test_a_shape_is_broken_after_an_x_before_it_is_cut(qtbot: Any) -> None:
    room = QFontMetricsF(QApplication.font()).horizontalAdvance("32768x") + 1
    assert fit_names({0.0: "32768x2048"}, {0.0: room}) == (None, {0.0: "32768x\n2048"})
    assert fit_names({0.0: "8x2x4"}, {0.0: room}) == (None, {0.0: "8x2x4"})
    assert fit_names({0.0: "box x86"}, {0.0: 3 * room}) == (None, {0.0: "box x86"})


def scene(made: Session, baseline: str = "f32", **view: str) -> Scene:
    return Scene(made, rows(made, workloads(), baseline), workloads(), baseline, View(**view))


def _chart(baseline: str = "f32", targets: Any = (FULL, BARE)) -> Any:
    return size.make(scene(session(targets), baseline))


def test_figures_of_bars_stay_below_the_top_of_a_low_chart(qtbot: Any) -> None:
    canvas = Canvas(Look(LIGHT))
    qtbot.addWidget(canvas)
    canvas.resize(900, 220)
    canvas.show()
    picture = bars.make(scene(session((FULL,)), mode="bars"))
    canvas.show_picture(picture)
    qtbot.wait(50)
    room = canvas.plot.item.vb.sceneBoundingRect()
    boxes = canvas.plot.panes[0].layer.figures()
    assert len(boxes) == len(picture.spots)
    assert all(room.contains(box) for box in boxes)


def test_words_of_a_chart() -> None:
    chart = _chart(targets=(FULL, WASM, NATIVE))
    assert chart.y.title == "speedup over f32 / f32-scalar"
    assert _chart(baseline="f32,f32-simd", targets=(WASM, FULL)).y.title == "speedup over f32 / f32-simd"
    assert "Test CPU, 2 cores" in chart.caption
    assert "Full (Vulkan): Mesa 1" in chart.caption
    assert chart.footer.startswith("2026-11-03 · Kernelscope 0.1.0")
    assert [label for _, label in chart.x.ticks] == ["64", "128", "256"]
    assert _chart(baseline="numpy/f32", targets=(FULL, NATIVE)).y.title == "speedup over f32 on NumPy"


def test_only_the_base_lines_of_the_workload_shown_are_named() -> None:
    """A session keeps the whole catalogue, other workloads' baselines with it."""
    full = structs.replace(session(), variants=variants())
    assert scene(full).baseline_short == "f32"


def test_dashes_stay_dashes_in_a_large_picture() -> None:
    dashed = LineStyle("#000000", "o", (6, 3))
    for width in (1.0, 1.8, 3.6):
        assert dashed.pen(width).dashPattern()[1] > 1
        assert dashed.pen(width).capStyle() is Qt.PenCapStyle.FlatCap


def test_read_out() -> None:
    seen = scene(session())
    curve = next(c for c in size.make(seen).curves if c.key == ("full", "u8-dot4"))
    text = read_row(seen, curve.spots[0])
    assert text.startswith("u8-dot4 · Full (Vulkan) at 64  ·  4.00× faster (")
    assert "error 1.0e-7" in text


@pytest.mark.parametrize("variants", [9, 24])
def test_every_line_looks_different_in_both_themes(variants: int) -> None:
    chart = _chart(targets=(FULL, BARE, WASM, NATIVE))
    chart = dataclasses.replace(chart, variants=tuple(f"v{i}" for i in range(variants)))
    for colours in (LIGHT, DARK):
        looks = styles(chart, colours)
        assert len(set(looks.values())) == len(looks)


def test_png_and_svg(qtbot: Any, tmp_path: Path) -> None:
    for quantity in Quantity:
        for suffix in (".png", ".svg"):
            path = tmp_path / f"{quantity.name}{suffix}"
            whole = session((FULL, BARE, WASM, NATIVE), spoil=noted)
            export_chart(whole, path, View(quantity=quantity.value))
            if suffix == ".png":
                image = QImage(str(path))
                assert (image.width(), image.height()) == (2560, 1440)
                inks = {image.pixel(x, y) for x in range(300, 2000, 400) for y in range(150, 1300)}
                assert len(inks) > 5
            else:
                text = path.read_text()
                ElementTree.fromstring(text)
                assert "u8-dot4" in text
                assert "2026-11-03" in text


def by_cpu(spoil: Callable[[Measurement], Measurement], mode: str = "size") -> Scene:
    whole = session((FULL, BARE), spoil=spoil)
    view = View(mode, quantity=Quantity.CPU_SPEEDUP.value)
    return Scene(whole, rows(whole, workloads()), workloads(), "f32", view)


def test_cpu_seconds_are_a_quantity_where_they_are_known() -> None:
    def twice_the_work(m: Measurement) -> Measurement:
        """By CPU seconds u8-dot4 gains half of what the clock says: two cores are at it."""
        found = noted(m)
        more = 2.0 if m.case.variant == "u8-dot4" else 1.0
        return structs.replace(found, cpu=tuple(more * seconds for seconds in found.cpu))

    for mode in (size, bars, accuracy):
        scene = by_cpu(twice_the_work, mode.MODE.name)
        offered = dict(mode.MODE.offers[0](scene).options)
        assert offered[Quantity.CPU_SPEEDUP.value] == "CPU speedup"
        made = mode.make(scene)
        assert "speedup in CPU seconds over f32" in made.title
        (value,) = {
            spot.y if mode is not accuracy else spot.x
            for spot in made.spots
            if spot.row and spot.row.name == "u8-dot4" and spot.row.size == "256" and spot.row.target is FULL
        }
        assert value == pytest.approx(2.0)
    (spot,) = (
        s
        for s in size.make(by_cpu(twice_the_work)).spots
        if s.row and s.row.name == "u8-dot4" and s.row.size == "64" and s.row.target is FULL
    )
    read = read_row(by_cpu(twice_the_work), spot)
    assert "4.00× faster" in read
    assert "by CPU seconds 2.00× (2.00–2.00)" in read
    told = size.make(by_cpu(twice_the_work)).remark
    assert told.startswith("By CPU seconds u8 is 2.67× faster than its baseline (2.67–2.67)")


def test_without_cpu_seconds_speedups_are_by_the_clock() -> None:
    scene = by_cpu(lambda m: m)
    assert Quantity.CPU_SPEEDUP.value not in dict(size.MODE.offers[0](scene).options)
    assert ": speedup over f32" in size.make(scene).title


def test_refusals_are_one_line(qtbot: Any, tmp_path: Path) -> None:
    with pytest.raises(KernelscopeError, match=r"\.png, \.svg or \.pdf"):
        export_chart(session(), tmp_path / "x.bmp")
    with pytest.raises(KernelscopeError, match="cannot be written"):
        export_chart(session(), tmp_path / "missing" / "x.png")

    def lose(m: Measurement) -> Measurement:
        return structs.replace(m, status=Status.FAILED)

    with pytest.raises(KernelscopeError, match="nothing to draw"):
        export_chart(session(spoil=lose), tmp_path / "x.png")
    assert not list(tmp_path.iterdir())


def test_long_names_take_four_lines_and_keep_their_ends(qtbot: Any) -> None:
    label = "A very long marketing name of a graphics card for laptops (Vulkan, driver of 2026, number 7)"
    for room in (300.0, 90.0, 60.0):
        font, names = fit_names({0.0: label}, {0.0: room})
        lines = names[0.0].split("\n")
        metrics = QFontMetricsF(font or QApplication.font())
        assert len(lines) <= 4
        assert all(metrics.horizontalAdvance(line) <= room for line in lines)
        assert names[0.0].endswith("7)")
    assert fit_names({0.0: label}, {0.0: 8.0})[1] == {0.0: ""}


def test_a_bar_alone_leaves_room_beside_it() -> None:
    one = bars.make(scene(session((FULL,)), mode="bars"))
    assert isinstance(one, Bars)
    alone = one.without(frozenset(key for key in one.keys if key[1] != "u8-dot4"))
    low, high = alone.x_reach()
    assert len(alone.bars) == 1
    assert high - low >= 6
