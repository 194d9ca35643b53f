"""What a run is called: what it solved, what varied, and where."""

from app.core.session import Session
from app.core.shape import names
from app.figures import units

FEW = 2
"""Things that are named; of more it is said how many there are."""


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
