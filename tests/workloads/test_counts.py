"""Counts by hand, references against NumPy, and inputs that are realistic."""

import numpy as np
import pytest

from app.core.shape import Shape
from app.core.workload import rounding
from app.workloads import workloads


def test_matvec_by_hand() -> None:
    matvec = workloads()["matvec"]
    # 2 x 3 matrix: 6 products and as many sums; 6 + 3 elements read, 2 floats written.
    assert matvec.flops(Shape(2, 3)) == 12
    assert matvec.bytes(Shape(2, 3), 4) == 4 * 9 + 8
    assert matvec.bytes(Shape(2, 3), 1) == 9 + 8


def test_matmul_by_hand() -> None:
    matmul = workloads()["matmul"]
    # (2 x 5) by (5 x 3): 30 products and as many sums; 10 + 15 elements read, 6 floats written.
    assert matmul.flops(Shape(2, 3, 5)) == 60
    assert matmul.bytes(Shape(2, 3, 5), 2) == 2 * 25 + 24


@pytest.mark.parametrize("name", ["matvec", "matmul"])
def test_inputs_are_seeded_distinct_and_realistic(name: str) -> None:
    workload = workloads()[name]
    shape = Shape(30, 40) if name == "matvec" else Shape(30, 40, 50)
    operands = workload.inputs(shape, 1)
    assert len(operands) == len(workload.operand_shapes(shape)) == 2
    for operand, again, other in zip(
        operands, workload.inputs(shape, 1), workload.inputs(shape, 2), strict=True
    ):
        assert operand.dtype == np.float32
        assert (operand == again).all()
        assert not (operand == other).any()
        assert (np.abs(operand) > 1e-7).all()
        assert len(np.unique(operand)) > 0.9 * operand.size


@pytest.mark.parametrize("shape", [Shape(300, 40), Shape(30, 4000)])
def test_an_answer_stays_near_one_at_every_size(shape: Shape) -> None:
    """Weights have variance one over the number of terms, so that no size is nearer to overflow."""
    assert shape.columns
    for name, own in (("matvec", shape), ("matmul", Shape(30, 20, shape.columns))):
        operands = workloads()[name].inputs(own, 1)
        usual = float(np.sqrt(np.mean(workloads()[name].reference(operands) ** 2)))
        assert 0.7 < usual < 1.4, name
        assert [operand.shape for operand in operands] == list(workloads()[name].operand_shapes(own))


def test_references_are_float64_answers() -> None:
    a, x = workloads()["matvec"].inputs(Shape(1000, 5000), 1)
    answer = workloads()["matvec"].reference((a, x))
    assert answer.dtype == np.float64
    np.testing.assert_allclose(answer, a.astype(float) @ x.astype(float), rtol=1e-12)
    a, b = workloads()["matmul"].inputs(Shape(70, 30, 90_000), 1)
    answer = workloads()["matmul"].reference((a, b))
    np.testing.assert_allclose(answer, a.astype(float) @ b.astype(float), rtol=1e-9, atol=1e-12)


def test_a_missing_term_never_fits_the_tolerance() -> None:
    """Leaving one of n random terms out is a relative error of about 1 / sqrt(n)."""
    for compute, sums in (("f32", "f32"), ("f16", "f32"), ("u8", "i32")):
        for terms in (1, 100, 10_000):
            assert rounding(compute, sums, terms) < terms**-0.5
    assert rounding("f16", "f16", 1000) < 1000**-0.5
