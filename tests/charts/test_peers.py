"""Libraries in charts: grey lines with names, each beside the kernels that it is like."""

from msgspec import structs

from app.charts.bar_groups import Bars
from app.charts.headline import headline
from app.charts.picture import Lines
from app.core.measurement import Measurement
from app.core.plan import Plan
from app.core.session import Session
from app.core.shape import Shape
from app.core.target import Runtime, Target
from tests.charts.scenes import draw
from tests.gui.made import SHAPES, WASM, samples, session

LIBRARY = Target("ort", "ONNX Runtime", "onnxruntime", Runtime.ONNX, "", "CPU", "", "CPU")


def seconds(session: Session, where: str, what: str, shape: Shape) -> float:
    found = (
        m
        for m in session.measurements
        if (m.case.target, m.case.variant, m.case.shape) == (where, what, shape)
    )
    return sorted(next(found).samples)[len(next(iter(session.measurements)).samples) // 2]


def beside(times: float = 2) -> Session:
    """matvec on a Wasm engine, and a library that is so many times as fast as its baseline."""
    made = session((WASM,), shapes=SHAPES)
    base = next(m.case.variant for m in made.measurements if m.case.target == "wasm")
    own: list[Measurement] = []
    for m in made.measurements:
        if m.case.variant == base:
            case = structs.replace(m.case, target="ort", variant="f32", parameters={})
            own.append(structs.replace(m, case=case, samples=samples(min(m.samples) / times)))
    measurements = (*made.measurements, *own)
    from app.catalog.index import variants

    return structs.replace(
        made,
        targets=(*made.targets, LIBRARY),
        variants=tuple(v for v in variants() if v.workload == "matvec"),
        plan=Plan(tuple(m.case for m in measurements), made.plan.baseline),
        measurements=measurements,
    )


def test_a_library_is_a_grey_line_with_its_name_over_the_baseline_of_what_it_stands_beside() -> None:
    picture = draw(beside(), "size")
    assert isinstance(picture, Lines)
    (line,) = [curve for curve in picture.curves if curve.reference]
    assert line.quiet
    assert picture.name_of(line) == "f32, ONNX Runtime"
    assert all(1.5 < spot.y < 2.5 for spot in line.spots)
    assert [spot.x for spot in line.spots] == [shape.size for shape in SHAPES]
    others = [curve for curve in picture.curves if not curve.reference]
    assert {curve.key[0] for curve in others} == {"wasm"}
    assert not any("ONNX" in picture.name_of(curve) for curve in others)
    assert "ONNX" not in headline(picture)


def test_what_would_press_kernels_flat_is_told_of_in_the_caption() -> None:
    picture = draw(beside(200), "size")
    assert isinstance(picture, Lines)
    assert not any(curve.reference for curve in picture.curves)
    assert "↑ f32, ONNX Runtime: up to 2" in picture.caption


def test_over_bars_it_is_a_line_with_its_figure() -> None:
    picture = draw(beside(), "bars")
    assert isinstance(picture, Bars)
    assert {bar.key[0] for bar in picture.bars} == {"wasm"}
    (guide,) = picture.guides
    assert guide.label.startswith("f32, ONNX Runtime: ")
    assert guide.places[0][1] == guide.places[1][1] > 1.5
    hidden = picture.without(frozenset({picture.bars[0].key}))
    assert isinstance(hidden, Bars)
    assert hidden.guides[0].places[0] != guide.places[0] or len(picture.bars) == 1


def test_beside_accuracy_it_is_a_grey_mark_with_its_name() -> None:
    picture = draw(beside(), "accuracy")
    assert isinstance(picture, Lines)
    (mark,) = [curve for curve in picture.curves if curve.reference]
    assert mark.quiet
    assert mark.spots[0].name.startswith("f32, ONNX Runtime")
    assert 1.5 < mark.spots[0].x < 2.5
    assert "ONNX" not in picture.remark


def test_a_session_of_libraries_alone_shows_them_as_anything_else() -> None:
    whole = beside()
    own = tuple(m for m in whole.measurements if m.case.target == "ort")
    alone = structs.replace(
        whole, targets=(LIBRARY,), measurements=own, plan=Plan(tuple(m.case for m in own), "f32")
    )
    picture = draw(alone, "size")
    assert isinstance(picture, Lines)
    assert not any(curve.reference for curve in picture.curves)
