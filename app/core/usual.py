"""Which targets run unless somebody says otherwise: each GPU once, by its best way, software only alone.

Libraries run where they are asked for; NumPy, which is always there, with all the others.
"""

from collections.abc import Sequence

from app.core.target import BACKENDS, Runtime, Target

ENGINE = "webgpu"
"""Whose adapters may be several ways to one GPU; a browser is a choice of its own."""


PEER = "a library to compare with, as --plan peers does"


def why_unusual(targets: Sequence[Target]) -> dict[str, str]:
    """Id to reason, for each of ``targets`` that should run only where it is asked for.

    A GPU counts once: through the best of its backends, and of equal cards the first.
    """
    reasons: dict[str, str] = {}
    for machine in dict.fromkeys(target.machine for target in targets):
        reasons |= _why_unusual([target for target in targets if target.machine == machine])
    return reasons


def _why_unusual(targets: Sequence[Target]) -> dict[str, str]:
    """The same of the targets of one machine."""
    adapters = [t for t in targets if t.engine == ENGINE and t.runtime is Runtime.WGSL]
    reasons = {t.id: PEER for t in targets if t.is_peer and t.runtime is not Runtime.NUMPY}
    real = [target for target in adapters if not target.is_cpu]
    if not real:
        return reasons
    reasons |= {t.id: "software, beside a GPU" for t in adapters if t.is_cpu}
    kept: list[Target] = []
    for target in sorted(real, key=_rank):
        twins = [other for other in kept if _same_kind(target, other)]
        if twins:
            twin = next((other for other in twins if other.name in target.name), twins[0])
            reasons[target.id] = _in_words(target, twin)
        else:
            kept.append(target)
    return reasons


def usual_targets(targets: Sequence[Target]) -> list[Target]:
    """Those of ``targets`` that run unless somebody says otherwise."""
    reasons = why_unusual(targets)
    return [target for target in targets if target.id not in reasons]


def _rank(target: Target) -> int:
    return BACKENDS.index(target.backend) if target.backend in BACKENDS else len(BACKENDS)


def _model(target: Target) -> tuple[str, str]:
    """Vendor and device; "" for what a backend does not tell, as OpenGL does not tell the device."""
    vendor, _, device = target.gpu.partition("@")[0].partition(":")
    return vendor.lstrip("0"), device.lstrip("0")


def _same_kind(target: Target, other: Target) -> bool:
    """Whether both are one GPU, or equal cards: where a backend tells less, the vendor has to do."""
    (vendor, device), (vendors, devices) = _model(target), _model(other)
    if not vendor or not vendors:
        return target.name == other.name and target.backend != other.backend
    if target.backend == other.backend and not device:
        return False
    return vendor == vendors and (device == devices or not device)


def _in_words(target: Target, twin: Target) -> str:
    if target.backend != twin.backend:
        return f"the same GPU as {twin.label}, through {target.backend}"
    here, there = (t.gpu.partition("@")[2] for t in (target, twin))
    if (here and here == there) or target.driver != twin.driver:
        return f"the same GPU as {twin.label}, by another driver"
    return f"a card like {twin.label}"
