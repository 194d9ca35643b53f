"""Outliers as real layers have them: few, large, and nothing else changed."""

import numpy as np
import pytest

from app.core.errors import KernelscopeError
from app.core.kinds import OPERANDS
from app.core.shape import Shape
from app.workloads import workloads

DEFAULT = {name: workload.default_shapes[-1] for name, workload in workloads().items()}
WITHOUT = {"fma", "scan", "suspend"}
"""Their operands are small whole numbers."""

OF_FEW_CHANNELS = ("conv2d", "depthwise", "pointwise")
"""One of 32 is larger, and one of nine places of a window."""

PLAIN = {"linear": {2, 3, 4}, "rmsnorm": {0}, "layernorm": {0, 1}, "gather": {1}, "rope": {0}}
"""Operands that stay as they are: a norm's own weights, ids, and angles."""


def peak(array: np.ndarray) -> float:
    return float(np.abs(array).max() / np.sqrt(np.mean(array.astype(np.float64) ** 2)))


@pytest.mark.parametrize("workload", [name for name, one in workloads().items() if not one.model])
def test_the_largest_is_50_to_175_times_the_root_mean_square(workload: str) -> None:
    shape = Shape(1 << 16) if len(workloads()[workload].dimensions) == 1 else DEFAULT[workload]
    if workload == "suspend":
        shape = Shape(8)
    normal, large = (workloads()[workload].inputs(shape, 1, kind) for kind in OPERANDS)
    for place, (a, b) in enumerate(zip(normal, large, strict=True)):
        assert b.dtype == np.float32
        assert not a.size or peak(a) < 7
        if workload in WITHOUT or place in PLAIN.get(workload, set()):
            assert (a == b).all()
        else:
            # Nothing in a short vector can be more than the root of its length times that.
            assert 0.8 * min(62.5, b.size**0.5) < peak(b) < 175
            assert np.mean(a != b) < (0.15 if workload in OF_FEW_CHANNELS else 0.01)
            assert (np.sign(a) == np.sign(b)).all()


def test_weights_of_models_have_them_always() -> None:
    encoder = workloads()["encoder"]
    normal, large = (encoder.inputs(encoder.odd[0], 1, kind) for kind in OPERANDS)
    assert all((a == b).all() for a, b in zip(normal, large, strict=True))
    assert sum(peak(one) > 12 for one in normal if one.ndim == 2) >= 12


@pytest.mark.parametrize("shape", [Shape(128, 128), Shape(256, 300), Shape(4096, 64), Shape(8, 65536)])
def test_matrices_of_every_size_have_them(shape: Shape) -> None:
    matrix, vector = workloads()["matvec"].inputs(shape, 5, "outliers")
    assert 50 < peak(matrix) < 175
    assert peak(vector) > 0.8 * min(50, len(vector) ** 0.5)


def test_they_are_the_same_every_time_and_unknown_kinds_are_refused() -> None:
    workload = workloads()["matmul"]
    shape = Shape(33, 65, 17)
    for kind in OPERANDS:
        pairs = zip(workload.inputs(shape, 1, kind), workload.inputs(shape, 1, kind), strict=True)
        assert all((a == b).all() for a, b in pairs)
    with pytest.raises(KernelscopeError, match="no operands of kind 'heavy'; there are: normal, outliers"):
        workload.inputs(shape, 1, "heavy")


def test_operands_have_the_shapes_that_are_told() -> None:
    for workload in workloads().values():
        shape = workload.odd[-1] if workload.odd else Shape(*[33, 65, 17][: len(workload.dimensions)])
        assert tuple(a.shape for a in workload.inputs(shape, 1)) == workload.operand_shapes(shape)
