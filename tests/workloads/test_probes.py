"""The probes' counts and answers by hand."""

import numpy as np

from app.catalog.index import find
from app.catalog.programs import source
from app.core.shape import Shape
from app.core.target import Runtime
from app.workloads import workloads
from app.workloads.fma import LANES, ROUNDS, STEPS


def test_reduce_by_hand() -> None:
    reduce = workloads()["reduce"]
    # Ten additions; ten floats read, one written.
    assert reduce.flops(Shape(10)) == 10
    assert reduce.bytes(Shape(10), 4) == 44
    assert reduce.reference((np.array([1.5, 2.5, -1], np.float32),)) == 3
    assert reduce.inputs(Shape(1000), 1)[0].mean() > 0.9


def test_a_term_dropped_from_a_hundred_thousand_is_noticed() -> None:
    reduce = workloads()["reduce"]
    shape = Shape(100_000)
    (values,) = reduce.inputs(shape, 1)
    exact = float(values.sum(dtype=np.float64))
    dropped = exact - float(np.sort(values)[10])
    assert abs(dropped - exact) / exact > reduce.tolerance("f32", "f32", shape)
    assert abs(float(values.sum()) - exact) / exact < reduce.tolerance("f32", "f32", shape)


def test_copy_and_transfer_by_hand() -> None:
    copy, transfer = workloads()["copy"], workloads()["transfer"]
    # Ten floats read and as many written; a transfer moves them once.
    assert copy.bytes(Shape(10), 4) == 80
    assert transfer.bytes(Shape(10), 4) == 40
    assert copy.flops(Shape(10)) == transfer.flops(Shape(10)) == 0
    (values,) = copy.inputs(Shape(1000), 1)
    assert (copy.reference((values,)) == values).all()
    assert copy.tolerance("f32", "f32", Shape(10)) == 0


def test_dot_products_of_one_chain_do_not_stand_in_a_row() -> None:
    """wasmtime orders them so, and a processor that waits for each reached half of what kernels do."""
    i8 = find("fma", "i8-relaxed", Runtime.WASM)
    assert source(i8, {"xs": 3}).count("relaxed_dot") == 4 * 3


def test_fma_by_hand() -> None:
    """A chain ends where it began plus one per round: 32 x + (0 + ... + 31) + 32 * 4."""
    fma = workloads()["fma"]
    assert (LANES, STEPS, ROUNDS) == (32, 64, 4)
    assert fma.flops(Shape(3)) == 3 * 32 * 64 * 4 * 2
    assert fma.reference((np.array([0, 7, 0], np.float32),)).tolist() == [624, 848, 624]
    # One step of one chain left out changes the least answer by one: far beyond the tolerance.
    assert fma.tolerance("f16", "f32", Shape(3)) < 1 / 848 / 100
    largest = max(fma.inputs(Shape(1000), 1)[0]) + LANES - 1 + ROUNDS + STEPS
    assert largest < 128
