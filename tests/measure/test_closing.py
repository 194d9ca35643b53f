"""Whatever becomes of a case, its kernel gives back what it holds."""

import numpy as np
import pytest

from app.catalog.index import find
from app.core.edit import Edit
from app.core.errors import KernelscopeError
from app.core.events import AnyEvent, CaseFinished
from app.core.measurement import Costs, Status
from app.core.plan import Case, Settings
from app.core.program import Program
from app.core.shape import Shape
from app.core.target import Feature, FeatureState, Runtime, Target
from app.measure import crooked
from app.measure.group import measure_group

WASM = Target(
    "w", "W", "v8", Runtime.WASM, "", "", "", "CPU", (Feature("bulk-memory", FeatureState.SUPPORTED),)
)
SHAPE = Shape(4096)


class Counted:
    """Kernels of a device that answer as they are told, and those of them that are open."""

    def __init__(self, ends: str) -> None:
        self.ends = ends
        self.open = 0

    def prepare(self, program: Program) -> "Counted.Kernel":
        self.open += 1
        return Counted.Kernel(self, program)

    class Kernel:
        timer = "made up"
        costs = Costs(0.0, 0.0, 0.0)

        def __init__(self, device: "Counted", program: Program) -> None:
            self._device = device
            self._layout = program.layout
            self._own_shape = program.layout.output[1] == SHAPE.rows
            self._source = np.array(next(iter(program.layout.buffers.values())))
            self._times = 0

        def time(self, repeats: int) -> float:
            self._times += 1
            if self._device.ends == "fails" or (self._device.ends == "fails later" and self._times > 20):
                raise KernelscopeError("trap: made up")
            if self._device.ends == "fails crooked" and not self._own_shape:
                raise KernelscopeError("trap: made up")
            return repeats * 1e-3

        def poison(self) -> None:
            pass

        def load(self, buffers: dict[str, np.ndarray]) -> None:
            (self._source,) = (np.array(buffer).view(np.float32) for buffer in buffers.values())

        def result(self) -> np.ndarray:
            wrong = self._device.ends == "wrong" or (
                self._device.ends == "wrong crooked" and not self._own_shape
            )
            return self._source + 1 if wrong else self._source

        def close(self) -> None:
            self._device.open -= 1


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize(
    ("ends", "status"),
    [
        ("right", Status.OK),
        ("wrong", Status.WRONG),
        ("fails", Status.FAILED),
        ("fails later", Status.FAILED),
        ("wrong crooked", Status.WRONG),
        ("fails crooked", Status.FAILED),
    ],
)
def test_kernels_are_closed(ends: str, status: Status, own: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crooked, "_known", {})
    if "crooked" in ends and not own:
        status = Status.OK
    variant = find("copy", "f32-bulk", Runtime.WASM)
    parameters = variant.defaults(WASM)
    edit = Edit(
        workload="copy",
        runtime=Runtime.WASM,
        name="mine",
        like="f32-bulk",
        text="(module)",
        parameters=parameters,
    )
    case = Case("w", "copy", "mine" if own else "f32-bulk", SHAPE, parameters)
    device = Counted(ends)
    events: list[AnyEvent] = []
    settings = Settings(seconds=0.5)
    measure_group(device, WASM, [(0, case)], None, settings, events.append, lambda: False, (edit,))  # type: ignore[arg-type]
    (end,) = [event for event in events if isinstance(event, CaseFinished)]
    assert end.status is status, end
    assert device.open == 0
