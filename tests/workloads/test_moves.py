"""Operators that are exact: those that move numbers and compute none, and sums of flags."""

import numpy as np
import pytest

from app.core.kinds import OPERANDS
from app.core.shape import Shape
from app.measure.verify import compare
from app.workloads import workloads


def test_transpose_by_hand() -> None:
    transpose = workloads()["transpose"]
    assert transpose.reference((np.array([[1, 2, 3], [4, 5, 6]], np.float32),)).tolist() == [
        [1, 4],
        [2, 5],
        [3, 6],
    ]
    assert transpose.bytes(Shape(3, 5), 4) == 120
    assert transpose.flops(Shape(3, 5)) == 0


def test_gather_by_hand() -> None:
    """An id that there is not gives zeros, in NumPy as in the kernels."""
    gather = workloads()["gather"]
    table = np.array([[1, 2], [3, 4], [5, 6]], np.float32)
    ids = np.array([2, 0, 3, 2], np.float32)
    assert gather.reference((table, ids)).tolist() == [[5, 6], [1, 2], [0, 0], [5, 6]]
    # Two rows of five read at two bytes an element and written as f32, and their ids.
    assert gather.bytes(Shape(2, 5, 100), 2) == 68
    found = gather.inputs(Shape(1000, 2, 7), 1)[1]
    assert set(found) == set(range(7))


def test_scan_by_hand() -> None:
    """Every sum of the largest default shape is a whole number that f32 holds."""
    scan = workloads()["scan"]
    assert scan.reference((np.array([1, 0, 1, 1], np.float32),)).tolist() == [1, 1, 2, 3]
    assert (scan.flops(Shape(10)), scan.bytes(Shape(10), 4)) == (9, 80)
    largest = max(shape.rows for shape in scan.default_shapes)
    assert largest <= 1 << 24
    operands = scan.inputs(Shape(1 << 16), 1)
    assert scan.native is not None
    assert (scan.native(operands) == scan.reference(operands)).all()


@pytest.mark.parametrize("kind", OPERANDS)
def test_a_bit_off_is_wrong(kind: str) -> None:
    transpose = workloads()["transpose"]
    operands = transpose.inputs(Shape(7, 5), 1, kind)
    truth = transpose.reference(operands)
    assert transpose.native is not None
    answer = transpose.native(operands)
    within = transpose.tolerance("f32", "f32", Shape(7, 5))
    assert compare(answer, truth, truth, within).acceptable
    answer[2, 3] = np.nextafter(answer[2, 3], np.float32(9))
    assert not compare(answer, truth, truth, within).acceptable
