"""Modes: each draws its question's answer from a session, and says what would fill it."""

from collections.abc import Callable

import pytest
from msgspec import structs

from app.catalog.index import variants
from app.charts.bar_groups import Bars
from app.charts.grid import Grid
from app.charts.modes import MODES, find_mode
from app.charts.picture import Empty, Lines
from app.charts.scene import DEFAULT, View, read_view, write_view
from app.core.ceilings import Ceilings
from app.core.events import CandidateFinished, TuningFinished
from app.core.measurement import Measurement, Status
from app.core.plan import Plan, make_plan
from app.core.searches import Search, follow
from app.core.session import Session
from app.core.shape import Shape
from app.core.tuning import Candidate
from tests.charts.made import (
    CEILINGS,
    both_compilers,
    both_sides,
    suspended,
    threaded,
    tuned,
    two_workloads,
    with_outliers,
)
from tests.charts.scenes import FILLED, draw, scene
from tests.gui.made import BAD, BARE, FULL, GOOD, samples, session


def test_every_mode_is_tried_here() -> None:
    assert {mode.name for mode in MODES} == FILLED.keys()


@pytest.mark.parametrize("mode", list(FILLED))
def test_each_picture_stands_alone(mode: str) -> None:
    picture = draw(FILLED[mode](), mode)
    assert picture.title
    assert "Test CPU, 2 cores" in picture.caption
    assert picture.footer.startswith("2026-11-03 · Kernelscope 0.1.0")
    assert picture.y.title
    assert picture.x.title or isinstance(picture, Bars)
    assert picture.spots
    low, high = picture.y_reach()
    left, right = picture.x_reach()
    for spot in picture.spots:
        assert left < picture.x.scale.place(spot.x) < right
        assert low < picture.y.scale.place(spot.y) < high
    if isinstance(picture, Bars) and picture.base is not None:
        assert low <= picture.y.scale.place(picture.base)


@pytest.mark.parametrize("mode", list(FILLED))
def test_each_mode_says_what_would_fill_it(mode: str) -> None:
    def lose(m: Measurement) -> Measurement:
        return structs.replace(m, status=Status.FAILED, reason="lost")

    lost = scene(session(spoil=lose), mode)
    empty = find_mode(mode).make(lost)
    assert isinstance(empty, Empty)
    assert not find_mode(mode).fills(lost)
    assert find_mode(mode).fills(scene(FILLED[mode](), mode))
    assert empty.heading
    assert empty.advice.endswith(".")


def test_hidden_lines_are_gone_from_every_kind() -> None:
    for mode in ("size", "bars", "roofline", "accuracy", "crossover", "samples"):
        picture = draw(FILLED[mode](), mode)
        gone = picture.keys[0]
        left = picture.without(frozenset([gone]))
        assert left.keys == picture.keys[1:]
        assert 0 < len(left.spots) < len(picture.spots)


def test_bars_close_up_where_one_is_hidden() -> None:
    picture = draw(both_sides(), "bars")
    left = picture.without(frozenset([picture.keys[0]]))
    assert isinstance(left, Bars)
    assert left.groups[0].bars[0].spot.x == picture.groups[0].bars[0].spot.x
    assert left.groups[1].bars[0].spot.x < picture.groups[1].bars[0].spot.x
    none = picture.without(frozenset(picture.keys))
    assert none.spots == ()


def test_bars_leave_the_base_line_out_of_speedups_only() -> None:
    assert ("full", "f32") not in draw(both_sides(), "bars").keys
    assert ("full", "f32") in draw(both_sides(), "bars", quantity="GFLOP/s").keys


def test_the_cube_tells_why_a_cell_is_empty() -> None:
    def spoil(m: Measurement) -> Measurement:
        wrong = m.case.variant == "u8"
        return structs.replace(m, status=Status.WRONG, reason="off", error=BAD) if wrong else m

    seen = scene(session((BARE,), spoil=spoil), "heatmap")
    grid = find_mode("heatmap").make(seen)
    assert isinstance(grid, Grid)
    texts = {cell.spot.row.variant.name: cell.text for cell in grid.cells}
    assert texts["f32"] == "1.00×"
    assert texts["f16"] == "unsupported"
    assert texts["u8"] == "wrong"
    assert [cell.spot.row.variant.name for cell in grid.cells if cell.marked] == ["u8-dot4"]
    wrong = next(cell for cell in grid.cells if cell.text == "wrong")
    assert wrong.value is None
    assert "wrong result: off" in find_mode("heatmap").read(seen, wrong.spot)


def test_a_cube_of_one_technique_holds_sizes_against_each_other() -> None:
    grid = draw(both_sides(), "heatmap", target="full")
    assert grid.x.title == "size"
    assert [label for _, label in grid.x.ticks] == ["64", "128", "256"]
    offered = {choice.name: choice for choice in find_mode("heatmap").choices(scene(both_sides(), "heatmap"))}
    assert offered["size"].options[0] == ("", "every size")
    assert offered["size"].chosen == ""
    one = draw(both_sides(), "heatmap", target="full", size="128")
    assert one.x.title == "techniques"
    assert ", 128, " in one.title


def test_the_roofline_says_why_marks_lie_above_it() -> None:
    marks = draw(both_sides(), "roofline")
    assert {spot.name for spot in marks.spots if spot.large == 1.0} == {key[1] for key in marks.keys}
    assert all(not spot.name for spot in marks.spots if spot.large < 1.0)
    slow = Ceilings(date="2026-11-03", read=1e3, flops={"f32": 1e12, "f16": 1e12, "u8": 1e12})
    cached = draw(structs.replace(both_sides(), ceilings={"full": slow}), "roofline")
    assert cached.remark.startswith("Above memory's line, for a cache served their operands: f32 at 64, 128")
    weak = Ceilings(date="2026-11-03", read=1e15, flops={"f32": 1e3, "f16": 1e3, "u8": 1e3})
    beyond = draw(structs.replace(both_sides(), ceilings={"full": weak}), "roofline")
    assert beyond.remark.startswith("Above their arithmetic's line, for its probe reached less: f32 at 64")
    high = Ceilings(date="2026-11-03", read=1e15, flops={"f32": 1e15, "f16": 1e15, "u8": 1e15})
    assert (
        "reaches most of its ceiling: "
        in draw(structs.replace(both_sides(), ceilings={"full": high}), "roofline").remark
    )


@pytest.mark.parametrize(
    ("mode", "quantity", "words"),
    [
        ("accuracy", "", "Unbeaten in speed and accuracy: "),
        ("size", "GFLOP/s", " reaches most: "),
        ("bars", "GB/s", " reaches most: "),
        ("live", "drift", " is the least steady: "),
        ("samples", "", ", u8-dot4: coarse clock"),
        ("suspension", "", " costs least: "),
        ("compilers", "", " kernels "),
        ("threads", "", " threads"),
    ],
)
def test_pictures_that_show_no_speedups_say_what_they_show(mode: str, quantity: str, words: str) -> None:
    assert words in draw(FILLED[mode](), mode, quantity=quantity).remark


def test_the_roofline_has_the_peaks_in_use_and_shares_of_them() -> None:
    seen = scene(both_sides(), "roofline")
    picture = find_mode("roofline").make(seen)
    assert isinstance(picture, Lines)
    assert [guide.label for guide in picture.guides] == [
        "memory: 2.00 GB/s",
        "f32: 5.00 GFLOP/s",
        "f16: 8.00 GFLOP/s",
        "u8: 20.0 GFLOP/s",
    ]
    slope = picture.guides[0].places
    assert slope[1][1] == pytest.approx(2.0 * slope[1][0])
    assert "of its ceiling" in find_mode("roofline").read(seen, picture.spots[0])
    unknown = find_mode("roofline").make(scene(structs.replace(both_sides(), ceilings={}), "roofline"))
    assert isinstance(unknown, Empty)
    assert unknown.action == "ceilings"
    assert unknown.button


def test_crossings_are_marked_and_named() -> None:
    picture = draw(both_sides(), "crossover")
    ways = [name for target, name in picture.keys if target == "full"]
    assert ways == ["kernel alone", "weights resident", "everything uploaded"]
    assert "Kernel alone: the GPU overtakes between 64 and" in picture.remark
    kernel = next(guide for guide in picture.guides if "kernel alone" in guide.label)
    assert 64 < kernel.places[0][0] < 128
    bare = draw(structs.replace(both_sides(), ceilings={}), "crossover")
    assert [name for target, name in bare.keys if target == "full"] == ["kernel alone"]
    assert "Transfers are not known" in bare.remark


def test_threads_beside_the_ideal() -> None:
    picture = draw(threaded(), "threads")
    assert [round(spot.y, 2) for spot in picture.spots] == [1.0, 2.0, 2.67]
    assert picture.guides[0].places == ((1.0, 1.0), (4.0, 4.0))
    share = draw(threaded(), "threads", quantity="efficiency")
    assert round(share.spots[-1].y, 2) == 0.67


def test_samples_keep_their_order_and_flag_outliers() -> None:
    picture = draw(with_outliers(), "samples")
    assert isinstance(picture, Lines)
    curve = picture.curves[0]
    assert [spot.x for spot in curve.spots] == [float(i) for i in range(1, 13)]
    assert [spot.flagged for spot in curve.spots] == [False] * 11 + [True]
    assert "outlier, sample 12 of 12" in curve.spots[-1].note

    def endless(m: Measurement) -> Measurement:
        return structs.replace(m, samples=m.samples * 1000)

    long = draw(session((FULL,), spoil=endless), "samples")
    assert long.remark.endswith("The last 1200 samples of each")
    assert len(long.spots) == 6000
    assert long.curves[0].spots[-1].x == 12_000
    seconds = draw(with_outliers(), "samples", quantity="seconds")
    assert seconds.spots[0].y == seconds.spots[0].row.measurement.samples[0]


def test_a_tuning_marks_its_winner() -> None:
    picture = draw(tuned(), "tune")
    assert isinstance(picture, Grid)
    assert [cell.text for cell in picture.cells if cell.marked] == ["32.0 µs"]
    assert [cell.text for cell in picture.cells if cell.value is None] == ["wrong"]
    assert picture.remark == (
        "Best: rows_per_thread=1, workgroup_size=32, unroll=1; 8.00× (7.90–8.10) over the defaults; "
        "7 of 60 tried"
    )


def test_what_looked_fastest_and_lost_says_so() -> None:
    whole = tuned().searches[0]
    assert whole.tuning is not None
    for winner in (whole.candidates[1].parameters, whole.tuning.defaults):
        search = structs.replace(whole, tuning=structs.replace(whole.tuning, parameters=winner))
        picture = draw(structs.replace(tuned(), searches=(search,)), "tune")
        assert picture.remark.endswith("what looked fastest lost when the best were timed again in turn")
        told = [cell.text for cell in picture.cells if "lost when" in cell.spot.note]
        assert told == ["32.0 µs"]
        assert not any(cell.marked for cell in picture.cells if cell.text in told)


def test_a_search_follows_its_events() -> None:
    whole = tuned().searches[0]
    search = Search(whole.case)
    for number, candidate in enumerate(whole.candidates, 1):
        search = follow(search, CandidateFinished(number, 60, candidate))
        assert not search.done
        assert isinstance(draw(structs.replace(tuned(), searches=(search,)), "tune"), Grid)
    assert follow(search, TuningFinished(whole.tuning)) == whole
    assert follow(search, TuningFinished(None, "stopped")).done


def test_one_parameter_alone_is_one_row() -> None:
    whole = tuned().searches[0]
    few = tuple(Candidate({"unroll": n}, Status.OK, 1e-6 * n) for n in (1, 2))
    case = structs.replace(whole.case, parameters={"unroll": 1})
    picture = draw(structs.replace(tuned(), searches=(Search(case, 2, few),)), "tune")
    assert [(cell.spot.x, cell.text) for cell in picture.cells] == [(0.0, "1.00 µs"), (1.0, "2.00 µs")]


def test_suspensions_by_time_size_and_slowdown() -> None:
    def texts(quantity: str) -> list[str]:
        picture = draw(suspended(), "suspension", quantity=quantity)
        return [bar.text for group in picture.groups for bar in group.bars]

    assert len(texts("time")) == 2
    assert all(text.endswith(("ns", "µs")) for text in texts("time"))
    assert texts("size") == ["130 B", "650 B", "650 B"]
    assert texts("slowdown") == ["2.00×"]


def test_what_reads_no_operands_has_no_roofline() -> None:
    made = suspended()
    known = structs.replace(made, ceilings={target.id: CEILINGS for target in made.targets})
    empty = find_mode("roofline").make(scene(known, "roofline"))
    assert isinstance(empty, Empty)
    assert empty.advice.startswith("suspend reads no operands")


def test_captions_speak_of_operands_where_there_are_some() -> None:
    assert draw(threaded(), "threads").caption.endswith("operands: warm cache")
    assert "operands" not in draw(suspended(), "suspension").caption


def test_the_articles_lie_under_what_they_speak_of() -> None:
    bands = find_mode("size").make(scene(session((FULL,)), "size", told=True)).bands
    assert [band.label for band in bands] == ["f16: article: up to 2×; f16-storage: article: up to 2×"]
    bars = find_mode("bars").make(scene(session((FULL,)), "bars", told=True))
    assert bars.notes["f16"] == ("article: up to 2× (shader-f16)",)


def test_a_mode_finds_the_workload_that_has_something() -> None:
    mode = find_mode("threads")
    shown, picture = mode.look(scene(two_workloads(), "threads"))
    assert (shown.workload, isinstance(picture, Lines)) == ("matmul", True)
    assert mode.choices(shown)[0].chosen == "matmul"
    assert find_mode("size").look(scene(two_workloads(), "size"))[0].workload == "matvec"
    shown, asked = mode.look(scene(two_workloads(), "threads", workload="matvec"))
    assert shown.workload == "matvec"
    assert isinstance(asked, Empty)
    assert "matmul" in asked.advice
    assert asked.action == "plan-threads", "one click still helps"
    _, nothing = mode.look(scene(both_sides(), "threads"))
    assert isinstance(nothing, Empty)
    assert nothing.action == "plan-threads"


def test_a_session_of_several_workloads_shows_the_one_chosen() -> None:
    both = two_workloads()
    assert draw(both, "size").title.startswith("Matrix-vector")
    other = draw(both, "size", workload="matmul", quantity="GFLOP/s")
    assert other.title.startswith("Matrix product")
    names = {choice.name: choice for choice in find_mode("size").choices(scene(both, "size"))}
    assert [value for value, _ in names["workload"].options] == ["matvec", "matmul"]


def test_views_as_text() -> None:
    view = View("bars", quantity="GB/s", articles=True)
    assert read_view(write_view(view)) == view
    assert read_view("speedup") == DEFAULT
    assert read_view('{"mode": 7}') == DEFAULT


def test_old_names_of_charts_lead_to_them() -> None:
    for old, new in (("sweep", "size"), ("cube", "heatmap")):
        assert find_mode(old) is find_mode(new)
        assert View(old) == View(new) == read_view(f'{{"mode": "{old}"}}')


def test_a_session_may_hold_nothing_but_a_tuning() -> None:
    alone = structs.replace(tuned(), plan=Plan(()))
    assert isinstance(draw(alone, "tune"), Grid)


def test_what_has_no_arithmetic_has_no_rate_of_it() -> None:
    copies = tuple(v for v in variants() if v.workload == "copy")
    plan = make_plan((FULL,), copies, (Shape(1 << 12),))
    done = tuple(Measurement(c, Status.OK, "", samples(1e-5), 1, error=GOOD) for c in plan.cases)
    made = structs.replace(session((FULL,)), variants=copies, plan=plan, measurements=done)
    for mode in ("size", "bars", "accuracy"):
        empty = find_mode(mode).make(scene(made, mode, quantity="GFLOP/s"))
        assert isinstance(empty, Empty)
        assert "GFLOP/s" in empty.advice
        assert draw(made, mode, quantity="GB/s").spots
    assert isinstance(find_mode("roofline").make(scene(made, "roofline")), Empty)


def test_compilers_stand_beside_each_other_at_one_size() -> None:
    picture = draw(both_compilers(), "compilers", size="64")
    assert len(picture.groups) > 1
    for group in picture.groups:
        naga, page = group.bars
        assert page.spot.y == pytest.approx(2 * naga.spot.y)
        assert "slower" in page.spot.note
    compiling = draw(both_compilers(), "compilers", quantity="compile")
    assert {bar.text for group in compiling.groups for bar in group.bars} == {"20.0 ms", "2.00 ms"}


def test_compilers_that_are_as_good_as_each_other_say_so() -> None:
    made = both_compilers()
    alike = tuple(structs.replace(m, samples=samples(1e-3)) for m in made.measurements)
    assert "5 through naga" in draw(made, "compilers").remark
    remark = draw(structs.replace(made, measurements=alike), "compilers").remark
    assert remark.startswith("Neither compiler makes any of 5 kernels surely faster. No kernel is surely")


def larger_too(made: Session) -> Session:
    """The same, with a size at which the last of it alone was measured."""
    last = made.measurements[-1]
    case = structs.replace(last.case, shape=Shape(4096, *last.case.shape.sizes[1:]))
    return structs.replace(
        made,
        plan=structs.replace(made.plan, cases=(*made.plan.cases, case)),
        measurements=(*made.measurements, structs.replace(last, case=case)),
    )


@pytest.mark.parametrize(("mode", "made"), [("compilers", both_compilers), ("threads", threaded)])
def test_sizes_without_a_comparison_are_not_offered(mode: str, made: Callable[[], Session]) -> None:
    shown = scene(larger_too(made()), mode)
    assert shown.shape
    offered = dict(find_mode(mode).offers[1](shown).options)
    assert offered
    assert shown.shape.label not in offered
    assert draw(larger_too(made()), mode).spots
