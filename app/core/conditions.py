"""What the machine did while something was timed, and what that explains."""

import statistics
from collections.abc import Callable, Sequence

from msgspec import Struct

from app.figures import units

FELL = 0.03
"""Share of the clock that may be lost without a word."""

ENOUGH = 6
"""Readings from which on two halves can be told apart."""


class Conditions(Struct, frozen=True, omit_defaults=True):
    """One reading: ``clock`` in Hz, ``celsius``, ``watts``, what ``throttled``; 0 where nobody can tell."""

    clock: float = 0.0
    celsius: float = 0.0
    watts: float = 0.0
    throttled: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether any sensor said anything."""
        return bool(self.clock or self.celsius or self.watts or self.throttled)


def words(readings: Sequence[Conditions], seconds: float) -> str:
    """``2.45 GHz (2.40-2.50), 61 °C, 45 W: 0.33 J a run of so many ``seconds``; throttled: thermal``."""
    parts = [ranges(readings)]
    if (joules := energy(readings, seconds)) is not None:
        parts.append(f"{units.digits(joules)} J a run")
    if reasons := dict.fromkeys(name for one in readings for name in one.throttled):
        parts.append(f"throttled: {', '.join(reasons)}")
    return ", ".join(filter(None, [*parts, drift(readings)]))


def ranges(readings: Sequence[Conditions]) -> str:
    """The medians of what sensors told, with the least and the most."""
    parts = (
        _range(readings, lambda one: one.clock / 1e9, "GHz"),
        _range(readings, lambda one: one.celsius, "°C"),
        _range(readings, lambda one: one.watts, "W"),
    )
    return ", ".join(filter(None, parts))


def energy(readings: Sequence[Conditions], seconds: float) -> float | None:
    """Joules of a run of so many ``seconds``, at the median power; None where that is not known."""
    watts = [one.watts for one in readings if one.watts]
    return statistics.median(watts) * seconds if watts else None


def drift(readings: Sequence[Conditions]) -> str:
    """How the clock fell from the first half of the readings to the second, if it did."""
    clocks = [one.clock for one in readings if one.clock]
    if len(clocks) < ENOUGH:
        return ""
    half = len(clocks) // 2
    early, late = statistics.median(clocks[:half]), statistics.median(clocks[-half:])
    if late > early * (1 - FELL):
        return ""
    return f"its clock fell from {units.digits(early / 1e9)} to {units.digits(late / 1e9)} GHz meanwhile"


def _range(readings: Sequence[Conditions], of: Callable[[Conditions], float], unit: str) -> str:
    known = sorted(value for value in map(of, readings) if value)
    if not known:
        return ""
    low, middle, high = (units.digits(v) for v in (known[0], statistics.median(known), known[-1]))
    return f"{middle} {unit}" if low == high else f"{middle} {unit} ({low}-{high})"
