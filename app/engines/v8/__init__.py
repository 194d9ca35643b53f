"""V8, the WebAssembly engine of Chrome and Node, through mini-racer."""

from importlib.metadata import version

from app.core.target import Runtime, Target
from app.engines.v8.context import v8_version
from app.engines.v8.device import V8Device
from app.engines.v8.proposals import FLAGS, probe, start_v8
from app.engines.wasm.proposals import FIBERS
from app.system import usable_cores

NOTE = (
    "V8 as mini-racer builds it: it checks bounds before each load, is not what Chrome runs, and on some "
    "kernels is a quarter slower than that."
)


class _Engine:
    def __init__(self) -> None:
        start_v8()

    def targets(self) -> list[Target]:
        return [
            Target(
                id="v8",
                label="V8",
                engine="v8",
                runtime=Runtime.WASM,
                name=f"V8 {v8_version()}",
                backend="Liftoff, then TurboFan",
                driver=f"mini-racer {version('mini-racer')}",
                kind="CPU",
                features=(*probe(), FIBERS),
                properties={
                    "threads": "1",
                    "cores": usable_cores(),
                    "flags": " ".join(FLAGS),
                    "tier-up": "warmed before timing; the first run is Liftoff's",
                },
                note=NOTE,
            )
        ]

    def versions(self) -> dict[str, str]:
        return {"v8": v8_version(), "mini-racer": version("mini-racer")}

    def open(self, target: Target) -> V8Device:
        return V8Device()


ENGINE = _Engine()
