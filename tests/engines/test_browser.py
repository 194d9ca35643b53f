"""A real Chromium on SwiftShader as a target: what it can do, that it is right, and what befalls its page."""

from collections.abc import Iterator, Sequence

import pytest
from msgspec import structs

from app.catalog import variants
from app.core.events import TargetsFound
from app.core.measurement import Status
from app.core.plan import Plan, Settings, make_plan
from app.core.shape import Shape
from app.core.target import FeatureState, Runtime, Target
from app.core.variant import Variant, why_not
from app.worker.browsers import add_browser
from app.worker.supervisor import Supervisor
from tests.conftest import take_session
from tests.engines.browser import SWIFTSHADER, a_chromium

QUICK = Settings(seconds=0.01, batch_seconds=0.0005)


@pytest.fixture(scope="module")
def own(_own_home: None) -> Iterator[Supervisor]:
    supervisor = Supervisor()
    yield supervisor
    supervisor.close()


@pytest.fixture(scope="module")
def chrome(own: Supervisor) -> list[Target]:
    """The targets of a Chromium."""
    found = [
        event for event in add_browser(own, a_chromium(), SWIFTSHADER) if isinstance(event, TargetsFound)
    ]
    return list(found[-1].targets)


def test_features(chrome: list[Target]) -> None:
    gpu, wasm = chrome
    assert (gpu.id, gpu.runtime, gpu.kind) == ("chrome-swiftshader", Runtime.WGSL, "CPU")
    assert (wasm.id, wasm.runtime) == ("chrome-wasm", Runtime.WASM)
    assert gpu.feature("subgroups").state is FeatureState.SUPPORTED
    assert gpu.feature("packed_4x8_integer_dot_product").state is FeatureState.SUPPORTED
    assert gpu.feature("shader-f16").state is FeatureState.MISSING
    assert gpu.limits["maxComputeInvocationsPerWorkgroup"] == 256
    assert {wasm.feature(name).state for name in ("simd", "relaxed-simd", "threads", "jspi")} == {
        FeatureState.SUPPORTED
    }
    assert wasm.clock_step > 0


def smallest(plan: Plan, among: Sequence[Variant]) -> Plan:
    """``plan`` with the smallest tiles that each variant has: SwiftShader compiles large ones for seconds."""
    least = {v.name: {p.name: p.choices[0] for p in v.parameters if p.name.startswith("tile")} for v in among}
    return structs.replace(
        plan,
        cases=tuple(
            structs.replace(case, parameters={**case.parameters, **least[case.variant]})
            for case in plan.cases
        ),
    )


@pytest.mark.parametrize(
    ("workload", "shape"),
    [
        ("matvec", Shape(257, 129)),
        ("matmul", Shape(65, 63, 31)),
        ("reduce", Shape(1003)),
        ("copy", Shape(1003)),
        ("fma", Shape(257)),
        ("transfer", Shape(1003)),
        ("suspend", Shape(7)),
    ],
)
def test_every_variant_is_right(workload: str, shape: Shape, own: Supervisor, chrome: list[Target]) -> None:
    every = [v for v in variants() if v.workload == workload and v.checked]
    session, _ = take_session(own, chrome, smallest(make_plan(chrome, every, [shape], settings=QUICK), every))
    assert session.measurements
    for measurement in session.measurements:
        target = session.target(measurement.case.target)
        variant = session.variant(workload, measurement.case.variant, target.runtime.value)
        refused = why_not(variant, target)
        where = f"{measurement.case}: {measurement.reason}"
        assert measurement.status is (Status.UNSUPPORTED if refused else Status.OK), where
        if not refused:
            assert measurement.samples, where
            assert measurement.costs is not None
            assert measurement.costs.compile_s > 0 or "operation" in variant.options
