"""depthwise: a window of 3 x 3 over an image, each channel by itself."""

from functools import partial

import numpy as np

from app.core.shape import Shape
from app.core.workload import Operands, Workload, rounding
from app.workloads.conv2d import FACE_LANDMARKS, SIDE, TAPS, inputs, slide


def _operand_shapes(shape: Shape) -> tuple[tuple[int, ...], ...]:
    height, width, channels = shape.sizes
    return (height, width, channels), (SIDE, SIDE, channels)


def _each(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    return np.asarray(x * w)


def _reference(operands: Operands) -> np.ndarray:
    """Y (height, width, channels) in float64."""
    return slide(_each, operands, np.float64)


def _native(operands: Operands) -> np.ndarray:
    return slide(_each, operands)


def _flops(shape: Shape) -> int:
    """A product and a sum for each element and place of the window; borders count as well."""
    height, width, channels = shape.sizes
    return 2 * height * width * channels * TAPS


def _bytes(shape: Shape, element: float) -> float:
    """X and W at the storage type's size, Y as float32."""
    height, width, channels = shape.sizes
    return (height * width + TAPS) * channels * element + 4 * height * width * channels


def _tolerance(compute: str, sums: str, shape: Shape, condition: float = 1.0, growth: float = 1.0) -> float:
    return rounding(compute, sums, TAPS, condition, growth)


WORKLOAD = Workload(
    name="depthwise",
    title="Convolution 3 x 3 of each channel by itself",
    dimensions=("height", "width", "channels"),
    operand_shapes=_operand_shapes,
    inputs=partial(inputs, _operand_shapes, lambda shape: TAPS),
    reference=_reference,
    native=_native,
    flops=_flops,
    bytes=_bytes,
    activations=lambda shape, element: shape.sizes[0] * shape.sizes[1] * shape.sizes[2] * element,
    tolerance=_tolerance,
    default_shapes=tuple(Shape(n, n, 32) for n in (24, 48, 96)),
    odd=(Shape(13, 7, 5), Shape(6, 9, 35)),
    presets={name: Shape(*sizes) for name, sizes in FACE_LANDMARKS.items()},
)
