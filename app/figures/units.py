"""Figures as people read them: three significant digits, never nan, inf or a bare 0.00."""

import math
from collections.abc import Sequence

NO_VALUE = "–"

_PARTS = {2: "½", 4: "¼", 8: "⅛"}
_TIMES = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


def digits(value: float, count: int = 3) -> str:
    """``value`` with ``count`` significant digits and no exponent from 0.001 to 10 million: ``12,300``."""
    if not math.isfinite(value):
        return NO_VALUE
    if value == 0:
        return "0"
    short = f"{value:.{count - 1}e}"
    magnitude = int(short.partition("e")[2])
    if not -4 < magnitude < 7:
        return short
    return f"{float(short):,.{max(0, count - 1 - magnitude)}f}"


def plain(value: float) -> str:
    """A figure without the noughts that a measurement would need: ``2``, ``1.6``."""
    text = digits(value)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def seconds(value: float | None) -> str:
    """A time with the unit that suits it: ``9.41 ms``."""
    if value is None or not math.isfinite(value):
        return NO_VALUE
    scale, unit = next(((s, u) for s, u in _TIMES if abs(value) >= s), _TIMES[-1])
    return f"{digits(value / scale)} {unit}"


def times(value: float | None) -> str:
    """A ratio: ``1.62×``, ``1/2,500×``."""
    if value is None or not math.isfinite(value):
        return NO_VALUE
    return f"1/{digits(1 / value)}×" if 0 < value < 0.001 else f"{digits(value)}×"


def multiple(value: float) -> str:
    """A round ratio, as at an axis: ``2×``, ``½×``, ``1/32×``."""
    below = 1 / value if 0 < value < 1 else 0.0
    if below > 1.5 and abs(below - round(below)) < 1e-9 * below:
        return f"{_PARTS.get(round(below)) or f'1/{round(below):,}'}×"
    if value >= 1000 and value == round(value):
        return f"{round(value):,}×"
    return f"{plain(value)}×"


def error(value: float) -> str:
    """A relative error: ``0.98 %``, ``1.2e-7`` where that is too little for per cent, ``0`` where exact."""
    if not math.isfinite(value) or value == 0:
        return digits(value)
    if value >= 1e-4:
        return percent(value)
    figure, _, power = f"{value:.1e}".partition("e")
    return f"{figure}e{int(power)}"


def percent(value: float | None) -> str:
    """A fraction: ``63 %``."""
    return NO_VALUE if value is None or not math.isfinite(value) else f"{digits(100 * value, 2)} %"


def interval(low: float | None, high: float | None) -> str:
    """A 95 % interval: ``1.58–1.66``, or why there is none."""
    if low is None or high is None:
        return "too few samples"
    return f"{digits(low)}–{digits(high)}"


def speedup(value: float | None, low: float | None, high: float | None) -> str:
    """``1.62× (1.58–1.66)``."""
    return NO_VALUE if value is None else f"{times(value)} ({interval(low, high)})"


def bytes_(value: float) -> str:
    """A count of bytes in binary units: ``128 MiB``."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if abs(value) < 1024:
            return f"{digits(value) if value % 1 else int(value)} {unit}"
        value /= 1024
    return f"{digits(value)} TiB"


def cores(usable: int, there_are: int = 0) -> str:
    """``8 cores``, ``1 core``, or ``2 of 8 cores``; ``there_are`` is 0 where nobody noted it."""
    of = f" of {there_are}" if there_are > usable else ""
    return f"{usable}{of} core{'s' * (max(usable, there_are) != 1)}"


def giga(value: float | None) -> str:
    """A rate in 10**9 per second, without its unit."""
    return NO_VALUE if value is None or not math.isfinite(value) else digits(value / 1e9)


def listed(words: Sequence[str]) -> str:
    """``64``, ``64 and 128``, ``64, 128 and 256``."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
