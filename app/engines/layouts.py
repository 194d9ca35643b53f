"""What engines make of a layout: its arrays as bytes; for WebGPU, kinds of bindings and scalars as words."""

from collections.abc import Mapping

import numpy as np

from app.core.program import Layout, Step


def as_bytes(array: np.ndarray) -> np.ndarray:
    """The bytes of ``array`` in C order, flat; a view where they lie so already."""
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8)


BEYOND_CACHES = 512 << 20
"""Bytes of operands that no cache keeps from one kernel to the next."""


def shares_operands(layout: Layout, copies: int) -> bool:
    """Whether kernels on a GPU may read one set of equal operands: none finds them in a cache for another."""
    return copies > 1 or layout.operand_bytes >= BEYOND_CACHES


def binding_kinds(step: Step) -> list[str]:
    """WebGPU's type of each binding, in order: what is read, what is written, scalars."""
    kinds = ["read-only-storage"] * len(step.reads) + ["storage"] * len(step.writes)
    return [*kinds, "uniform"] if step.scalars else kinds


def scalar_words(scalars: Mapping[str, int | float]) -> list[int]:
    """The scalars as the 32-bit words of a uniform block: floats as the bits of an f32."""
    return [
        int(np.float32(value).view(np.uint32)) if isinstance(value, float) else int(np.uint32(value))
        for value in scalars.values()
    ]
