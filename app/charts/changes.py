"""Changes: a dot for each case of the sessions that are compared, the largest change first."""

from collections import defaultdict
from collections.abc import Sequence
from math import log2
from typing import NamedTuple

from app.charts.picture import Axis, Curve, Lines, Scale, Spot
from app.core.errors import KernelscopeError
from app.core.measurement import Measurement
from app.figures import units
from app.figures.statistics import Ratio
from app.figures.verdict import Verdict, wording
from app.findings.across import Across

NAMED = 6
"""Changes that bear their names."""

MOST = 2000
"""Dots; those that changed least are left out."""


class _Dot(NamedTuple):
    session: str
    target: str
    label: str
    workload: str
    variant: str
    size: str
    ratio: Ratio
    verdict: Verdict
    results: tuple[Measurement, ...]

    @property
    def changed(self) -> bool:
        return self.verdict in (Verdict.FASTER, Verdict.SLOWER)

    @property
    def place(self) -> tuple[bool, float]:
        """Changes come first, then what is larger at least."""
        ratio = self.ratio
        near = ratio.low if ratio.value > 1 else ratio.high
        return not self.changed, -abs(log2(near if self.changed and near else ratio.value))

    @property
    def name(self) -> str:
        return f"{self.variant} {self.size}"


def changes(across: Across, margin: float, created: str = "") -> Lines:
    """How many times faster each case is than in the first session; what did not surely change is grey.

    Raises:
        KernelscopeError: no case has a figure in two sessions.
    """
    dots = sorted(_dots(across, margin), key=lambda dot: dot.place)
    if not dots:
        raise KernelscopeError("no case has a figure in two of these sessions")
    several = len(across.names) > 2
    curves: dict[tuple[str, str, bool], list[Spot]] = defaultdict(list)
    for place, dot in enumerate(dots[:MOST], 1):
        key = dot.session if several else dot.target
        curves[key, dot.variant, dot.changed].append(_spot(place, dot, several))
    left_out = f"; {len(dots) - MOST} that changed least are left out" if len(dots) > MOST else ""
    targets = across.names[1:] if several else tuple(dict.fromkeys(dot.target for dot in dots))
    return Lines(
        title=_finding(dots),
        caption=f"Each dot is a case beside that of {across.names[0]}; grey: no sure change{left_out}",
        footer=f"95 % intervals; a change is more than {units.percent(margin)}",
        created=created,
        x=Axis("cases, the largest change first", Scale.LINEAR, lambda _: "", air=0.8),
        y=Axis("times faster", Scale.LOG2, units.multiple, always=(0.8, 1.25), air=0.05),
        curves=tuple(
            Curve((target, variant), tuple(spots), joined=False, quiet=not changed)
            for (target, variant, changed), spots in curves.items()
        ),
        base=1.0,
        targets=targets,
        labels={dot.target: dot.label for dot in dots} if not several else {name: name for name in targets},
        variants=tuple(dict.fromkeys(dot.variant for dot in dots)),
    )


def _dots(across: Across, margin: float) -> list[_Dot]:
    found = []
    for group in across.groups:
        for size in group.sizes:
            for name, one in zip(across.names[1:], size.comparisons, strict=True):
                if one and one.ratio and one.ratio.value > 0:
                    target = group.target
                    case = (target.id, target.label, group.workload, group.variant, size.name)
                    both = tuple(own for own in (one.base, one.other) if own)
                    found.append(_Dot(name, *case, one.ratio, one.verdict(margin), both))
    return found


def _spot(place: int, dot: _Dot, several: bool) -> Spot:
    where = f"{dot.workload} {dot.name} on {dot.label}" + (f", {dot.session}" if several else "")
    return Spot(
        float(place),
        dot.ratio.value,
        None,
        dot.ratio.low,
        dot.ratio.high,
        f"{where}: {wording(dot.ratio)}",
        name=dot.name if dot.changed and place <= NAMED else "",
        tip=where,
        sure=dot.verdict is not Verdict.NOT_SURE,
        results=dot.results,
    )


def _finding(dots: Sequence[_Dot]) -> str:
    """``3 of 27 cases changed: most u8 64 on llvmpipe, 1.20× slower (1.18–1.22)``."""
    changed = [dot for dot in dots if dot.changed]
    if not changed:
        unsure = sum(dot.verdict is Verdict.NOT_SURE for dot in dots)
        told = f"; {unsure} are not sure" if unsure else ""
        return f"None of {len(dots)} cases surely changed{told}"
    most = changed[0]
    words = f"{most.name} on {most.label}, {wording(most.ratio)}"
    return f"{len(changed)} of {len(dots)} cases changed: most {words}"
