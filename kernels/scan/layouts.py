"""How the operand of scan lies in memory for WGSL: in whole words, with room for the sums of the shares."""

import numpy as np

from app.core.program import Layout
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.quantise import pad_columns


def _three_passes(operands: Operands, groups: int, shares: int) -> Layout:
    count, x = len(operands[0]), pad_columns(operands[0], 4)
    return Layout(
        buffers={"x": x},
        scalars={"words": len(x) // 4},
        output=(np.dtype(np.float32), len(x)),
        stored=lambda: operands,
        passes={"main": (groups, 1, 1), "scan_parts": (1, 1, 1), "finish": (groups, 1, 1)},
        scratch={"partial": 4 * shares},
        decode=lambda raw: raw[:count],
    )


def _serial(operands: Operands, parameters: Parameters) -> Layout:
    groups = int(parameters["groups"])
    return _three_passes(operands, groups, groups * int(parameters["workgroup_size"]))


def _together(operands: Operands, parameters: Parameters) -> Layout:
    groups = int(parameters["workgroup_size"])
    return _three_passes(operands, groups, groups)


LAYOUTS = {"serial": _serial, "together": _together}
