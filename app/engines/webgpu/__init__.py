"""WebGPU through wgpu-native: every adapter of every backend is a target."""

import wgpu

from app.core.target import Target
from app.engines.webgpu.adapters import describe, identify
from app.engines.webgpu.device import GpuDevice


class _Engine:
    def __init__(self) -> None:
        self._devices: dict[str, GpuDevice] = {}

    def targets(self) -> list[Target]:
        adapters = wgpu.gpu.enumerate_adapters_sync()
        # A driver lists its adapters in no fixed order; a sorted list keeps names stable from start to start.
        adapters.sort(key=lambda adapter: (adapter.info["backend_type"] == "OpenGL", adapter.summary))
        names = identify([dict(adapter.info) for adapter in adapters])
        found = []
        for adapter, (identity, label) in zip(adapters, names, strict=True):
            device = GpuDevice(adapter, label)
            self._devices[identity] = device
            found.append(describe(adapter, device, identity, label))
        return found

    def versions(self) -> dict[str, str]:
        from wgpu.backends.wgpu_native import __version__, lib_version_info

        return {"wgpu": wgpu.__version__, "wgpu-native": ".".join(map(str, lib_version_info)) or __version__}

    def open(self, target: Target) -> GpuDevice:
        if not self._devices:
            self.targets()
        return self._devices[target.id]


ENGINE = _Engine()
