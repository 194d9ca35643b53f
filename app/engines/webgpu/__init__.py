"""WebGPU through wgpu-native: every adapter of every backend is a target."""

import logging
from pathlib import Path
from typing import Any, NamedTuple

import wgpu
from wgpu.backends.wgpu_native.extras import set_instance_extras

from app.core.errors import KernelscopeError
from app.core.target import Target
from app.engines.webgpu.adapters import describe, identify, order
from app.engines.webgpu.descriptions import keep, recall
from app.engines.webgpu.device import GpuDevice
from app.engines.webgpu.dxc import extras
from app.engines.webgpu.errors import last_line
from app.engines.webgpu.physical import as_vulkan_lists

log = logging.getLogger(__name__)

WSL = Path("/dev/dxg")
"""Where this is, the GPU's only Vulkan driver is one that passes no conformance tests, and wgpu hides it."""


class _Listed(NamedTuple):
    """An adapter, what it tells of itself without being opened, and its label."""

    adapter: Any
    info: dict[str, Any]
    label: str


class _Engine:
    def __init__(self) -> None:
        self._devices: dict[str, GpuDevice] = {}
        self._listed: dict[str, _Listed] = {}
        self._dxc: bool | None = None
        """Whether D3D12 compiles by DXC; None until wgpu has begun."""
        self._broken: dict[str, str] = {}
        self.left_out: list[str] = []
        """The adapters that do not open, and why."""
        self.free: dict[str, int] = {}
        """Bytes of its own memory that each card had free when it was listed, by id, where Vulkan tells."""

    def targets(self) -> list[Target]:
        """Every adapter; a GPU is described by what listing tells until it is opened to be measured.

        Software wakes nothing, so it is opened at once, and what did not open before is tried again.
        """
        found = []
        self.left_out.clear()
        for identity, listed in self._list().items():
            target = recall(listed.adapter, listed.info, identity, listed.label)
            try:
                if self._broken.pop(identity, ""):
                    self._devices[identity].open()
                if target is None and listed.info["adapter_type"] == "CPU":
                    target = self._described(identity)
            except (wgpu.GPUError, RuntimeError) as error:
                self._broken[identity] = last_line(str(error))
            if identity in self._broken:
                log.debug("%s does not open: %s", listed.label, self._broken[identity])
                self.left_out.append(f"{listed.label} does not open ({self._broken[identity]})")
                del self._devices[identity]
                continue
            found.append(target or self._describe(identity, None))
        return found

    def _describe(self, identity: str, device: GpuDevice | None) -> Target:
        listed = self._listed[identity]
        return describe(listed.adapter, listed.info, device, identity, listed.label, bool(self._dxc))

    def _described(self, identity: str) -> Target:
        """The whole description of an adapter, which opens it; kept for later searches."""
        listed, target = self._listed[identity], self._describe(identity, self._devices[identity])
        keep(listed.adapter, listed.info, target)
        return target

    def _begin(self) -> None:
        """Tell wgpu what it has to know before it first looks for adapters."""
        if self._dxc is not None:
            return
        own = extras()
        self._dxc = bool(own)
        if WSL.exists():
            own["flags"] = ["Default", "AllowUnderlyingNoncompliantAdapter"]
        if own:
            set_instance_extras(**own)

    def _list(self) -> dict[str, "_Listed"]:
        """Every adapter by id with what it tells; opens none."""
        self._begin()
        adapters = wgpu.gpu.enumerate_adapters_sync()
        infos = [dict(adapter.info) for adapter in adapters]
        for info, told in zip(infos, as_vulkan_lists(infos), strict=True):
            info.update({"place": told.place, "lanes": told.lanes, "free": told.free} if told else {})
        both = sorted(zip(infos, adapters, strict=True), key=lambda pair: order(pair[0]))
        names = identify([info for info, _ in both])
        self._listed = {
            identity: _Listed(adapter, info, label)
            for (info, adapter), (identity, label) in zip(both, names, strict=True)
        }
        self._devices = {id: GpuDevice(listed.adapter, listed.label) for id, listed in self._listed.items()}
        self.free = {id: free for id, listed in self._listed.items() if (free := listed.info.get("free"))}
        return self._listed

    def versions(self) -> dict[str, str]:
        from wgpu.backends.wgpu_native import __version__, lib_version_info

        native = ".".join(map(str, lib_version_info)) or __version__
        return {"wgpu": wgpu.__version__, "wgpu-native": native, **({"HLSL": "DXC"} if self._dxc else {})}

    def open(self, target: Target) -> GpuDevice:
        if not self._devices:
            self._list()
        if target.id not in self._devices:
            raise KernelscopeError("the adapter is no longer there; look for hardware again")
        device, listed = self._devices[target.id], self._listed[target.id]
        new = not device.is_open
        try:
            device.open()
            if new and not recall(listed.adapter, listed.info, target.id, listed.label):
                self._described(target.id)
        except (wgpu.GPUError, RuntimeError) as error:
            self._broken[target.id] = last_line(str(error))
            raise KernelscopeError(self._broken[target.id]) from error
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
