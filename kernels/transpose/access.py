"""Which elements a workgroup of transpose reads, and where it writes them: one memory after the other."""

from collections.abc import Iterator

import numpy as np

from app.core.shape import Shape
from app.core.variant import Parameters, Variant
from kernels.access import Pattern, by_thread

LESSONS = {
    "": "Reads in order: at an odd step neighbouring threads read neighbouring words of a row of "
    "x, which one cache line serves. At the next they write the answer, whole rows apart: "
    "each a cache line of its own.",
    "gathered": "Writes in order: at an odd step neighbouring threads read words of x that lie whole rows "
    "apart. At the next they write neighbouring words of the answer, which one cache line "
    "takes.",
    "shared": "Both in order: a tile is read row by row, turned over in the workgroup's own memory, and "
    "written row by row. No cache line is fetched for a single word of it.",
    "tile": "In registers: each thread reads four words, one above the other, and writes four, turned "
    "over. At one step neighbouring threads read neighbouring words, and write words that lie "
    "whole rows apart.",
}
BEHIND = " The answer lies behind x in the picture."


def pattern(variant: Variant, parameters: Parameters, shape: Shape) -> Pattern:
    """Reads and writes of workgroups one after the other, as far as the picture goes."""
    rows, columns = shape.sizes[:2]
    how = next((one for one in ("gathered", "shared", "tile") if one in variant.techniques), "")
    if how == "tile":
        blocks, threads = int(parameters["blocks"]), int(parameters["workgroup_size"])
        return Pattern(
            LESSONS[how] + BEHIND,
            blocks_of(4, 1, 4, 4),
            blocks_of(threads, blocks, -(-columns // 4), -(-rows // (4 * blocks)) * blocks),
            16,
            8 * blocks,
            "all that a thread moves",
            f"{threads} threads, {blocks} block{'s' * (blocks != 1)} of 4 x 4 each",
        )
    across, down = (
        (int(parameters["tile"]),) * 2
        if how == "shared"
        else (int(parameters["workgroup_x"]), int(parameters["workgroup_y"]))
    )
    small = (2, 2) if how == "shared" else (4, 2)
    return Pattern(
        LESSONS[how] + BEHIND,
        np.concatenate([elements_of(*small, how, 4, 4, first) for first in groups(*small, how)], axis=1),
        elements_of(across, down, how, rows, columns),
        4,
        2,
        "reading and writing",
        f"{across} x {down} threads, an element each",
    )


def groups(across: int, down: int, how: str) -> Iterator[tuple[int, int]]:
    """Where in 4 x 4 elements each workgroup begins: row and column."""
    high, wide = (across, down) if how == "gathered" else (down, across)
    return ((row, column) for row in range(0, 4, high) for column in range(0, 4, wide))


def elements_of(
    across: int, down: int, how: str, rows: int, columns: int, first: tuple[int, int] = (0, 0)
) -> np.ndarray:
    """A read and a write of each thread, in elements; the answer's lie behind the rows x columns of x."""
    found = []
    for y in range(down):
        for x in range(across):
            row, column = (x, y) if how == "gathered" else (y, x)
            read = (first[0] + row) * columns + first[1] + column
            if how == "shared":
                row, column = x, y  # each writes another element of the tile than it read
            write = (first[1] + column) * rows + first[0] + row
            found.append([read, rows * columns + write])
    return by_thread(found)


def blocks_of(threads: int, blocks: int, row_words: int, column_words: int) -> np.ndarray:
    """The reads of each thread, then its writes, in words of four; rows of the answer lie behind x."""
    size = 4 * column_words * row_words
    writes = [size + b + part * column_words for part in range(4) for b in range(blocks)]
    return by_thread(
        [thread + i * row_words for i in range(4 * blocks)]
        + [write + thread * 4 * column_words for write in writes]
        for thread in range(min(threads, row_words))
    )
