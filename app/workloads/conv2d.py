"""conv2d: Y = X * W, a window of 3 x 3 that slides over an image by one pixel; what lies outside is zero."""

from collections.abc import Callable
from functools import partial

import numpy as np

from app.core.kinds import NORMAL
from app.core.operands import of_kind, without_zeros
from app.core.shape import Shape
from app.core.sketch import Sketch, sketch
from app.core.workload import Operands, Workload, rounding

SIDE = 3
"""Pixels of a window, down and across."""

TAPS = SIDE * SIDE

_BLOCK = 1 << 20
"""Elements at a time: what is computed in float64 is never all there."""

Tap = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""What the pixels that a window sees at one of its places add to the answer, by the weights of that place."""


def sizes(shape: Shape) -> tuple[int, int, int, int]:
    """Height and width of the image, its channels, those of the answer."""
    height, width, inputs, outputs = shape.sizes
    return height, width, inputs, outputs


def _operand_shapes(shape: Shape) -> tuple[tuple[int, ...], ...]:
    height, width, inputs, outputs = sizes(shape)
    return (height, width, inputs), (SIDE, SIDE, inputs, outputs)


def inputs(
    shapes: Callable[[Shape], tuple[tuple[int, ...], ...]],
    terms: Callable[[Shape], int],
    shape: Shape,
    seed: int,
    kind: str = NORMAL,
) -> Operands:
    """X (height, width, channels) and W of variance 1/terms, float32, normal; outliers are in channels."""
    random = np.random.default_rng([seed, *shape.sizes])
    x, w = (random.standard_normal(one, dtype=np.float32) for one in shapes(shape))
    w *= np.float32(terms(shape) ** -0.5)
    without_zeros(x, w)
    of_kind(kind, random, *(one.reshape(-1, one.shape[-1]) for one in (x, w)))
    return x, w


def _product(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    return np.asarray(x @ w)


def slide(tap: Tap, operands: Operands, dtype: type[np.floating] = np.float32) -> np.ndarray:
    """The answer (height, width, channels) in ``dtype``, some rows at a time, by each place of a window."""
    x, w = operands
    height, width, channels = x.shape
    found = np.empty((height, width, w.shape[-1]), dtype)
    wide = w.astype(dtype, copy=False)
    step = max(1, _BLOCK // (width * max(channels, w.shape[-1])))
    for top in range(0, height, step):
        rows = min(step, height - top)
        seen = np.zeros((rows + 2, width + 2, channels), dtype)
        above, below = max(top - 1, 0), min(top + rows + 1, height)
        seen[above - top + 1 : below - top + 1, 1:-1] = x[above:below]
        sums = found[top : top + rows]
        sums[:] = 0
        for down in range(SIDE):
            for across in range(SIDE):
                sums += tap(seen[down : down + rows, across : across + width], wide[down, across])
    return found


def _reference(operands: Operands) -> np.ndarray:
    """Y (height, width, outputs) in float64."""
    return slide(_product, operands, np.float64)


def _native(operands: Operands) -> np.ndarray:
    """A product for each place of the window."""
    return slide(_product, operands)


def _terms(shape: Shape) -> int:
    return TAPS * sizes(shape)[2]


def _flops(shape: Shape) -> int:
    """A product and a sum for each pixel, place of the window and pair of channels; borders count as well."""
    height, width, inputs_, outputs = sizes(shape)
    return 2 * height * width * TAPS * inputs_ * outputs


def _bytes(shape: Shape, element: float) -> float:
    """X and W at the storage type's size, Y as float32."""
    height, width, inputs_, outputs = sizes(shape)
    return (height * width + TAPS * outputs) * inputs_ * element + 4 * height * width * outputs


def _tolerance(compute: str, sums: str, shape: Shape, condition: float = 1.0, growth: float = 1.0) -> float:
    """That of sums over windows and channels (``Tolerance``)."""
    return rounding(compute, sums, _terms(shape), condition, growth)


WINOGRAD_GROWTH = (8 / 3) ** 2
"""How many times larger than the operands' products the terms of F(2x2, 3x3) are, along both sides.

A pixel is the sum of three products of twice as large sums of pixels (rows of B') with weights of 1, 1.5 and
1.5 times as large sums (rows of G): 8 where there are 3 (Lavin and Gray, Fast algorithms for convolutional
neural networks, 2016).
"""

WINOGRAD_WORK = 16 / 36
"""Products of Winograd's way over those of the definition: 16 for four pixels, of which each has nine."""


def winograd(w: np.ndarray) -> np.ndarray:
    """G w G' of weights (3, 3, inputs, outputs), which F(2x2, 3x3) takes: (16, inputs, outputs), float64."""
    if isinstance(w, Sketch):
        return sketch((16, *w.shape[2:]), np.float64)
    g = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])
    found = np.einsum("ai,bj,ijcd->abcd", g, g, w.astype(np.float64), optimize=True)
    return np.ascontiguousarray(found).reshape(16, *w.shape[2:])


FACE_LANDMARKS = {"face-landmarks-96": (96, 96, 32), "face-landmarks-48": (48, 48, 64)}
"""Height, width and channels of images in a small net of separable convolutions."""

WORKLOAD = Workload(
    name="conv2d",
    title="Convolution 3 x 3 of an image, Y = X * W",
    dimensions=("height", "width", "inputs", "outputs"),
    operand_shapes=_operand_shapes,
    inputs=partial(inputs, _operand_shapes, _terms),
    reference=_reference,
    native=_native,
    flops=_flops,
    bytes=_bytes,
    activations=lambda shape, element: shape.sizes[0] * shape.sizes[1] * shape.sizes[2] * element,
    tolerance=_tolerance,
    default_shapes=tuple(Shape(n, n, 32, 32) for n in (24, 48, 96)),
    odd=(Shape(13, 7, 5, 6), Shape(6, 9, 3, 35)),
    presets={name: Shape(*sizes_, sizes_[2]) for name, sizes_ in FACE_LANDMARKS.items()},
)
