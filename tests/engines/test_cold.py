"""Runs really take the copies of their operands in turn, on every engine."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.catalog.index import find
from app.catalog.programs import build
from app.core.errors import LimitError
from app.core.shape import Shape
from app.core.target import Target
from app.engines import Kernel, load
from app.engines.numpy import ENGINE as NATIVE
from app.workloads import workloads

SHAPE = Shape(20, 48)
COPIES = 3

WASM = [
    ("wasmtime", "f32-scalar", {}),
    ("wasmtime", "f32-relaxed+rows", {}),
    ("wasmtime", "f32-relaxed+rows+memory64", {}),
    ("wasmtime", "f32-relaxed+rows+threads", {"threads": 2}),
    ("v8", "f32-simd", {}),
    ("v8", "f32-relaxed+rows+memory64", {}),
]


def prepare(engine: str, target: Target, name: str, chosen: dict[str, int | str], copies: int) -> Kernel:
    variant = find("matvec", name, target.runtime)
    operands = workloads()["matvec"].inputs(SHAPE, 1)
    program = build(variant, operands, variant.defaults(target) | chosen)
    return load(engine).open(target).prepare(replace(program, copies=copies))


def zeros(kernel: Kernel, runs: int) -> list[bool]:
    """Which of so many single runs gave nothing but zeros."""
    found = []
    for _ in range(runs):
        kernel.poison()
        assert kernel.time(1) >= 0
        found.append(not np.count_nonzero(kernel.result()))
    return found


def expect_turns(kernel: Kernel, spoil: Callable[[], None]) -> None:
    """With one copy of the operands zeroed, every third run gives zeros, also across batches."""
    assert zeros(kernel, COPIES) == [False] * COPIES
    spoil()
    found = zeros(kernel, 2 * COPIES)
    assert sum(found[:COPIES]) == 1
    assert found[:COPIES] == found[COPIES:]
    kernel.time(1)
    after = zeros(kernel, COPIES)
    assert after == [*found[1:COPIES], found[0]]


@pytest.mark.parametrize(("engine", "name", "chosen"), WASM, ids=str)
def test_a_module_takes_copies_in_turn(engine: str, name: str, chosen: dict[str, int | str]) -> None:
    kernel = prepare(engine, load(engine).targets()[0], name, chosen, COPIES)
    places = kernel._places
    memory = kernel._memory if engine == "v8" else kernel._memory.view()

    def spoil() -> None:
        start = places.pointers[0] + places.stride
        memory[start : start + places.stride] = 0

    expect_turns(kernel, spoil)
    kernel.close()


def test_a_gpu_takes_copies_in_turn(gpus: list[Target]) -> None:
    for name in ("f32", "f32+splitk"):
        engine = load("webgpu")
        (here,) = [target for target in engine.targets() if target.id == gpus[0].id]
        kernel = prepare("webgpu", here, name, {}, COPIES)

        def spoil(bare: Any = kernel._kernel) -> None:
            for buffer in bare._operands.copies[1]:
                bare._device.queue.write_buffer(buffer, 0, np.zeros(buffer.size, np.uint8))

        expect_turns(kernel, spoil)
        kernel.close()


def test_equal_cold_operands_are_there_once_on_a_gpu(gpus: list[Target]) -> None:
    """For other texts, until the last of them closes; warm ones and a second instance are their own."""

    def made(name: str, copies: int = COPIES) -> Any:
        return prepare("webgpu", gpus[0], name, {}, copies)

    def set_of(kernel: Any) -> Any:
        return kernel._kernel._operands

    engine = load("webgpu")
    engine.targets()
    one, twin, again, packed = made("f32"), made("f32+splitk"), made("f32"), made("u8")
    warm = [made("f32", 1), made("f32+splitk", 1)]
    assert set_of(one) is set_of(twin)
    assert len({id(set_of(kernel)) for kernel in (one, again, packed, *warm)}) == 5
    one.close()
    assert not zeros(twin, COPIES).count(True)
    later = made("f32")
    assert set_of(later) is set_of(twin)
    for kernel in (twin, again, packed, later, *warm):
        kernel.close()
    fresh = made("f32")
    assert set_of(fresh) is not set_of(later)
    fresh.close()


def test_numpy_takes_copies_in_turn() -> None:
    kernel = prepare("native", NATIVE.targets()[0], "f32", {}, COPIES)
    seen = [tuple(next(kernel._turns)._buffers.values()) for _ in range(2 * COPIES)]
    assert len({id(operands[0]) for operands in seen}) == COPIES

    def spoil() -> None:
        for array in seen[1]:
            array[:] = 0

    expect_turns(kernel, spoil)


@pytest.mark.parametrize(
    ("engine", "name"), [("wasmtime", "f32-simd"), ("v8", "f32-simd"), ("native", "f32")]
)
def test_loading_reaches_every_copy(engine: str, name: str) -> None:
    target = load(engine).targets()[0]
    kernel = prepare(engine, target, name, {}, COPIES)
    operands = workloads()["matvec"].inputs(SHAPE, 1)
    variant = find("matvec", name, target.runtime)
    first, matrix = next(iter(build(variant, operands, variant.defaults(target)).layout.buffers.items()))
    kernel.load({first: np.zeros_like(matrix)})
    assert zeros(kernel, COPIES) == [True] * COPIES
    kernel.close()


def test_copies_beyond_32_bits_are_refused() -> None:
    with pytest.raises(LimitError, match="4 GiB"):
        prepare("wasmtime", load("wasmtime").targets()[0], "f32-simd", {}, 1 << 22)
