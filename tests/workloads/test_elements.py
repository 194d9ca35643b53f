"""Operators that treat each element alike: by hand, and what their tolerances notice."""

import math

import numpy as np
import pytest

from app.core.kinds import OPERANDS
from app.core.shape import Shape
from app.measure.verify import compare, magnitudes, weighed
from app.workloads import workloads


def test_gelu_is_that_of_erf() -> None:
    gelu = workloads()["gelu"]
    x = np.linspace(-9, 9, 2001, dtype=np.float32).reshape(3, -1)
    exact = [float(one) * (1 + math.erf(float(one) / math.sqrt(2))) / 2 for one in x.flat]
    assert np.abs(gelu.reference((x,)).reshape(-1) - exact).max() < 1e-11
    assert gelu.bytes(Shape(3, 5), 2) == 90


def test_swiglu_by_hand() -> None:
    swiglu = workloads()["swiglu"]
    gate, up = np.array([[0, math.log(3), -200]], np.float32), np.array([[7, 2, 5]], np.float32)
    exact = [0, 1.5 * math.log(3), 0]
    assert swiglu.reference((gate, up))[0] == pytest.approx(exact, rel=1e-7, abs=1e-30)
    assert swiglu.native is not None
    assert np.isfinite(swiglu.native((gate, up))).all()
    # Two operands at their own size, the answer as f32.
    assert swiglu.bytes(Shape(3, 5), 2) == 120
    assert swiglu.flops(Shape(3, 5)) == 60


@pytest.mark.parametrize("kind", OPERANDS)
@pytest.mark.parametrize("compute", ["f32", "f16"])
def test_swiglu_is_as_near_as_its_arithmetic(compute: str, kind: str) -> None:
    swiglu = workloads()["swiglu"]
    shape = Shape(40, 50)
    operands = swiglu.inputs(shape, 1, kind)
    truth, sizes = swiglu.reference(operands), magnitudes(swiglu, operands)
    within = swiglu.tolerance("f32", "f32", shape, float(np.linalg.norm(sizes) / np.linalg.norm(truth)))
    assert swiglu.native is not None
    answer = swiglu.native(operands)
    if compute == "f16":
        answer = (answer * np.float32(0.5)).astype(np.float16).astype(np.float32) * 2
    assert compare(answer, truth, truth, within, weighed(sizes)).acceptable is (compute == "f32")


@pytest.mark.parametrize("kind", OPERANDS)
def test_the_form_with_a_tanh_is_another(kind: str) -> None:
    """As some models have it: off by 5e-4, which is no rounding."""
    gelu = workloads()["gelu"]
    shape = Shape(40, 50)
    operands = gelu.inputs(shape, 1, kind)
    x = operands[0].astype(np.float64)
    truth, sizes = gelu.reference(operands), magnitudes(gelu, operands)
    within = gelu.tolerance("f32", "f32", shape, float(np.linalg.norm(sizes) / np.linalg.norm(truth)))
    other = x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2
    assert compare(truth.astype(np.float32), truth, truth, within, weighed(sizes)).acceptable
    assert not compare(other, truth, truth, within, weighed(sizes)).acceptable
