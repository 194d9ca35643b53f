"""What an innermost loop of AMD's assembly does."""

import re
from typing import Any

from msgspec import Struct

from kernels.matvec.access import word_of

LABEL = re.compile(r"^(BB\d+):?$")
BRANCH = re.compile(r"^s_c?branch\w*\s+(?:block:)?(BB\d+)")
LOAD = re.compile(r"^(buffer|global|flat)_load_")
WAIT = re.compile(r"^s_waitcnt.*vmcnt\((\d+)\)|^s_wait_loadcnt\w*\s+(?:imm:)?(0x[0-9a-f]+|\d+)")
RESULT = re.compile(r"^[sv]\d+\S*: .*? = ")
"""What stands before an instruction where Mesa cannot disassemble and prints its own form."""

MULTIPLY = re.compile(r"^v_(dual_)?(pk_)?(fma|fmac|mad|mul|dot)")


class Loop(Struct, frozen=True):
    """The loop that multiplies most: its instructions, and how many loads from memory wait at a time."""

    vector: int
    every: int
    in_flight: int


def hottest(assembly: str) -> Loop:
    """The innermost loop with the most multiplications."""
    lines: list[str] = []
    at: dict[str, int] = {}
    loops: list[tuple[int, int]] = []
    for line in map(str.strip, assembly.splitlines()):
        if found := LABEL.match(line):
            at[found[1]] = len(lines)
        elif code := RESULT.sub("", line.split(";")[0]).strip():
            if (found := BRANCH.match(code)) and found[1] in at:
                loops.append((at[found[1]], len(lines) + 1))
            lines.append(code)
    inner = [a for a in loops if not any(a[0] <= b[0] and b[1] <= a[1] and a != b for b in loops)]
    body = max((lines[low:high] for low, high in inner), key=lambda own: sum(map(_multiplies, own)))
    return Loop(sum(code.startswith("v_") for code in body), len(body), _in_flight(body))


def _multiplies(code: str) -> bool:
    return MULTIPLY.match(code) is not None


def _in_flight(body: list[str]) -> int:
    """The most loads that were issued and not waited for, the second time around."""
    waiting = most = 0
    for turn in range(2):
        for code in body:
            if LOAD.match(code):
                waiting += 1
                most = max(most, waiting) if turn else 0
            elif found := WAIT.match(code):
                waiting = min(waiting, int(found[1] or found[2], 0))
    return most


def multiply_adds(workload: str, variant: Any, parameters: dict[str, int]) -> int:
    """How many multiply-adds a thread does in a turn of the innermost loop of a template of ours."""
    techniques = variant.techniques
    if workload == "matvec":
        elements, _ = word_of(variant)
        if "loads" in parameters:
            return elements * parameters["loads"]
        rows = parameters.get("rows_per_thread") or parameters["rows_per_group"]
        return elements * rows * parameters.get("unroll", 1)
    if "tile_rows" in parameters:
        return 4 * parameters["tile_rows"] * parameters["tile_columns"] * parameters.get("stage", 1)
    return (4 if "dot4" in techniques else 1) * (parameters["tile"] if "shared" in techniques else 1)
