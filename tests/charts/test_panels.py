"""Panels: which plots are split up, and which curves stand out in them."""

import dataclasses

from msgspec import structs

from app.charts.bar_groups import Bars
from app.charts.grid import Grid
from app.charts.modes.heatmap import types
from app.charts.panels import BEST, highest, offer, together
from app.charts.picture import Lines
from app.charts.scene import read_view, write_view
from app.core.plan import Plan
from app.core.session import Session
from app.core.target import Target
from tests.charts.made import CEILINGS, both_sides, threaded, with_outliers
from tests.charts.scenes import draw, scene
from tests.gui.crowded import TARGETS, crowded
from tests.gui.made import BARE, FULL, SHAPES, WASM, samples, session


def lines(*targets: Target) -> Lines:
    picture = draw(session(targets), "size")
    assert isinstance(picture, Lines)
    return picture


def test_more_than_eight_curves_have_a_panel_for_each_target() -> None:
    whole = lines(FULL, WASM)
    assert len(whole.curves) > 8
    assert [heading for heading, _ in whole.parts] == ["Full (Vulkan)", "Wasm engine"]
    assert [{key[0] for key in part.keys} for _, part in whole.parts] == [{"full"}, {"wasm"}]
    assert sum(len(part.spots) for _, part in whole.parts) == len(whole.spots)
    alone = lines(FULL)
    assert alone.parts == (("", alone),)
    assert {alone.name_of(curve) for curve in alone.curves} == {key[1] for key in alone.keys}


def test_a_plot_is_split_up_by_its_plan_so_that_it_stays_as_it_fills() -> None:
    whole = session((FULL, BARE))
    first = draw(structs.replace(whole, measurements=whole.measurements[:2]), "size")
    assert isinstance(first, Lines)
    assert len(first.keys) < 3
    assert all(curve.panel for curve in first.curves)


def copies(times: list[float]) -> Session:
    """The baseline at 10 µs, and u8 in as many copies as there are times."""
    made = session((FULL,), shapes=SHAPES[:1])
    base, like = (next(m for m in made.measurements if m.case.variant == name) for name in ("f32", "u8"))
    found = [structs.replace(base, samples=samples(1e-5))]
    for i, seconds in enumerate(times):
        found.append(
            structs.replace(like, case=structs.replace(like.case, again=i), samples=samples(seconds))
        )
    plan = Plan(tuple(m.case for m in found), "f32")
    return structs.replace(made, plan=plan, measurements=tuple(found))


def loud(times: list[float]) -> set[str]:
    picture = draw(copies(times), "size")
    assert isinstance(picture, Lines)
    return {curve.key[1] for curve in picture.curves if not curve.quiet}


def test_the_base_line_and_the_five_best_stand_out() -> None:
    assert loud([1e-6 * n for n in (9, 3, 8, 2, 7, 4, 5)]) == {
        "f32",
        *(f"u8, again {i}" for i in (1, 3, 4, 5, 6)),
    }
    assert len(loud([1e-6 * n for n in (9, 3, 8, 2, 7)])) == 6, "few are all shown"


def test_what_is_not_surely_faster_does_not_stand_out() -> None:
    assert loud([2e-6, 3e-6, *[1.2e-5] * 6]) == {"f32", "u8", "u8, again 1"}
    assert len(loud([1.2e-5] * 8)) == 6, "but something does"
    picture = draw(copies([2e-6, 3e-6, *[1.2e-5] * 6]), "size")
    assert isinstance(picture, Lines)
    curves = tuple(dataclasses.replace(curve, panel="Full (Vulkan)") for curve in picture.curves)
    ((heading, _),) = dataclasses.replace(picture, curves=curves).parts
    assert heading == "Full (Vulkan)  ·  6 more in grey"


def test_panels_are_by_target_by_type_or_none() -> None:
    made = session((FULL, BARE, WASM))

    def drawn(panels: str) -> Lines:
        picture = draw(made, "size", panels=panels)
        assert isinstance(picture, Lines)
        return picture

    by_type = dict(drawn("type").parts)
    assert list(by_type)[:3] == ["f32", "f16", "f16-storage"]
    assert [key[0] for key in by_type["u8-dot4"].keys] == ["full", "bare"]
    dots = by_type["u8-dot4"]
    assert list(map(dots.name_of, dots.curves)) == ["Full (Vulkan)", "Bare (OpenGL)"]
    assert all(len({key[1] for key in part.keys}) == 1 for part in by_type.values())
    whole = drawn("none")
    assert whole.parts == ((f"{sum(c.quiet for c in whole.curves)} more in grey", whole),)
    assert not whole.listed, "it is named in place"
    listed = dataclasses.replace(whole, named=False).listed
    assert set(listed) == {c.key for c in whole.curves if not c.quiet}, "a legend leaves context out"
    names = {curve.key: whole.name_of(curve) for curve in whole.curves}
    assert (names["full", "u8"], names["full", "f32"], names["wasm", "f32-scalar"]) == (
        "u8, Full (Vulkan)",
        "",
        "",
    )
    assert sum(curve.quiet for curve in whole.curves) == len(whole.curves) - 3 - 5, (
        "baselines and the five best"
    )
    for other in ("", "target", "of another version"):
        assert drawn(other) == drawn("target")
    few = scene(session((FULL,)), "size")
    assert not offer(few).options, "where one plot holds them all there is nothing to choose"


def test_a_view_of_before_there_was_a_choice_has_panels_by_target() -> None:
    old = read_view('{"mode": "sweep", "workload": "matvec", "quantity": "gflops"}')
    assert (old.mode, old.workload, old.panels) == ("size", "matvec", "")
    assert read_view(write_view(structs.replace(old, panels="type"))).panels == "type"


def test_of_many_variants_bars_show_the_best_and_the_heat_map_all_targets() -> None:
    made = crowded()
    bars = draw(made, "bars")
    assert isinstance(bars, Bars)
    assert [len(group.bars) for group in bars.groups] == [BEST] * 6
    for group in bars.groups:
        heights = [bar.spot.y for bar in group.bars]
        assert heights == sorted(heights, reverse=True)
    grid = draw(made, "heatmap")
    assert isinstance(grid, Grid)
    assert [label for _, label in grid.x.ticks] == [target.label for target in TARGETS]
    assert sum(cell.marked for cell in grid.cells) == 6
    own = scene(made, "heatmap").own
    for cell in grid.cells:
        row = cell.spot.row
        same = [one for one in own if row and one.target == row.target]
        same = [one for one in same if one.speedup and types(one.variant) == types(row.variant)]
        at = [one.speedup.value for one in same if one.measurement.case.shape == row.measurement.case.shape]
        assert (cell.value or 0.0) == max(at, default=0.0)
    one = draw(made, "heatmap", target="arc")
    assert isinstance(one, Grid)
    assert len(one.cells) == 40
    assert draw(both_sides(), "heatmap").x.title != "target"


def test_samples_of_many_cases_are_marks_of_which_the_odd_ones_stand_out() -> None:
    few = draw(with_outliers(), "samples")
    assert isinstance(few, Lines)
    assert few.named
    assert not any(curve.joined for curve in few.curves), "rounds are no line"
    picture = draw(crowded(), "samples")
    assert isinstance(picture, Lines)
    loud = [curve for curve in picture.curves if not curve.quiet]
    assert len(picture.curves) > 30
    assert 1 < len(loud) <= BEST + 1
    assert all(
        row.is_baseline or row.warnings or any(spot.flagged for spot in curve.spots)
        for curve in loud
        if (row := curve.spots[0].row)
    ), "beside the baseline those of which something is odd"
    ((heading, _),) = picture.parts
    assert heading == f"{len(picture.curves) - len(loud)} more in grey"


def test_a_roofline_of_many_variants_names_those_that_reach_most() -> None:
    made = structs.replace(crowded(), ceilings={target.id: CEILINGS for target in TARGETS})
    picture = draw(made, "roofline")
    assert isinstance(picture, Lines)
    assert len(picture.listed) <= BEST + 1
    quiet = [s.row.of_ceiling or 0.0 for c in picture.curves if c.quiet for s in c.spots if s.row]
    loud = [max(s.row.of_ceiling or 0.0 for s in c.spots if s.row) for c in picture.curves if not c.quiet]
    assert sorted(loud)[-BEST:][0] >= max(quiet)


def test_threads_of_many_kernels_have_panels() -> None:
    whole = draw(threaded(), "threads")
    assert isinstance(whole, Lines)
    assert whole.named
    first = whole.curves[0]
    targets = (*tuple(whole.labels)[:1], "other")
    many = tuple(
        dataclasses.replace(first, key=(target, f"kernel {i}")) for target in targets for i in range(7)
    )
    crowd = dataclasses.replace(whole, curves=many, targets=targets, labels={t: t for t in targets})
    made = together(crowd, highest)
    assert [heading for heading, _ in made.parts] == [f"{target}  ·  2 more in grey" for target in targets]
