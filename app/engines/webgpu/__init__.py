"""WebGPU through wgpu-native: every adapter of every backend is a target."""

import logging
from pathlib import Path
from typing import Any

import wgpu
from wgpu.backends.wgpu_native.extras import set_instance_extras

from app.core.errors import KernelscopeError
from app.core.target import Target
from app.engines.webgpu.adapters import describe, identify, order
from app.engines.webgpu.descriptions import keep, recall
from app.engines.webgpu.device import GpuDevice
from app.engines.webgpu.errors import last_line
from app.engines.webgpu.physical import places

log = logging.getLogger(__name__)

WSL = Path("/dev/dxg")
"""Where this is, the GPU's only Vulkan driver is one that passes no conformance tests, and wgpu hides it."""


class _Engine:
    def __init__(self) -> None:
        self._devices: dict[str, GpuDevice] = {}
        self._asked = False
        self.left_out: list[str] = []
        """The adapters that do not open, and why."""

    def targets(self) -> list[Target]:
        found = []
        self.left_out.clear()
        for adapter, info, identity, label in self._list():
            target = recall(adapter, info, identity, label)
            try:
                if target is None:
                    target = describe(adapter, info, self._devices[identity], identity, label)
                    keep(adapter, info, target)
            except (wgpu.GPUError, RuntimeError) as error:
                log.debug("%s does not open: %s", label, error)
                self.left_out.append(f"{label} does not open ({last_line(str(error))})")
                del self._devices[identity]
                continue
            found.append(target)
        return found

    def _list(self) -> list[tuple[Any, dict[str, Any], str, str]]:
        """Every adapter with what it tells, its id and label; opens none."""
        if WSL.exists() and not self._asked:
            set_instance_extras(flags=["Default", "AllowUnderlyingNoncompliantAdapter"])
        self._asked = True
        adapters = wgpu.gpu.enumerate_adapters_sync()
        infos = [dict(adapter.info) for adapter in adapters]
        for info, place in zip(infos, places(infos), strict=True):
            info["place"] = place
        both = sorted(zip(infos, adapters, strict=True), key=lambda pair: order(pair[0]))
        names = identify([info for info, _ in both])
        listed = [(adapter, info, *name) for (info, adapter), name in zip(both, names, strict=True)]
        self._devices = {identity: GpuDevice(adapter, label) for adapter, _, identity, label in listed}
        return listed

    def versions(self) -> dict[str, str]:
        from wgpu.backends.wgpu_native import __version__, lib_version_info

        return {"wgpu": wgpu.__version__, "wgpu-native": ".".join(map(str, lib_version_info)) or __version__}

    def open(self, target: Target) -> GpuDevice:
        if not self._devices:
            self._list()
        if target.id not in self._devices:
            raise KernelscopeError("the adapter is no longer there; look for hardware again")
        device = self._devices[target.id]
        try:
            device.open()
        except (wgpu.GPUError, RuntimeError) as error:
            raise KernelscopeError(last_line(str(error))) from error
        return device

    @property
    def awake(self) -> list[str]:
        """The ids of the adapters whose devices are open."""
        return [identity for identity, device in self._devices.items() if device.is_open]

    def lose_devices(self) -> None:
        """Destroy them, as a driver that resets does; for tests of what comes after."""
        for identity in self.awake:
            self._devices[identity].destroy()


ENGINE = _Engine()
