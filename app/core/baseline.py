"""Baselines: what a speedup is a speedup over.

A baseline is written as variant names or glob patterns (``f32``, ``f32,f32-simd``): on each target, the
first that its runtime has, or else its runtime's first variant. ``numpy/f32`` means one target for all.
"""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatch

from app.core.errors import KernelscopeError
from app.core.selection import known, split
from app.core.target import Target
from app.core.variant import Variant

USUAL_BASELINE = "f32,f32-simd"
"""Plain f32. Wasm has none: there it is f32 with SIMD, since GPUs and NumPy compute with vectors too."""


def baseline_names(variants: Iterable[Variant], baseline: str) -> set[tuple[str, str, str]]:
    """(workload, runtime, variant) of the baseline of every workload and runtime."""
    groups: dict[tuple[str, str], list[str]] = {}
    for variant in variants:
        groups.setdefault((variant.workload, variant.runtime.value), []).append(variant.name)
    return {(*group, first_match(names, baseline)) for group, names in groups.items()}


def first_match(names: Sequence[str], baseline: str) -> str:
    """Which of the variants that one runtime has, never none, is the baseline there."""
    for pattern in split([baseline]):
        if pattern in names:
            return pattern
        for name in names:
            if pattern == "all" or fnmatch(name, pattern):
                return name
    return names[0]


def fixed_baseline(targets: Iterable[Target], baseline: str, machine: str = "") -> tuple[str, str] | None:
    """(target id, variant name) of a baseline with a slash; None where each target has its own.

    A pattern that no target matches gives an empty id: a session keeps its baseline's name even where
    the target is gone. In a fleet ``numpy/f32`` is that of each ``machine``, ``numpy@m1/f32`` one for all.
    """
    if "/" not in baseline:
        return None
    pattern, name = baseline.rsplit("/", 1)
    every = list(targets)
    ids = [target.id for target in every if fnmatch(target.id, pattern)]
    own = [target.id for target in every if target.machine == machine and fnmatch(target.own_id, pattern)]
    anywhere = [target.id for target in every if fnmatch(target.own_id, pattern)]
    return (next(iter((*ids, *own, *anywhere)), ""), name)


def check_baseline(targets: Sequence[Target], variants: Sequence[Variant], baseline: str) -> None:
    """Refuse a baseline that names nothing.

    Raises:
        KernelscopeError: with what there is instead.
    """
    fixed = fixed_baseline(targets, baseline)
    if fixed is not None and not fixed[0]:
        there = known((target.id for target in targets), baseline.rsplit("/", 1)[0])
        raise KernelscopeError(f"baseline {baseline!r}: no such target; {there}")
    names = list(dict.fromkeys(variant.name for variant in variants))
    patterns = [fixed[1]] if fixed else split([baseline])
    wrong = [p for p in patterns if p != "all" and not any(fnmatch(n, p) for n in names)]
    if wrong or not patterns:
        there = known(names, "".join(wrong[:1]))
        raise KernelscopeError(f"baseline {baseline!r}: no such variant; {there}")
