"""Tuning: which parameters suit a variant on one target, and how sure that is."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from app.core.measurement import Status
from app.core.shape import Shape
from app.core.variant import Variant
from app.figures.statistics import Ratio

Values = dict[str, int | str]


class TuneSettings(Struct, frozen=True):
    """How to tune one variant at one shape.

    ``seconds`` bounds the whole of it by the wall clock; a quarter, but at most 12 s, is kept for measuring
    the best candidates again. ``batch_seconds`` is the length of one sample, ``step_seconds`` how long one
    step may take before the worker counts as hung.
    """

    seconds: float = 120.0
    batch_seconds: float = 0.015
    step_seconds: float = 60.0
    seed: int = 1


class Candidate(Struct, frozen=True):
    """Parameters that were tried: ``seconds`` per run, None unless they gave the right result in time."""

    parameters: Values
    status: Status
    seconds: float | None = None
    reason: str = ""


class Tuning(Struct, frozen=True, kw_only=True):
    """The best parameters of a variant at one shape on one target.

    ``parameters`` are the defaults unless something else was faster. ``speedup`` is over the defaults, from
    interleaved samples; its interval is None where the search was stopped before those. ``seconds`` and
    ``default_seconds`` are medians per run; the latter is None where the defaults do not run here.
    ``tried`` counts candidates, ``stop`` says why there were no more. ``date`` is ISO 8601 in UTC.
    """

    workload: str
    variant: str
    runtime: str
    shape: Shape
    parameters: Values
    defaults: Values
    seconds: float
    default_seconds: float | None
    speedup: Ratio | None
    tried: int
    stop: str
    date: str


def size_class(shape: Shape) -> str:
    """The class of shapes that share tuned parameters: ``256-1023``, ``64-255 wide``.

    What decides is whether operands fit into caches and whether there are rows enough to fill the target.
    So a class spans a factor of four of the side of the square (or cube) with as many elements, a dimension
    alone counting as a square; and shapes ``SLENDER`` times as wide as they are tall, or the other way
    round, have classes of their own.
    """
    side = shape.rows**0.5 if shape.columns is None else shape.size
    low = 1
    while low * 4 <= side * (1 + 1e-9):
        low *= 4
    return f"{low}-{low * 4 - 1}{_form(shape)}"


def _form(shape: Shape) -> str:
    if shape.columns is None:
        return ""
    if shape.columns >= SLENDER * shape.rows:
        return " wide"
    return " tall" if shape.rows >= SLENDER * shape.columns else ""


SLENDER = 8


def accepts(variant: Variant, parameters: Mapping[str, int | str]) -> bool:
    """Whether ``parameters`` are all of the variant's own, each with a value that it still offers."""
    return parameters.keys() == {p.name for p in variant.parameters} and all(
        parameters[p.name] in p.offered for p in variant.parameters if p.side < 0
    )


def best_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates that gave the right result in time, fastest first."""
    return sorted((c for c in candidates if c.seconds is not None), key=lambda c: c.seconds or 0.0)


def describe(parameters: Mapping[str, int | str]) -> str:
    """``rows_per_thread=8, workgroup_size=64``: parameters as people read them."""
    return ", ".join(f"{name}={value}" for name, value in parameters.items())
