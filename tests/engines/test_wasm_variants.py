"""The Wasm variants beyond what every variant is held to: exact integers, blocks, tiles and extremes."""

import itertools

import numpy as np
import pytest

from app.catalog.index import find, variants
from app.catalog.programs import build
from app.core.shape import Shape
from app.core.target import Runtime
from app.core.variant import Variant
from app.core.workload import Operands
from app.engines import load
from app.measure.verify import compare
from app.workloads import workloads

ENGINE = load("wasmtime")
TARGET = ENGINE.targets()[0]
DEVICE = ENGINE.open(TARGET)
OWN = [v for v in variants() if v.runtime is Runtime.WASM and "fp16" not in v.requires]
MATMUL = [v for v in OWN if (v.workload, v.template) == ("matmul", "gemm.wat")]


def answer(variant: Variant, operands: Operands, **parameters: int | str) -> tuple[np.ndarray, Operands]:
    """What ``variant`` computes, and the operands as it stored them."""
    program = build(variant, operands, variant.defaults(TARGET) | parameters)
    kernel = DEVICE.prepare(program)
    try:
        kernel.poison()
        kernel.time(2)
        return program.layout.decode(kernel.result()), program.layout.stored()
    finally:
        kernel.close()


@pytest.mark.parametrize("variant", MATMUL, ids=lambda v: v.name)
def test_small_blocks_and_every_tile_are_right(variant: Variant) -> None:
    """Several blocks in every direction, none of them whole."""
    workload, shape = workloads()["matmul"], Shape(53, 67, 41)
    operands = workload.inputs(shape, 3)
    choices = {p.name: p.choices for p in variant.parameters}
    for mr, nr, unroll in itertools.product(choices["mr"], choices["nr"], choices["unroll"]):
        tile = {"mr": mr, "nr": nr, "unroll": unroll, "kc": 16, "mc": 12, "nc": 32, "opt_level": "none"}
        result, stored = answer(variant, operands, **tile)
        error = compare(
            result,
            workload.reference(operands),
            workload.reference(stored),
            workload.tolerance(variant.compute, variant.sums, shape),
        )
        assert error.acceptable, (tile, error)


@pytest.mark.parametrize("name", ["i8-scalar", "i8-dot", "i7-relaxed"])
def test_integer_products_are_exact_to_the_last_bit(name: str) -> None:
    """Rounded once, at the end; also at the limits, where every product is the largest there is."""
    for extreme in (False, True):
        a, b = workloads()["matmul"].inputs(Shape(9, 21, 1000), 5)
        if extreme:
            a, b = np.sign(a), np.sign(b)
        result, stored = answer(find("matmul", name, Runtime.WASM), (a, b))
        scale = float(np.abs(a).max()) / (63 if name == "i7-relaxed" else 127) * float(np.abs(b).max()) / 127
        sums = np.rint(stored[0] @ stored[1] / scale).astype(np.int64)
        expected = sums.astype(np.float32) * np.float32(scale)
        assert np.array_equal(result, expected)


MATVEC = [v for v in OWN if v.workload == "matvec" and "blocks" not in v.techniques]
"""Blocks of 32 have rows and tokens instead of sums, and are held against their reference with all others."""


@pytest.mark.parametrize("variant", MATVEC, ids=lambda v: v.name)
@pytest.mark.parametrize("shape", [Shape(1, 1), Shape(7, 3), Shape(9, 70)], ids=str)
def test_every_number_of_rows_and_sums_is_right(variant: Variant, shape: Shape) -> None:
    workload = workloads()["matvec"]
    operands = workload.inputs(shape, 4)
    choices = {p.name: p.choices for p in variant.parameters}
    for rows, sums in itertools.product(choices.get("rows", (1,)), choices["sums"]):
        chosen = {"sums": sums, **({"rows": rows} if "rows" in choices else {})}
        result, stored = answer(variant, operands, **chosen)
        tolerance = workload.tolerance(variant.compute, variant.sums, shape)
        error = compare(result, workload.reference(operands), workload.reference(stored), tolerance)
        assert error.acceptable, (chosen, error)


@pytest.mark.parametrize("name", ["i8-extmul", "i8-dot", "i8-relaxed"])
def test_integer_matvec_is_exact_also_where_every_product_is_the_largest(name: str) -> None:
    for sign in (1, -1):
        matrix = np.full((9, 1000), sign, np.float32)
        result, stored = answer(find("matvec", name, Runtime.WASM), (matrix, np.ones(1000, np.float32)))
        assert np.abs(stored[0]).max() == pytest.approx(1)
        assert result == pytest.approx(np.full(9, sign * 1000.0), rel=1e-6)


def test_halves_widen_exactly_from_the_smallest_subnormal_to_the_largest() -> None:
    """Every finite half, each alone in its row, times one."""
    halves = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)].astype(np.float32)
    column = np.zeros((len(halves), 8), np.float32)
    for place in (0, 5):
        matrix = column.copy()
        matrix[:, place] = halves
        result, _ = answer(find("matvec", "f16-storage", Runtime.WASM), (matrix, np.ones(8, np.float32)))
        assert np.array_equal(result, halves)


def test_bf16_is_the_nearest_upper_half() -> None:
    matrix = np.array([[1.0, 1.0 + 2**-8, 1.0 + 3 * 2**-8, -3.0e38, 1e-38]], np.float32).T.copy()
    result, stored = answer(find("matvec", "bf16-storage", Runtime.WASM), (matrix, np.ones(1, np.float32)))
    assert np.array_equal(result, stored[0][:, 0])
    assert result[:3].tolist() == [1.0, 1.0, 1.0 + 2**-6]
