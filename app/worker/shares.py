"""How many cases of a group a target holds at a time: all prepared kernels keep their operands there."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.catalog.index import with_edits
from app.catalog.programs import laid_out
from app.core.edit import Edit
from app.core.errors import KernelscopeError
from app.core.plan import Case, Settings
from app.core.program import Program
from app.core.sketch import sketch
from app.core.target import Runtime, Target
from app.core.variant import Variant
from app.engines.layouts import shares_operands
from app.measure.cold import copies
from app.system import free_memory
from app.worker.browsers import BROWSER
from app.worker.card import free_of_card
from app.workloads import workloads

CARD = 4 << 30
"""Bytes of a card of its own that a group may take where nothing tells how many are free."""

SHARE = 0.9
"""The part of a card's free memory that a group may take: drivers and screens need some of their own."""


def room(target: Target, told: int = 0) -> int:
    """Bytes that a group may hold on ``target``: of a card what is free, half of the free memory it shares.

    ``told`` is what Vulkan told of a card when it was found, 0 for nothing; what its driver tells now comes
    first.
    """
    if target.is_cpu or target.kind == "IntegratedGPU":
        return free_memory() // 2
    free = free_of_card(target.properties.get("place", "")) or told
    return int(SHARE * free) if free else CARD


class _Hold(NamedTuple):
    """What a case holds: its own bytes, and those of a set of operands that others may share."""

    own: int
    key: object
    operands: int


_NOTHING = _Hold(0, None, 0)


def share(
    target: Target,
    cases: Sequence[tuple[int, Case]],
    base: int | None,
    settings: Settings,
    edits: Iterable[Edit] = (),
    cache: int = 0,
    told: int = 0,
) -> tuple[tuple[int, Case], ...]:
    """The first of ``cases`` that ``target`` holds together with ``base``, at least one; in their order.

    ``cache`` is what its caches hold, which cold operands have to surpass, ``told`` as ``room`` takes it.
    """
    if target.runtime is not Runtime.WGSL or target.engine == BROWSER:
        return tuple(cases)
    variants = {(v.workload, v.name): v for v in with_edits(edits) if v.runtime is Runtime.WGSL}

    def hold(case: Case) -> _Hold:
        """Nothing where it has no layout, which its worker has to say."""
        try:
            return _hold(target, variants[case.workload, case.variant], case, settings, cache)
        except (KernelscopeError, KeyError):
            return _NOTHING

    left, shared = room(target, told), set[object]()

    def take(case: Case) -> None:
        nonlocal left
        held = hold(case)
        left -= held.own + (0 if held.key in shared else held.operands)
        if held.key is not None:
            shared.add(held.key)

    taken: list[tuple[int, Case]] = []
    others = 0
    for index, case in cases:
        if index == base:
            take(case)
    for index, case in cases:
        if index != base:
            take(case)
            others += 1
            if left < 0 and others > 1:
                break
        taken.append((index, case))
    if base is not None and all(index != base for index, _ in taken):
        taken.append(next(one for one in cases if one[0] == base))
    return tuple(taken)


def _hold(target: Target, variant: Variant, case: Case, settings: Settings, cache: int) -> _Hold:
    """What the buffers of a case take; cold or huge operands of equal layouts are there once.

    Operands that lie as they are look alike to all; others only to kernels with the same parameters.
    """
    dummies = tuple(map(sketch, workloads()[case.workload].operand_shapes(case.shape)))
    layout = laid_out(variant, dummies, case.parameters)
    count = copies(target, Program("", layout, operation=variant.operation), cache) if settings.cold else 1
    own = settings.instances * (sum(layout.scratch.values()) + layout.output_bytes)
    operands = settings.instances * count * layout.operand_bytes
    if not shares_operands(layout, count):
        return _Hold(own + operands, None, 0)
    plain = {id(dummy) for dummy in dummies}
    as_they_are = all(id(buffer) in plain for buffer in layout.buffers.values())
    how = () if as_they_are else (variant.layout, tuple(sorted(case.parameters.items())))
    return _Hold(own, (case.workload, case.shape, *how), operands)
