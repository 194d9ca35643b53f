"""wasmtime itself: proposals by running them, errors with their place, traps as errors."""

import numpy as np
import pytest

from app.core.errors import KernelError, KernelscopeError
from app.core.program import Layout, Program
from app.core.target import FeatureState
from app.engines import load

ENGINE = load("wasmtime")
DEVICE = ENGINE.open(ENGINE.targets()[0])


def program(body: str, scalars: dict[str, int | float] | None = None) -> Program:
    layout = Layout(
        {"data": np.arange(4, dtype=np.float32)}, scalars or {}, (np.dtype(np.float32), 4), lambda: ()
    )
    return Program(f'(module (memory (export "memory") 1)\n{body})', layout)


COPY = """(func (export "run") (param $repeats i32) (param $data i32) (param $result i32)
  (v128.store (local.get $result) (v128.load (local.get $data))))"""


def test_proposals_are_told_by_running_them() -> None:
    target = ENGINE.targets()[0]
    for name in ("simd", "relaxed-simd", "threads", "memory64", "tail-call", "gc"):
        assert target.feature(name).state is FeatureState.SUPPORTED, name
    for name in ("fp16", "stack-switching", "jspi"):
        assert target.feature(name).state is FeatureState.MISSING
        assert target.feature(name).reason


def test_operands_go_in_and_the_result_comes_out() -> None:
    kernel = DEVICE.prepare(program(COPY))
    kernel.poison()
    assert np.isnan(kernel.result()).all()
    assert kernel.time(1) > 0
    assert kernel.result().tolist() == [0, 1, 2, 3]
    kernel.close()


def test_a_text_that_does_not_assemble_names_its_place() -> None:
    with pytest.raises(KernelError) as caught:
        DEVICE.prepare(program('(func (export "run")\n  (i32.nonsense))'))
    assert caught.value.line == 3
    assert caught.value.column is not None


def test_a_text_that_does_not_validate_is_refused() -> None:
    with pytest.raises(KernelError):
        DEVICE.prepare(program('(func (export "run") (result i32))'))


def test_a_wrong_signature_is_refused_before_the_unchecked_call() -> None:
    with pytest.raises(KernelError, match="the layout gives"):
        DEVICE.prepare(program(COPY, scalars={"rows": 3}))


def test_a_module_without_the_exports_is_refused() -> None:
    with pytest.raises(KernelError, match="must export"):
        DEVICE.prepare(program('(func (export "walk"))'))


@pytest.mark.parametrize(
    ("what", "words"),
    [("(drop (i32.load (i32.const -8)))", "out of bounds"), ("(unreachable)", "unreachable")],
)
def test_a_trap_is_an_error_not_a_crash(what: str, words: str) -> None:
    body = f'(func (export "run") (param i32 i32 i32) {what})'
    with pytest.raises(KernelscopeError, match=words):
        DEVICE.prepare(program(body))
