"""Charts tell shapes apart by all their sizes: a place, a name and a read-out for each, no false lines."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from msgspec import structs
from PySide6.QtCore import Qt

from app.charts.comparison import comparison_bars, shape_names
from app.charts.grid import Grid
from app.charts.modes import find_mode
from app.charts.picture import Lines, Picture
from app.charts.scene import View
from app.core.errors import KernelscopeError
from app.core.session import Session
from app.core.shape import Shape
from app.gui.charts.canvas import Canvas
from app.gui.charts.export import export_chart, picture_bytes
from app.gui.charts.look import Look
from app.gui.parts.theme import LIGHT
from app.workloads import workloads
from tests.charts.made import CEILINGS, TIED, both_compilers, both_sides, threaded
from tests.charts.scenes import draw, scene
from tests.gui.made import FULL, session

NAMES = ["256x4096", "512x2048", "1024x1024", "2048x512", "4096x256"]
CUBES = (Shape(128, 2048, 2048), Shape(2048, 128, 2048), Shape(2048, 2048, 128))


def ticks(picture: Picture) -> list[str]:
    return [label for _, label in picture.x.ticks]


def written(picture: Picture) -> list[str]:
    root = ElementTree.fromstring(picture_bytes(picture, ".svg"))
    return [element.text or "" for element in root.iter()]


@pytest.mark.parametrize("mode", ["size", "crossover"])
def test_shapes_of_no_order_are_names_beside_each_other(qtbot: Any, mode: str) -> None:
    picture = draw(both_sides(TIED), mode)
    assert isinstance(picture, Lines)
    assert ticks(picture) == NAMES
    assert set(NAMES) <= set(written(picture))
    places = {label: x for x, label in picture.x.ticks}
    for curve in picture.curves:
        assert not curve.joined
        assert [spot.x for spot in curve.spots] == [places[s.row.size] for s in curve.spots if s.row]
        assert len({spot.x for spot in curve.spots}) == len(curve.spots) == 5
    assert not picture.guides
    assert picture.footer.count("whiskers") == 1


@pytest.mark.parametrize(
    ("shapes", "names"),
    [
        ((Shape(64, 64), Shape(256, 256)), ["64", "256"]),
        ((Shape(64, 1024), Shape(64, 64), Shape(64, 256)), ["64x64", "64x256", "64x1024"]),
        ((Shape(512, 64), Shape(1024, 128)), ["512x64", "1024x128"]),
    ],
)
def test_shapes_in_line_keep_an_axis_and_their_lines(shapes: tuple[Shape, ...], names: list[str]) -> None:
    picture = draw(both_sides(shapes), "size")
    assert isinstance(picture, Lines)
    assert all(curve.joined for curve in picture.curves)
    assert ticks(picture) == names
    assert sorted(x for x, _ in picture.x.ticks) == sorted(shape.size for shape in shapes)
    assert "whiskers" in picture.footer


def test_a_slender_shape_among_squares_gives_them_their_full_names() -> None:
    picture = draw(session(shapes=(Shape(64, 64), Shape(128, 128), Shape(512, 64))), "size")
    assert isinstance(picture, Lines)
    assert ticks(picture) == ["64x64", "128x128", "512x64"]
    assert not any(curve.joined for curve in picture.curves)
    assert picture.x.title == "size (rows x columns)"


def test_keys_and_mouse_reach_every_shape(qtbot: Any) -> None:
    canvas = Canvas(Look(LIGHT))
    qtbot.addWidget(canvas)
    canvas.resize(900, 500)
    canvas.show()
    seen = scene(session((FULL,), shapes=TIED), "size")
    picture = find_mode("size").make(seen)
    assert isinstance(picture, Lines)
    canvas.show_picture(picture)
    qtbot.wait(50)
    told: list[str] = []
    canvas.pointed.connect(lambda spot: told.append(find_mode("size").read(seen, spot)) if spot else None)
    for _ in picture.spots:
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert len(set(told)) == len(picture.spots)
    for name in NAMES:
        assert any(f"u8-dot4 · Full (Vulkan) at {name}  ·  " in words for words in told)
    for spot in picture.spots:
        assert spot in canvas.plot.nearest(canvas.plot.place(spot))
        assert {other.x for other in canvas.plot.nearest(canvas.plot.place(spot))} == {spot.x}
    told.clear()
    for _ in range(8):
        qtbot.keyClick(canvas, Qt.Key.Key_Up)
    assert len({words.partition(" at ")[2].partition(" ")[0] for words in told}) == 1


def test_marks_under_the_roof_bear_their_shapes(qtbot: Any) -> None:
    made = structs.replace(session((FULL,), shapes=TIED), ceilings={"full": CEILINGS})
    picture = draw(made, "roofline")
    assert sorted(spot.name for spot in picture.spots) == sorted(NAMES * (len(picture.spots) // 5))
    assert {spot.large for spot in picture.spots} == {1.0}
    assert set(NAMES) <= set(written(picture))


def test_a_cube_has_a_column_for_each() -> None:
    made = session((FULL,), shapes=TIED)
    kept = tuple(m for m in made.measurements if m.case.variant in ("f32", "u8-dot4"))
    made = structs.replace(
        made, measurements=kept, plan=structs.replace(made.plan, cases=tuple(m.case for m in kept))
    )
    picture = draw(made, "heatmap")
    assert isinstance(picture, Grid)
    assert ticks(picture) == NAMES
    assert len(picture.cells) == 10


@pytest.mark.parametrize(
    ("mode", "made", "names"),
    [
        ("bars", both_sides(TIED), NAMES),
        ("accuracy", both_sides(TIED), NAMES),
        ("samples", both_sides(TIED), NAMES),
        ("live", both_sides(TIED), NAMES),
        ("compilers", both_compilers(TIED), NAMES),
        ("threads", threaded(CUBES), ["128x2048x2048", "2048x128x2048", "2048x2048x128"]),
    ],
)
def test_each_can_be_chosen_and_is_named_in_the_title(mode: str, made: Session, names: list[str]) -> None:
    (offered,) = [c for c in find_mode(mode).choices(scene(made, mode)) if c.name == "size"]
    assert [label for _, label in offered.options] == names
    for value, label in offered.options:
        for words in (value, label):
            picture = draw(made, mode, size=words)
            assert label in picture.title
            assert {spot.row.size for spot in picture.spots if spot.row} == {label}


def test_a_square_may_be_asked_for_by_either_name(qtbot: Any, tmp_path: Path) -> None:
    for words in ("1024", "1024x1024"):
        export_chart(both_sides(TIED), tmp_path / "x.svg", View("bars", size=words))
        assert ", 1024x1024</" in (tmp_path / "x.svg").read_text()
    with pytest.raises(
        KernelscopeError, match="no such size 7 in this chart; there are: 256x4096, 512x2048, "
    ):
        export_chart(both_sides(TIED), tmp_path / "x.svg", View("bars", size="7"))
    with pytest.raises(KernelscopeError, match="no such size 7 in this chart; there are: 64, 128, 256"):
        export_chart(both_sides(), tmp_path / "x.svg", View("bars", size="7"))


def test_sessions_are_compared_at_the_shape_that_was_asked_for() -> None:
    named = [("squares", session(shapes=(Shape(1024, 1024),))), ("tied", session(shapes=TIED[:3]))]
    assert list(shape_names(named, "matvec").values()) == ["512x2048", "1024x1024", "2048x512"]
    for size in (None, "1024", "1024x1024"):
        made = comparison_bars(named, workloads(), size=size)
        assert made.title.endswith(", 1024x1024")
        assert len(made.groups) == 4
    assert comparison_bars(named, workloads(), size="512x2048").title.endswith(", 512x2048")
    with pytest.raises(KernelscopeError, match="no such size 7; there are: 512x2048, 1024x1024, 2048x512"):
        comparison_bars(named, workloads(), size="7")
