"""What the source articles report: ranges to hold one's own results against, and why they may differ."""

from collections.abc import Iterable
from fnmatch import fnmatch

from msgspec import Struct

from app.figures import units


class Source(Struct, frozen=True):
    """The place where a figure was published."""

    title: str
    url: str


class Figure(Struct, frozen=True, kw_only=True):
    """One claim: how many times faster something is than something else.

    ``variant`` and ``baseline`` are patterns of variant names that measure the same here, empty where nothing
    does. ``low`` is None for "up to", ``high`` for "more than". ``where`` names the chart or passage,
    ``plan`` the named plan that measures it, where no other leads there.
    """

    workload: str = ""
    runtime: str = ""
    variant: str = ""
    baseline: str = ""
    low: float | None = None
    high: float | None = None
    claim: str
    source: str
    where: str
    plan: str = ""

    @property
    def words(self) -> str:
        """``article: 1.7–2.9×``."""
        low, high = (None if v is None else units.plain(v) for v in (self.low, self.high))
        if low is None:
            return f"article: up to {high}×"
        if high is None:
            return f"article: more than {low}×"
        return f"article: {low}×" if low == high else f"article: {low}–{high}×"


class Articles(Struct, frozen=True):
    """The figures of all articles; ``note`` says why results here need not agree."""

    note: str
    sources: dict[str, Source]
    figures: tuple[Figure, ...]


def figure_for(
    figures: Iterable[Figure], workload: str, runtime: str, variant: str, baseline: str
) -> Figure | None:
    """The first figure about this variant over this baseline; None where the articles are silent."""
    for figure in figures:
        if (
            (figure.workload, figure.runtime) == (workload, runtime)
            and fnmatch(variant, figure.variant)
            and fnmatch(baseline, figure.baseline)
        ):
            return figure
    return None
