"""A text of the user's own that is right only at sizes that fit its tiles is wrong; the shape is named."""

import pytest
from msgspec import structs

from app.catalog.index import find
from app.catalog.programs import source
from app.core.edit import Edit
from app.core.errors import LimitError
from app.core.events import AnyEvent, CaseFinished, CaseStarted, CaseVerified
from app.core.measurement import Status
from app.core.plan import Case, Settings
from app.core.program import Program
from app.core.shape import Shape
from app.core.target import Target
from app.engines import Device, Kernel, load
from app.measure import crooked
from app.measure.group import measure_group
from app.workloads import workloads

QUICK = Settings(seconds=0.02)


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crooked, "_known", {})


def measured(
    device: Device,
    target: Target,
    like: tuple[str, str],
    shape: Shape,
    change: tuple[str, str] = ("", ""),
    cold: bool = False,
) -> tuple[CaseFinished, list[AnyEvent]]:
    workload, name = like
    variant = find(workload, name, target.runtime)
    parameters = variant.defaults(target)
    text = source(variant, parameters)
    assert change[0] in text
    edit = Edit(
        workload=workload,
        runtime=target.runtime,
        name="mine",
        like=name,
        text=text.replace(*change) if change[0] else text,
        parameters=parameters,
    )
    events: list[AnyEvent] = []
    case = Case(target.id, workload, "mine", shape, parameters)
    settings = structs.replace(QUICK, cold=cold)
    measure_group(device, target, [(0, case)], None, settings, events.append, lambda: False, (edit,))
    (end,) = [event for event in events if isinstance(event, CaseFinished)]
    return end, events


def steps(events: list[AnyEvent]) -> list[str]:
    return [event.step for event in events if isinstance(event, CaseStarted)]


@pytest.fixture
def gpu(targets: list[Target]) -> Target:
    found = next((t for t in targets if t.engine == "webgpu"), None)
    return found or pytest.skip("no adapter here")


@pytest.fixture
def wasm(targets: list[Target]) -> Target:
    return next(t for t in targets if t.id == "wasmtime")


def test_a_shader_that_forgets_the_last_rows(gpu: Target) -> None:
    """It does whole workgroups of rows, as one written at 512 may."""
    device = load("webgpu").open(gpu)
    spoiled = ("shape.rows)", "shape.rows - shape.rows % 64u)")
    end, events = measured(device, gpu, ("matvec", "f32"), Shape(512, 512), spoiled)
    assert end.status is Status.WRONG, end
    assert end.reason.startswith("wrong at 33x65: ")
    assert "checking at 33x65" in steps(events)


def test_a_module_that_forgets_a_tail_of_the_depth(wasm: Target) -> None:
    device = load("wasmtime").open(wasm)
    spoiled = (
        "(local.set $k (local.get $depth))",
        "(local.set $k (i32.and (local.get $depth) (i32.const -4)))",
    )
    end, _ = measured(device, wasm, ("matmul", "f32-naive"), Shape(64, 64, 64), spoiled)
    assert end.status is Status.WRONG, end
    assert end.reason.startswith("wrong at 33x65x17: relative error ")


@pytest.mark.parametrize(
    ("workload", "name", "shape"),
    [
        ("matvec", "f32-simd", Shape(64, 64)),
        ("matmul", "f32-relaxed", Shape(64, 64, 64)),
        ("reduce", "f32-simd", Shape(4096)),
        ("copy", "f32-simd", Shape(4096)),
        ("fma", "f32-relaxed", Shape(1024)),
        ("suspend", "plain", Shape(8)),
        ("transfer", "upload", Shape(4096)),
    ],
)
def test_what_is_right_stays_right_and_is_checked_once(
    workload: str, name: str, shape: Shape, wasm: Target
) -> None:
    device = load("wasmtime").open(wasm)
    end, events = measured(device, wasm, (workload, name), shape)
    assert end.status is Status.OK, end
    checked = [step for step in steps(events) if step.startswith("checking at")]
    assert checked
    _, again = measured(device, wasm, (workload, name), shape)
    assert not [step for step in steps(again) if step.startswith("checking at")]


def test_cold_operands_are_taken_in_turn_there_too(wasm: Target) -> None:
    end, _ = measured(load("wasmtime").open(wasm), wasm, ("matvec", "f32-simd"), Shape(256, 300), cold=True)
    assert end.status is Status.OK, end


def test_what_is_wrong_at_its_own_shape_says_so_with_its_figures(wasm: Target) -> None:
    spoiled = ("(f32x4.add (local.get $s0_0) (local.get $s0_1))", "(local.get $s0_0)")
    end, events = measured(load("wasmtime").open(wasm), wasm, ("matvec", "f32-simd"), Shape(64, 64), spoiled)
    assert end.status is Status.WRONG, end
    assert end.reason.startswith("relative error")
    assert any(isinstance(event, CaseVerified) for event in events)


class Narrow:
    """A device that takes nothing crooked."""

    def __init__(self, device: Device) -> None:
        self._device = device

    def prepare(self, program: Program) -> Kernel:
        if program.layout.output[1] % 64:
            raise LimitError("takes whole workgroups only")
        return self._device.prepare(program)


def test_a_limit_at_a_crooked_shape_condemns_nothing(wasm: Target) -> None:
    end, _ = measured(Narrow(load("wasmtime").open(wasm)), wasm, ("matvec", "f32-simd"), Shape(64, 64))
    assert end.status is Status.OK, end


def test_there_are_shapes_for_every_workload_and_they_are_crooked() -> None:
    found = [crooked.crooked_shapes(workload) for workload in workloads().values()]
    assert all(found)
    assert all(any(size % 2 for shape in shapes for size in shape.sizes) for shapes in found)
