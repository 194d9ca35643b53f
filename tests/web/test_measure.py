"""A published page's cases: what becomes of each, and the words of its table, as the program has them."""

from typing import Any

import msgspec
import pytest
from msgspec import structs, to_builtins

from app.core.measurement import Error, Measurement, Status, Stretch
from app.core.session import Session
from app.figures import units
from app.findings.rows import rows
from app.workloads import workloads
from tests.gui.made import BAD, BARE, FULL, WASM, samples, session
from tests.web.modules import page
from tests.web.test_workers import browser

RUNS = """(async () => {
  let [calls, spare] = [0, silent > 0];
  const truth = [1, 2, 3, 4];
  const told = [];
  const ends = {
    kernel: () => { throw new web.Refusal("kernel", "odd", 3, 7); },
    "no place": () => { throw new web.Refusal("kernel", "odd"); },
    limit: () => { throw new web.Refusal("limit", "too large"); },
    failed: () => { throw new Error("trap\\nmore"); },
  };
  const operands = new Map();
  const runner = {
    async prepare(number, { ends: how }, buffers) {
      told.push(`prepare ${number} ${how}`);
      operands.set(number, [how, buffers[0]]);
      ends[how]?.();
      return { timer: "made up", costs: { compile_s: 1, upload_s: 2, first_run_s: 1e-4 } };
    },
    async time(number, repeats) {
      clock += 1e-3 * repeats;
      return !spare || (calls += 1) < silent ? 1e-3 * repeats : 0;
    },
    fallBack(number) {
      const had = spare;
      spare = false;
      return had ? { timer: "another", note: "made up stopped", step: 1e-4 } : null;
    },
    batches: () => ({ atOnce: false, ahead: false }),
    async poison() {},
    async load(number, places, [bytes]) { operands.get(number)[1] = bytes; },
    async result(number) {
      const [how, bytes] = operands.get(number);
      const off = how === "wrong" ? 1 : bytes[0] === 1 ? 0 : 5;
      return new Uint8Array(new Float32Array(truth.map((one) => one + off)).buffer);
    },
    close(number) { told.push(`close ${number}`); },
  };
  const float64 = new Uint8Array(new Float64Array(truth).buffer);
  const operand = new Uint8Array([1, 2, 3, 4]);
  const data = { bytes: async (name) => (name === "operand" ? operand : float64).slice() };
  const features = [{ name: "simd", state: "missing", reason: "old" }];
  const target = { id: "here", label: "Here", features, limits: {}, clock_step: 0 };
  const shape = { sizes: [2, 2] };
  const pages = cases.map(([how, more]) => ({
    program: { runtime: "wgsl", ends: how, buffers: [4] },
    runtime: "wgsl",
    buffers: ["operand"],
    truth: "truth", stored: "truth", index: "", weights: "", tolerance: 1e-6,
    kernel: `text of ${how}`,
    case: { target: "page", workload: "matvec", variant: how, shape, parameters: {} },
    requires: [],
    limits: {},
    ...more,
  }));
  document.hidden = hidden;
  const settings = { seconds: 0.1, precision: 0.01, batch_seconds: 0.01, seed: 1 };
  let looked = 0;
  const watch = { round() { looked++; }, stopped: () => stop > 0 && looked >= stop };
  const found = await web.measureGroup(runner, pages, 0, 5, 2, target, data, settings, watch);
  document.hidden = false;
  return [found, told];
})()"""


def measured(
    *cases: tuple[str, dict[str, Any]], hidden: bool = False, silent: int = 0, stop: int = 0
) -> tuple[list[Measurement], list[str]]:
    found, told = browser().value(RUNS, cases=cases, hidden=hidden, silent=silent, stop=stop)
    return msgspec.convert(found, list[Measurement]), told


def test_each_case_ends_as_it_should_and_every_kernel_is_closed() -> None:
    found, told = measured(
        ("right", {}),
        ("wrong", {}),
        ("kernel", {}),
        ("no place", {}),
        ("limit", {}),
        ("failed", {}),
        ("lacking", {"requires": ["simd"]}),
        ("unheard", {"requires": ["sse"]}),
        ("other", {"limits": {"tiles": 16}}),
    )
    ends = {one.case.variant: (one.status, one.reason) for one in found}
    assert ends.pop("right") == (Status.OK, "")
    status, reason = ends.pop("wrong")
    assert status is Status.WRONG
    assert reason.startswith("relative error ")
    assert ends == {
        "kernel": (Status.FAILED, "does not compile: line 3, column 7: odd"),
        "no place": (Status.FAILED, "does not compile: odd"),
        "limit": (Status.SKIPPED, "too large"),
        "failed": (Status.FAILED, "trap"),
        "lacking": (Status.UNSUPPORTED, "Here has no simd (old)"),
        "unheard": (Status.UNSUPPORTED, "Here has no sse (it does not report it)"),
        "other": (Status.UNSUPPORTED, "the page was published for tiles 16; that of Here is not told"),
    }
    assert [line for line in told if line.startswith("close")] == [f"close {5 + i}" for i in range(9)]


def test_a_clock_that_fails_gives_way_to_another_and_its_row_says_so() -> None:
    found, _ = measured(("right", {}), silent=40)
    (one,) = found
    assert (one.status, one.timer, one.reason) == (Status.OK, "another", "made up stopped")
    assert one.costs is not None
    assert one.repeats * one.costs.first_run_s == pytest.approx(200 * 1e-4), (
        "so many steps of the other clock"
    )
    assert one.samples == pytest.approx([1e-3] * len(one.samples))


def test_a_measurement_is_one_as_sessions_keep_them() -> None:
    (one, other), _ = measured(("right", {}), ("right", {}))
    assert one.case.target == "here"
    assert one.timer == "made up"
    assert one.kernel == "text of right"
    assert one.costs is not None
    assert (one.costs.compile_s, one.costs.upload_s) == (1, 2)
    assert one.error == Error(0, 0, 0, 0, 1e-6)
    assert len(one.samples) == len(one.middles) == len(one.disturbed) >= 6
    assert one.samples == pytest.approx([1e-3] * len(one.samples))
    assert sum(stretch.count for stretch in one.stretches) == len(one.samples)
    assert {stretch.life for stretch in one.stretches} == {2}
    assert (one.instances, one.cpu) == (1, ())
    assert one.stop
    assert one.repeats * one.batches > 0
    assert other.stretches[0].first == 0


def test_a_tab_that_was_out_of_sight_says_so() -> None:
    (one,), _ = measured(("right", {}), hidden=True)
    assert "out of sight" in one.reason
    assert one.status is Status.OK


def spoilt(m: Measurement) -> Measurement:
    """One wrong, one not finite, one with few samples, and the others each with an error of its own."""
    match m.case.variant:
        case "u8":
            return structs.replace(m, status=Status.WRONG, reason="relative error 0.5", error=BAD, samples=())
        case "f16-storage":
            return structs.replace(m, status=Status.WRONG, error=Error(None, None, None, None, 1e-5))
        case "u8-dot4":
            return structs.replace(m, samples=samples(m.samples[0], 3))
    return structs.replace(m, error=Error(1.23e-4 * m.case.shape.rows, 1, 1, 1, 1))


def paired(made: Session) -> Session:
    """The same, its samples taken in rounds."""
    own = tuple(
        structs.replace(m, stretches=(Stretch(0, 0, len(m.samples)),) if m.samples else ())
        for m in made.measurements
    )
    return structs.replace(made, measurements=own)


def test_a_run_that_is_stopped_keeps_what_was_sampled_and_begins_nothing_more() -> None:
    kept, _ = measured(("right", {}), ("right", {}), stop=11)
    assert [one.status for one in kept] == [Status.OK, Status.OK]
    assert {one.stop for one in kept} == {"stopped"}
    early, told = measured(("right", {}), ("right", {}), stop=1)
    assert [(one.status, one.samples) for one in early] == [(Status.CANCELLED, ())] * 2
    assert sum(line.startswith("prepare") for line in told) == 1


def test_the_finding_is_what_is_surely_fastest_on_a_gpu() -> None:
    def case(runtime: str, variant: str, seconds: float, status: str = "ok") -> dict[str, Any]:
        count = 12
        return {
            "runtime": runtime,
            "label": runtime.upper(),
            "case": {
                "target": runtime,
                "workload": "matvec",
                "variant": variant,
                "shape": {"sizes": [64], "config": "", "fixed": 0},
            },
            "status": status,
            "samples": [seconds * (1 + 0.001 * (i % 3)) for i in range(count)],
            "stretches": [{"life": 0, "first": 0, "count": count}],
            "rounds": count,
        }

    plan = {"bases": [["matvec", "wgsl", "f32"], ["matvec", "wasm", "f32"]], "cases": []}
    found = [
        case("wgsl", "f32", 4.0),
        case("wgsl", "u8", 2.0),
        case("wasm", "f32", 9.0),
        case("wasm", "i8", 1.0),
    ]
    said = page().value("web.finding(plan, found)", plan=plan, found=found)
    assert said == "u8 is 2.00× faster than f32 (2.00–2.00) at 64 on WGSL"
    found[1] = case("wgsl", "u8", 1.0, status="wrong result")
    assert page().value("web.finding(plan, found)", plan=plan, found=found).startswith("i8 is 9.00× faster")
    slow = [found[0], case("wgsl", "u8", 8.0)]
    said = page().value("web.finding(plan, found)", plan=plan, found=slow)
    assert said == "Nothing here is faster than its baseline"


def test_a_reason_is_told_once() -> None:
    found = [{"case": {"variant": name}, "status": "unsupported", "reason": "no f16"} for name in "ab"]
    assert page().value("web.reasons(found)", found=found) == ["a, b: unsupported: no f16"]


def test_the_cells_of_its_table_are_the_words_of_the_program() -> None:
    made = paired(session((FULL, BARE, WASM), spoil=spoilt))
    found = rows(made, workloads())
    plan = {"cases": [{"case": to_builtins(m.case)} for m in made.measurements], "bases": []}
    bases = {row.measurement.case.group: row.measurement for row in found if row.is_baseline}
    seen = set()
    for row in found:
        own = row.measurement
        target, workload, variant, size, time, over, error = page().value(
            "web.cells(plan, one, base)",
            plan=plan,
            one=to_builtins(own),
            base=to_builtins(bases.get(own.case.group)),
        )
        assert (target, workload, variant) == (own.case.target, own.case.workload, own.case.variant)
        assert size == row.size
        seen.add(own.status)
        if own.error and own.error.relative_l2 is None:
            assert error == "not finite" == own.error.words
        elif row.ok:
            assert own.error
            assert error == own.error.words
        else:
            assert error == units.NO_VALUE
        if not row.ok:
            assert (time, over) == (own.status.value, units.NO_VALUE)
            continue
        assert row.summary
        assert time == units.seconds(row.summary.median)
        assert row.speedup
        assert over == units.times(row.speedup.value)
    assert seen == {Status.OK, Status.WRONG, Status.UNSUPPORTED}
