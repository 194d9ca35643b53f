"""Convolutions by hand, Winograd's way to them, and what their tolerances notice."""

import numpy as np
import pytest

from app.catalog.index import lay_out, variants
from app.core.kinds import OPERANDS
from app.core.shape import Shape
from app.core.sketch import sketch
from app.measure.verify import compare, magnitudes, weighed
from app.workloads import workloads
from app.workloads.conv2d import WINOGRAD_GROWTH, slide, winograd

NAMES = ("conv2d", "depthwise", "pointwise")
SHAPES = {"conv2d": Shape(9, 7, 6, 5), "depthwise": Shape(9, 7, 6), "pointwise": Shape(9, 7, 6, 5)}


def test_by_hand() -> None:
    """Two by three pixels of two channels; what lies beside them is zero."""
    conv, each, point = (workloads()[name] for name in NAMES)
    image = np.array([[[1, 10], [2, 20], [3, 30]], [[4, 40], [5, 50], [6, 60]]], np.float32)
    ones = np.ones((3, 3, 2, 1), np.float32)
    assert conv.reference((image, ones))[:, :, 0].tolist() == [[132, 231, 176]] * 2
    left = np.zeros((3, 3, 2), np.float32)
    left[1, 0] = [1, 2]
    assert each.reference((image, left)).tolist() == [
        [[0, 0], [1, 20], [2, 40]],
        [[0, 0], [4, 80], [5, 100]],
    ]
    assert point.reference((image, np.array([[1], [-0.1]], np.float32))) == pytest.approx(0, abs=1e-6)
    assert [w.flops(SHAPES[w.name]) for w in (conv, each, point)] == [34020, 6804, 3780]
    # Image and weights at two bytes an element, the answer in f32.
    assert [w.bytes(SHAPES[w.name], 2) for w in (conv, each, point)] == [
        2 * (378 + 270) + 1260,
        2 * (378 + 54) + 1512,
        2 * (378 + 30) + 1260,
    ]


def test_an_image_of_several_bands_is_one() -> None:
    random = np.random.default_rng(1)
    image = random.standard_normal((70, 3, 20_000))
    weights = random.standard_normal((3, 3, 20_000))
    whole = slide(lambda x, w: x * w, (image, weights), np.float64)
    for row in (0, 17, 69):
        near = image[max(row - 1, 0) : row + 2]
        alone = slide(lambda x, w: x * w, (near, weights), np.float64)
        assert (whole[row] == alone[min(row, 1)]).all()


def test_winograd_is_the_same_convolution_and_its_terms_are_as_much_larger() -> None:
    """Four pixels of the answer from 4 x 4 of the image (Lavin and Gray, 2016)."""
    random = np.random.default_rng(1)
    tile, weights = random.standard_normal((4, 4)), random.standard_normal((3, 3, 1, 1))
    b = np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]])
    a = np.array([[1, 1, 1, 0], [0, 1, -1, -1]])
    sums = winograd(weights).reshape(4, 4) * (b @ tile @ b.T)
    exact = [[(tile[i : i + 3, j : j + 3] * weights[:, :, 0, 0]).sum() for j in range(2)] for i in range(2)]
    assert a @ sums @ a.T == pytest.approx(np.array(exact))
    g = np.abs(np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])).sum(axis=1)
    each = np.abs(b).sum(axis=1) * g
    terms = np.abs(a) @ np.outer(each, each) @ np.abs(a).T
    assert terms == pytest.approx(np.full((2, 2), 9 * WINOGRAD_GROWTH))


@pytest.mark.parametrize("kind", OPERANDS)
@pytest.mark.parametrize("name", NAMES)
def test_float32_is_within_the_tolerance_and_a_forgotten_term_is_not(name: str, kind: str) -> None:
    workload, shape = workloads()[name], SHAPES[name]
    operands = workload.inputs(shape, 1, kind)
    truth, sizes = workload.reference(operands), magnitudes(workload, operands)
    within = workload.tolerance("f32", "f32", shape, float(np.linalg.norm(sizes) / np.linalg.norm(truth)))
    assert workload.native is not None
    assert compare(workload.native(operands), truth, truth, within, weighed(sizes)).acceptable
    image, weights = operands
    fewer = weights.copy()
    fewer[-1] = 0
    assert not compare(workload.reference((image, fewer)), truth, truth, within, weighed(sizes)).acceptable


def test_what_no_memory_holds_is_laid_out_before_anything_is_there() -> None:
    """Terabytes of windows, as sketches."""
    for variant in variants():
        if variant.workload in NAMES and variant.template and variant.checked:
            shape = Shape(65536, 65536, 512, 512)
            workload = workloads()[variant.workload]
            shape = Shape(*shape.sizes[: len(workload.dimensions)])
            operands = tuple(sketch(one) for one in workload.operand_shapes(shape))
            layout = lay_out(variant, operands, {p.name: p.gpu for p in variant.parameters})
            assert sum(layout.sizes.values()) > 1 << 41, variant.name
