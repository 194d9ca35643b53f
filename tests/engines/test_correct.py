"""Every variant on every target of this machine, against float64, on shapes that are no powers of two."""

from collections.abc import Callable
from functools import cache

import pytest
from msgspec import structs

from app.catalog.index import find, variants
from app.core.measurement import Status
from app.core.plan import Case, Plan, Settings, make_plan
from app.core.session import Session
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.core.variant import why_not
from app.worker.supervisor import Supervisor
from app.workloads import workloads
from app.workloads.linear import Ending, layer
from tests.conftest import take_session
from tests.engines.tiles import smallest

MATVEC = [variant for variant in variants() if variant.workload == "matvec" and variant.checked]
QUICK = Settings(seconds=1e-9, batch_seconds=1e-6)
SHAPES = {
    1: [Shape(1), Shape(257), Shape(100_003)],
    2: [Shape(*sizes) for sizes in [(3, 5), (1, 1000), (259, 517)]],
    3: [Shape(*sizes) for sizes in [(3, 5, 7), (257, 129, 31), (1, 130, 1000)]],
}
"""Shapes by the number of their dimensions, where a workload has no odd ones; no powers of two."""


@pytest.fixture(scope="module")
def measured(supervisor: Supervisor, targets: list[Target]) -> Callable[[str], tuple[Plan, Session]]:
    """What came of every variant of a workload on every target, at each of its shapes; run once."""

    @cache
    def run(workload: str) -> tuple[Plan, Session]:
        shapes = workloads()[workload].odd or SHAPES[len(workloads()[workload].dimensions)]
        own = [variant for variant in variants() if variant.workload == workload and variant.checked]
        plan = smallest(make_plan(targets, own, shapes, settings=QUICK), own, "tile_")
        return plan, take_session(supervisor, targets, plan)[0]

    return run


def test_the_targets_are_told_apart(targets: list[Target]) -> None:
    assert len({target.id for target in targets}) == len(targets)
    assert {"wasmtime", "numpy"} <= {target.id for target in targets}


@pytest.mark.parametrize("workload", [name for name, one in workloads().items() if not one.model])
def test_every_variant_is_right_on_every_target(
    workload: str, measured: Callable[[str], tuple[Plan, Session]]
) -> None:
    plan, session = measured(workload)
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


ENDINGS = [
    Ending("none"),
    Ending("none", residual=True),
    Ending("relu", bias=True),
    Ending("silu", residual=True),
    Ending("gelu"),
]
"""Those that no odd shape of linear has."""


def test_every_ending_of_a_layer_is_right(supervisor: Supervisor, targets: list[Target]) -> None:
    names = (
        "f32-naive",
        "f32-tile",
        "f32-tile+apart",
        "f32-scalar",
        "f32-relaxed",
        "f32-relaxed+apart",
        "f32",
    )
    own = [v for v in variants() if v.workload == "linear" and v.name in names]
    shapes = [layer(5, 13, 9, like=ending) for ending in ENDINGS]
    plan = smallest(make_plan(targets, own, shapes, settings=QUICK), own)
    session, _ = take_session(supervisor, targets, plan)
    assert len(session.measurements) == len(plan.cases) >= 4 * len(ENDINGS)
    for measurement in session.measurements:
        assert measurement.status is Status.OK, f"{measurement.case}: {measurement.reason}"


def test_the_defaults_of_gpus_are_right_too(supervisor: Supervisor, targets: list[Target]) -> None:
    """Which software adapters do not run by themselves: two buffers, several loads in flight, small tiles."""
    gpus = [t for t in targets if t.engine == "webgpu" and t.feature("subgroups").state.usable]
    if not gpus:
        pytest.skip("no adapter with subgroups here")
    # A real one does not tell how many lanes every subgroup has.
    limits = {name: value for name, value in gpus[0].limits.items() if name != "subgroupMinSize"}
    software, real = gpus[0], structs.replace(gpus[0], kind="DiscreteGPU", limits=limits)
    asked = {
        "matvec": (["f32", "f32+rowwise+subgroup"], [Shape(257, 1029)]),
        "q4-matmul": (["q4f16_1", "nbits-dot4+shared"], [Shape(70, 131, 300)]),
        "matmul": (
            ["f32-tile+shared", "f32-tile+shared+splitk", "f32-tile+subgroup"],
            [Shape(1, 3, 5), Shape(65, 129, 131)],
        ),
        "linear": (["f32-tile"], [layer(9, 33, 70)]),
        "layernorm": (["f32+online", "f32+rowwise"], [Shape(70, 1031)]),
        "softmax": (["f32+held+rowwise+subgroup"], [Shape(5, 1031)]),
        "transpose": (["f32+tile"], [Shape(70, 131)]),
        "attention-prefill": (["f16-queries4+shared", "f32-queries4+subgroup"], [Shape(70, 2, 1, 7)]),
        "attention-decode": (["i8-storage+splitk+subgroup"], [Shape(300, 2, 1, 140)]),
        "scan": (["f32", "f32+blelloch+shared", "f32+subgroup"], [Shape(100_003)]),
        "conv2d": (["f32-tile+shared", "f32-winograd"], [Shape(13, 7, 5, 6)]),
        "depthwise": (["f32-tile"], [Shape(13, 7, 5)]),
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


def test_storage_costs_accuracy_and_the_figures_say_so(
    measured: Callable[[str], tuple[Plan, Session]],
) -> None:
    """f32 is nearly exact; f16 and 8 bits lose what their widths say, whatever the kernel adds."""
    largest = SHAPES[2][-1]
    _, session = measured("matvec")
    expected = {
        "f32": (1e-9, 1e-6),
        "f16": (1e-5, 2e-3),
        "bf16": (1e-4, 1e-2),
        "u8": (2e-3, 4e-2),
        "i8": (2e-3, 4e-2),
    }
    for measurement in session.measurements:
        error = measurement.error
        if measurement.case.shape != largest or error is None or error.relative_l2 is None:
            continue
        runtime = session.target(measurement.case.target).runtime.value
        storage = session.variant("matvec", measurement.case.variant, runtime).storage
        low, high = expected[storage]
        assert low < error.relative_l2 < high, str(measurement.case)


def test_beyond_a_limit_what_has_rows_is_split_and_the_rest_skipped_with_its_name(
    supervisor: Supervisor, targets: list[Target]
) -> None:
    small = [t for t in targets if 0 < t.limits.get("maxStorageBufferBindingSize", 0) <= 128 << 20]
    if not small:
        pytest.skip("no adapter here binds as little as 128 MiB")
    f32 = [v for v in MATVEC if v.name == "f32"]
    scan = [find("scan", "f32", Runtime.WGSL)]
    cases = make_plan(small[:1], f32, [Shape(16384 + 1, 2048)]).cases
    cases += make_plan(small[:1], scan, [Shape((1 << 25) + 1)]).cases
    session, _ = take_session(supervisor, targets, Plan(cases, settings=QUICK))
    whole, skipped = session.measurements
    assert whole.status is Status.OK, whole.reason
    assert skipped.status is Status.SKIPPED
    assert "maxStorageBufferBindingSize is 134217728" in skipped.reason
