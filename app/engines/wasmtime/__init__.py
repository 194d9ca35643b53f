"""wasmtime: Cranelift-compiled WebAssembly on this CPU."""

import os
from functools import cached_property
from importlib.metadata import version

import wasmtime

from app.core.target import FeatureState, Runtime, Target
from app.engines.wasmtime.device import WasmDevice
from app.engines.wasmtime.proposals import probe

VERSION = version("wasmtime")


class _Engine:
    @cached_property
    def _engine(self) -> wasmtime.Engine:
        return wasmtime.Engine(wasmtime.Config())

    def targets(self) -> list[Target]:
        features = probe(self._engine)
        supported = sum(feature.state is FeatureState.SUPPORTED for feature in features)
        return [
            Target(
                id="wasmtime",
                label="wasmtime",
                engine="wasmtime",
                runtime=Runtime.WASM,
                name=f"wasmtime {VERSION}",
                backend="Cranelift",
                driver=f"wasmtime-py {VERSION}",
                kind="CPU",
                features=features,
                properties={"threads": "1", "cores": str(os.cpu_count()), "proposals": str(supported)},
            )
        ]

    def versions(self) -> dict[str, str]:
        return {"wasmtime": VERSION}

    def open(self, target: Target) -> WasmDevice:
        return WasmDevice(self._engine)


ENGINE = _Engine()
