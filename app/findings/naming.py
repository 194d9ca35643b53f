"""What a run is called: what it solved, what varied, and where."""

from app.core.session import Session
from app.core.shape import names
from app.figures import units

FEW = 2
"""Things that are named; of more it is said how many there are."""


def few(names: list[str], most: int) -> str:
    """All ``names``, or the first and how many more there are."""
    more = len(names) - most
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:most])} and {more} more"


def machine_words(session: Session) -> str:
    """The machine that it ran on, in words; of a fleet each by its name, those that are alike together."""
    alike: dict[str, list[str]] = {}
    for name, host in session.hosts.items():
        parts = (host.processor or host.system, host.core_words, units.bytes_(host.memory))
        alike.setdefault(f"{', '.join(parts)}; {host.system}", []).append(name)
    if len(session.hosts) == 1:
        return next(iter(alike))
    told = [f"{', '.join(names)} ({words})" for words, names in alike.items()]
    return f"{len(session.hosts)} machines: {', '.join(told)}"


def run_name(session: Session) -> str:
    """``matvec, 5 variants at 4 sizes on llvmpipe (Vulkan) and wasmtime``."""
    cases = session.plan.cases
    used = {case.target for case in cases}
    targets = [target.label for target in session.targets if target.id in used]
    variants = list(dict.fromkeys(case.variant for case in cases))
    shapes = list(dict.fromkeys(names(case.shape for case in cases).values()))
    workloads = units.listed(list(dict.fromkeys(case.workload for case in cases)))
    sizes = f"at {_some(shapes, 'sizes')}" if len({case.workload for case in cases}) == 1 else ""
    parts = (f"{workloads}, {_some(variants, 'variants')}", sizes, f"on {_some(targets, 'targets')}")
    return " ".join(filter(None, parts))


def _some(found: list[str], noun: str) -> str:
    return units.listed(found) if len(found) <= FEW else f"{len(found)} {noun}"
