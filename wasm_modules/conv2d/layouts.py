"""How the operands of conv2d lie in a Wasm memory: as they come. Borders and windows are the module's."""

from dataclasses import replace

import numpy as np

from app.core.program import OFFSETS, RESULT, Layout, Role, Slice, Step
from app.core.sketch import sketch
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.conv2d import TAPS, WINOGRAD_GROWTH, winograd
from app.workloads.quantise import contiguous, pad_columns
from wasm_modules.matmul.layouts import f32 as matmul

RESULT_TYPE = np.dtype(np.float32)
ROLES = {"image": Role.ACTIVATIONS}


def cropped(raw: np.ndarray, width: int, channels: int, shape: tuple[int, ...]) -> np.ndarray:
    """The answer of this shape in rows of ``width`` pixels of so many ``channels``."""
    return raw.reshape(-1, width, channels)[: shape[0], : shape[1], : shape[2]]


def _direct(operands: Operands, parameters: Parameters) -> Layout:
    image, weights = operands
    (height, width, inputs), outputs = image.shape, weights.shape[-1]
    pixels = int(parameters["pixels"])
    wide = pad_columns(weights, 4 * int(parameters["columns"]))
    channels, across = wide.shape[-1], -(-width // pixels) * pixels
    row = 4 * inputs * (across + 2)
    return Layout(
        buffers={"image": image, "weights": wide},
        scalars={
            "height": height,
            "inner": 4 * inputs * width,
            "row_bytes": row,
            "pixel": 4 * inputs,
            "tiles": across // pixels,
            "stride": 4 * channels,
        },
        output=(RESULT_TYPE, height * across * channels),
        stored=lambda: operands,
        scratch={"padded": (height + 2) * row},
        decode=lambda raw: cropped(raw, across, channels, (height, width, outputs)),
        roles=ROLES,
    )


def _planes(operands: Operands, parameters: Parameters) -> Layout:
    """Channel after channel, image and answer; the weights of a tile's channels beside each other."""
    image, weights = operands
    (height, width, inputs), count = image.shape, weights.shape[-1]
    outputs = int(parameters["outputs"])
    wide = pad_columns(weights, outputs)
    across = -(-width // (4 * int(parameters["vectors"]))) * 4 * int(parameters["vectors"])
    row = 4 * (across + 2)
    blocks = wide.shape[-1] // outputs
    tiles = wide.reshape(TAPS, inputs, blocks, outputs).transpose(2, 1, 0, 3)
    return Layout(
        buffers={"image": contiguous(image.transpose(2, 0, 1)), "weights": contiguous(tiles)},
        scalars={
            "height": height,
            "inputs": inputs,
            "inner": 4 * width,
            "row_bytes": row,
            "line": 4 * across,
            "blocks": blocks,
        },
        output=(RESULT_TYPE, blocks * outputs * height * across),
        stored=lambda: operands,
        scratch={"padded": inputs * (height + 2) * row},
        decode=lambda raw: raw.reshape(-1, height, across)[:count, :, :width].transpose(1, 2, 0),
        roles=ROLES,
    )


def _im2col(operands: Operands, parameters: Parameters) -> Layout:
    """The windows of all pixels beside each other, then their product with the weights."""
    image, weights = operands
    (height, width, inputs), outputs = image.shape, weights.shape[-1]
    windows = sketch((height * width, TAPS * inputs))
    product = matmul((windows, weights.reshape(TAPS * inputs, outputs)), parameters)
    scalars: dict[str, int | float] = {"height": height, "width": width, "pixel": 4 * inputs}
    return replace(
        product,
        buffers={"image": image, "b": product.buffers["b"]},
        scalars={},
        stored=lambda: operands,
        scratch={
            "padded": (height + 2) * (width + 2) * 4 * inputs,
            "windows": windows.nbytes,
            **product.scratch,
        },
        decode=lambda raw: raw.reshape(height, width, outputs),
        roles=ROLES,
        steps=(
            Step("windows", ("image",), ("padded", "windows"), scalars),
            Step("run", ("windows", "b"), ("work", RESULT), product.scalars, name="product"),
        ),
    )


def _winograd(operands: Operands, parameters: Parameters) -> Layout:
    """F(2x2, 3x3): sixteen products of tiles of the image, transformed, with weights, transformed before."""
    image, wide = pad_columns(operands[0], 4), pad_columns(operands[1], 4)
    (height, width, channels), outputs = image.shape, wide.shape[-1]
    down, across = -(-height // 2), -(-width // 2)
    weights = winograd(wide).astype(np.float32)
    weights = np.pad(weights, ((0, 0), (0, channels - weights.shape[1]), (0, 0)))
    tiles = sketch((down * across, channels))
    product = matmul((tiles, weights[0]), parameters)
    # Slices begin where any target could bind them.
    seen, each, sums = (
        -(-size // OFFSETS) * OFFSETS
        for size in (tiles.nbytes, weights[0].nbytes, 4 * down * across * outputs)
    )
    missing = each // 4 - channels * outputs
    flat = np.pad(weights.reshape(16, channels * outputs), ((0, 0), (0, missing)))
    counts: dict[str, int | float] = {"down": down, "across": across}
    of_image = {"height": height, "width": width, "pixel": 4 * channels, **counts, "slab": seen}
    products = (
        Step(
            "run",
            (Slice("seen", i * seen, tiles.nbytes), Slice("weights", i * each, weights[0].nbytes)),
            ("work", Slice("products", i * sums, 4 * down * across * outputs)),
            product.scalars,
            name="products",
        )
        for i in range(16)
    )
    return replace(
        product,
        buffers={"image": image, "weights": contiguous(flat)},
        scalars={},
        stored=lambda: operands,
        scratch={
            "padded": (2 * down + 2) * (2 * across + 2) * 4 * channels,
            "seen": 16 * seen,
            "products": 16 * sums,
            **product.scratch,
        },
        output=(RESULT_TYPE, 4 * down * across * outputs),
        decode=lambda raw: cropped(raw, 2 * across, outputs, (height, width, operands[1].shape[-1])),
        growth=WINOGRAD_GROWTH,
        roles=ROLES,
        steps=(
            Step("tiles", ("image",), ("padded", "seen"), of_image),
            *products,
            Step("pixels", ("products",), (RESULT,), {**counts, "pixel": 4 * outputs, "slab": sums}),
        ),
    )


LAYOUTS = {"f32": _direct, "nchw": _planes, "im2col": _im2col, "winograd": _winograd}
