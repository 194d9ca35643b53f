"""What this machine's sensors tell while something is timed: clock, temperature, power, what throttles.

Only what may be read without privileges: Linux' cpufreq, hwmon and powercap, amdgpu's files, NVML where
``nvidia-ml-py`` is installed, and psutil, which knows the clock on Windows and macOS as well.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from app.core.conditions import Conditions

EVERY = 0.25
"""Seconds between two readings: sensors change slowly, and asking them takes a while."""

RAPL = Path("/sys/class/powercap")
CARDS = Path("/sys/class/drm")
CPU = Path("/sys/devices/system/cpu")

NVML_REASONS = {
    0x4: "power cap",
    0x8: "hardware slowdown",
    0x20: "thermal (software)",
    0x40: "thermal (hardware)",
    0x80: "power brake",
}
"""Bits of ``nvmlDeviceGetCurrentClocksThrottleReasons`` (NVML API reference)."""


class Sensors:
    """Those of the processor, or of the GPU at a place such as ``10de:2330@0000:41:00.0``."""

    def __init__(self, gpu: str = "") -> None:
        place = gpu.rpartition("@")[2].lower() if "@" in gpu else ""
        self._read: Callable[[], Conditions] = _gpu(place) if gpu else _Processor().read
        self._last, self._at = Conditions(), 0.0

    def latest(self) -> Conditions:
        """What they say, or said less than ``EVERY`` seconds ago; 0 and nothing where nobody can tell."""
        now = time.monotonic()
        if not self._at or now - self._at >= EVERY:
            self._last, self._at = Conditions(), now
            with suppress(Exception):  # a sensor that fails is a sensor that is not there
                self._last = self._read()
        return self._last


class _Processor:
    """Energy counters tell power by how far they went since the last reading."""

    def __init__(self) -> None:
        self._energy, self._time, self._throttles = _energy(), time.monotonic(), _throttles()

    def read(self) -> Conditions:
        clock = psutil.cpu_freq()
        energy, now, throttles = _energy(), time.monotonic(), _throttles()
        went, passed = energy - self._energy, now - self._time
        slowed = throttles > self._throttles
        self._energy, self._time, self._throttles = energy, now, throttles
        return Conditions(
            clock=1e6 * clock.current if clock and clock.current > 0 else 0.0,
            celsius=_celsius(),
            watts=went / passed if went > 0 and passed > EVERY / 2 else 0.0,
            throttled=("thermal",) if slowed else (),
        )


def _celsius() -> float:
    """The hottest of the processor's own sensors."""
    known: dict[str, Any] = getattr(psutil, "sensors_temperatures", dict)()
    own = [one for name in ("coretemp", "k10temp", "zenpower", "cpu_thermal") for one in known.get(name, ())]
    return max((float(one.current) for one in own), default=0.0)


def _energy() -> float:
    """Joules that whole packages took since they started to count; 0 where only the system may read that."""
    packages = RAPL.glob("intel-rapl:*") if sys.platform == "linux" else ()
    return sum(_number(one / "energy_uj") for one in packages if one.name.count(":") == 1) / 1e6


def _throttles() -> float:
    """How often any core was slowed down because it was hot."""
    return sum(_number(path) for path in CPU.glob("cpu*/thermal_throttle/core_throttle_count"))


def _gpu(place: str) -> Callable[[], Conditions]:
    """Who reads the GPU at that bus address; of an unknown place the only one there is."""
    found = [*_amd(place), *_nvidia(place)]
    return found[0] if len(found) == 1 else Conditions


def _amd(place: str) -> Iterator[Callable[[], Conditions]]:
    for card in sorted(CARDS.glob("card[0-9]*")):
        device = card / "device"
        if "-" in card.name or (place and device.resolve().name != place):
            continue
        for folder in device.glob("hwmon/hwmon*"):
            if (folder / "freq1_input").exists():
                yield lambda f=folder: Conditions(  # type: ignore[misc]
                    clock=_number(f / "freq1_input"),
                    celsius=_number(f / "temp1_input") / 1e3,
                    watts=(_number(f / "power1_average") or _number(f / "power1_input")) / 1e6,
                )


def _nvidia(place: str) -> Iterator[Callable[[], Conditions]]:
    try:
        import pynvml as nvml  # of nvidia-ml-py

        nvml.nvmlInit()
        handles = [nvml.nvmlDeviceGetHandleByIndex(i) for i in range(nvml.nvmlDeviceGetCount())]
    except Exception:  # not installed, or no driver
        return
    for handle in handles:
        address = nvml.nvmlDeviceGetPciInfo(handle).busId
        name = (address.decode() if isinstance(address, bytes) else address).lower()
        if not place or name.endswith(place.removeprefix("0000:")):
            yield lambda h=handle: _of_nvidia(nvml, h)  # type: ignore[misc]


def _of_nvidia(nvml: Any, handle: Any) -> Conditions:
    bits = nvml.nvmlDeviceGetCurrentClocksThrottleReasons(handle)
    return Conditions(
        clock=1e6 * nvml.nvmlDeviceGetClockInfo(handle, nvml.NVML_CLOCK_SM),
        celsius=float(nvml.nvmlDeviceGetTemperature(handle, nvml.NVML_TEMPERATURE_GPU)),
        watts=nvml.nvmlDeviceGetPowerUsage(handle) / 1e3,
        throttled=tuple(name for bit, name in NVML_REASONS.items() if bits & bit),
    )


def _number(path: Path) -> float:
    """The number in a file; 0 where there is none to read."""
    try:
        return float(path.read_text("ascii"))
    except (OSError, ValueError):
        return 0.0
