"""What WebGPU does not tell of Vulkan's adapters, asked of Vulkan: addresses, unique ids, lanes, free memory.

Nothing is opened for that.
"""

import ctypes
import logging
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from msgspec import Struct

log = logging.getLogger(__name__)

LIBRARIES = ("libvulkan.so.1", "vulkan-1.dll")
NOWHERE = (0, 0, 0, 0)
"""What stands where a driver tells no bus: at this address the root of all of them is."""


class Physical(Struct, frozen=True):
    """One physical device; ``bus`` is its PCI address, ``id`` its unique id; empty where not told.

    ``lanes`` are those of a subgroup, ``free`` the bytes of its own memory that are free for this process; 0
    where not told.
    """

    vendor_id: int
    device_id: int
    name: str
    bus: str
    id: str
    lanes: int = 0
    free: int = 0

    @property
    def place(self) -> str:
        """The PCI address, or the unique id where its driver tells no address; "" for neither."""
        return self.bus or (f"id {self.id[:8]}" if self.id else "")


def as_vulkan_lists(infos: Sequence[Mapping[str, Any]]) -> list[Physical | None]:
    """What Vulkan tells of each adapter; None of those of other backends.

    ``infos`` are those of all adapters in their order. Vulkan is asked where it lists several, or a card.
    """
    mine = [info for info in infos if info["backend_type"] == "Vulkan"]
    cards = any(info.get("adapter_type", "CPU") != "CPU" for info in mine)
    known = physical_devices() if len(mine) > 1 or cards else []
    found: list[Physical | None] = []
    for info in infos:
        own = (info["vendor_id"], info["device_id"], info["device"])
        here = next((one for one in known if (one.vendor_id, one.device_id, one.name) == own), None)
        if here is None or info["backend_type"] != "Vulkan":
            found.append(None)
            continue
        known.remove(here)
        found.append(here)
    return found


class _ApplicationInfo(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("version", ctypes.c_uint32),
        ("engine", ctypes.c_char_p),
        ("engine_version", ctypes.c_uint32),
        ("api", ctypes.c_uint32),
    )


class _InstanceInfo(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("flags", ctypes.c_uint32),
        ("application", ctypes.POINTER(_ApplicationInfo)),
        ("layers", ctypes.c_uint32),
        ("layer_names", ctypes.c_void_p),
        ("extensions", ctypes.c_uint32),
        ("extension_names", ctypes.c_void_p),
    )


class _Bus(ctypes.Structure):
    """``VkPhysicalDevicePCIBusInfoPropertiesEXT``; drivers without it leave it as it is."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("domain", ctypes.c_uint32),
        ("bus", ctypes.c_uint32),
        ("device", ctypes.c_uint32),
        ("function", ctypes.c_uint32),
    )


class _Ids(ctypes.Structure):
    """``VkPhysicalDeviceIDProperties``."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("device", ctypes.c_uint8 * 16),
        ("driver", ctypes.c_uint8 * 16),
        ("luid", ctypes.c_uint8 * 8),
        ("mask", ctypes.c_uint32),
        ("luid_valid", ctypes.c_uint32),
    )


class _Lanes(ctypes.Structure):
    """``VkPhysicalDeviceSubgroupProperties``."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("size", ctypes.c_uint32),
        ("stages", ctypes.c_uint32),
        ("operations", ctypes.c_uint32),
        ("quads", ctypes.c_uint32),
    )


class _Heap(ctypes.Structure):
    _fields_ = (("size", ctypes.c_uint64), ("flags", ctypes.c_uint32))


class _Budget(ctypes.Structure):
    """``VkPhysicalDeviceMemoryBudgetPropertiesEXT``; drivers without it leave it as it is."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("budget", ctypes.c_uint64 * 16),
        ("usage", ctypes.c_uint64 * 16),
    )


class _Memory(ctypes.Structure):
    """``VkPhysicalDeviceMemoryProperties2``."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("type_count", ctypes.c_uint32),
        ("types", ctypes.c_uint32 * 2 * 32),
        ("count", ctypes.c_uint32),
        ("heaps", _Heap * 16),
    )


class _Properties(ctypes.Structure):
    """``VkPhysicalDeviceProperties2`` down to the name, with room for all that follows."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("api", ctypes.c_uint32),
        ("driver", ctypes.c_uint32),
        ("vendor", ctypes.c_uint32),
        ("device", ctypes.c_uint32),
        ("kind", ctypes.c_int),
        ("name", ctypes.c_char * 256),
        ("rest", ctypes.c_uint8 * 4096),
    )


_APPLICATION, _INSTANCE = 0, 1
_PROPERTIES, _ID_PROPERTIES, _BUS_PROPERTIES = 1000059001, 1000071004, 1000212000
_LANES_PROPERTIES, _MEMORY_PROPERTIES, _BUDGET_PROPERTIES = 1000094000, 1000059006, 1000237000
_OWN_MEMORY = 1
_VULKAN_1_1 = (1 << 22) | (1 << 12)


def physical_devices() -> list[Physical]:
    """What Vulkan lists, in its order, which is that of the adapters; nothing where it is not there."""
    try:
        with _instance() as (vulkan, instance):
            return [_describe(vulkan, device) for device in _handles(vulkan, instance)]
    except OSError as error:
        log.debug("Vulkan tells no addresses: %s", error)
        return []


@contextmanager
def _instance() -> Iterator[tuple[Any, ctypes.c_void_p]]:
    vulkan = _library()
    application = _ApplicationInfo(type=_APPLICATION, api=_VULKAN_1_1)
    info = _InstanceInfo(type=_INSTANCE, application=ctypes.pointer(application))
    instance = ctypes.c_void_p()
    if result := vulkan.vkCreateInstance(ctypes.byref(info), None, ctypes.byref(instance)):
        raise OSError(f"vkCreateInstance: {result}")
    try:
        yield vulkan, instance
    finally:
        vulkan.vkDestroyInstance(instance, None)


def _library() -> Any:
    for name in LIBRARIES:
        with suppress(OSError):
            return ctypes.CDLL(name)
    raise OSError("there is no loader")


def _handles(vulkan: Any, instance: ctypes.c_void_p) -> list[ctypes.c_void_p]:
    count = ctypes.c_uint32()
    vulkan.vkEnumeratePhysicalDevices(instance, ctypes.byref(count), None)
    devices = (ctypes.c_void_p * count.value)()
    vulkan.vkEnumeratePhysicalDevices(instance, ctypes.byref(count), devices)
    return [ctypes.c_void_p(handle) for handle in devices[: count.value]]


def _describe(vulkan: Any, device: ctypes.c_void_p) -> Physical:
    bus = _Bus(type=_BUS_PROPERTIES)
    lanes = _Lanes(type=_LANES_PROPERTIES, next=ctypes.addressof(bus))
    ids = _Ids(type=_ID_PROPERTIES, next=ctypes.addressof(lanes))
    properties = _Properties(type=_PROPERTIES, next=ctypes.addressof(ids))
    vulkan.vkGetPhysicalDeviceProperties2(device, ctypes.byref(properties))
    address = (bus.domain, bus.bus, bus.device, bus.function)
    return Physical(
        properties.vendor,
        properties.device,
        properties.name.decode("utf-8", "replace"),
        "{:04x}:{:02x}:{:02x}.{:x}".format(*address) if address != NOWHERE else "",
        str(uuid.UUID(bytes=bytes(ids.device))) if any(ids.device) else "",
        lanes.size,
        _free(vulkan, device),
    )


def _free(vulkan: Any, device: ctypes.c_void_p) -> int:
    """Bytes of the device's own heaps within the budget of this process; 0 where its driver tells none."""
    budget = _Budget(type=_BUDGET_PROPERTIES)
    memory = _Memory(type=_MEMORY_PROPERTIES, next=ctypes.addressof(budget))
    vulkan.vkGetPhysicalDeviceMemoryProperties2(device, ctypes.byref(memory))
    return sum(
        max(0, budget.budget[i] - budget.usage[i])
        for i in range(min(memory.count, 16))
        if memory.heaps[i].flags & _OWN_MEMORY
    )
