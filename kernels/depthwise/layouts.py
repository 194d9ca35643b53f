"""How the operands of depthwise lie in memory for WGSL: as those of conv2d, or in words of four channels."""

from functools import partial

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.quantise import pad_columns
from kernels.conv2d.layouts import RESULT_TYPE, ROLES, TYPES, direct


def _tile(storage: str, operands: Operands, parameters: Parameters) -> Layout:
    stored = tuple(one.astype(TYPES[storage], copy=False) for one in operands)
    image, weights = (pad_columns(one, 4) for one in stored)
    height, width, channels = operands[0].shape
    padded = image.shape[2]
    across, down = (int(parameters[name]) for name in ("workgroup_x", "workgroup_y"))
    pixels = down * int(parameters["pixels"])
    return Layout(
        buffers={"image": image, "weights": weights},
        scalars={"height": height, "width": width, "channels": padded // 4},
        output=(RESULT_TYPE, image.size),
        stored=lambda: stored,
        passes={"main": (-(-padded // (4 * across)), -(-width // pixels), height)},
        decode=lambda raw: raw.reshape(image.shape)[:, :, :channels],
        roles=ROLES,
    )


LAYOUTS = {
    **{f"{name}-direct": partial(direct, name, False) for name in TYPES},
    "f32-nchw": partial(direct, "f32", True),
    **{f"{name}-tile": partial(_tile, name) for name in TYPES},
}
