"""What commands print, word by word and figure by figure, of sessions whose figures are known."""

import re

import pytest
from msgspec import structs

from app.cli.ceilings import follow, print_found
from app.cli.findings import print_findings
from app.cli.hardware import _print_target
from app.cli.history import _cells, _line
from app.cli.progress import watch
from app.cli.report import print_report
from app.cli.tune import _outcome, _watch, print_outcomes
from app.core.ceilings import Ceilings, Link, Reading
from app.core.events import (
    AnyEvent,
    CandidateFinished,
    CaseFinished,
    CeilingsMeasured,
    CeilingsStarted,
    Log,
    TuningFinished,
)
from app.core.measurement import Error, Measurement, Status
from app.core.session import Session
from app.core.shape import Shape
from app.figures.statistics import Ratio
from app.figures.verdict import Verdict
from app.findings.trend import Change, Moment
from app.storage.history import Entry
from tests.charts.made import CEILINGS, both_compilers, both_sides, suspended, threaded, tuned
from tests.gui.made import BARE, DOT, FULL, WASM, session

Capture = pytest.CaptureFixture[str]


def table(text: str) -> list[list[str]]:
    """The cells of every line."""
    return [re.split(r" {2,}", line.strip()) for line in text.splitlines()]


def lines(text: str, *first: str) -> list[list[str]]:
    """The lines whose cells begin with these, less these."""
    return [found[len(first) :] for found in table(text) if found[: len(first)] == list(first)]


def test_a_report_has_a_speedup_a_time_or_a_status_in_each_cell(capsys: Capture) -> None:
    """f16 takes half as long as f32, whose median at 64 lies one and a half per cent above 4 x 64 x 10 ns."""

    def spoil(m: Measurement) -> Measurement:
        if m.case.variant == "u8":
            return structs.replace(m, status=Status.WRONG, reason="relative error 0.5", samples=())
        if (m.case.variant, m.case.shape.rows) == ("f16", 256):
            off = Error(2e-3, 1e-2, 1e-7, 1e-6, 1e-5)
            return structs.replace(m, error=off)
        if m.case.variant == "u8-dot4":
            return structs.replace(m, samples=m.samples[:3])
        return m

    print_report(session((FULL,), spoil=spoil))
    text = capsys.readouterr().out
    assert table(text)[1] == ["target", "variant", "64", "128", "256", "of ceiling", "rel. error"]
    (base,) = lines(text, "Full (Vulkan)", "f32")
    assert base == ["2.60 µs", "5.20 µs", "10.4 µs", "–", "1.0e-7"]
    (half,) = lines(text, "Full (Vulkan)", "f16")
    assert half == [*["2.00× (2.00–2.00)"] * 3, "–", "0.20 %"]
    (wrong,) = lines(text, "Full (Vulkan)", "u8")
    assert wrong == [*["wrong result"] * 3, "–", "1.0e-7"]
    (few,) = lines(text, "Full (Vulkan)", "u8-dot4")
    assert few[:3] == ["4.00× (?)"] * 3
    assert text.count("u8: wrong result: relative error 0.5") == 1


def test_a_report_says_what_a_ceiling_and_transfers_make_of_the_largest_size(capsys: Capture) -> None:
    """f32 reads 4 x (256 x 256 + 256) bytes and writes 1 KiB at 2 GB/s, in 3.05 µs."""
    made = structs.replace(both_sides(), ceilings={"full": CEILINGS})
    print_report(made, transfers=True)
    text = capsys.readouterr().out
    up, down = 4 * (256 * 256 + 256), 4 * 256
    of = (up + down) / 2e9 / 3.045e-6
    moved = (1e-6 + up / 1e9) + 1e-6 + 3.045e-6 + (1e-6 + down / 1e9)
    (base,) = lines(text, "Full (Vulkan)", "f32")
    assert float(base[3].split(" ")[0].replace(",", "")) == pytest.approx(100 * of, rel=0.01)
    assert float(base[4].split(" ")[0]) == pytest.approx(1e6 * moved, rel=0.01)
    (cpu,) = lines(text, "Wasm engine", "f32-scalar")
    assert cpu[3:] == ["–", "–", "1.0e-7"]
    assert "13 results are served by a cache" in text


def test_a_case_that_does_not_fit_is_told_what_does(capsys: Capture) -> None:
    large = Shape(32768, 2048)
    made = session((FULL,), shapes=(large,))
    skipped = [
        structs.replace(m, status=Status.SKIPPED, reason="too large", samples=()) for m in made.measurements
    ]
    print_report(structs.replace(made, measurements=tuple(skipped)))
    text = capsys.readouterr().out
    assert "f32: skipped: too large" in text
    assert "a smaller preset: --sizes gemma-2b-layer-eighth (4096x2048)" in text
    assert "--sizes gemma-2b-layer (" not in text


def found(made: Session, capsys: Capture) -> str:
    print_findings(made)
    return capsys.readouterr().out


def test_what_threads_gain(capsys: Capture) -> None:
    """8 ms on one thread, 4 on two, 3 on four; a median lies one and a half per cent above the least."""
    text = found(threaded(), capsys)
    assert table(text)[1] == ["kernel", "one thread", "2 threads", "4 threads"]
    (one,) = lines(text, "matmul 64 · f32-relaxed+threads · Wasm engine")
    assert one == ["8.12 ms", "2.00× (2.00–2.00), 100 %", "2.67× (2.67–2.67), 67 %"]


def test_from_which_size_on_a_gpu_is_faster(capsys: Capture) -> None:
    """It takes 3 µs whatever the size, and the fastest module 30 ns a row: they meet between 64 and 128."""
    (one,) = lines(found(both_sides(), capsys), "matvec", "Full (Vulkan)", "Wasm engine")
    alone, *others = one
    assert re.fullmatch(r"about 1[12]\d \(1[12]\d-1[12]\d\)", alone)
    assert others == ["not up to 256", "not up to 256"]
    unknown = structs.replace(both_sides(), ceilings={})
    (one,) = lines(found(unknown, capsys), "matvec", "Full (Vulkan)", "Wasm engine")
    assert one[1:] == ["transfers not known", "transfers not known"]


def test_what_a_suspension_costs(capsys: Capture) -> None:
    """promiseFib(10) suspends 89 times: 29 µs more than the plain module make 326 ns each."""
    text = found(suspended(), capsys)
    assert lines(text, "Wasm engine", "plain") == [["10", "130 B (1.00×)", "–", "–"]]
    ((n, module, idle, each),) = lines(text, "Wasm engine", "asyncify")
    assert (n, module, idle) == ("10", "650 B (5.00×)", "2.00× (2.00–2.00)")
    assert re.fullmatch(r"3\d\d ns \(3\d\d ns-3\d\d ns\)", each)
    ((_, _, idle, _),) = lines(text, "Wasm engine", "jspi")
    assert idle == "–"


def test_what_another_compiler_makes_of_it(capsys: Capture) -> None:
    ((size, here, there, ratio, unchecked),) = [
        one for one in lines(found(both_compilers(), capsys), "matvec f16 on Full (Vulkan)") if one[0] == "64"
    ]
    assert (size, here, there) == ("64", "1.30 µs; 20.0 ms", "2.60 µs; 2.00 ms")
    assert ratio.startswith("2.00× slower (")
    assert unchecked == "–"


def test_ceilings_are_printed_for_each_target(capsys: Capture) -> None:
    curve = (Reading(1 << 20, 9e9), Reading(8 << 20, 8e9), Reading(64 << 20, 2e9))
    more = structs.replace(CEILINGS, curve=curve, copy=3e9, map=Link(2e-3, 4e9), dispatch=5e-5, floor=2e-6)
    known = {"wasm": Ceilings(date="2026-02-03T04:05:06Z", read=1e9), "full": more}
    print_found([FULL, BARE, WASM], known)
    text = capsys.readouterr().out
    assert table(text)[0][:4] == ["target", "read GB/s", "in cache", "copy GB/s"]
    link = "1.00 GB/s + 1.00 µs"
    rates = "f16 8.00, f32 5.00, u8 20.0"
    assert lines(text, "Full (Vulkan)") == [
        [
            "2.00",
            "8.00 GB/s to 8 MiB",
            "3.00",
            rates,
            link,
            link,
            "4.00 GB/s + 2.00 ms",
            "50.0 µs",
            "2.00 µs",
            "2026-11-03",
        ]
    ]
    assert lines(text, "Wasm engine") == [["1.00", *["–"] * 8, "2026-02-03"]]
    assert not lines(text, "Bare (OpenGL)")
    print_found([FULL], {"full": structs.replace(CEILINGS, map=Link(3e-6, 2e15))})
    assert "in place, 3.00 µs" in capsys.readouterr().out


def test_what_is_being_measured_is_said_and_what_is_known_is_not(capsys: Capture) -> None:
    events: list[AnyEvent] = [
        CeilingsMeasured("wasm", CEILINGS),
        CeilingsStarted("full"),
        Log("warning", "odd\nmore"),
        CeilingsMeasured("full", CEILINGS),
        CeilingsStarted("wasm"),
    ]
    seen: list[AnyEvent] = []
    follow(events, (FULL, WASM), seen.append)
    said = capsys.readouterr().err
    assert seen == events
    assert re.fullmatch(
        r"measuring the ceilings of Full \(Vulkan\) \.\.\.\nodd\n \d+\.\d s\n"
        r"measuring the ceilings of Wasm engine \.\.\. stopped\n",
        said,
    )


def test_tunings_are_printed_with_what_they_gained(capsys: Capture) -> None:
    (search,) = tuned().searches
    assert search.tuning
    same = structs.replace(search.tuning, parameters=search.tuning.defaults)
    few = structs.replace(search.tuning, speedup=None)
    print_outcomes(
        [
            _outcome(search),
            _outcome(structs.replace(search, tuning=same)),
            _outcome(structs.replace(search, tuning=few)),
            _outcome(structs.replace(search, tuning=None, reason="nothing was right")),
        ],
        as_json=False,
    )
    text = capsys.readouterr().out
    assert table(text)[0] == [
        "target",
        "variant",
        "size",
        "for sizes",
        "default",
        "best",
        "speedup",
        "parameters",
        "tried",
    ]
    best, default, unsure, none = lines(text, "full", "matvec f32")
    times = ["64", "64-255", "256 µs", "32.0 µs"]
    chosen = "rows_per_thread=1, workgroup_size=32, unroll=1"
    assert best == [*times, "8.00× (7.90–8.10)", chosen, "7, all tried"]
    assert default[4:6] == ["defaults are best", "rows_per_thread=4, workgroup_size=64, unroll=1"]
    assert unsure[4] == "–"
    assert none == ["64-255", "nothing was right"]


def test_a_search_says_how_far_it_came_and_what_is_best_so_far(capsys: Capture) -> None:
    (search,) = tuned().searches
    with _watch(search.case, "2/3") as progress:
        for number, candidate in enumerate(search.candidates, 1):
            progress(CandidateFinished(number, 60, candidate))
        progress(Log("error", "one\ntwo"))
        progress(Log("info", "three"))
        progress(TuningFinished(search.tuning))
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "one"
    assert re.fullmatch(r" +\d+\.\d s  2/3  matvec f32 64 on full: 7 of 60 tried, best 32\.0 µs", said[1])
    assert len(said) == 2
    with _watch(search.case, "1/1") as progress:
        progress(CandidateFinished(1, 60, search.candidates[-1]))
        progress(TuningFinished(None, "no"))
    assert "1 of 60 tried, best –" in capsys.readouterr().err


def test_a_run_says_what_became_of_each_group(capsys: Capture) -> None:
    plan = session((FULL,), shapes=(Shape(64, 64), Shape(32, 64))).plan
    with watch(plan) as progress:
        for index, case in enumerate(plan.cases):
            wrong = case.variant == "u8" and case.shape.rows == 32
            progress(CaseFinished(index, Status.WRONG if wrong else Status.OK), index + 1)
        progress(Log("warning", "odd\nmore"), 10)
        progress(Log("info", "not said"), 10)
    first, second, third = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r" +\d+\.\d s  5/10  matvec 64x64 on full: 5 ok", first)
    assert re.fullmatch(r" +\d+\.\d s  10/10  matvec 32x64 on full: 4 ok, 1 wrong result", second)
    assert third == "odd"


def test_a_target_is_printed_with_what_it_lacks(capsys: Capture) -> None:
    _print_target(structs.replace(BARE, note="made up", properties={"timer": "by hand"}), "")
    said = [line.strip() for line in capsys.readouterr().out.splitlines() if line]
    assert said[:4] == [
        "Bare (OpenGL)   --target bare",
        "Bare (OpenGL) · Vulkan · Mesa 1 · CPU",
        "made up",
        "timer: by hand",
    ]
    assert said[4:] == [
        "WebGPU features: 1 missing",
        "no        shader-f16: the adapter does not offer it; unlock: a newer driver",
        "WGSL language features: 1 supported",
        f"yes       {DOT}",
        "Limits: maxBufferSize 256 MiB",
    ]


def test_a_moment_of_a_trend_and_an_entry_of_the_history() -> None:
    moment = Moment(session=12, created="2026-11-03T10:20:30Z", seconds=2e-3, low=1.9e-3, high=2.1e-3)
    steady = Change(moment, Ratio(1.0, 0.99, 1.01), Verdict.SAME, changed=False)
    assert _line(steady) == "      12  2026-11-03 10:20  2.00 ms (1.90 ms - 2.10 ms)"
    slower = Change(structs.replace(moment, low=None), Ratio(0.5, 0.49, 0.51), Verdict.SLOWER, changed=True)
    assert _line(slower) == "      12  2026-11-03 10:20  2.00 ms  <- 2.00× slower (1.96–2.04)"
    entry = Entry(7, "2026-11-03T10:20:30Z", "matvec", "numpy", "Test CPU", 10, 9, "", "first", "on battery")
    known = ("7", "2026-11-03 10:20", "matvec", "numpy", "Test CPU", "9/10", "first", "on battery")
    assert _cells(entry) == known
