"""Which words of codes in blocks, of 4 or 8 bits, each thread of a workgroup reads at which step."""

from collections.abc import Iterator

import numpy as np

from app.core.shape import Shape
from app.core.variant import Parameters, Variant
from kernels.access import THREADS, Pattern, by_thread

SHARE = {
    "q4f16_1": "A word of 16 bytes holds a block of 32 weights; its scale lies elsewhere, with those of "
    "others.",
    "nbits": "A word of 16 bytes holds a block of 32 weights; its scale lies elsewhere, with those of "
    "others.",
    "q4_0": "A block of 32 weights is 18 bytes, its scale first: five words of 4 bytes, the last or "
    "the first of which it shares with its neighbour.",
    "q8_0": "A block of 32 weights is 34 bytes, its scale first: nine words of 4 bytes, the last or "
    "the first of which it shares with its neighbour.",
    "q4_k": "Nine words of 16 bytes hold 256 weights: the first their scales and minima, read for "
    "each block anew, the others 64 weights in two, which two blocks read.",
}
WALKS = {
    False: "Each thread walks rows of its own. At one step neighbouring threads read words that lie "
    "whole rows apart; the words that a thread reads in successive steps lie side by side. ",
    True: "The lanes of a subgroup share a row. At one step neighbouring lanes read neighbouring "
    "blocks of it. ",
}
SWIZZLED = (
    "The rows of a thread lie among each other, a block of each in turn: the words that it reads in "
    "successive steps lie side by side, those of neighbouring threads all its rows apart. "
)


def pattern(variant: Variant, parameters: Parameters, shape: Shape) -> Pattern:
    """Which words of the codes a variant reads whose ``format`` is one of blocks."""
    form = str(variant.options["format"])
    threads = int(parameters["workgroup_size"])
    together, swizzled = "rowwise" in variant.techniques, "swizzle" in variant.techniques
    name = "rows_per_group" if together else "rows_per_thread"
    rows = int(parameters[name])
    # Whole blocks of what a format packs together; a few stand for all.
    whole = 8 if form == "q4_k" else 2
    blocks = min(-(-(shape.columns or 1) // (32 * whole)), 64 // whole) * whole
    small = {"workgroup_size": THREADS, name: 4 if swizzled else 2 if together else 1}
    few = 8 if form == "q4_k" or together else 2 if swizzled or form == "q8_0" else 4
    return Pattern(
        (SWIZZLED if swizzled else WALKS[together]) + SHARE[form],
        words_of(form, small, few, THREADS // 2, swizzled),
        words_of(form, parameters, blocks, min(32, threads), swizzled),
        4 if form in ("q4_0", "q8_0") else 16,
        loads(form) * (1 if together else rows),
        "a block of every row" if not together else "a block of every lane",
        f"{threads} threads, {rows} row{'s' * (rows != 1)} {'together' if together else 'each'}",
    )


def loads(form: str) -> int:
    """How many words a block's codes are read in."""
    return {"q4_0": 5, "q8_0": 9, "q4_k": 3}.get(form, 1)


def words_of(
    form: str, parameters: Parameters, blocks: int, lanes: int, swizzled: bool = False
) -> np.ndarray:
    """[thread, step] for rows of so many blocks; ``lanes`` make up a subgroup where those have rows."""
    threads = int(parameters["workgroup_size"])
    if swizzled:
        own = blocks * int(parameters["rows_per_thread"])
        return np.arange(threads * own).reshape(threads, own)
    if "rows_per_group" not in parameters:
        each = int(parameters["rows_per_thread"])
        return by_thread(
            [
                word
                for k in range(blocks)
                for row in range(thread * each, (thread + 1) * each)
                for word in _block(form, row, k, blocks)
            ]
            for thread in range(threads)
        )
    rows, subgroups = int(parameters["rows_per_group"]), threads // lanes
    return by_thread(
        [
            word
            for row in range(thread // lanes, rows, subgroups)
            for k in range(thread % lanes, blocks, lanes)
            for word in _block(form, row, k, blocks)
        ]
        for thread in range(threads)
    )


def _block(form: str, row: int, k: int, blocks: int) -> Iterator[int]:
    if form in ("q4_0", "q8_0"):
        first = (row * blocks + k) * (9 if form == "q4_0" else 17) // 2
        return iter(range(first, first + loads(form)))
    if form == "q4_k":
        base = (row * (blocks // 8) + k // 8) * 9
        at = base + 1 + k % 8 // 2 * 2
        return iter((base, at, at + 1))
    return iter((row * blocks + k,))
