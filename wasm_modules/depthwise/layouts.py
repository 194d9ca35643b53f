"""How the operands of depthwise lie in a Wasm memory: channels innermost, padded to vectors of four."""

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.quantise import pad_columns
from wasm_modules.conv2d.layouts import RESULT_TYPE, ROLES, cropped


def _direct(operands: Operands, parameters: Parameters) -> Layout:
    image, weights = (pad_columns(one, 4) for one in operands)
    height, width, channels = image.shape
    pixels = int(parameters["pixels"])
    across = -(-width // pixels) * pixels
    row = 4 * channels * (across + 2)
    return Layout(
        buffers={"image": image, "weights": weights},
        scalars={
            "height": height,
            "inner": 4 * channels * width,
            "row_bytes": row,
            "pixel": 4 * channels,
            "across": across,
        },
        output=(RESULT_TYPE, height * across * channels),
        stored=lambda: operands,
        scratch={"padded": (height + 2) * row},
        decode=lambda raw: cropped(raw, across, channels, operands[0].shape),
        roles=ROLES,
    )


LAYOUTS = {"f32": _direct}
