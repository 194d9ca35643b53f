"""Which thread of a workgroup reads which word of the matrix at which step.

Who owns which rows is said here as the templates say it; where a row's words lie comes from the layout that
the operands really get. What is drawn from this cannot differ from what runs: tests/kernels/test_access.py
holds it against the texts of the kernels.
"""

from enum import StrEnum

import numpy as np

from app.core.shape import Shape
from app.core.variant import Parameters, Variant
from kernels.access import THREADS, Pattern
from kernels.block_access import pattern as of_blocks
from kernels.matvec.layouts import LAYOUTS, interleaved


class Order(StrEnum):
    """How rows lie in memory, and who walks them."""

    PLAIN = "plain"
    SWIZZLE = "swizzle"
    COALESCED = "coalesced"
    ROWWISE = "rowwise"
    SUBGROUPS = "rowwise by subgroups"


ROWS = 4
WORDS = 4
"""Rows of a thread and words of a row drawn, at most."""

LESSONS = {
    Order.PLAIN: "Plain: a row lies in one piece, and each thread walks rows of its own. At one step "
    "neighbouring threads read words that lie whole rows apart: every load fetches a cache line of its own.",
    Order.SWIZZLE: "Swizzled: the rows of a thread are interleaved. What one thread reads in successive "
    "steps lies side by side: its next loads find their words in the cache line that the first fetched.",
    Order.COALESCED: "Coalesced: the rows of a workgroup are interleaved. At one step neighbouring threads "
    "read neighbouring words: one cache line serves several threads at once.",
    Order.ROWWISE: "Row by row: the threads of a workgroup share a row. At one step neighbouring threads "
    "read neighbouring words of it; their sums are added up at the end.",
    Order.SUBGROUPS: "Row by row, a subgroup each: at one step the threads of a subgroup read neighbouring "
    "words of a row of their own; the subgroup adds their sums up, and nobody waits for the others.",
}

SHARED = (Order.ROWWISE, Order.SUBGROUPS)
"""Where threads share a row."""


def pattern(variant: Variant, parameters: Parameters, shape: Shape) -> Pattern | None:
    """Which words of the matrix a variant reads, in blocks or not."""
    if "format" in variant.options:
        return of_blocks(variant, parameters, shape)
    order = order_of(variant)
    elements, size = word_of(variant)
    threads = int(parameters["workgroup_size"])
    together = order in SHARED
    name = "rows_per_group" if together else "rows_per_thread"
    rows = int(parameters[name])
    small = {**parameters, "workgroup_size": THREADS, name: min(ROWS, rows)}
    words = -(-(shape.columns or shape.rows) // elements)
    return Pattern(
        LESSONS[order],
        addresses(order, small, 2 * THREADS if together else WORDS, THREADS // 2),
        # Every round is like the first; a few stand for all.
        addresses(order, parameters, min(words, 4 * threads if together else 64)),
        size,
        rows,
        "a word of every row",
        f"{threads} threads, {rows} row{'s' * (rows != 1)} {'together' if together else 'each'}",
    )


def order_of(variant: Variant) -> Order:
    """The order that a WGSL variant of matvec reads in."""
    if {"rowwise", "subgroup"} <= set(variant.techniques):
        return Order.SUBGROUPS
    found = [order for order in Order if order.value in variant.techniques]
    if "splitk" in variant.techniques:
        return Order.ROWWISE
    return found[0] if found else Order.PLAIN


def addresses(order: Order, parameters: Parameters, words: int, lanes: int = 32) -> np.ndarray:
    """The word of the matrix that each thread of the first workgroup reads at each step.

    An array [thread, step] of addresses, counted in words of the matrix; ``words`` make up a row. A step is
    one load of every thread: of the first of its rows, the second and so on, then of the next word of each.
    Where threads share a row, some have nothing to read in the last steps: -1. ``lanes`` make up a subgroup,
    where those walk rows of their own.
    """
    threads = int(parameters["workgroup_size"])
    if order is Order.ROWWISE:
        return _together(threads, int(parameters["rows_per_group"]), words)
    if order is Order.SUBGROUPS:
        return _apart(threads, int(parameters["rows_per_group"]), words, min(lanes, threads))
    each = int(parameters["rows_per_thread"])
    numbers = np.arange(threads * each * words).reshape(threads * each, words)
    memory = interleaved(numbers, 1, order.value, {**parameters, "unroll": 1}).reshape(-1)
    place = np.empty_like(memory)
    place[memory] = np.arange(memory.size)
    thread, row, word = np.ogrid[:threads, :each, :words]
    owned = thread + row * threads if order is Order.COALESCED else thread * each + row
    found = place[owned * words + word]
    return np.ascontiguousarray(found.transpose(0, 2, 1)).reshape(threads, words * each)


def _together(threads: int, rows: int, words: int) -> np.ndarray:
    """Neighbouring threads read neighbouring words of one row, then of the workgroup's next row."""
    rounds = -(-words // threads)
    thread, turn, row = np.ogrid[:threads, :rounds, :rows]
    word = turn * threads + thread
    found = np.where(word < words, row * words + word, -1)
    return np.asarray(found).reshape(threads, rounds * rows)


def _apart(threads: int, rows: int, words: int, lanes: int) -> np.ndarray:
    """Each subgroup walks the row of its number, then the one as many further on as there are subgroups."""
    subgroups = threads // lanes
    turns, rounds = -(-rows // subgroups), -(-words // lanes)
    thread, turn, step = np.ogrid[:threads, :turns, :rounds]
    row = turn * subgroups + thread // lanes
    word = step * lanes + thread % lanes
    found = np.where((row < rows) & (word < words), row * words + word, -1)
    return np.asarray(found).reshape(threads, turns * rounds)


def word_of(variant: Variant) -> tuple[int, int]:
    """A word of the matrix, what one load brings: its elements and its bytes."""
    columns = 64
    operands = (np.ones((1, columns), np.float32), np.ones(columns, np.float32))
    layout = LAYOUTS[f"{variant.storage}-{variant.compute}-plain"](
        operands, {"rows_per_thread": 1, "workgroup_size": 1}
    )
    words = int(layout.scalars["words"])
    return columns // words, layout.buffers["matrix"].nbytes // words
