"""Every variant on every target of this machine, against float64, on shapes that are no powers of two."""

import pytest
from msgspec import structs

from app.catalog.index import find, variants
from app.core.measurement import Status
from app.core.plan import Case, Plan, Settings, make_plan
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.core.variant import why_not
from app.worker.supervisor import Supervisor
from app.workloads import workloads
from tests.conftest import take_session

MATVEC = [variant for variant in variants() if variant.workload == "matvec" and variant.checked]
QUICK = Settings(seconds=1e-9, batch_seconds=1e-6)
SHAPES = {
    1: [Shape(1), Shape(3), Shape(63), Shape(257), Shape(100_003)],
    2: [Shape(*sizes) for sizes in [(3, 5), (257, 129), (1, 1000), (300, 700)]],
    3: [Shape(*sizes) for sizes in [(3, 5, 7), (257, 129, 31), (1, 130, 1000)]],
}
"""Shapes by the number of their dimensions, where a workload has no odd ones; no powers of two."""


def test_the_targets_are_told_apart(targets: list[Target]) -> None:
    assert len({target.id for target in targets}) == len(targets)
    assert {"wasmtime", "numpy"} <= {target.id for target in targets}


@pytest.mark.parametrize("workload", workloads())
def test_every_variant_is_right_on_every_target(
    workload: str, supervisor: Supervisor, targets: list[Target]
) -> None:
    shapes = workloads()[workload].odd or SHAPES[len(workloads()[workload].dimensions)]
    own = [variant for variant in variants() if variant.workload == workload and variant.checked]
    plan = make_plan(targets, own, shapes, settings=QUICK)
    session, _ = take_session(supervisor, targets, plan)
    assert len(session.measurements) == len(plan.cases)
    for measurement in session.measurements:
        target = session.target(measurement.case.target)
        variant = session.variant(measurement.case.workload, measurement.case.variant, target.runtime.value)
        refused = why_not(variant, target)
        where = f"{measurement.case}: {measurement.reason}"
        assert measurement.status is (Status.UNSUPPORTED if refused else Status.OK), where
        if not refused:
            assert measurement.error is not None
            assert measurement.error.acceptable, where
            assert measurement.samples, where


def test_the_defaults_of_gpus_are_right_too(supervisor: Supervisor, targets: list[Target]) -> None:
    """Which software adapters do not run by themselves: two buffers, several loads in flight, small tiles."""
    gpus = [t for t in targets if t.engine == "webgpu" and t.feature("subgroups").state.usable]
    if not gpus:
        pytest.skip("no adapter with subgroups here")
    software, real = gpus[0], structs.replace(gpus[0], kind="DiscreteGPU")
    asked = {
        "matvec": (["f32", "f32+rowwise+subgroup"], [Shape(257, 1029)]),
        "matmul": (["f32-tile+shared", "f32-tile+shared+splitk"], [Shape(1, 3, 5), Shape(65, 129, 131)]),
        "layernorm": (["f32+online", "f32+rowwise"], [Shape(70, 1031)]),
        "transpose": (["f32+tile"], [Shape(70, 131)]),
        "attention-prefill": (["f16-queries4+shared", "f32-queries4+subgroup"], [Shape(70, 2, 1, 7)]),
        "attention-decode": (["i8-storage+splitk+subgroup"], [Shape(300, 2, 1, 140)]),
        "scan": (["f32", "f32+blelloch+shared", "f32+subgroup"], [Shape(100_003)]),
    }
    cases: list[Case] = []
    for workload, (names, shapes) in asked.items():
        own = [find(workload, name, Runtime.WGSL) for name in names]
        cases += make_plan([real], own, shapes).cases
        assert all(v.defaults(real, at) != v.defaults(software, at) for v in own for at in shapes)
    session, _ = take_session(supervisor, targets, Plan(tuple(cases), settings=QUICK))
    for measurement in session.measurements:
        assert measurement.status is Status.OK, f"{measurement.case}: {measurement.reason}"


def test_unchecked_twins_compute_the_same(supervisor: Supervisor, targets: list[Target]) -> None:
    gpus = [target for target in targets if target.engine == "webgpu"]
    twins = [
        v for v in variants() if not v.checked and v.workload == "matvec" and "splitk" not in v.techniques
    ]
    plan = make_plan(gpus, twins, [Shape(257, 129)], settings=QUICK)
    session, _ = take_session(supervisor, targets, plan)
    assert {m.status for m in session.measurements} <= {Status.OK, Status.UNSUPPORTED}
    for measurement in session.measurements:
        assert measurement.case.variant.endswith("+unchecked")


def test_storage_costs_accuracy_and_the_figures_say_so(supervisor: Supervisor, targets: list[Target]) -> None:
    """f32 is nearly exact; f16 and 8 bits lose what their widths say, whatever the kernel adds."""
    plan = make_plan(targets, MATVEC, [Shape(300, 500)], settings=QUICK)
    session, _ = take_session(supervisor, targets, plan)
    expected = {
        "f32": (1e-9, 1e-6),
        "f16": (1e-5, 2e-3),
        "bf16": (1e-4, 1e-2),
        "u8": (2e-3, 4e-2),
        "i8": (2e-3, 4e-2),
    }
    for measurement in session.measurements:
        if measurement.status is not Status.OK or measurement.error is None:
            continue
        runtime = session.target(measurement.case.target).runtime.value
        storage = session.variant("matvec", measurement.case.variant, runtime).storage
        low, high = expected[storage]
        assert low < measurement.error.relative_l2 < high, str(measurement.case)


def test_beyond_a_limit_what_has_rows_is_split_and_the_rest_skipped_with_its_name(
    supervisor: Supervisor, targets: list[Target]
) -> None:
    small = [t for t in targets if 0 < t.limits.get("maxStorageBufferBindingSize", 0) <= 128 << 20]
    if not small:
        pytest.skip("no adapter here binds as little as 128 MiB")
    f32 = [v for v in MATVEC if v.name == "f32"]
    reduce = [find("reduce", "f32+shared", Runtime.WGSL)]
    cases = make_plan(small[:1], f32, [Shape(16384 + 1, 2048)]).cases
    cases += make_plan(small[:1], reduce, [Shape((1 << 25) + 1)]).cases
    session, _ = take_session(supervisor, targets, Plan(cases, settings=QUICK))
    whole, skipped = session.measurements
    assert whole.status is Status.OK, whole.reason
    assert skipped.status is Status.SKIPPED
    assert "maxStorageBufferBindingSize is 134217728" in skipped.reason
