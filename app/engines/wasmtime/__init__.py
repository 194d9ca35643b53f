"""wasmtime: Cranelift-compiled WebAssembly on this CPU."""

from importlib.metadata import version

from app.core.target import FeatureState, Runtime, Target
from app.engines.wasmtime.device import WasmDevice
from app.engines.wasmtime.proposals import FIBERS_HERE, probe
from app.system import usable_cores

VERSION = version("wasmtime")


class _Engine:
    def targets(self) -> list[Target]:
        features = probe()
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
                features=(*features, FIBERS_HERE),
                properties={"cores": usable_cores(), "proposals": str(supported)},
            )
        ]

    def versions(self) -> dict[str, str]:
        return {"wasmtime": VERSION}

    def open(self, target: Target) -> WasmDevice:
        return WasmDevice()


ENGINE = _Engine()
