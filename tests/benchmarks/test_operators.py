"""How near the operators of models come to the copy bandwidth of a CPU adapter, in one and the same run."""

import pytest

from app.catalog.index import variants
from app.core.plan import Plan, Settings, make_plan
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.findings.rows import rows
from app.worker.supervisor import Supervisor
from app.workloads import workloads
from tests.conftest import take_session

SIDE = 2048
OPERATORS = ("softmax", "rmsnorm", "layernorm", "transpose", "gelu", "swiglu")


@pytest.mark.parametrize("operator", OPERATORS)
def test_operators_run_at_the_speed_of_memory(
    operator: str, supervisor: Supervisor, targets: list[Target]
) -> None:
    """Target: the best f32 variant moves bytes at 0.6 of what the copy kernel reaches."""
    gpu = next((t for t in targets if t.engine == "webgpu" and t.is_cpu and t.backend != "OpenGL"), None)
    if gpu is None:
        pytest.skip("no CPU adapter here")
    settings = Settings(seconds=1)
    cases = []
    for workload, shape in (("copy", Shape(SIDE * SIDE)), (operator, Shape(SIDE, SIDE))):
        own = [v for v in variants() if v.workload == workload and v.runtime is Runtime.WGSL and v.checked]
        own = [v for v in own if v.storage == "f32" and {"rowwise", "held"} & {*v.techniques} != {"rowwise"}]
        cases += make_plan([gpu], own, [shape], settings=settings).cases
    session, _ = take_session(supervisor, targets, Plan(tuple(cases), settings=settings))
    found = [row for row in rows(session, workloads()) if row.summary and row.bytes]
    copied = max(row.bytes or 0.0 for row in found if row.variant.workload == "copy")
    best = max((row for row in found if row.variant.workload == operator), key=lambda row: row.bytes or 0.0)
    share = (best.bytes or 0.0) / copied
    print(f"\n{operator}: {best.variant.name} at {share:.2f} of {copied / 1e9:.1f} GB/s (target 0.6)", end="")
    assert share > 0.3
