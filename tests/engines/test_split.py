"""What no binding holds is split by whole rows, through offsets, and right; what cannot be is refused."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from msgspec import structs

from app.catalog import index as catalog
from app.core.errors import LimitError
from app.core.plan import Case
from app.core.program import OFFSETS, RESULT, Layout, Rows, Slice
from app.core.shape import Shape
from app.core.sketch import sketch
from app.core.split import BINDING, MOST_PARTS, bound_bytes, split
from app.core.target import Runtime, Target
from app.core.variant import why_not
from app.engines import load
from app.engines.browser.device import gpu_program
from app.engines.limits import check_gpu
from app.engines.webgpu.device import GpuDevice
from app.measure.prepare import Refused, prepare
from app.storage.publish import PAGE_TARGETS
from app.workloads import workloads
from app.workloads.linear import layer

LIMIT = 40_000
"""Bytes: no multiple of an offset, and what every shape here is over."""

SMALL = {"workgroup_size": 32, "rows_per_thread": 2, "rows_per_group": 2, "tile": 8, "workgroup_x": 4}
SMALL |= {"workgroup_y": 4, "tile_rows": 4, "tile_columns": 4, "tile_tokens": 4, "groups": 16, "split": 2}
"""Rows that belong together are few."""

TRIED = {
    ("matvec", Shape(1031, 67)): ("f32", "f32+swizzle", "f16+coalesced", "u8-dot4", "f32+splitk", "i8-dot4"),
    ("q4-matvec", Shape(1031, 517)): ("q4f16_1", "nbits-dot4", "q4_0", "q4_k"),
    ("q4-matmul", Shape(301, 90, 70)): ("q4_0-dot4",),
    ("q4-matmul", Shape(3, 1031, 517)): ("q4f16_1", "nbits-dot4+shared", "q4_k-f16"),
    ("matmul", Shape(301, 90, 70)): ("f32-naive", "u8-dot4-tile", "f32-tile", "f32-tile+shared+splitk"),
    ("linear", layer(301, 90, 70)): ("f32-naive", "f32-tile", "f32-tile+shared+splitk", "f32-tile+apart"),
    ("softmax", Shape(1031, 67)): ("f32",),
    ("layernorm", Shape(1031, 67)): ("f32+rowwise",),
    ("gelu", Shape(1031, 67)): ("f32",),
    ("quantise", Shape(301, 66, 33)): ("f32",),
    ("rope", Shape(301, 3, 70)): ("f32+heads",),
    ("swiglu", Shape(1031, 67)): ("f32+apart",),
    ("gather", Shape(257, 67, 33)): ("f32", "f16-storage+rowwise"),
    ("copy", Shape(50_021)): ("f32",),
    ("reduce", Shape(50_021)): ("f32+shared",),
    ("attention-prefill", Shape(78, 2, 2, 64)): ("f32-passes",),
    ("attention-encoder", Shape(78, 2, 2, 64)): ("f32-passes",),
}
CASES = [(workload, shape, name) for (workload, shape), names in TRIED.items() for name in names]


@pytest.fixture(scope="module")
def devices(targets: list[Target]) -> Iterator[list[tuple[Target, GpuDevice]]]:
    """Each adapter, opened with a binding limit that is far below its own."""
    engine = load("webgpu")
    engine.targets()
    found = []
    for target in targets:
        if target.engine == "webgpu":
            listed = engine._listed[target.id]  # type: ignore[attr-defined]
            limits = {"max-storage-buffer-binding-size": LIMIT}
            small = structs.replace(target, limits={**target.limits, BINDING: LIMIT})
            found.append((small, GpuDevice(listed.adapter, listed.label, limits)))
    if not found:
        pytest.skip("no GPU adapter here")
    yield found
    for _, device in found:
        device.destroy()


def small_case(target: Target, workload: str, shape: Shape, name: str) -> Case:
    variant = catalog.find(workload, name, Runtime.WGSL)
    default = variant.defaults(target, shape)
    own = {name: SMALL.get(name, value) for name, value in default.items()}
    return Case(target.id, workload, name, shape, own)


def laid_out(case: Case) -> Layout:
    dummies = tuple(map(sketch, workloads()[case.workload].operand_shapes(case.shape)))
    return catalog.lay_out(catalog.find(case.workload, case.variant, Runtime.WGSL), dummies, case.parameters)


@pytest.mark.parametrize(("workload", "shape", "name"), CASES)
def test_parts_are_right_where_the_device_binds_no_more(
    workload: str, shape: Shape, name: str, devices: list[tuple[Target, GpuDevice]]
) -> None:
    for target, device in devices:
        if why_not(catalog.find(workload, name, Runtime.WGSL), target):
            continue
        case = small_case(target, workload, shape, name)
        whole = laid_out(case)
        ready = prepare(device, target, case, 1)
        steps = ready.layout.run
        assert len(steps) >= 2 * len(whole.run)
        assert all(bound_bytes(ready.layout, one) <= LIMIT for step in steps for one in step.bindings)
        for seed in (1, 2):
            ready.kernel.poison()
            ready.kernel.time(seed)
            error = ready.check(ready.kernel.result())
            assert error.acceptable, (target.label, error)
        assert len({step.entry for step in steps}) == len({step.entry for step in whole.run})
        ready.kernel.close()


def test_a_device_refuses_what_was_not_split(devices: list[tuple[Target, GpuDevice]]) -> None:
    """Otherwise the test above shows nothing."""
    for target, device in devices:
        case = small_case(target, "matvec", Shape(1031, 67), "f32")
        blind = structs.replace(target, limits={})
        with pytest.raises(Refused, match=r"(?i)limit|bind|memory"):
            prepare(device, blind, case, 1)


def test_what_has_no_rows_names_the_limit() -> None:
    """Neither a vector, B, nor a table is divided by rows of the result.

    A row of a transpose's result lies in all rows of its operand, a scan goes on where another part ended,
    and what a query sees of its keys depends on its place among the others.
    """
    target = Target("g", "G", "webgpu", Runtime.WGSL, "", "", "", "DiscreteGPU", limits={BINDING: LIMIT})
    for workload, shape, name in (
        ("matvec", Shape(3, 10_007), "f32"),
        ("matmul", Shape(33, 1000, 33), "f32-naive"),
        ("gather", Shape(33, 1000, 33), "f32"),
        ("transpose", Shape(100, 101), "f32"),
        ("scan", Shape(50_021), "f32"),
        ("attention-prefill", Shape(60, 12, 6, 16), "f32"),
    ):
        case = small_case(target, workload, shape, name)
        with pytest.raises(Refused, match=rf"needs \d+ bytes in one buffer; {BINDING} is {LIMIT}") as refused:
            prepare(None, target, case, 1)  # type: ignore[arg-type]
        assert refused.value.status.value == "skipped"


def test_heads_that_share_keys_stay_together_and_share_the_room_for_scores() -> None:
    target = Target("g", "G", "webgpu", Runtime.WGSL, "", "", "", "DiscreteGPU")
    shape = Shape(1024, 12, 6, 128)
    layout = laid_out(small_case(target, "attention-prefill", shape, "f16-passes"))
    head = 4 * 1024 * 1024
    parts = split(layout, {BINDING: 5 * head})
    assert [step.entry for step in parts.steps] == ["score", "soften", "combine"] * 3
    assert parts.scratch == {"scores": 4 * head}
    for i, (score, _, combine) in enumerate(zip(*[iter(parts.steps)] * 3, strict=True)):
        assert [one.offset for one in score.bindings if isinstance(one, Slice)] == [
            4 * i * 256,
            2 * i * 256,
            0,
        ]
        assert [one.offset for one in combine.bindings if isinstance(one, Slice)] == [
            2 * i * 256,
            0,
            4 * i * 512,
        ]
        assert score.grid[1] == combine.grid[1] == 4
        assert score.scalars == layout.steps[0].scalars


def rows_of(count: int, size: int, whole: int = 1) -> Layout:
    rows = Rows(count, {"a": size, RESULT: 4}, lambda n: {"main": (n, 1, 1)}, whole=whole, reused={"s": 8})
    return Layout(
        {"a": np.zeros(count * size, np.uint8), "x": np.zeros(5, np.uint8)},
        {"rows": count, "other": 1.5},
        (np.dtype(np.float32), count),
        tuple,
        {"main": (count, 1, 1)},
        {"s": 8 * count},
        rows=rows,
    )


@pytest.mark.parametrize(
    ("count", "size", "whole", "limit"), [(1000, 12, 1, 5000), (777, 100, 3, 30_000), (64, 256, 1, 256)]
)
def test_parts_cover_every_row_once_at_offsets_that_devices_take(
    count: int, size: int, whole: int, limit: int
) -> None:
    layout = rows_of(count, size, whole)
    if limit == 256:  # a result of 256 bytes goes with 64 rows, and their parts begin there
        assert split(layout, {BINDING: limit}) is not layout
        assert split(layout, {BINDING: limit}).run == layout.run
        return
    found = split(layout, {BINDING: limit})
    assert split(layout, {BINDING: count * size}) is split(layout, {}) is layout
    first = 0
    for step in found.steps:
        matrix, vector, scratch, result = step.bindings
        assert isinstance(matrix, Slice)
        assert isinstance(result, Slice)
        assert matrix.offset == first * size
        assert result.offset == first * 4
        assert matrix.offset % OFFSETS == result.offset % OFFSETS == first % whole == 0
        rows = step.scalars["rows"]
        assert step.scalars == {"rows": rows, "other": 1.5}
        assert (matrix.size, result.size, step.grid) == (rows * size, rows * 4, (rows, 1, 1))
        assert (vector, scratch) == ("x", Slice("s", 0, 8 * int(rows)))
        first += int(rows)
    assert first == count
    with pytest.raises(LimitError, match=BINDING):
        check_gpu(replace_layout(layout), {BINDING: limit})


def replace_layout(layout: Layout):  # type: ignore[no-untyped-def]
    from app.core.program import Program

    return Program("@compute @workgroup_size(1) fn main() {}", layout)


def test_nothing_is_split_into_dust() -> None:
    layout = rows_of(64 * (MOST_PARTS + 1), 256)
    assert len(split(layout, {BINDING: 64 * 256}).run) == 1
    assert len(split(rows_of(64 * MOST_PARTS, 256), {BINDING: 64 * 256}).run) == MOST_PARTS


def test_a_page_is_told_the_parts() -> None:
    case = small_case(PAGE_TARGETS[0], "matvec", Shape(1031, 67), "f32")
    program = replace(replace_layout(laid_out(case)), layout=split(laid_out(case), {BINDING: LIMIT}))
    told = gpu_program(program)
    assert len(told.steps) > 1
    assert {name: need for name, need, _ in told.needs}[BINDING] <= LIMIT
    offsets = [step.bindings[0][1:] for step in told.steps]
    assert [at for at, _ in offsets] == [sum(size for _, size in offsets[:i]) for i in range(len(offsets))]
    assert all(at % OFFSETS == 0 for at, _ in offsets)
