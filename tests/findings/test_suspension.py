"""What suspension costs, from made-up samples whose answer is known."""

import msgspec
import numpy as np
import pytest

from app.core.measurement import Costs, Measurement, Status
from app.core.plan import Case
from app.core.shape import Shape
from app.core.target import Runtime
from app.findings.rows import rows
from app.findings.suspension import Suspension, suspensions
from app.workloads import workloads
from app.workloads.suspend import fibonacci
from tests.findings.test_rows import GOOD, session, variant
from tests.findings.test_rows import target as make_target

WASM = make_target("wasm", Runtime.WASM)
N = Shape(12)
COUNT = fibonacci(12) - 1


def taken(way: str, seconds: float, size: int = 0, status: Status = Status.OK) -> Measurement:
    noise = np.random.default_rng(len(way)).lognormal(0, 0.002, 25)
    return Measurement(
        Case("wasm", "suspend", way, N),
        status,
        samples=tuple((seconds * noise).tolist()),
        error=GOOD,
        costs=Costs(0.0, 0.0, 0.0, module_bytes=size),
    )


def derive(*measurements: Measurement) -> list[Suspension]:
    names = ("plain", "asyncify-idle", "asyncify", "fibers", "jspi")
    known = tuple(
        msgspec.structs.replace(variant(n, Runtime.WASM), workload="suspend", storage="i32", compute="i32")
        for n in names
    )
    made = msgspec.structs.replace(session(*measurements), targets=(WASM,), variants=known)
    return suspensions(rows(made, workloads()))


def test_size_slowdown_and_seconds_of_one_suspension() -> None:
    plain, asyncify, fibers = derive(
        taken("asyncify-idle", 1.6e-6, 646),
        taken("asyncify", 1e-6 + COUNT * 1.1e-7, 646),
        taken("fibers", 1e-6 + COUNT * 2.7e-6, 150),
        taken("plain", 1e-6, 130),
    )
    assert (plain.way, plain.size, plain.growth, plain.suspensions) == ("plain", 130, 1.0, 0)
    assert (plain.seconds, plain.slowdown, plain.time) == (None, None, "–")
    assert asyncify.growth == pytest.approx(646 / 130)
    assert asyncify.slowdown is not None
    assert asyncify.slowdown.value == pytest.approx(1.6, rel=0.01)
    assert (asyncify.suspensions, fibers.suspensions) == (COUNT, COUNT)
    assert [s.seconds.median for s in (asyncify, fibers) if s.seconds] == pytest.approx(
        [1.1e-7, 2.7e-6], rel=0.01
    )
    assert fibers.slowdown is None
    assert fibers.time.startswith("2.70 µs (2.")


def test_a_suspension_lost_in_the_noise_is_not_made_up() -> None:
    _, asyncify = derive(taken("plain", 1e-3), taken("asyncify", 1e-3 * 1.0001))
    assert asyncify.time == "–" or asyncify.time.endswith("(not sure)")
    assert asyncify.size is None


def test_ways_that_did_not_run_and_ways_without_the_plain_module_say_nothing() -> None:
    assert [s.way for s in derive(taken("plain", 1e-6), taken("jspi", 1e-3, status=Status.FAILED))] == [
        "plain"
    ]
    assert derive(taken("fibers", 1e-3)) == []
