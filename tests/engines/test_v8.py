"""V8 itself: it runs what wasmtime runs, its errors are ours, and a failed case is one clear failure."""

import os
import sys

import numpy as np
import pytest
from msgspec import structs

from app.catalog.index import variants
from app.cli.hardware import _print_target
from app.cli.report import print_report
from app.core.errors import KernelError, KernelscopeError, LimitError
from app.core.measurement import Measurement, Status
from app.core.plan import Case, Plan
from app.core.program import Layout, Program
from app.core.shape import Shape
from app.core.target import FeatureState
from app.engines import load
from app.findings.matrix import columns, matrix
from app.findings.rows import rows
from app.gui.kernels.entries import target_entry
from app.gui.results.details import facts
from app.storage.reports import html_report, markdown_report
from app.workloads import workloads
from tests.gui import made

pytest.importorskip("py_mini_racer", reason="V8 is not installed here", exc_type=ImportError)

ENGINE = load("v8")
TARGET = ENGINE.targets()[0]
DEVICE = ENGINE.open(TARGET)

COPY = """(func (export "run") (param $repeats i32) (param $data i32) (param $result i32)
  (v128.store (local.get $result) (v128.load (local.get $data))))"""


def program(body: str, scalars: dict[str, int | float] | None = None, length: int = 4) -> Program:
    layout = Layout(
        {"data": np.arange(4, dtype=np.float32)}, scalars or {}, (np.dtype(np.float32), length), lambda: ()
    )
    return Program(f'(module {body} (memory (export "memory") 1))', layout)


def test_fp16_and_jspi_run_here_and_threads_say_why_not() -> None:
    for name in ("simd", "relaxed-simd", "memory64", "fp16", "jspi", "gc"):
        assert TARGET.feature(name).state is FeatureState.SUPPORTED, TARGET.feature(name)
    assert "--experimental-wasm-fp16" in TARGET.feature("fp16").reason
    assert TARGET.feature("threads").state is FeatureState.MISSING
    assert "Worker" in TARGET.feature("threads").reason


@pytest.mark.skipif(sys.platform != "linux", reason="threads' processors")
def test_each_call_runs_on_the_processor_that_waits_for_it() -> None:
    mine = os.sched_getaffinity(0)
    kernels = [DEVICE.prepare(program(COPY)) for _ in range(2)]
    try:
        for processor in sorted(mine)[:2]:
            os.sched_setaffinity(0, {processor})
            for kernel in kernels:
                kernel.time(1)
                assert os.sched_getaffinity(kernel._context.clock.thread) == {processor}  # type: ignore[attr-defined]
    finally:
        os.sched_setaffinity(0, mine)
        for kernel in kernels:
            kernel.close()


def test_that_it_is_not_what_chrome_runs_is_said_wherever_it_is_described(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (target,) = load("v8").targets()
    told = "not what Chrome runs"
    assert target.id == "v8"
    assert told in target.note
    assert "bounds before each load" in target.note
    shown = made.session((target,))
    taken = tuple(
        Measurement(Case("v8", "matvec", name, Shape(64, 64)), Status.OK, samples=made.samples(1e-6))
        for name in ("f32-scalar", "f32-simd")
    )
    plan = Plan(tuple(m.case for m in taken), "f32-scalar")
    shown = structs.replace(shown, plan=plan, measurements=taken, variants=variants())
    found = rows(shown, workloads())
    assert told in dict(facts(found[0]))["Target"]
    assert told in markdown_report(shown, found, "f32-scalar")
    assert told in html_report(shown, found, "f32-scalar", {}, "title")
    assert any(told in cell.text for line in matrix(columns([("a", shown)])) for cell in line.cells)
    assert told in target_entry(target).tip
    print_report(shown)
    assert capsys.readouterr().out.count(told) == 1
    _print_target(target, "")
    assert capsys.readouterr().out.count(told) == 1


def test_operands_go_in_the_result_comes_out_and_warming_is_told_apart() -> None:
    kernel = DEVICE.prepare(program(COPY))
    kernel.poison()
    assert np.isnan(kernel.result()).all()
    assert kernel.time(1) > 0
    assert kernel.result().tolist() == [0, 1, 2, 3]
    assert kernel.costs.warm_up_s > 0
    kernel.close()


def test_a_result_beyond_the_first_page_is_reached() -> None:
    kernel = DEVICE.prepare(program(COPY, length=1 << 22))
    assert len(kernel.result()) == 1 << 22
    kernel.close()


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        ('(func (export "run")\n  (i32.nonsense))', KernelError, "unknown operator"),
        ('(func (export "run") (result i32))', KernelError, "WebAssembly.Module"),
        ('(func (export "walk"))', KernelError, "must export"),
        ('(import "host" "f" (func)) (func (export "run"))', KernelError, "imports host.f"),
        ('(func (export "run") (param i32))', KernelError, "the layout gives"),
        (
            '(func (export "run") (param i32 i32 i32) (drop (i32.load (i32.const -8))))',
            KernelscopeError,
            "trap: memory access out of bounds",
        ),
        ('(func (export "run") (param i32 i32 i32) (unreachable))', KernelscopeError, "trap: unreachable"),
    ],
)
def test_what_goes_wrong_is_one_error_that_says_what(
    body: str, error: type[KernelscopeError], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        DEVICE.prepare(program(body))
    assert "\n" not in str(caught.value)


def test_more_memory_than_there_can_be_is_a_limit() -> None:
    layout = Layout({}, {}, (np.dtype(np.uint8), 3 << 30), lambda: ())
    small = '(module (memory (export "memory") 1 4) (func (export "run") (param i32 i32)))'
    with pytest.raises(LimitError, match="no memory for 3072 MiB"):
        DEVICE.prepare(Program(small, layout))
