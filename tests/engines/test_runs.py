"""A kernel runs as often as it is asked to, hot and cold, and what preparing it cost is told apart."""

import time

import numpy as np
import pytest

from app.core.program import Layout, Program
from app.core.target import Runtime, Target
from app.core.variant import Operation
from app.engines import Kernel, load
from app.engines.v8 import clock
from app.workloads import catalogue

WAT = """(module (memory (export "memory") 1)
  (func (export "run") (param $repeats i32) (param $data i32) (param $result i32)
    (loop $again
      (i32.store (local.get $result) (i32.add (i32.load (local.get $result)) (i32.const 1)))
      (br_if $again (local.tee $repeats (i32.sub (local.get $repeats) (i32.const 1)))))))
"""
WGSL = """
@group(0) @binding(0) var<storage, read> data: array<u32>;
@group(0) @binding(1) var<storage, read_write> result: array<u32>;
@compute @workgroup_size(1) fn main() { result[0] += 1u + min(data[0], 0u); }
"""
MANY = 137
WORDS = 1 << 18


def counting(runtime: Runtime, copies: int = 1, operation: Operation | None = None) -> Program:
    """A program that adds one to the first word of its result in each run; poison makes that word -1."""
    layout = Layout({"data": np.zeros(WORDS, np.uint32)}, {}, (np.dtype(np.uint32), 4), lambda: ())
    # A module of its own for each: compiling is said to cost what it did the first time.
    own = f"(module (global i32 (i32.const {copies}))"
    text = f"// {copies}{WGSL}" if runtime is Runtime.WGSL else WAT.replace("(module", own)
    return Program(text, layout, copies=copies, operation=operation)


def runs(kernel: Kernel, asked: int) -> int:
    """How often the kernel ran when it was asked to run ``asked`` times."""
    kernel.poison()
    kernel.time(asked)
    return int(kernel.result()[0]) + 1


@pytest.fixture(params=["wasmtime", "v8", "webgpu"])
def target(request: pytest.FixtureRequest, targets: list[Target]) -> Target:
    found = next((target for target in targets if target.engine == request.param), None)
    if found is None:
        pytest.skip(f"no target of {request.param} here")
    load(request.param).targets()
    return found


@pytest.mark.parametrize("copies", [1, 3])
def test_runs_are_as_many_as_asked_for_and_costs_are_apart(target: Target, copies: int) -> None:
    device = load(target.engine).open(target)
    start = time.perf_counter()
    kernel = device.prepare(counting(target.runtime, copies))
    elapsed = time.perf_counter() - start
    costs = kernel.costs
    assert [runs(kernel, asked) for asked in (1, 2, MANY)] == [1, 2, MANY]
    kernel.close()
    parts = costs.compile_s, costs.upload_s, costs.first_run_s
    assert min(parts) > 0
    assert sum(parts) + costs.warm_up_s <= elapsed


def test_a_text_that_was_compiled_before_costs_what_it_did_then(gpus: list[Target]) -> None:
    """So compiling is told apart from bringing up operands, which is done each time."""
    load("webgpu").targets()
    device = load("webgpu").open(gpus[0])
    first, second = (device.prepare(counting(Runtime.WGSL)).costs for _ in range(2))
    assert first.compile_s == second.compile_s
    assert first.upload_s != second.upload_s
    assert first.first_run_s != second.first_run_s


def test_dispatches_that_are_submitted_alone_are_as_many(gpus: list[Target]) -> None:
    load("webgpu").targets()
    kernel = load("webgpu").open(gpus[0]).prepare(counting(Runtime.WGSL, operation=Operation.DISPATCH))
    assert [runs(kernel, asked) for asked in (1, 5)] == [1, 5]
    kernel.close()


@pytest.mark.parametrize("copies", [1, 3])
def test_numpy_is_called_as_often(copies: int, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    counted = type("Counted", (), {"native": staticmethod(lambda _: calls.append(1) or np.ones(1))})
    monkeypatch.setitem(catalogue(), "counted", counted)
    layout = Layout({"data": np.zeros(4)}, {}, (np.dtype(np.float64), 1), lambda: ())
    engine = load("native")
    program = Program("", layout, workload="counted", copies=copies)
    kernel = engine.open(engine.targets()[0]).prepare(program)
    assert len(calls) == 1
    kernel.time(MANY)
    assert len(calls) == 1 + MANY


def test_an_empty_call_takes_the_least_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock by which the third call stalls, and all others take a microsecond."""
    reads = iter(range(10**6))

    def read() -> float:
        number = next(reads)
        return 1e-6 * number + (5.0 if number >= 5 else 0.0)

    monkeypatch.setattr(clock, "clock_of", lambda *_: clock.Clock(read, "made up"))
    clock.overhead.cache_clear()
    try:
        assert clock.overhead() == pytest.approx(1e-6)
    finally:
        clock.overhead.cache_clear()
