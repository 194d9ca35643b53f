"""Wrong is never fast: kernels that skip work in every way we can think of, run for real and measured."""

from dataclasses import replace

import pytest

from app.catalog.index import variants
from app.core.events import AnyEvent, CaseCalibrated, CaseFinished, CaseSampled
from app.core.measurement import Status
from app.core.plan import Case, Settings
from app.core.program import Program
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.engines import Device, Kernel, load
from app.measure.group import measure_group

SIZE = Shape(1 << 14)
QUICK = Settings(seconds=0.05)

WAT = """(module
  (memory (export "memory") 64)
  (global $runs (mut i32) (i32.const 0))
  (func (export "run") (param $repeats i32) (param $source i32) (param $result i32) (param $bytes i32)
    (local $half i32)
    (local.set $half (i32.shr_u (local.get $bytes) (i32.const 1)))
    (loop $again
      (global.set $runs (i32.add (global.get $runs) (i32.const 1)))
      {body}
      (br_if $again (local.tee $repeats (i32.sub (local.get $repeats) (i32.const 1)))))))
"""
COPY = "(memory.copy (local.get $result) (local.get $source) (local.get $bytes))"
HALF = "(memory.copy (local.get $result) (local.get $source) (local.get $half))"
KEPT = "(i32.const 2097152)"
WASM = {
    "writes nothing": ("", "not all of it was written"),
    "writes half": (HALF, "not all of it was written"),
    "runs once, whatever it is asked": (
        f"{COPY} (local.set $repeats (i32.const 1))",
        "take hardly longer than",
    ),
    "skips what is there already": (
        f"(if (i32.eq (i32.load (local.get $result)) (i32.const -1)) (then {COPY}))",
        "stayed the same when the operands changed",
    ),
    "keeps the answer of its first run": (
        f"(if (i32.eq (global.get $runs) (i32.const 1)) (then (memory.copy {KEPT} (local.get $source)"
        f" (local.get $bytes)))) (memory.copy (local.get $result) {KEPT} (local.get $bytes))",
        "stayed the same when the operands changed",
    ),
    "writes one run late": (
        f"(memory.copy (local.get $result) {KEPT} (local.get $bytes))"
        f"(memory.copy {KEPT} (local.get $source) (local.get $bytes))",
        "stayed the same when the operands changed",
    ),
    "does half of its work from the second run on": (
        f"(if (i32.gt_u (global.get $runs) (i32.const 1)) (then {HALF}) (else {COPY}))",
        "not all of it was written",
    ),
    "does half of its work after many runs": (
        f"(if (i32.gt_u (global.get $runs) (i32.const 3000)) (then {HALF}) (else {COPY}))",
        "",  # when that shows depends on the engine
    ),
}

WGSL = """
struct Shape {{ words: u32 }}
@group(0) @binding(0) var<storage, read> source: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(2) var<uniform> shape: Shape;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {{
  for (var k = id.x; k < shape.words; k += 1024u) {{ {body} }}
}}
"""
GPU = {
    "writes nothing": ("if (shape.words == 0u) { result[k] = source[k]; }", "not all of it was written"),
    "leaves one word out": ("if (k != 77u) { result[k] = source[k]; }", "not all of it was written"),
    "skips what is there already": (
        "if ((bitcast<u32>(result[k].x) & 0x7fffffffu) > 0x7f800000u) { result[k] = source[k]; }",
        "stayed the same when the operands changed",
    ),
    "writes each word once too often": (
        "result[k] = source[min(k + 1u, shape.words - 1u)];",
        "exceeds the tolerance",
    ),
}


class Cheat:
    """A real device that gets another text than it is asked to run."""

    def __init__(self, device: Device, source: str) -> None:
        self._device, self._source = device, source

    def prepare(self, program: Program) -> Kernel:
        return self._device.prepare(replace(program, source=self._source))


def last_word(
    engine: str, target: Target, variant: str, source: str, settings: Settings = QUICK
) -> tuple[CaseFinished, list[AnyEvent]]:
    parameters: dict[str, int | str] = {}
    if target.runtime is Runtime.WGSL:
        parameters = {"workgroup_size": 64, "groups": 16, "vector_width": 4, "unroll": 1, "order": "adjacent"}
    events: list[AnyEvent] = []
    case = Case(target.id, "copy", variant, SIZE, parameters)
    device = Cheat(load(engine).open(target), source)
    measure_group(device, target, [(0, case)], None, settings, events.append, lambda: False)
    (end,) = [event for event in events if isinstance(event, CaseFinished)]
    return end, events


@pytest.fixture(params=["wasmtime", "v8"])
def wasm(request: pytest.FixtureRequest, targets: list[Target]) -> Target:
    return next(target for target in targets if target.id == request.param)


@pytest.mark.parametrize("cheat", WASM)
def test_a_module_that_cheats_has_no_time(cheat: str, wasm: Target) -> None:
    body, words = WASM[cheat]
    end, _ = last_word(wasm.engine, wasm, "f32-bulk", WAT.format(body=body))
    assert (end.status, words in end.reason) == (Status.WRONG, True), end


def test_a_module_that_cheats_has_no_time_however_few_its_rounds(wasm: Target) -> None:
    body, words = WASM["skips what is there already"]
    once = Settings(seconds=1e-9)
    end, events = last_word(wasm.engine, wasm, "f32-bulk", WAT.format(body=body), once)
    planned = max(i for i, event in enumerate(events) if isinstance(event, CaseCalibrated))
    assert sum(isinstance(event, CaseSampled) for event in events[planned:]) == 1
    assert (end.status, words in end.reason) == (Status.WRONG, True), end


def test_an_honest_module_passes(wasm: Target) -> None:
    end, events = last_word(wasm.engine, wasm, "f32-bulk", WAT.format(body=COPY))
    assert end.status is Status.OK, end
    assert sum(isinstance(event, CaseSampled) for event in events) > 5


@pytest.mark.parametrize("cheat", GPU)
def test_a_shader_that_cheats_has_no_time(cheat: str, gpus: list[Target]) -> None:
    body, words = GPU[cheat]
    for gpu in gpus:
        end, _ = last_word("webgpu", gpu, "f32", WGSL.format(body=body))
        assert (end.status, words in end.reason) == (Status.WRONG, True), end


def test_an_honest_shader_passes(gpus: list[Target]) -> None:
    for gpu in gpus:
        end, _ = last_word("webgpu", gpu, "f32", WGSL.format(body="result[k] = source[k];"))
        assert end.status is Status.OK, end


@pytest.mark.parametrize(
    ("where", "workload", "variant"), [("numpy", "copy", "f32"), ("v8", "fma", "i8-relaxed")]
)
def test_strange_operands_spoil_no_honest_kernel(
    where: str, workload: str, variant: str, targets: list[Target]
) -> None:
    """NumPy's copy answers with the same array each time; integers out of range end the module of fma."""
    target = next(target for target in targets if target.id == where)
    parameters = next(
        v.defaults(target)
        for v in variants()
        if (v.workload, v.name, v.runtime) == (workload, variant, target.runtime)
    )
    events: list[AnyEvent] = []
    case = Case(target.id, workload, variant, Shape(1030), parameters)
    device = load(target.engine).open(target)
    measure_group(device, target, [(0, case)], None, QUICK, events.append, lambda: False)
    (end,) = [event for event in events if isinstance(event, CaseFinished)]
    assert end.status is Status.OK, end
