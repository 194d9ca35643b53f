"""How many cases of a group a target holds at a time: all prepared kernels keep their operands there."""

from collections.abc import Iterable, Sequence

from app.catalog.index import lay_out, with_edits
from app.core.edit import Edit
from app.core.errors import KernelscopeError
from app.core.plan import Case, Settings
from app.core.program import Program
from app.core.sketch import sketch
from app.core.target import Runtime, Target
from app.measure.cold import copies
from app.system import free_memory
from app.worker.browsers import BROWSER
from app.workloads import workloads

CARD = 4 << 30
"""Bytes of a card of its own that a group may take: no interface of WebGPU tells how many it has."""


def room(target: Target) -> int:
    """Bytes that a group may hold on ``target``: ``CARD`` of a card, half of the free memory it shares."""
    return CARD if target.kind == "DiscreteGPU" else free_memory() // 2


def share(
    target: Target,
    cases: Sequence[tuple[int, Case]],
    base: int | None,
    settings: Settings,
    edits: Iterable[Edit] = (),
) -> tuple[tuple[int, Case], ...]:
    """The first of ``cases`` that ``target`` holds together with ``base``, at least one; in their order."""
    if target.runtime is not Runtime.WGSL or target.engine == BROWSER:
        return tuple(cases)
    variants = {(v.workload, v.name): v for v in with_edits(edits) if v.runtime is Runtime.WGSL}

    def size(case: Case) -> int:
        """Bytes of its buffers; 0 where it has no layout, which its worker has to say."""
        try:
            variant = variants[case.workload, case.variant]
            dummies = tuple(map(sketch, workloads()[case.workload].operand_shapes(case.shape)))
            layout = lay_out(variant, dummies, case.parameters)
            count = copies(target, Program("", layout, operation=variant.operation)) if settings.cold else 1
        except (KernelscopeError, KeyError):
            return 0
        own = count * layout.operand_bytes + sum(layout.scratch.values()) + layout.output_bytes
        return settings.instances * own

    left = room(target) - sum(size(case) for index, case in cases if index == base)
    taken: list[tuple[int, Case]] = []
    others = 0
    for index, case in cases:
        if index != base:
            left -= size(case)
            others += 1
            if left < 0 and others > 1:
                break
        taken.append((index, case))
    if base is not None and all(index != base for index, _ in taken):
        taken.append(next(one for one in cases if one[0] == base))
    return tuple(taken)
