"""How the operands of conv2d lie in memory for WGSL.

As they come, channels innermost or outermost; or as a product of the windows of all pixels with the weights,
in words of four channels. A product has the layout of matmul, but for its left side: that is a sketch, which
is never there as a whole (``tile``), or written by a step before (``im2col``, ``winograd``).
"""

from dataclasses import replace
from functools import partial

import numpy as np

from app.core.program import RESULT, Grid, Layout, Role, Step
from app.core.sketch import sketch
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.conv2d import TAPS, WINOGRAD_GROWTH, winograd
from app.workloads.quantise import contiguous, pad_columns
from kernels.matmul.layouts import LAYOUTS as MATMUL

TYPES: dict[str, type[np.floating]] = {"f32": np.float32, "f16": np.float16}
RESULT_TYPE = np.dtype(np.float32)
ROLES = {"image": Role.ACTIVATIONS, "a": Role.ACTIVATIONS}


def direct(storage: str, nchw: bool, operands: Operands, parameters: Parameters) -> Layout:
    """As the workload has them, or channels before rows before columns; a thread for each element."""
    stored = tuple(one.astype(TYPES[storage], copy=False) for one in operands)
    image, weights = stored
    height, width = image.shape[:2]
    # A channel by itself sees one of the image.
    weights = weights.reshape(*weights.shape[:2], -1, weights.shape[-1])
    inputs, outputs = weights.shape[2:]
    across, down = int(parameters["workgroup_x"]), int(parameters["workgroup_y"])
    wide, high, deep = (width, height, outputs) if nchw else (outputs, width, height)
    if nchw:
        image = contiguous(image.transpose(2, 0, 1))
        weights = contiguous(weights.transpose(3, 2, 0, 1))
    return Layout(
        buffers={"image": image, "weights": weights},
        scalars={"height": height, "width": width, "inputs": inputs, "outputs": outputs},
        output=(RESULT_TYPE, height * width * outputs),
        stored=lambda: stored,
        passes={"main": (-(-wide // across), -(-high // down), deep)},
        decode=partial(_answer, nchw, height, width, outputs, outputs),
        roles=ROLES,
    )


def _answer(nchw: bool, height: int, width: int, outputs: int, padded: int, raw: np.ndarray) -> np.ndarray:
    """The answer (height, width, outputs) as it lies in rows of pixels, or of channels."""
    if nchw:
        return raw.reshape(-1, raw.size // padded)[:outputs, : height * width].T.reshape(height, width, -1)
    return raw.reshape(-1, padded)[: height * width, :outputs].reshape(height, width, -1)


def _stored(storage: str, operands: Operands) -> tuple[Operands, np.ndarray, np.ndarray]:
    """The operands as stored; the image in words, and the weights with as many channels."""
    stored = tuple(one.astype(TYPES[storage], copy=False) for one in operands)
    image, weights = pad_columns(stored[0], 4), stored[1]
    missing = image.shape[2] - weights.shape[2]
    return stored, image, np.pad(weights, ((0, 0), (0, 0), (0, missing), (0, 0))) if missing else weights


def _patches(storage: str, apart: bool, operands: Operands, parameters: Parameters) -> Layout:
    """A row of the product for each pixel, of all that its window sees: read in place, or copied before."""
    stored, image, weights = _stored(storage, operands)
    (height, width, padded), outputs = image.shape, weights.shape[-1]
    windows = sketch((height * width, TAPS * padded), image.dtype)
    product = MATMUL[f"{storage}-words"]((windows, weights.reshape(TAPS * padded, outputs)), parameters)
    rows, depth = int(product.scalars["rows"]), int(product.scalars["depth"])
    of_image = {"height": height, "width": width, "channels": padded // 4}
    found = replace(
        product,
        buffers={"a": image, "b": product.buffers["b"]},
        scalars={**product.scalars, **of_image},
        stored=lambda: stored,
        decode=partial(_answer, False, height, width, outputs, 4 * int(product.scalars["columns"])),
        roles=ROLES,
        rows=None,
    )
    if not apart:
        return found
    scalars: dict[str, int | float] = {"rows": rows, "depth": depth, **of_image}
    copied: Grid = (-(-depth // 64), rows, 1)
    return replace(
        found,
        scalars={},
        scratch={"patches": product.buffers["a"].nbytes},
        steps=(
            Step("im2col", ("a",), ("patches",), scalars, copied, name="windows"),
            Step(
                "main", ("patches", "b"), (RESULT,), product.scalars, product.passes["main"], name="product"
            ),
        ),
    )


def _winograd(storage: str, operands: Operands, parameters: Parameters) -> Layout:
    """F(2x2, 3x3): sixteen products of tiles of the image, transformed, with the weights, transformed before.

    What rounds the transformed weights is the kernel's own error, and stored are the weights as they came.
    """
    stored, image, _ = _stored(storage, operands)
    (height, width, padded), outputs = image.shape, operands[1].shape[-1]
    down, across = -(-height // 2), -(-width // 2)
    weights = winograd(operands[1]).astype(image.dtype)
    tiles = sketch((down * across, padded), image.dtype)
    product = MATMUL[f"{storage}-words"]((tiles, weights[0]), parameters)
    rows, columns = int(product.scalars["rows"]), int(product.scalars["columns"])
    slab, wide = product.buffers["b"].shape
    x, y, _ = product.passes["main"]
    tiled: Grid = (-(-padded // 64), across, down)
    put: Grid = (-(-columns // 16), across, down)
    scalars: dict[str, int | float] = {
        "height": height,
        "width": width,
        "across": across,
        "rows": rows,
        "channels": padded // 4,
        "columns": columns,
    }
    return replace(
        product,
        buffers={
            "a": image,
            "b": np.pad(weights, ((0, 0), (0, slab - weights.shape[1]), (0, wide - outputs))),
        },
        scalars={},
        scratch={"seen": 16 * product.buffers["a"].nbytes, "products": 16 * 16 * rows * columns},
        output=(RESULT_TYPE, height * width * 4 * columns),
        stored=lambda: (stored[0], operands[1]),
        decode=partial(_answer, False, height, width, outputs, 4 * columns),
        growth=WINOGRAD_GROWTH,
        roles=ROLES,
        rows=None,
        steps=(
            Step("transform", ("a",), ("seen",), scalars, tiled, name="tiles"),
            Step("main", ("seen", "b"), ("products",), product.scalars, (x, y, 16), name="products"),
            Step("combine", ("products",), (RESULT,), scalars, put, name="pixels"),
        ),
    )


LAYOUTS = {
    **{f"{name}-direct": partial(direct, name, False) for name in TYPES},
    "f32-nchw": partial(direct, "f32", True),
    **{f"{name}-tile": partial(_patches, name, False) for name in TYPES},
    **{f"{name}-im2col": partial(_patches, name, True) for name in TYPES},
    **{f"{name}-winograd": partial(_winograd, name) for name in TYPES},
}
