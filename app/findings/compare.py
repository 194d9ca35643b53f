"""Comparing sessions: the same cases on another day, with another driver, on another machine."""

from collections.abc import Iterable, Sequence

from msgspec import Struct, structs

from app.core.code import changed
from app.core.measurement import Measurement, Status
from app.core.pairs import FEWEST_INSTANCES, WIDEST, between, knows_instances
from app.core.session import Session
from app.core.shape import Shape
from app.core.target import Target
from app.figures.statistics import Ratio, geometric_mean
from app.figures.verdict import MARGIN, Verdict, verdict

Place = tuple[str, str, Shape]
"""Workload, variant, shape: what is compared, whoever ran it."""

HINT = (
    f"differences up to {WIDEST:g}× may come of preparing a kernel once more; "
    f"measure both with --instances {FEWEST_INSTANCES} to tell smaller ones"
)


class Comparison(Struct, frozen=True):
    """One case in two sessions, as ``base`` and as ``other`` have it; None where one lacks it.

    ``ratio`` says how many times faster ``other`` is; it is None unless both are ``ok``, and ``reason`` says
    why. The intervals are wider than within a session: nothing pairs the samples of two runs, and processes
    differ (``app.core.pairs.between``).
    """

    target: Target
    base: Measurement | None
    other: Measurement | None
    ratio: Ratio | None
    reason: str = ""

    @property
    def measurement(self) -> Measurement:
        """The one there is: for its case."""
        found = self.base or self.other
        assert found is not None
        return found

    @property
    def broken(self) -> bool:
        """Whether what was right in ``base`` failed or is wrong in ``other``."""
        good = self.base is not None and self.base.status is Status.OK
        bad = self.other is not None and self.other.status.bad
        return good and bad

    def verdict(self, margin: float = MARGIN) -> Verdict:
        """What may be said of it."""
        return verdict(self.ratio, margin)

    def hint(self, margin: float = MARGIN) -> str:
        """How to be surer, where more instances of the kernel would tell; else empty."""
        if self.base is None or self.other is None or self.verdict(margin) is not Verdict.NOT_SURE:
            return ""
        return "" if knows_instances(self.base, self.other) else HINT


def compare(base: Session, other: Session) -> list[Comparison]:
    """Every case of ``base`` with its like in ``other``, then what only ``other`` has.

    Cases are alike in workload, variant and shape, on targets that ``match_targets`` pairs.
    """
    partners = match_targets(base, other)
    theirs = {_key(m): m for m in other.measurements}
    found = []
    for measurement in base.measurements:
        target = base.target(measurement.case.target)
        partner = partners.get(target.id)
        twin = theirs.pop((partner, *_place(measurement)), None) if partner else None
        found.append(_comparison(target, measurement, twin))
    return found + [_comparison(other.target(m.case.target), None, m) for m in theirs.values()]


def match_targets(base: Session, other: Session) -> dict[str, str]:
    """Target id of ``base`` to that of ``other``: the same id, else the only other one of its runtime.

    So two machines with one GPU each are compared although their adapters have other names. Only targets with
    measurements count.
    """
    mine, theirs = _used(base), _used(other)
    same = {target.id: target.id for target in mine if target.id in {t.id for t in theirs}}
    for target in mine:
        if target.id in same:
            continue
        alone = [t for t in mine if t.runtime is target.runtime and t.id not in same]
        left = [t for t in theirs if t.runtime is target.runtime and t.id not in same.values()]
        if len(alone) == len(left) == 1:
            same[target.id] = left[0].id
    return same


def _used(session: Session) -> list[Target]:
    used = {m.case.target for m in session.measurements}
    return [target for target in session.targets if target.id in used]


def _place(measurement: Measurement) -> Place:
    case = measurement.case
    return (case.workload, case.name, case.shape)


def _key(measurement: Measurement) -> tuple[str, str, str, Shape]:
    return (measurement.case.target, *_place(measurement))


def _comparison(target: Target, base: Measurement | None, other: Measurement | None) -> Comparison:
    for measurement, which in ((base, "the first"), (other, "this")):
        if measurement is None:
            return Comparison(target, base, other, None, f"not in {which} session")
        if measurement.status is not Status.OK:
            detail = f": {measurement.reason}" if measurement.reason else ""
            return Comparison(
                target, base, other, None, f"{measurement.status.value} in {which} session{detail}"
            )
    assert base is not None
    assert other is not None
    reason = "" if base.case.parameters == other.case.parameters else "other parameters"
    if (base.rotation is None) != (other.rotation is None):
        reason = f"{reason}, caches bypassed in only one of them".removeprefix(", ")
    if base.timer != other.timer:
        reason = f"{reason}, other timer".removeprefix(", ")
    if code := changed(base.code, other.code):
        reason = f"{reason}, {code}".removeprefix(", ")
    ratio = between(base, other)
    # No two sessions are paired, so it is not said of each case.
    ratio = structs.replace(ratio, unpaired=False) if ratio else None
    return Comparison(target, base, other, ratio, reason)


class MeanRatio(Struct, frozen=True):
    """A variant of a workload on one target, over all shapes that were compared."""

    target: Target
    workload: str
    variant: str
    mean: Ratio
    cases: int


def groups(comparisons: Iterable[Comparison]) -> list[MeanRatio]:
    """The geometric mean of every variant's ratios; two processes may differ alike in all of them."""
    found: dict[tuple[str, str, str], list[Comparison]] = {}
    for one in comparisons:
        if one.ratio:
            case = one.measurement.case
            found.setdefault((one.target.id, case.workload, case.name), []).append(one)
    return [
        MeanRatio(own[0].target, workload, variant, mean, len(own))
        for (_, workload, variant), own in found.items()
        if (mean := geometric_mean([one.ratio for one in own if one.ratio], alike=True))
    ]


def names(sessions: Sequence[tuple[str, Session]]) -> list[str]:
    """What to call sessions beside each other: their given names, with the date where two are the same."""
    given = [name for name, _ in sessions]
    return [
        name if given.count(name) == 1 else f"{name} ({session.created[:16].replace('T', ' ')})"
        for name, session in sessions
    ]
