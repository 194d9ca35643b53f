"""The types and shapes of a problem's buffers."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.core.problem import Buffer, Problem
from app.core.shape import Shape
from app.problems.expression import whole

DTYPES: dict[str, np.dtype[Any]] = {
    "f32": np.dtype(np.float32),
    "f16": np.dtype(np.float16),
    "i32": np.dtype(np.int32),
    "u32": np.dtype(np.uint32),
    "i16": np.dtype(np.int16),
    "u16": np.dtype(np.uint16),
    "i8": np.dtype(np.int8),
    "u8": np.dtype(np.uint8),
}


def sizes_of(problem: Problem, shape: Shape) -> dict[str, int]:
    """The sizes by name."""
    return dict(zip(problem.sizes, shape.sizes, strict=True))


def array_shape(buffer: Buffer, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """How long a buffer is in each dimension; one element where it has none."""
    return tuple(whole(side, sizes, 1) for side in buffer.shape) or (1,)
