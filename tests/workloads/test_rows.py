"""Softmax and the norms by hand, their kinds of operands, and what their tolerances notice."""

import numpy as np
import pytest

from app.core.errors import LimitError
from app.core.kinds import OPERANDS
from app.core.shape import Shape
from app.measure.verify import compare, magnitudes, weighed
from app.workloads import workloads

NAMES = ("softmax", "rmsnorm", "layernorm")


def test_by_hand() -> None:
    softmax, rms, layer = (workloads()[name] for name in NAMES)
    exact = softmax.reference((np.log(np.array([[1, 2, 5]], np.float32)),))
    assert exact[0] == pytest.approx([0.125, 0.25, 0.625], rel=1e-7)
    gain, shift = np.array([1, 2], np.float32), np.array([10, 20], np.float32)
    x = np.array([[3, -3], [1, 7]], np.float32)
    assert rms.reference((gain, x)) == pytest.approx(np.array([[1, -2], [0.2, 2.8]]), rel=1e-5)
    assert layer.reference((shift, gain, x)) == pytest.approx(np.array([[11, 18], [9, 22]]), rel=1e-7)
    assert [w.flops(Shape(3, 5)) for w in (softmax, rms, layer)] == [60, 60, 105]
    # x at its own size and the answer as f32, gain and shift besides.
    assert [w.bytes(Shape(3, 5), 2) for w in (softmax, rms, layer)] == [90, 110, 130]


def test_rows_beyond_the_largest_exp_have_a_softmax() -> None:
    softmax = workloads()["softmax"]
    assert softmax.native is not None
    assert softmax.native((np.array([[500, 500, -500]], np.float32),)).tolist() == [[0.5, 0.5, 0]]


def test_a_softmax_of_one_column_is_refused_in_one_line() -> None:
    with pytest.raises(LimitError, match="at least 2"):
        workloads()["softmax"].inputs(Shape(3, 1), 1)


@pytest.mark.parametrize("kind", OPERANDS)
@pytest.mark.parametrize("shape", [Shape(1, 3), Shape(70, 2), Shape(9, 4097)], ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_float32_is_within_the_tolerance_and_a_forgotten_element_is_not(
    name: str, shape: Shape, kind: str
) -> None:
    """A hundred times as close as what 16 bits lose, and as wide as NumPy's own float32 needs."""
    workload = workloads()[name]
    operands = workload.inputs(shape, 1, kind)
    truth, sizes = workload.reference(operands), magnitudes(workload, operands)
    condition = float(np.linalg.norm(sizes) / np.linalg.norm(truth))
    within = workload.tolerance("f32", "f32", shape, condition)
    assert within < 2e-5 * condition
    assert workload.native is not None
    own = compare(workload.native(operands), truth, truth, within, weighed(sizes))
    assert own.acceptable
    *others, x = operands
    forgotten = np.delete(truth, -1, axis=1)
    short = workload.reference((*(one[:-1] for one in others), x[:, :-1]))
    wrong = compare(short, forgotten, forgotten, within, weighed(np.delete(sizes, -1, axis=1)))
    assert not wrong.acceptable
