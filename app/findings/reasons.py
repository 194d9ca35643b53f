"""Why a row takes as long as it does: which of the limits that were measured it meets, and by which figures.

Two questions have answers of their own: what bounds run after run, and what the first use goes into. The
limits are those of the roofline (``app.core.ceilings.bound``) and of launches; one is named only where the
row comes within ``NEAR`` of it. Anything else is unknown.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from app.core.ceilings import Ceilings, bound
from app.core.code import Summary as Code
from app.core.measurement import Costs, Measurement
from app.core.target import Target
from app.core.variant import Operation, Variant
from app.figures import units
from app.figures.statistics import Summary

NEAR = 0.5
"""Share of a limit from which on it is called the one that holds a row back."""

BEYOND = 1.05
"""More than this share of memory's rate no memory gives."""

LITTLE_USE = 0.25
"""Below this share of useful instructions the others are what a processor is busy with."""

GROUPS_OF_GPU = 16
"""Fewer workgroups leave most of any GPU idle: even integrated ones have as many units or more."""


class Cause(StrEnum):
    """What a row's time goes into."""

    MEMORY = "memory"
    ARITHMETIC = "arithmetic"
    DISPATCH = "dispatch"
    TRANSFER = "transfer"
    COMPILE = "compile"
    WORKGROUPS = "too few workgroups"
    CACHE = "cache-served"
    UNKNOWN = "unknown"


class Reason(Struct, frozen=True):
    """The cause and the ``figures`` that it follows from; ``first`` and its figures are of the first use.

    ``first`` is None where nobody noted what that took.
    """

    cause: Cause
    figures: str
    first: Cause | None = None
    first_figures: str = ""

    @property
    def words(self) -> str:
        """``memory: 7.4 GB/s are 97 % of the 7.6 that memory gives``."""
        return f"{self.cause.value}: {self.figures}"

    @property
    def first_words(self) -> str:
        """``compile: compiling takes 91 % of 25 ms to the first result``; empty where nothing stands out."""
        return f"{self.first.value}: {self.first_figures}" if self.first else ""


TRANSFERS = (Operation.UPLOAD, Operation.DOWNLOAD, Operation.MAP, Operation.FIRST_TOUCH)


class Figures(Protocol):
    """What is known of a row by then (``app.findings.rows.Row``)."""

    @property
    def measurement(self) -> Measurement: ...
    @property
    def target(self) -> Target: ...
    @property
    def variant(self) -> Variant: ...
    @property
    def summary(self) -> Summary | None: ...
    @property
    def bytes(self) -> float | None: ...
    @property
    def computed(self) -> float | None: ...
    @property
    def of_ceiling(self) -> float | None: ...
    @property
    def in_cache(self) -> bool: ...
    @property
    def launch_bound(self) -> bool: ...


def reason(row: Figures, ceilings: Ceilings | None, cores: int = 0) -> Reason | None:
    """Why ``row`` takes as long as it does on a machine of so many ``cores``; None without figures."""
    if row.summary is None:
        return None
    cause, figures = _steady(row, row.summary.median, ceilings, cores)
    first, words = _first(row.measurement.costs, row.summary.median)
    return Reason(cause, figures, first, words)


def _steady(row: Figures, seconds: float, ceilings: Ceilings | None, cores: int) -> tuple[Cause, str]:
    operation = row.variant.operation
    if operation in TRANSFERS:
        return Cause.TRANSFER, f"it moves bytes and computes nothing, {units.giga(row.bytes)} GB/s"
    if operation is Operation.DISPATCH:
        return Cause.DISPATCH, f"it is one launch alone, {units.seconds(seconds)}"
    if ceilings is None:
        return Cause.UNKNOWN, "no ceilings of this target are known: kernelscope ceilings measures them"
    if row.launch_bound:
        floor = units.seconds(ceilings.floor)
        return Cause.DISPATCH, f"it takes {units.seconds(seconds)}, and an empty kernel takes {floor}"
    if row.in_cache:
        held = f" of up to {units.bytes_(ceilings.cache)}" if ceilings.cache else ""
        size = units.bytes_(round((row.bytes or 0.0) * seconds))
        beside = f"memory gives {units.giga(ceilings.read)} GB/s"
        return Cause.CACHE, f"{units.giga(row.bytes)} GB/s of {size} come from a cache{held}; {beside}"
    if (few := _few(row, cores)) and (row.of_ceiling or 0.0) < NEAR:
        return Cause.WORKGROUPS, few
    return _limit(row, seconds, ceilings)


def _few(row: Figures, cores: int) -> str:
    """Why the workgroups do not fill the target; nothing where they do, or nobody can tell."""
    groups = row.measurement.workgroups
    units_there = cores if row.target.is_cpu else GROUPS_OF_GPU
    if not groups or groups >= units_there:
        return ""
    fill = f"{units_there} cores" if row.target.is_cpu else f"a GPU of at least {units_there} units"
    return f"{groups} workgroup{'s' * (groups != 1)} cannot fill {fill}"


def _limit(row: Figures, seconds: float, ceilings: Ceilings) -> tuple[Cause, str]:
    """The side of the roofline that the row is near; where it is near none, what its code says."""
    least = bound(
        (row.computed or 0.0) * seconds, (row.bytes or 0.0) * seconds, row.variant.compute, ceilings
    )
    if least is None or row.of_ceiling is None:
        return _by_memory_alone(row, seconds, ceilings)
    share = units.percent(row.of_ceiling)
    if least.by_memory:
        words = (
            f"{units.giga(row.bytes)} GB/s are {share} of the {units.giga(ceilings.read)} that memory gives"
        )
        near = Cause.MEMORY
    else:
        peak = units.giga(ceilings.peak(row.variant.compute))
        words = f"{units.giga(row.computed)} GFLOP/s are {share} of the {peak} that {row.variant.compute} can"
        near = Cause.ARITHMETIC
    if row.of_ceiling >= NEAR:
        return near, words
    if busy := busy_with(row.measurement.code):
        return Cause.ARITHMETIC, f"{busy}; {words}"
    return Cause.UNKNOWN, f"near no limit: {words}"


def _by_memory_alone(row: Figures, seconds: float, ceilings: Ceilings) -> tuple[Cause, str]:
    """The limit of a row whose arithmetic has no ceiling."""
    share = (row.bytes or 0.0) / ceilings.read if ceilings.read else 0.0
    if share < NEAR:
        return Cause.UNKNOWN, f"no ceiling for products in {row.variant.compute} is known here"
    rate, read = f"{units.giga(row.bytes)} GB/s", f"that memory gives, {units.giga(ceilings.read)}"
    if share > BEYOND:
        size = units.bytes_(round((row.bytes or 0.0) * seconds))
        return Cause.CACHE, f"{rate} of {size} are more than all {read}"
    return Cause.MEMORY, f"{rate} are {units.percent(share)} of all {read}"


def busy_with(code: Code | None) -> str:
    """What a processor does instead of the problem, where most of its instructions are something else."""
    if code is None or not code.loop or not code.cost:
        return ""
    useful = code.counts.get("useful", 0) / code.loop
    if useful >= LITTLE_USE:
        return ""
    most = max((name for name in code.counts if name != "useful"), key=lambda name: code.counts[name])
    return (
        f"{units.percent(useful)} of the loop's {code.loop:,} instructions are useful, "
        f"{units.percent(code.counts[most] / code.loop)} {most}"
    )


def _first(costs: Costs | None, seconds: float) -> tuple[Cause | None, str]:
    """What the first use goes into: compiling, bringing operands up, or the run itself."""
    if costs is None:
        return None, ""
    parts: Mapping[Cause, float] = {
        Cause.COMPILE: costs.compile_s,
        Cause.TRANSFER: costs.upload_s,
        Cause.DISPATCH: max(0.0, costs.first_run_s - seconds),
    }
    whole = sum(parts.values()) + seconds
    most = max(parts, key=lambda cause: parts[cause])
    if whole <= 0 or parts[most] < NEAR * whole:
        return None, ""
    words = {
        Cause.COMPILE: "compiling takes",
        Cause.TRANSFER: "bringing operands up takes",
        Cause.DISPATCH: "what its first run takes beyond later ones is",
    }[most]
    return most, f"{words} {units.percent(parts[most] / whole)} of {units.seconds(whole)} to the first result"
