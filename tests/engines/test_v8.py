"""V8 itself: it runs what wasmtime runs, its errors are ours, and a failed case is one clear failure."""

import numpy as np
import pytest

from app.core.errors import KernelError, KernelscopeError, LimitError
from app.core.program import Layout, Program
from app.core.target import FeatureState
from app.engines import load

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
        ('(import "host" "f" (func)) (func (export "run"))', KernelError, "Import"),
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
