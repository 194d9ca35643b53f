"""Rows and plans from a session made by hand."""

import numpy as np
import pytest
from msgspec import structs

from app.core.ceilings import Ceilings, Link
from app.core.measurement import Error, Measurement, Status
from app.core.plan import Case, Plan, make_plan, with_baselines
from app.core.session import Host, Session
from app.core.shape import Shape
from app.core.target import Feature, FeatureState, Runtime, Target
from app.core.variant import Variant, why_not
from app.findings.rows import instances, operands, rows
from app.findings.series import Quantity, series
from app.workloads import workloads

HERE = Shape(100, 50)
GOOD = Error(1e-7, 1e-7, 1e-7, 1e-7, 1e-5)


def target(id: str, runtime: Runtime = Runtime.WGSL, *features: Feature) -> Target:
    return Target(id, id.upper(), "webgpu", runtime, id, "Vulkan", "driver", "CPU", features)


def variant(name: str, runtime: Runtime = Runtime.WGSL, requires: tuple[str, ...] = ()) -> Variant:
    return Variant(
        workload="matvec",
        name=name,
        runtime=runtime,
        summary="",
        template="",
        layout="",
        storage="f32",
        compute="f32",
        requires=requires,
    )


A, B, NUMPY = target("a"), target("b"), target("numpy", Runtime.NUMPY)
VARIANTS = (variant("f32"), variant("fast"), variant("f32", Runtime.NUMPY))


def session(*measurements: Measurement, baseline: str = "f32") -> Session:
    return Session(
        app_version="0",
        created="2026-01-01T00:00:00Z",
        host=Host("", "", 1, 1, ""),
        targets=(A, B, NUMPY),
        variants=VARIANTS,
        plan=Plan(tuple(m.case for m in measurements), baseline),
        measurements=measurements,
    )


def measured(
    where: str, what: str, seconds: float, status: Status = Status.OK, rows: int = HERE.rows
) -> Measurement:
    samples = tuple(seconds * (1 + i / 1000) for i in range(10))
    case = Case(where, "matvec", what, Shape(rows, 50))
    return Measurement(case, status, samples=samples, repeats=1, error=GOOD)


BOTH = (measured("a", "f32", 0.4), measured("a", "fast", 0.1))


def test_speedup_rates_and_counts() -> None:
    base, fast = rows(session(measured("a", "f32", 0.4), measured("a", "fast", 0.1)), workloads())
    assert fast.speedup is not None
    assert round(fast.speedup.value, 3) == 4.0
    assert fast.speedup.low is not None
    assert base.is_baseline
    assert not fast.is_baseline
    assert base.summary is not None
    # 2 * 100 * 50 operations; (100*50 + 50) floats in and 100 out, 4 bytes each.
    assert round(base.flops * base.summary.median) == 10_000
    assert round(base.bytes * base.summary.median) == 4 * (5050 + 100)


def test_traffic_is_what_was_laid_out_where_that_was_noted() -> None:
    """4.5 bits a weight beside activations of 16: 5,000 weights, 50 activations, 100 floats back."""
    traffic = {"weights": 2813, "activations": 100, "result": 400}
    known = structs.replace(measured("a", "f32", 0.4), traffic=traffic)
    link = Link(0.0, 1e6)
    ceilings = Ceilings(
        date="2026-01-01T00:00:00Z", read=1e6, flops={"f32": 1e12}, upload=link, download=link, dispatch=0.0
    )
    (row,) = rows(structs.replace(session(known), ceilings={"a": ceilings}), workloads())
    assert row.summary is not None
    assert round(row.bytes * row.summary.median) == 3313
    assert row.of_ceiling == pytest.approx(3313e-6 / row.summary.median)
    assert row.seconds_with_transfers == pytest.approx(row.summary.median + 3313e-6)
    assert row.seconds_resident == pytest.approx(row.summary.median + 500e-6)


def test_what_an_algorithm_saves_is_no_share_of_a_ceiling() -> None:
    """Winograd's products are fewer than the problem's: beyond a peak by that count may be below it."""
    saving = structs.replace(VARIANTS[0], work=0.5)
    ceilings = Ceilings(date="2026-01-01T00:00:00Z", read=1e12, flops={"f32": 20_000.0})
    whole = structs.replace(session(measured("a", "f32", 0.4)), ceilings={"a": ceilings})
    (plain,) = rows(whole, workloads())
    (row,) = rows(structs.replace(whole, variants=(saving, *VARIANTS[1:])), workloads())
    assert plain.of_ceiling is not None
    assert row.of_ceiling == pytest.approx(plain.of_ceiling / 2) == pytest.approx(row.computed / 20_000)
    assert row.flops == plain.flops == plain.computed


def test_a_wrong_result_never_has_a_speedup_and_is_nobodys_base_line() -> None:
    _, fast = rows(session(measured("a", "f32", 0.4), measured("a", "fast", 0.1, Status.WRONG)), workloads())
    assert fast.speedup is None
    assert fast.summary is None
    assert fast.flops is None
    _, fast = rows(session(measured("a", "f32", 0.4, Status.WRONG), measured("a", "fast", 0.1)), workloads())
    assert fast.speedup is None
    assert fast.summary is not None


def test_a_fixed_base_line_puts_all_targets_on_one_axis() -> None:
    found = rows(
        session(measured("a", "fast", 0.1), measured("numpy", "f32", 0.2), measured("b", "f32", 0.8)),
        workloads(),
        baseline="numpy/f32",
    )
    assert [round(row.speedup.value, 2) for row in found if row.speedup] == [2.0, 1.0, 0.25]
    assert [row.is_baseline for row in found] == [False, True, False]


def noisy(where: str, what: str, seconds: float, cpu: float) -> Measurement:
    """A case on a busy machine: the clock tells little, the processor's seconds much."""
    one = measured(where, what, seconds)
    random = np.random.default_rng(len(what))
    samples = tuple(s * x for s, x in zip(one.samples, random.lognormal(0, 0.4, 10).tolist(), strict=True))
    return structs.replace(one, samples=samples, cpu=tuple(cpu * (1 + i / 1000) for i in range(10)))


def test_cpu_seconds_speak_where_the_clock_is_not_sure() -> None:
    base, fast = rows(session(noisy("a", "f32", 0.1, 0.1), noisy("a", "fast", 0.1, 0.05)), workloads())
    assert fast.verdict.startswith("not sure")
    assert fast.cpu is not None
    assert fast.cpu_hint == "by CPU seconds 2.00× faster (2.00–2.00)"
    assert fast.cpu_hint in fast.note
    assert base.cpu_hint == ""
    _, clear = rows(
        session(*(structs.replace(m, cpu=m.samples) for m in BOTH)),
        workloads(),
    )
    assert clear.cpu_speedup is not None
    assert clear.cpu_hint == ""  # the clock is sure


def test_cpu_seconds_that_are_unsure_themselves_say_nothing() -> None:
    first, second = noisy("a", "f32", 0.1, 0.1), noisy("a", "fast", 0.1, 0.05)
    _, row = rows(session(*(structs.replace(m, cpu=m.samples) for m in (first, second))), workloads())
    assert row.verdict.startswith("not sure")
    assert row.cpu_hint == ""
    _, unknown = rows(session(first, structs.replace(second, cpu=())), workloads())
    assert unknown.cpu is None
    assert unknown.cpu_speedup is None
    assert unknown.cpu_hint == ""


def test_across_targets_a_verdict_says_that_it_is_unpaired() -> None:
    found = rows(session(measured("a", "fast", 0.1), measured("numpy", "f32", 0.2)), workloads(), "numpy/f32")
    assert found[0].verdict == "2.00× faster (1.99–2.01, unpaired)"
    assert "unpaired: it never met its baseline's rounds" in found[0].note
    _, together = rows(session(*BOTH), workloads())
    assert "unpaired" not in together.verdict + together.note


def test_instances_are_told_where_there_are_several() -> None:
    assert instances(rows(session(*BOTH), workloads())) == ""
    several = [structs.replace(m, instances=3) for m in BOTH]
    assert instances(rows(session(*several), workloads())) == "3 instances each"
    assert instances(rows(session(several[0], BOTH[1]), workloads())) == "1 or 3 instances each"


def test_series_leave_out_what_has_no_value() -> None:
    found = rows(session(measured("a", "f32", 0.4), measured("a", "fast", 0.1, Status.FAILED)), workloads())
    assert [line.variant for line in series(found, Quantity.SPEEDUP)] == ["f32"]
    point = series(found, Quantity.GFLOPS)[0].points[0]
    assert point.low is not None
    assert point.high is not None
    assert point.low < point.value < point.high
    assert point.shape == HERE


def test_a_plan_gains_the_base_lines_it_needs() -> None:
    plan = make_plan([A], [variant("fast")], [HERE, Shape(7, 7)])
    full = with_baselines(plan, [A, B, NUMPY], VARIANTS, [HERE, Shape(7, 7)])
    assert [(c.target, c.variant, c.shape.rows) for c in full.cases] == [
        ("a", "f32", 7),
        ("a", "fast", 7),
        ("a", "f32", 100),
        ("a", "fast", 100),
    ]
    assert full.groups() == [[0, 1], [2, 3]]
    fixed = Plan(plan.cases, "numpy/f32")
    full = with_baselines(fixed, [A, B, NUMPY], VARIANTS, [HERE, Shape(7, 7)])
    assert [(c.target, c.variant) for c in full.cases] == [("a", "fast"), ("numpy", "f32")] * 2


def test_why_not_says_what_is_missing() -> None:
    f16 = variant("f16", requires=("shader-f16",))
    lacking = target("x", Runtime.WGSL, Feature("shader-f16", FeatureState.MISSING, "no such bits"))
    blocked = target("x", Runtime.WGSL, Feature("shader-f16", FeatureState.BLOCKED))
    polyfill = target("x", Runtime.WGSL, Feature("shader-f16", FeatureState.EMULATED))
    assert why_not(f16, lacking) == "X has no shader-f16 (no such bits)"
    assert why_not(f16, blocked) == "X blocks shader-f16"
    assert why_not(f16, polyfill) == ""
    assert "does not report" in why_not(f16, A)
    assert why_not(f16, NUMPY) == "NUMPY runs numpy kernels, not wgsl"


def threaded(
    threads: int | None, cores: int, all_cores: int = 0, engine: str = "wasmtime", told: str = ""
) -> str:
    """What the note of a case says, with so many threads on so many cores."""
    made = measured("a", "fast", 0.1)
    parameters: dict[str, int | str] = {} if threads is None else {"threads": threads}
    case = structs.replace(made.case, parameters=parameters)
    whole = session(structs.replace(made, case=case))
    where = structs.replace(A, engine=engine, properties={"cores": told})
    host = structs.replace(whole.host, cores=cores, all_cores=all_cores)
    (row,) = rows(structs.replace(whole, targets=(where, B, NUMPY), host=host), workloads())
    assert row.crowded in row.note
    return row.crowded


def test_more_threads_than_cores_are_said() -> None:
    assert threaded(2, 1) == "2 threads on 1 core"
    assert threaded(2, 1, 8) == "2 threads on 1 of 8 cores"
    assert threaded(1, 1, 2) == "1 thread on 1 of 2 cores"
    assert threaded(8, 2, 8) == "8 threads on 2 of 8 cores"
    for nothing_to_say in (threaded(2, 2), threaded(2, 2, 2), threaded(None, 1, 8), threaded(1, 4, 4)):
        assert nothing_to_say == ""
    assert threaded(4, 1, 8, "browser", told="8") == ""
    assert threaded(4, 8, 8, "browser", told="2") == "4 threads on 2 cores"


def test_the_kind_of_operands_is_said() -> None:
    whole = session(measured("a", "f32", 0.4))
    (usual,) = rows(whole, workloads())
    assert "outliers" not in usual.note
    settings = structs.replace(whole.plan.settings, operands="outliers")
    (row,) = rows(structs.replace(whole, plan=structs.replace(whole.plan, settings=settings)), workloads())
    assert "operands with outliers" in row.note
    assert operands([row], workloads()["matvec"]) == "operands: outliers, warm cache"
    assert operands([usual], workloads()["matvec"]) == "operands: warm cache"
