"""Crossovers of made-up sessions with known times: found where they are, and not where nobody can tell."""

import re

import msgspec
import numpy as np
import pytest

from app.core.ceilings import Ceilings, Link
from app.core.measurement import Measurement, Status
from app.core.plan import Case
from app.core.session import Session
from app.core.shape import Shape
from app.core.target import Runtime
from app.findings.crossover import Course, Crossing, Crossover, Way, crossovers
from app.findings.rows import Row, rows
from app.workloads import workloads
from tests.findings.test_rows import GOOD, session, variant
from tests.findings.test_rows import target as make_target

GPU, WASM = make_target("gpu"), make_target("wasm", Runtime.WASM)
SIZES = (64, 256, 1024, 4096)
CEILINGS = Ceilings(date="", upload=Link(1e-5, 4e9), download=Link(2e-5, 2e9), dispatch=5e-5)


def taken(
    where: str, what: str, size: int | Shape, seconds: float, noise: float = 0.005, count: int = 25
) -> Measurement:
    shape = size if isinstance(size, Shape) else Shape(size, size)
    random = np.random.default_rng([shape.rows, len(what)])
    samples = tuple((seconds * random.lognormal(0, noise, count)).tolist())
    return Measurement(Case(where, "matvec", what, shape), Status.OK, samples=samples, error=GOOD)


def derive(*measurements: Measurement, ceilings: Ceilings | None = CEILINGS) -> list[Row]:
    made: Session = msgspec.structs.replace(
        session(*measurements),
        targets=(GPU, WASM),
        variants=(
            *(variant("f32"), variant("dot"), msgspec.structs.replace(variant("fast"), checked=False)),
            *(variant("f32", Runtime.WASM), variant("simd", Runtime.WASM)),
        ),
        ceilings={"gpu": ceilings} if ceilings else {},
    )
    return rows(made, workloads())


def law(gpu: tuple[float, float], wasm: tuple[float, float], **noise: float) -> list[Measurement]:
    """Both sides take ``start + each * elements`` seconds."""
    return [
        taken(where, name, size, start + each * size * size, **noise)
        for size in SIZES
        for where, name, (start, each) in (("gpu", "f32", gpu), ("wasm", "f32", wasm))
    ]


def only(found: list[Crossover]) -> Crossover:
    (one,) = found
    return one


def test_the_crossing_lies_where_both_take_as_long() -> None:
    one = only(crossovers(derive(*law((1e-4, 1e-11), (0, 4e-10)))))
    assert (one.workload, one.cpu.id, one.gpu.id) == ("matvec", "wasm", "gpu")
    kernel = one.crossing(Way.KERNEL)
    assert kernel is not None
    assert (kernel.course, kernel.after, kernel.by) == (Course.OVERTAKES, Shape(256, 256), Shape(1024, 1024))
    # 1e-4 = 3.9e-10 n**2 at n = 506; a straight line between 256 and 1024 is not quite the law.
    assert kernel.size is not None
    assert kernel.size.low is not None
    assert kernel.size.high is not None
    assert 430 < kernel.size.low < kernel.size.value < kernel.size.high < 600
    assert kernel.words.startswith("overtakes between 256 and 1024, at about ")


def test_transfers_move_the_crossing_up() -> None:
    one = only(crossovers(derive(*law((1e-4, 1e-11), (0, 4e-10)))))
    sizes = [crossing.size.value if crossing.size else None for crossing in one.crossings]
    assert [crossing.way for crossing in one.crossings] == list(Way)
    assert sizes[0] is not None
    assert sizes[1] is not None
    assert sizes[0] < sizes[1]
    # Uploading four bytes an element takes 1e-9 s, longer than Wasm computes with them.
    assert one.crossings[2].course is Course.BEHIND
    assert one.crossings[2].words == "is behind up to 4096, the largest size"
    last = one.crossings[1].points[-1]
    assert last.gpu_seconds == pytest.approx(
        last.gpu.summary.median + 5e-5 + 1e-5 + 4 * 4096 / 4e9 + 2e-5 + 4 * 4096 / 2e9, rel=1e-6
    )
    assert last.cpu_seconds == last.cpu.summary.median


def test_without_ceilings_only_the_kernel_is_known() -> None:
    one = only(crossovers(derive(*law((1e-4, 1e-11), (0, 4e-10)), ceilings=None)))
    assert [crossing.way for crossing in one.crossings] == [Way.KERNEL]
    assert one.crossing(Way.RESIDENT) is None


@pytest.mark.parametrize(
    ("gpu", "noise", "course", "words"),
    [
        ((1, 1, 1, 1), 0.005, Course.AHEAD, "is ahead at 64 already, the smallest size"),
        ((9, 9, 9, 9), 0.005, Course.BEHIND, "is behind up to 4096, the largest size"),
        ((4, 4, 4, 4), 0.0, Course.NOT_SURE, "is as fast at every size"),
        ((4, 4.1, 4, 3.9), 0.3, Course.NOT_SURE, "is surely ahead or behind at no size from 64 to 4096"),
        (
            (9, 9, 4, 4),
            0.005,
            Course.NOT_SURE,
            "is surely behind up to 256; from there to 4096 neither is surely",
        ),
        ((4, 4, 1, 1), 0.005, Course.NOT_SURE, "is surely ahead from 1024 on; from 64 to there neither is"),
        ((1, 9, 1, 1), 0.005, Course.TURNS, "is ahead at 64, 1024, 4096 and not at others"),
        ((9, 4, 4, 1), 0.005, Course.OVERTAKES, "overtakes between 64 and 4096, at about "),
    ],
)
def test_the_intervals_carry_the_verdict(
    gpu: tuple[float, ...], noise: float, course: Course, words: str
) -> None:
    measured = [
        taken(where, "f32", size, seconds, noise)
        for size, ours in zip(SIZES, gpu, strict=True)
        for where, seconds in (("gpu", ours), ("wasm", 4.0))
    ]
    kernel = only(crossovers(derive(*measured, ceilings=None))).crossings[0]
    assert kernel.course is course
    assert kernel.words.startswith(words)


def test_too_few_samples_decide_nothing() -> None:
    few = [
        taken(where, "f32", size, s, count=3) for size in SIZES for where, s in (("gpu", 1.0), ("wasm", 9.0))
    ]
    assert only(crossovers(derive(*few, ceilings=None))).crossings[0].course is Course.NOT_SURE


def test_each_side_is_taken_at_its_best_and_may_be_held_to_a_variant() -> None:
    measured = [
        *(taken("gpu", "f32", n, 2.0) for n in SIZES),
        *(taken("gpu", "dot", n, 1.0) for n in SIZES),
        *(taken("gpu", "fast", n, 0.1) for n in SIZES),
        *(taken("wasm", "f32", n, 5.0) for n in SIZES),
        *(taken("wasm", "simd", n, 4.0) for n in SIZES[1:]),
        msgspec.structs.replace(taken("wasm", "simd", SIZES[0], 4.0), status=Status.WRONG),
    ]
    found = derive(*measured, ceilings=None)
    points = only(crossovers(found)).crossings[0].points
    # What is unchecked runs on no page, and what is wrong nowhere.
    assert [point.gpu.variant.name for point in points] == ["dot"] * 4
    assert [point.cpu.variant.name for point in points] == ["f32", "simd", "simd", "simd"]
    held = only(crossovers([row for row in found if row.variant.name == "f32"])).crossings[0]
    assert [point.gpu_seconds for point in held.points] == pytest.approx([2.0] * 4, rel=0.01)


def test_the_best_kernel_may_be_another_with_transfers() -> None:
    """A variant that stores bytes uploads a quarter, and may so win although its kernel is slower."""
    small = msgspec.structs.replace(variant("dot"), storage="u8")
    made = msgspec.structs.replace(
        session(
            taken("gpu", "f32", 4096, 1e-3), taken("gpu", "dot", 4096, 2e-3), taken("wasm", "f32", 4096, 1e-2)
        ),
        targets=(GPU, WASM),
        variants=(variant("f32"), small, variant("f32", Runtime.WASM)),
        ceilings={"gpu": CEILINGS},
    )
    one = only(crossovers(rows(made, workloads())))
    assert [c.points[0].gpu.variant.name for c in one.crossings] == ["f32", "f32", "dot"]


def test_one_side_alone_crosses_nothing() -> None:
    assert crossovers(derive(*(taken("gpu", "f32", n, 1.0) for n in SIZES))) == []
    assert crossovers(derive(taken("gpu", "f32", 64, 1.0), taken("wasm", "f32", 256, 1.0))) == []


def raced(shapes: list[Shape], gpu: list[float]) -> Crossing:
    """The crossing of a GPU that takes these seconds where Wasm takes 4."""
    measured = [
        taken(where, "f32", shape, seconds)
        for shape, ours in zip(shapes, gpu, strict=True)
        for where, seconds in (("gpu", ours), ("wasm", 4.0))
    ]
    return only(crossovers(derive(*measured, ceilings=None))).crossings[0]


TALL, FLAT, SQUARE, SMALL = Shape(2048, 512), Shape(512, 2048), Shape(1024, 1024), Shape(64, 64)


@pytest.mark.parametrize(
    ("gpu", "course", "words", "short"),
    [
        (
            (1, 9, 9),
            Course.TURNS,
            "is ahead at 2048x512, behind at 512x2048 and 1024x1024",
            "at 2048x512",
        ),
        (
            (1, 9, 1),
            Course.TURNS,
            "is ahead at 1024x1024 and 2048x512, behind at 512x2048",
            "at 1024x1024 and 2048x512",
        ),
        (
            (1, 1, 1),
            Course.AHEAD,
            "is ahead at 512x2048, 1024x1024 and 2048x512",
            "at 512x2048, 1024x1024 and 2048x512",
        ),
        (
            (9, 9, 9),
            Course.BEHIND,
            "is behind at 512x2048, 1024x1024 and 2048x512",
            "surely at none of 3",
        ),
        (
            (9, 4, 9),
            Course.NOT_SURE,
            "is behind at 1024x1024 and 2048x512, as fast at 512x2048",
            "surely at none of 3",
        ),
    ],
)
def test_nothing_lies_between_shapes_of_no_order(
    gpu: tuple[float, ...], course: Course, words: str, short: str
) -> None:
    found = raced([TALL, FLAT, SQUARE], list(gpu))
    assert (found.course, found.after, found.by, found.size) == (course, None, None, None)
    assert (found.words, found.short) == (words, short)


def test_a_slender_shape_among_squares_takes_the_line_from_all() -> None:
    found = raced([SMALL, SQUARE, TALL], [9, 1, 1])
    assert found.size is None
    assert found.words == "is ahead at 1024x1024 and 2048x512, behind at 64x64"


def test_a_crossing_on_a_line_of_slender_shapes_is_named_in_full() -> None:
    """Half as fast at 512 columns and twice as fast at 2048: as fast at 1024."""
    found = raced([Shape(1024, 512), Shape(1024, 2048)], [8, 2])
    assert found.course is Course.OVERTAKES
    name = r"1024x(\d+)"
    match = re.fullmatch(
        rf"overtakes between 1024x512 and 1024x2048, at about {name} \({name}-{name}\)", found.words
    )
    assert match
    value, low, high = map(int, match.groups())
    assert 950 < low <= value <= high < 1100
    assert found.short.startswith("about 1024x")
