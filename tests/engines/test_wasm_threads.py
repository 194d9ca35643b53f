"""Several threads over one shared memory, and memories beyond 32 bits."""

import numpy as np
import psutil
import pytest

from app.catalog.index import find, variants
from app.core.errors import KernelscopeError, UnsupportedError
from app.core.program import Layout, Program
from app.core.shape import Shape
from app.core.target import Runtime
from app.core.variant import Variant
from app.engines import load
from app.engines.wasm.proposals import PROPOSALS, Answer
from app.engines.wasmtime import device, memories, proposals
from app.measure.verify import compare
from app.workloads import workloads
from tests.engines.test_wasm_variants import DEVICE, answer

THREADED = [v for v in variants() if v.runtime is Runtime.WASM and "threads" in v.requires]
HIGH = [v for v in variants() if v.runtime is Runtime.WASM and v.name.endswith("memory64-high")]


def judge(variant: Variant, shape: Shape, **parameters: int | str) -> None:
    workload = workloads()[variant.workload]
    operands = workload.inputs(shape, 6)
    sides = {p.name: shape.sizes[p.side] for p in variant.parameters if p.side >= 0}
    result, stored = answer(variant, operands, **sides, **parameters)
    tolerance = workload.tolerance(variant.compute, variant.sums, shape)
    error = compare(result, workload.reference(operands), workload.reference(stored), tolerance)
    assert error.acceptable, (variant.name, shape, parameters, error)


@pytest.mark.parametrize("variant", THREADED, ids=lambda v: f"{v.workload} {v.name}")
@pytest.mark.parametrize("threads", [1, 2, 3, 5])
def test_any_number_of_threads_gives_the_same(variant: Variant, threads: int) -> None:
    """More threads than cores, and more threads than there is work for."""
    workload = workloads()[variant.workload]
    few = [Shape(rows, 40) if variant.workload == "matvec" else Shape(rows, 21, 40) for rows in (1, 4, 33)]
    bound = len(workload.dimensions) > 3 or variant.workload == "quantise"  # sizes that fit others
    for shape in workload.odd if bound else few:
        judge(variant, shape, threads=threads)


def test_threads_meet_between_runs() -> None:
    """Every run counts on what all threads wrote in the one before."""
    share = '{% from "share.wat" import barrier with context %}{{ barrier() }}'
    from app.catalog.render import _environment

    meet = _environment(Runtime.WASM).from_string(share).render(p="i32", shared=True)
    text = f"""(module (import "kernelscope" "memory" (memory 1 65536 shared)) {meet}
      (func (export "run") (param $repeats i32) (param $cells i32) (param $thread i32) (param $threads i32)
        (local $mine i32) (local $next i32)
        (local.set $mine (i32.add (local.get $cells) (i32.shl (local.get $thread) (i32.const 2))))
        (local.set $next (i32.rem_u (i32.add (local.get $thread) (i32.const 1)) (local.get $threads)))
        (local.set $next (i32.add (local.get $cells) (i32.shl (local.get $next) (i32.const 2))))
        (loop $again
          (i32.store (local.get $mine) (i32.add (i32.load (local.get $mine)) (i32.const 1)))
          (call $meet (local.get $threads))
          (if (i32.ne (i32.load (local.get $next)) (i32.load (local.get $mine))) (then (unreachable)))
          (call $meet (local.get $threads))
          (br_if $again (local.tee $repeats (i32.sub (local.get $repeats) (i32.const 1)))))))"""
    layout = Layout({}, {}, (np.dtype(np.int32), 2), lambda: ())
    kernel = DEVICE.prepare(Program(text, layout, requires=("threads",), parameters={"threads": 2}))
    kernel.time(2000)
    assert kernel.result().tolist() == [2001, 2001]
    kernel.close()


def test_a_trap_in_one_thread_is_the_error_of_all() -> None:
    text = """(module (import "kernelscope" "memory" (memory 1 65536 shared))
      (func (export "run") (param $repeats i32) (param $cells i32) (param $thread i32) (param $threads i32)
        (if (local.get $thread) (then (drop (i32.load (i32.const -8)))))))"""
    layout = Layout({}, {}, (np.dtype(np.int32), 2), lambda: ())
    with pytest.raises(KernelscopeError, match="out of bounds"):
        DEVICE.prepare(Program(text, layout, requires=("threads",), parameters={"threads": 2}))


def test_where_memory_is_not_shared_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert memories.why_no_sharing() == ""
    for module in (device, proposals):
        monkeypatch.setattr(module, "why_no_sharing", lambda: "made up")
    (threads,) = [proposal for proposal in PROPOSALS if proposal.name == "threads"]
    assert proposals.answer(threads) == Answer(False, "instances share no memory here: made up")
    with pytest.raises(UnsupportedError, match="made up"):
        judge(next(v for v in THREADED if v.workload == "matmul"), Shape(3, 3, 3))


@pytest.mark.parametrize("engine", ["wasmtime", "v8"])
def test_operands_beyond_4_gib_are_reached(engine: str) -> None:
    """The kernel is right there, and its result really lies that far up."""
    if psutil.virtual_memory().available < 1 << 30:
        pytest.skip("less than 1 GiB of memory is free")
    loaded = load(engine)
    opened = loaded.open(loaded.targets()[0])
    text = """(module (memory (export "memory") i64 1)
      (func (export "run") (param $repeats i64) (param $result i64)
        (i64.store (local.get $result) (local.get $result))))"""
    layout = Layout({}, {}, (np.dtype(np.int64), 1), lambda: ())
    kernel = opened.prepare(Program(text, layout, requires=("memory64",), parameters={"base_gib": 5}))
    assert kernel.result()[0] >= 5 << 30
    kernel.close()
    for variant in HIGH:
        if engine == "wasmtime":
            judge(variant, Shape(9, 70) if variant.workload == "matvec" else Shape(9, 30, 70))


def test_one_case_of_32_bits_cannot_reach_that_far() -> None:
    variant = find("matvec", "f32-simd", Runtime.WASM)
    with pytest.raises(KernelscopeError, match="at most 65536"):
        judge(variant, Shape(3, 3), base_gib=4)
