"""Splitting steps whose buffers no binding holds: by whole rows, on slices of them, one text for all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from math import gcd, lcm

from app.core.program import OFFSETS, Binding, Layout, Rows, Slice, Step, whose

BINDING = "maxStorageBufferBindingSize"
"""The limit, as WebGPU spells it."""

LEAST_BINDING = 128 << 20
"""Bytes that every device of WebGPU binds."""

MOST_PARTS = 1024
"""Of a step: whoever would need more has other troubles than its bindings."""


def split(layout: Layout, limits: Mapping[str, int]) -> Layout:
    """``layout`` with steps that stay within a limit of bindings, as far as rows divide them.

    A step that no division helps stays whole: ``app.engines.limits`` names the limit then.
    """
    limit = limits.get(BINDING, 0)  # 0 is a limit that the binding does not tell
    if limit <= 0 or max(layout.sizes.values()) <= limit:
        return layout
    if layout.within:
        return layout.within(limit)
    steps = tuple(
        part
        for rows, together in groupby(layout.run, key=lambda step: step.rows)
        for part in _parts(layout, rows, tuple(together), limit)
    )
    scratch = {name: _used(name, size, steps) for name, size in layout.scratch.items()}
    return replace(layout, steps=steps, scratch=scratch)


def _used(name: str, size: int, steps: Iterable[Step]) -> int:
    """The bytes of a scratch that any step sees, of ``size``: parts take turns."""
    seen = [one for step in steps for one in step.bindings if whose(one) == name]
    return max((one.offset + one.size if isinstance(one, Slice) else size for one in seen), default=size)


def bound_bytes(layout: Layout, binding: Binding) -> int:
    """The bytes that a step sees of a buffer."""
    return binding.size if isinstance(binding, Slice) else layout.sizes[binding]


def _parts(layout: Layout, rows: Rows | None, steps: Sequence[Step], limit: int) -> Iterable[Step]:
    """All ``steps`` for the first rows, then for the next ones; as they are where that is no way."""
    if rows is None or _fit(layout, steps, limit):
        return steps
    together = _together(rows)
    widest = max((*rows.bytes.values(), *rows.reused.values()), default=limit)
    if most := limit // widest // together * together:
        count = -(-rows.count // most)
        # Parts of one length, as near as may be: a short one at the end would leave a device idle.
        each = min(most, -(-rows.count // (count * together)) * together)
        parts = list(_divided(layout, rows, steps, each))
        if len(parts) <= MOST_PARTS * len(steps) and _fit(layout, parts, limit):
            return parts
    return _parts(layout, rows.otherwise, steps, limit)


def _together(rows: Rows) -> int:
    """Rows after which a part may begin: whole ones in every buffer, where every device takes an offset."""
    apart = (rows.whole * (OFFSETS // gcd(OFFSETS, size)) for size in rows.strided.values())
    return lcm(rows.whole, *(OFFSETS // gcd(OFFSETS, size) for size in rows.bytes.values()), *apart)


def _fit(layout: Layout, steps: Iterable[Step], limit: int) -> bool:
    return all(bound_bytes(layout, one) <= limit for step in steps for one in step.bindings)


def _divided(layout: Layout, rows: Rows, steps: Sequence[Step], each: int) -> Iterator[Step]:
    for first in range(0, rows.count, each):
        count = min(each, rows.count - first)
        grids = rows.grids(count)
        for step in steps:
            yield replace(
                step,
                reads=tuple(_part(layout, one, rows, first, count) for one in step.reads),
                writes=tuple(_part(layout, one, rows, first, count) for one in step.writes),
                scalars={**step.scalars, **({rows.scalar: count} if rows.scalar else {})},
                grid=grids[step.entry],
            )


def _part(layout: Layout, binding: Binding, rows: Rows, first: int, count: int) -> Binding:
    """What ``count`` rows from ``first`` on see of a binding; the last ones see what pads the end as well."""
    name = whose(binding)
    start = binding.offset if isinstance(binding, Slice) else 0
    if name in rows.reused:
        return Slice(name, start, count * rows.reused[name])
    if name in rows.strided:
        at = first // rows.whole * rows.strided[name]
        return Slice(name, start + at, bound_bytes(layout, binding) - at)
    if name not in rows.bytes:
        return binding
    size, at = rows.bytes[name], first * rows.bytes[name]
    last = first + count == rows.count
    return Slice(name, start + at, bound_bytes(layout, binding) - at if last else count * size)
