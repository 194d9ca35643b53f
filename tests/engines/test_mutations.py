"""Verification is worth something only if it notices: break each template and watch every variant fail."""

from collections.abc import Callable

import pytest
from jinja2 import Environment
from msgspec import structs

from app.catalog import render
from app.catalog.declarations import Templates
from app.catalog.index import find
from app.catalog.programs import source
from app.core.edit import Edit, beside
from app.core.measurement import Status
from app.core.plan import Settings, make_plan
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.core.variant import why_not
from app.worker.supervisor import Supervisor
from app.workloads import workloads
from app.workloads.linear import layer
from tests.conftest import take_session
from tests.engines.mutations import every
from tests.engines.tiles import smallest

SIZES = {1: Shape(1030), 2: Shape(63, 130), 3: Shape(33, 65, 70), 4: Shape(17, 6, 2, 12)}

OWN_SIZES = {
    "q4-matvec": Shape(63, 256),
    "q4-matmul": Shape(17, 63, 256),
    "quantise": Shape(9, 66, 33),
    "linear": layer(33, 65, 530),
}
"""Where the last block would be nothing but padding or fill no row, and where several are in the depth."""

SHARED = {"rows.wgsl": "softmax", "rows.wat": "layernorm", "exp.wat": "softmax", "elements.wat": "gelu"}
"""A workload that shows what a file breaks that several take in."""

MUTATIONS = every()


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_broken_template_is_a_wrong_result(
    name: str, monkeypatch: pytest.MonkeyPatch, supervisor: Supervisor, targets: list[Target]
) -> None:
    file, right, wrong, affected = MUTATIONS[name]
    package, *folder, template = file.split("/")
    workload, _, affected = affected.rpartition(":")
    workload = workload or (folder[0].replace("_", "-") if folder else SHARED[template])
    runtime = {"kernels": Runtime.WGSL, "wasm_modules": Runtime.WASM}[package]
    engine = {Runtime.WGSL: "webgpu", Runtime.WASM: "wasmtime"}[runtime]
    target = next((target for target in targets if target.engine == engine), None)
    if target is None:
        pytest.skip("no adapter here")
    unbroken = Templates.get_source

    def broken(self: Templates, environment: Environment, name: str) -> tuple[str, str, Callable[[], bool]]:
        text, *rest = unbroken(self, environment, name)
        if name == "/".join([*folder, template]):
            assert right in text
            text = text.replace(right, wrong)
        return (text, *rest)

    monkeypatch.setattr(Templates, "get_source", broken)
    monkeypatch.setattr(render, "_environment", render._environment.__wrapped__)
    shape = OWN_SIZES.get(workload) or SIZES[len(workloads()[workload].dimensions)]
    likes = [find(workload, variant, runtime) for variant in affected.split(",")]
    edits = [
        Edit(
            workload=workload,
            runtime=runtime,
            name=f"broken-{number}",
            like=like.name,
            text=source(like, case.parameters),
            parameters=case.parameters,
        )
        for number, like in enumerate(likes)
        if not why_not(like, target)
        for case in smallest(make_plan([target], [like], [shape]), [like], "tile_").cases
    ]
    assert edits
    mutants = [beside(edit, find(workload, edit.like, runtime))[1] for edit in edits]
    plan = make_plan([target], mutants, [shape], settings=Settings(seconds=1e-9, batch_seconds=1e-6))
    session, _ = take_session(supervisor, targets, structs.replace(plan, edits=tuple(edits)))
    ends = {(m.case.variant, m.reason): m.status for m in session.measurements}
    assert len(ends) == len(edits)
    assert set(ends.values()) == {Status.WRONG}, ends
