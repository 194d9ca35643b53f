"""A run of several steps: in order, over slices and scratch, each timed by itself."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs

from app.catalog.index import find
from app.core.errors import KernelError, LimitError, UnsupportedError
from app.core.measurement import Measurement, Part, Status
from app.core.plan import Case, Settings, make_plan
from app.core.program import RESULT, Layout, Program, Role, Slice, Step
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.engines import Kernel, load, parts_of
from app.engines.limits import check_gpu
from app.findings.rows import rows
from app.gui.results.details import facts
from app.measure.bindings import check_bindings, contract
from app.storage.files import load as load_session
from app.storage.files import save
from app.storage.tables import json_text
from app.worker.supervisor import Supervisor
from app.workloads import workloads
from tests.conftest import take_session

COUNT = 64
DOUBLE = """
struct Shape { count: u32, factor: f32 }
@group(0) @binding(0) var<storage, read> data: array<f32>;
@group(0) @binding(1) var<storage, read_write> middle: array<f32>;
@group(0) @binding(2) var<uniform> shape: Shape;
@compute @workgroup_size(1) fn double(@builtin(workgroup_id) id: vec3<u32>) {
  middle[id.x] = shape.factor * data[id.x];
}
"""
ADD = """
@group(0) @binding(0) var<storage, read> middle: array<f32>;
@group(0) @binding(1) var<storage, read> bias: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;
@compute @workgroup_size(1) fn add(@builtin(workgroup_id) id: vec3<u32>) {
  result[id.x] = middle[id.x] + bias[0];
}
"""
MODULE = """(module {memory}
  (func (export "double") (param $runs {p}) (param $data {p}) (param $middle {p}) (param $count {p})
    (param $factor f32) {team} (local $end {p})
    (local.set $end ({p}.add (local.get $data) ({p}.mul ({p}.const 4) (local.get $count))))
    (loop $again
      (f32.store (local.get $middle) (f32.mul (local.get $factor) (f32.load (local.get $data))))
      (local.set $middle ({p}.add (local.get $middle) ({p}.const 4)))
      (local.set $data ({p}.add (local.get $data) ({p}.const 4)))
      (br_if $again ({p}.lt_u (local.get $data) (local.get $end)))))
  (func (export "add") (param $runs {p}) (param $middle {p}) (param $bias {p}) (param $result {p})
    (param $count {p}) {team} (local $end {p})
    (local.set $end ({p}.add (local.get $result) ({p}.mul ({p}.const 4) (local.get $count))))
    (loop $again
      (f32.store (local.get $result) (f32.add (f32.load (local.get $middle)) (f32.load (local.get $bias))))
      (local.set $middle ({p}.add (local.get $middle) ({p}.const 4)))
      (local.set $result ({p}.add (local.get $result) ({p}.const 4)))
      (br_if $again ({p}.lt_u (local.get $result) (local.get $end))))))
"""
ROLES = {"data": Role.WEIGHTS, "bias": Role.ACTIVATIONS}


def module(p: str = "i32", shared: bool = False) -> str:
    own = '(import "kernelscope" "memory" (memory 1 65536 shared)) (export "memory" (memory 0))'
    memory = own if shared else f'(memory (export "memory") {"i64 " if p == "i64" else ""}1)'
    return MODULE.format(p=p, memory=memory, team=f"(param {p} {p})" if shared else "")


def program(runtime: Runtime, copies: int = 1) -> Program:
    """Twice the second half of 128 floats, through scratch, plus the bias."""
    counts = {"count": COUNT}
    scalars = {**counts, "factor": 2.0}
    steps = (
        Step("double", (Slice("data", 4 * COUNT, 4 * COUNT),), ("middle",), scalars, (COUNT, 1, 1)),
        Step(
            *("add", ("middle", "bias"), (RESULT,), {} if runtime is Runtime.WGSL else counts, (COUNT, 1, 1)),
            text="add" if runtime is Runtime.WGSL else "",
            name="the bias",
        ),
    )
    layout = Layout(
        {"data": np.arange(2 * COUNT, dtype=np.float32), "bias": np.array([0.5], np.float32)},
        {},
        (np.dtype(np.float32), COUNT),
        tuple,
        scratch={"middle": 4 * COUNT},
        steps=steps,
        roles=ROLES,
    )
    if runtime is Runtime.WGSL:
        return Program(DOUBLE, layout, copies=copies, texts={"add": ADD})
    return Program(module(), layout, copies=copies)


def answer(kernel: Kernel, runs: int = 1) -> list[float]:
    kernel.poison()
    kernel.time(runs)
    return list(kernel.result())


EXPECTED = [2 * (COUNT + i) + 0.5 for i in range(COUNT)]


@pytest.fixture(params=["wasmtime", "v8", "webgpu"])
def target(request: pytest.FixtureRequest, targets: list[Target]) -> Target:
    found = next((target for target in targets if target.engine == request.param), None)
    if found is None:
        pytest.skip(f"no target of {request.param} here")
    load(request.param).targets()
    return found


@pytest.mark.parametrize("copies", [1, 3])
def test_steps_run_in_order_over_slices_and_scratch(target: Target, copies: int) -> None:
    kernel = load(target.engine).open(target).prepare(program(target.runtime, copies))
    assert answer(kernel) == answer(kernel, 7) == EXPECTED
    kernel.load({"bias": np.array([-1.0], np.float32)})
    assert answer(kernel) == [value - 1.5 for value in EXPECTED]
    parts = parts_of(kernel)
    assert parts
    for repeats in (1, 50):
        seconds = parts(repeats)
        assert len(seconds) == 2
        assert all(0 < one < 10 for one in seconds)
    assert answer(kernel) == [value - 1.5 for value in EXPECTED]
    kernel.close()


def test_a_step_takes_its_share_of_a_run(target: Target) -> None:
    """Of two hundred steps and another, that one is little."""
    plain = program(target.runtime)
    double, add = plain.layout.steps
    many = replace(plain, layout=replace(plain.layout, steps=(*[double] * 200, add)))
    kernel = load(target.engine).open(target).prepare(many)
    parts = parts_of(kernel)
    assert parts
    seconds = [min(times) for times in zip(*(parts(100) for _ in range(5)), strict=True)]
    assert len(seconds) == 201
    assert sum(seconds[:-1]) > 10 * seconds[-1] > 0
    assert answer(kernel) == EXPECTED
    kernel.close()


@pytest.mark.parametrize("engine", ["webgpu", "wasmtime"])
def test_a_session_says_what_each_step_takes(
    engine: str, supervisor: Supervisor, targets: list[Target], tmp_path: Path
) -> None:
    """Of kernels with more than one; in the file, the tables and the inspector."""
    found = next((target for target in targets if target.engine == engine), None)
    if found is None:
        pytest.skip(f"no target of {engine} here")
    asked = {
        "webgpu": ("attention-encoder", "f32-passes", "f32"),
        "wasmtime": ("softmax", "f32-simd", "f32-simd"),
    }
    workload, several, one = asked[engine]
    shape = workloads()[workload].odd[0]
    own = [find(workload, name, found.runtime) for name in dict.fromkeys((several, one))]
    plan = make_plan([found], own, [shape], settings=Settings(seconds=0.02))
    session, _ = take_session(supervisor, targets, plan)
    assert {m.status for m in session.measurements} == {Status.OK}
    for measurement in session.measurements:
        steps = 3 if measurement.case.variant == "f32-passes" else 0
        assert len(measurement.parts) == steps
        assert all(0 <= part.seconds < 1 for part in measurement.parts)
    save(session, tmp_path / "s.json")
    assert load_session(tmp_path / "s.json") == session
    for row in rows(session, workloads()):
        words = row.measurement.part_words
        assert bool(words) == bool(row.measurement.parts)
        assert dict(facts(row)).get("Parts", "") == words
        assert (json.loads(json_text([row]))[0]["parts"] or "") == words
        assert words in row.note


def test_parts_in_words() -> None:
    """Shares are of what the steps take together; what the clock cannot see is not nothing."""
    row = Measurement(Case("x", "softmax", "f32", Shape(2, 3)), Status.OK, samples=(1e-3, 2e-3, 9.0))
    assert row.part_words == ""
    parts = (Part("scores", 1.5e-3), Part("softmax", 0.0), Part("values", 5e-4))
    parted = structs.replace(row, parts=parts)
    assert parted.part_words == "scores 75 %, softmax under 1 %, values 25 %; in all 1.00× a run"
    assert structs.replace(parted, samples=()).part_words == ""


@pytest.mark.parametrize(("p", "requires"), [("i64", ("memory64",)), ("i32", ("threads",))])
def test_steps_run_on_wide_and_on_shared_memory(p: str, requires: tuple[str, ...]) -> None:
    shared = "threads" in requires
    plain = replace(program(Runtime.WASM), source=module(p, shared), requires=requires)
    engine = load("wasmtime")
    for copies in (1, 2):
        threads = {"threads": 1} if shared else {}
        kernel = engine.open(engine.targets()[0]).prepare(replace(plain, parameters=threads, copies=copies))
        assert answer(kernel, 3) == EXPECTED
        kernel.close()


def test_what_a_module_lacks_is_said() -> None:
    engine = load("wasmtime")
    plain = program(Runtime.WASM)
    double, add = plain.layout.steps
    for steps, error, words in (
        ((replace(double, entry="gone"),), KernelError, "export a function 'gone'"),
        ((replace(double, scalars={}),), KernelError, r"'double' takes .* but the layout gives"),
        ((replace(add, text="other"),), UnsupportedError, "several texts"),
    ):
        for name in ("wasmtime", "v8"):
            engine = load(name)
            device = engine.open(engine.targets()[0])
            with pytest.raises(error, match=words):
                device.prepare(replace(plain, layout=replace(plain.layout, steps=steps)))


def test_limits_are_those_of_what_a_step_binds() -> None:
    """A buffer may be larger than a binding where every step sees a slice of it."""
    plain = program(Runtime.WGSL)
    check_gpu(plain, {"maxStorageBufferBindingSize": 4 * COUNT, "maxBufferSize": 8 * COUNT})
    with pytest.raises(LimitError, match="maxStorageBufferBindingSize is 255"):
        check_gpu(plain, {"maxStorageBufferBindingSize": 4 * COUNT - 1})
    with pytest.raises(LimitError, match="needs 512 bytes in one buffer; maxBufferSize is 511"):
        check_gpu(plain, {"maxBufferSize": 8 * COUNT - 1})
    with pytest.raises(LimitError, match="needs 3 storage buffers"):
        check_gpu(plain, {"maxStorageBuffersPerShaderStage": 2})
    with pytest.raises(ValueError, match="no multiple of 256"):
        Slice("data", 128, 4)


def test_the_contract_tells_the_steps_apart() -> None:
    layout = program(Runtime.WGSL).layout
    told = contract(layout)
    assert "64 x 1 x 1 workgroups of double; binding 0 is data, 1 is middle, 2 is a uniform block" in told
    assert "64 x 1 x 1 workgroups of add; binding 0 is middle, 1 is bias, 2 is the result" in told
    check_bindings(DOUBLE + ADD, layout)
    with pytest.raises(KernelError, match="there is no binding 3"):
        check_bindings(DOUBLE.replace("binding(1)", "binding(3)"), layout)


def test_traffic_is_counted_by_role() -> None:
    layout = program(Runtime.WGSL).layout
    assert layout.traffic == {Role.WEIGHTS: 8 * COUNT, Role.ACTIVATIONS: 4, Role.RESULT: 4 * COUNT}
    part = replace(layout, touched={"data": 4 * COUNT})
    assert part.traffic[Role.WEIGHTS] == 4 * COUNT
    assert replace(layout, roles={}).traffic == {}
