"""Libraries in a real Chromium: each is right at an odd shape, follows its operands, says what it lacks."""

import shutil
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalog.index import variants
from app.core.errors import KernelscopeError
from app.core.events import TargetsFound
from app.core.measurement import Status
from app.core.plan import Plan, Settings, make_plan
from app.core.session import Session
from app.core.shape import Shape
from app.core.target import Target
from app.core.variant import why_not
from app.engines.browser import packages
from app.storage.packages import install, remove
from app.worker.pages import add_browser
from app.worker.supervisor import Supervisor
from app.workloads.linear import Ending, layer
from tests.conftest import take_session
from tests.engines.browser import SWIFTSHADER, a_chromium

SHAPES = {"matmul": Shape(33, 65, 17), "linear": layer(5, 13, 9, like=Ending("gelu", True, True))}
ONE_OF_EACH = (
    "chrome-ort-1",
    "chrome-ort-webgpu",
    "chrome-tfjs-1",
    "chrome-tfjs-webgl",
    "chrome-tfjs-webgpu",
)


@pytest.fixture(scope="module")
def libraries() -> Iterator[None]:
    """Both, in the data folder of the tests."""
    a_chromium()
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    try:
        for library in packages.LIBRARIES:
            deque(install(library), maxlen=0)
    except KernelscopeError as error:
        pytest.skip(f"no registry is within reach: {error}")
    yield
    for library in packages.LIBRARIES:
        remove(library)


@pytest.fixture(scope="module")
def measured(libraries: None, own: Supervisor) -> tuple[list[Target], Session]:
    deque(add_browser(own, a_chromium(), SWIFTSHADER), maxlen=0)
    found = [
        target
        for event in own.find_targets(["browser"])
        if isinstance(event, TargetsFound)
        for target in event.targets
    ]
    chosen = [target for target in found if target.id in ONE_OF_EACH]
    cases = [
        case
        for workload, shape in SHAPES.items()
        for case in make_plan(
            chosen, [v for v in variants() if v.workload == workload and v.runtime.about.peer], [shape]
        ).cases
    ]
    plan = Plan(tuple(cases), settings=Settings(seconds=1e-9, batch_seconds=1e-6))
    return found, take_session(own, found, plan)[0]


def test_there_is_a_target_for_each_way_to_compute(measured: tuple[list[Target], Session]) -> None:
    targets = {target.id: target for target in measured[0]}
    assert set(ONE_OF_EACH) <= set(targets)
    assert {targets[id].backend for id in ONE_OF_EACH} == {"Wasm", "WebGL", "WebGPU"}
    assert targets["chrome-tfjs-1"].name.startswith("tfjs 4.")


def test_every_library_is_right_and_follows_its_operands(measured: tuple[list[Target], Session]) -> None:
    _, session = measured
    on_gpu = {"u8", "u8+constant"}
    for m in session.measurements:
        target = session.target(m.case.target)
        variant = session.variant(m.case.workload, m.case.variant, target.runtime.value)
        lacking = why_not(variant, target) or (target.backend == "WebGPU" and m.case.variant in on_gpu)
        assert m.status is (Status.UNSUPPORTED if lacking else Status.OK), f"{m.case}: {m.reason}"
        if not lacking:
            assert m.error is not None
            assert m.error.acceptable, str(m.case)
    assert any("would run it on the processor" in m.reason for m in session.measurements)


def test_packages_are_what_was_pinned(libraries: None, tmp_path: Path) -> None:
    data = packages.read("@tensorflow/tfjs-core/dist/tf-core.min.js")
    assert data
    lying = packages.place("@tensorflow/tfjs-core") / "dist" / "tf-core.min.js"
    lying.write_bytes(data[:-1] + b" ")
    assert packages.read("@tensorflow/tfjs-core/dist/tf-core.min.js") is None
    lying.write_bytes(data)
    assert packages.read("onnxruntime-web/package.json") is None
    assert packages.read("../secret") is None
