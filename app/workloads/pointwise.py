"""pointwise: a convolution of 1 x 1, which is the product of all pixels with a matrix of weights."""

import numpy as np

from app.core.kinds import NORMAL
from app.core.shape import Shape
from app.core.workload import Operands, Workload, rounding
from app.workloads.conv2d import FACE_LANDMARKS, inputs, sizes
from app.workloads.matmul import reference


def flat(operands: Operands) -> Operands:
    """The image with a row for each pixel, (pixels, inputs), and the weights as they are."""
    x, w = operands
    return x.reshape(-1, x.shape[-1]), w


def _operand_shapes(shape: Shape) -> tuple[tuple[int, ...], ...]:
    height, width, channels, outputs = sizes(shape)
    return (height, width, channels), (channels, outputs)


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    return inputs(_operand_shapes, lambda one: one.sizes[2], shape, seed, kind)


def _reference(operands: Operands) -> np.ndarray:
    """Y (height, width, outputs) in float64."""
    return reference(flat(operands)).reshape(*operands[0].shape[:2], -1)


def _native(operands: Operands) -> np.ndarray:
    x, w = operands
    return x @ w


def _flops(shape: Shape) -> int:
    height, width, channels, outputs = sizes(shape)
    return 2 * height * width * channels * outputs


def _bytes(shape: Shape, element: float) -> float:
    """X and W at the storage type's size, Y as float32."""
    height, width, channels, outputs = sizes(shape)
    return (height * width + outputs) * channels * element + 4 * height * width * outputs


def _tolerance(compute: str, sums: str, shape: Shape, condition: float = 1.0, growth: float = 1.0) -> float:
    return rounding(compute, sums, sizes(shape)[2], condition, growth)


WORKLOAD = Workload(
    name="pointwise",
    title="Convolution 1 x 1 of an image, Y = X W",
    dimensions=("height", "width", "inputs", "outputs"),
    operand_shapes=_operand_shapes,
    inputs=_inputs,
    reference=_reference,
    native=_native,
    flops=_flops,
    bytes=_bytes,
    activations=lambda shape, element: shape.sizes[0] * shape.sizes[1] * shape.sizes[2] * element,
    tolerance=_tolerance,
    default_shapes=tuple(Shape(n, n, 32, 32) for n in (24, 48, 96)),
    odd=(Shape(13, 7, 5, 6), Shape(3, 9, 35, 70)),
    presets={name: Shape(*of, of[2]) for name, of in FACE_LANDMARKS.items()},
)
