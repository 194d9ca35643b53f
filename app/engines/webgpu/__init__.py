"""WebGPU through wgpu-native: every adapter of every backend is a target."""

import logging
from pathlib import Path

import wgpu
from wgpu.backends.wgpu_native.extras import set_instance_extras

from app.core.errors import KernelscopeError
from app.core.target import Target
from app.engines.webgpu.adapters import describe, identify, order
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
        if WSL.exists() and not self._asked:
            set_instance_extras(flags=["Default", "AllowUnderlyingNoncompliantAdapter"])
        self._asked = True
        adapters = wgpu.gpu.enumerate_adapters_sync()
        infos = [dict(adapter.info) for adapter in adapters]
        for info, place in zip(infos, places(infos), strict=True):
            info["place"] = place
        both = sorted(zip(infos, adapters, strict=True), key=lambda pair: order(pair[0]))
        names = identify([info for info, _ in both])
        found = []
        self._devices.clear()
        self.left_out.clear()
        for (info, adapter), (identity, label) in zip(both, names, strict=True):
            device = GpuDevice(adapter, label)
            try:
                found.append(describe(adapter, info, device, identity, label))
            except (wgpu.GPUError, RuntimeError) as error:
                log.debug("%s does not open: %s", label, error)
                self.left_out.append(f"{label} does not open ({last_line(str(error))})")
                continue
            self._devices[identity] = device
        return found

    def versions(self) -> dict[str, str]:
        from wgpu.backends.wgpu_native import __version__, lib_version_info

        return {"wgpu": wgpu.__version__, "wgpu-native": ".".join(map(str, lib_version_info)) or __version__}

    def open(self, target: Target) -> GpuDevice:
        if not self._devices:
            self.targets()
        if target.id not in self._devices:
            raise KernelscopeError("the adapter is no longer there; look for hardware again")
        return self._devices[target.id]

    def lose_devices(self) -> None:
        """Destroy them, as a driver that resets does; for tests of what comes after."""
        for device in self._devices.values():
            device.destroy()


ENGINE = _Engine()
