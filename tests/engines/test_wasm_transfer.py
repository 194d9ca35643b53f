"""Bytes into a module's memory, out of it, and seen in place."""

import numpy as np
import pytest

from app.catalog.index import find
from app.catalog.programs import build
from app.core.shape import Shape
from app.core.target import Runtime
from app.engines import Kernel, load
from app.workloads import workloads


def prepare(engine: str, name: str) -> tuple[Kernel, np.ndarray]:
    loaded = load(engine)
    target = loaded.targets()[0]
    operands = workloads()["transfer"].inputs(Shape(100_003), 2)
    program = build(find("transfer", name, Runtime.WASM), operands, {})
    return loaded.open(target).prepare(program), operands[0]


@pytest.mark.parametrize("engine", ["wasmtime", "v8"])
@pytest.mark.parametrize("name", ["upload", "download", "map", "first-touch", "dispatch"])
def test_the_bytes_arrive_only_when_the_operation_runs(engine: str, name: str) -> None:
    kernel, data = prepare(engine, name)
    kernel.poison()
    assert not np.array_equal(kernel.result(), data)
    assert kernel.time(2) > 0
    assert np.array_equal(kernel.result(), data)
    kernel.close()


@pytest.mark.parametrize("engine", ["wasmtime", "v8"])
def test_a_view_costs_less_than_any_copy(engine: str) -> None:
    best = {}
    for name in ("map", "download", "first-touch"):
        kernel, _ = prepare(engine, name)
        best[name] = min(kernel.time(1) for _ in range(5))
        kernel.close()
    assert best["map"] < best["download"] < best["first-touch"]
