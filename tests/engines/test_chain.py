"""The result of one kernel is the operand of the next, as it lies: nothing is decoded or packed between."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest

from app.catalog.index import find
from app.catalog.programs import build
from app.core.program import RESULT, Binding, Program, Slice, Step, whose
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.core.workload import Operands
from app.engines import load, parts_of
from app.workloads import workloads
from app.workloads.linear import Ending, layer

TOKENS, WIDE, HEADS = 19, 64, 2
"""Tokens as they come; whole words and tiles of a layer, as models have them."""

INPUT = -1


class Link(NamedTuple):
    """A kernel in the chain; ``takes`` says which operand is whose result, or the input of all."""

    workload: str
    shape: Shape
    takes: Mapping[int, int]
    wgsl: str
    wasm: str


PLAIN, ENDED = Ending("none", residual=True), Ending("gelu", bias=True)
CHAIN = (
    Link("rmsnorm", Shape(TOKENS, WIDE), {1: INPUT}, "f32", "f32-relaxed"),
    Link("linear", layer(TOKENS, WIDE, WIDE, like=ENDED), {0: 0}, "f32-tile", "f32-relaxed"),
    Link(
        "attention-encoder",
        Shape(TOKENS, HEADS, HEADS, WIDE // HEADS),
        {0: 1, 1: 1, 2: 1},
        "f32-queries4",
        "f32-relaxed",
    ),
    Link("linear", layer(TOKENS, WIDE, WIDE, like=PLAIN), {0: 2, 3: INPUT}, "f32-tile+apart", "f32-simd"),
    Link("gelu", Shape(TOKENS, WIDE), {0: 3}, "f32", "f32-simd"),
    Link("softmax", Shape(TOKENS, WIDE), {0: 4}, "f32", "f32-scalar"),
)
NAMES = {
    "rmsnorm": {1: "x"},
    "linear": {0: "a", 3: "residual"},
    "attention-encoder": {0: "queries", 1: "keys", 2: "values"},
    "gelu": {0: "x"},
    "softmax": {0: "x"},
}
"""What layouts call the operands that are handed on."""

SMALL = {"tile_columns": 8, "workgroup_x": 8, "tile_rows": 4, "workgroup_y": 1}


def taken(link: Link, operands: Operands, results: Sequence[np.ndarray], x: np.ndarray) -> Operands:
    """``operands`` with those that are handed on, in their shapes."""
    return tuple(
        (x if link.takes[i] == INPUT else results[link.takes[i]]).reshape(one.shape)
        if i in link.takes
        else one
        for i, one in enumerate(operands)
    )


def made(target: Target) -> tuple[list[Program], np.ndarray, np.ndarray]:
    """The programs, whose activations are all zero, the input of all, and the answer in float64."""
    random = np.random.default_rng(5)
    x = random.standard_normal((TOKENS, WIDE), dtype=np.float32)
    programs: list[Program] = []
    exact: list[np.ndarray] = []
    for link in CHAIN:
        own = workloads()[link.workload]
        operands = own.inputs(link.shape, 1)
        exact.append(own.reference(taken(link, operands, exact, x)))
        empty = taken(link, operands, [np.zeros_like(x)] * len(CHAIN), np.zeros_like(x))
        name = link.wgsl if target.runtime is Runtime.WGSL else link.wasm
        variant = find(link.workload, name, target.runtime)
        defaults = variant.defaults(target, link.shape)
        small = {name: value for name, value in SMALL.items() if name in defaults}
        programs.append(build(variant, empty, {**defaults, **small}))
    return programs, x, exact[-1]


def joined(programs: Sequence[Program], x: np.ndarray) -> Program:
    """All kernels as the steps of one run, over one set of buffers."""
    buffers: dict[str, np.ndarray] = {}
    scratch: dict[str, int] = {}
    steps: list[Step] = []
    for i, (link, program) in enumerate(zip(CHAIN, programs, strict=True)):
        layout, last = program.layout, i == len(CHAIN) - 1
        own = {name: f"{name}{i}" for name in layout.sizes}
        for operand, whose_result in link.takes.items():
            own[NAMES[link.workload][operand]] = "x" if whose_result == INPUT else f"result{whose_result}"
        if last:
            own[RESULT] = RESULT
        for name, buffer in layout.buffers.items():
            if own[name] == "x":
                seen = buffers.get("x", buffer)
                rows = np.zeros(max(buffer.size, seen.size), np.float32)
                rows[: x.size] = x.reshape(-1)
                buffers["x"] = rows
            elif own[name] == f"{name}{i}":
                buffers[own[name]] = buffer
        scratch |= {own[name]: size for name, size in layout.scratch.items()}
        if not last:
            scratch[own[RESULT]] = layout.output_bytes
        steps += [
            replace(
                step,
                reads=tuple(renamed(one, own) for one in step.reads),
                writes=tuple(renamed(one, own) for one in step.writes),
                text=f"kernel{i}",
            )
            for step in layout.run
        ]
    end = programs[-1].layout
    layout = replace(
        end, buffers=buffers, scalars={}, scratch=scratch, steps=tuple(steps), roles={}, rows=None
    )
    texts = {f"kernel{i}": program.source for i, program in enumerate(programs)}
    return Program(programs[0].source, layout, texts=texts)


def renamed(binding: Binding, own: Mapping[str, str]) -> Binding:
    name = own[whose(binding)]
    return Slice(name, binding.offset, binding.size) if isinstance(binding, Slice) else name


def assert_right(raw: np.ndarray, last: Program, exact: np.ndarray) -> None:
    found = last.layout.decode(raw)
    assert np.abs(found - exact).max() < 1e-5 * np.abs(exact).max()


def test_in_one_run_of_steps(gpus: list[Target]) -> None:
    for target in gpus:
        programs, x, exact = made(target)
        engine = load(target.engine)
        engine.targets()
        kernel = engine.open(target).prepare(joined(programs, x))
        kernel.poison()
        kernel.time(2)
        assert_right(kernel.result(), programs[-1], exact)
        parts = parts_of(kernel)
        assert parts is not None
        assert len(parts(1)) == 7
        kernel.close()


@pytest.mark.parametrize("name", ["wasmtime", "v8"])
def test_from_module_to_module(name: str) -> None:
    engine = load(name)
    (target, *_) = engine.targets()
    programs, x, exact = made(target)
    device = engine.open(target)
    results: list[np.ndarray] = []
    for link, program in zip(CHAIN, programs, strict=True):
        layout = program.layout
        buffers = dict(layout.buffers)
        for operand, whose_result in link.takes.items():
            given = x.reshape(-1) if whose_result == INPUT else results[whose_result].reshape(-1)
            own = NAMES[link.workload][operand]
            buffers[own] = np.resize(given, buffers[own].size).reshape(buffers[own].shape)
        kernel = device.prepare(program)
        kernel.load(buffers)
        kernel.poison()
        kernel.time(1)
        results.append(kernel.result())
        kernel.close()
    assert_right(results[-1], programs[-1], exact)
