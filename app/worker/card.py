"""How much memory of a card is free, asked of its driver without opening it: sysfs, or NVIDIA's library."""

import logging
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

DEVICES = Path("/sys/bus/pci/devices")


def free_of_card(place: str, devices: Path = DEVICES) -> int:
    """Free bytes of the card at a PCI address such as ``0000:c1:00.0``; 0 where no driver tells."""
    if not place or place.startswith("id "):
        return 0
    return _by_sysfs(devices / place) or _by_nvml(place)


def _by_sysfs(device: Path) -> int:
    """What AMD's driver tells in files."""
    files = [device / f"mem_info_vram_{name}" for name in ("total", "used")]
    try:
        total, used = (int(file.read_text("ascii")) for file in files)
    except (OSError, ValueError):
        return 0
    return max(0, total - used)


def _by_nvml(place: str) -> int:
    """What NVIDIA's library tells, where ``nvidia-ml-py`` is installed."""
    try:
        return int(_nvml(place))
    except Exception as error:  # each version of it has errors of its own
        log.debug("NVML tells nothing of %s: %s", place, error)
        return 0


def _nvml(place: str, load: Callable[[str], Any] = import_module) -> int:
    library = load("pynvml")
    library.nvmlInit()
    try:
        card = library.nvmlDeviceGetHandleByPciBusId(place.encode())
        return int(library.nvmlDeviceGetMemoryInfo(card).free)
    finally:
        library.nvmlShutdown()
