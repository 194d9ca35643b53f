"""Kernels beside libraries, as ratios within one run; targets stand in the docstrings."""

from collections import deque
from collections.abc import Iterator

import pytest

from app.catalog.index import variants
from app.core.events import TargetsFound
from app.core.plan import Case, Plan, Settings, make_plan
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.engines.browser import packages
from app.figures import units
from app.findings.rows import Row, rows
from app.storage.packages import install
from app.worker.pages import add_browser
from app.worker.supervisor import Supervisor
from app.workloads import workloads
from tests.conftest import take_session
from tests.engines.browser import SWIFTSHADER, a_chromium

SIZE = Shape(512, 512, 512)
KERNELS = {
    Runtime.WASM: ("f32-relaxed", "f32-simd", "i7-relaxed", "f32-relaxed+threads"),
    Runtime.WGSL: ("f32-tile",),
}
Table = dict[tuple[str, str], Row]


@pytest.fixture(scope="module")
def table(own: Supervisor) -> Table:
    """matmul 512 in a Chromium and outside it, by target and variant; printed as it is."""
    for library in packages.LIBRARIES:
        deque(install(library), maxlen=0)
    list(add_browser(own, a_chromium(), SWIFTSHADER))
    targets = [t for event in own.find_targets() if isinstance(event, TargetsFound) for t in event.targets]
    chosen = [t for t in targets if t.is_peer or t.engine == "browser"]
    session, _ = take_session(
        own, targets, Plan(tuple(_cases(chosen)), "f32", Settings(seconds=1, step_seconds=300))
    )
    found = rows(session, workloads())
    print("\nmatmul 512 beside libraries")
    for row in found:
        figure = units.seconds(row.summary.median) if row.summary else row.measurement.status.value
        print(f"  {row.target.label:42} {row.name:20} {figure:>10}  {row.peer_words}  {row.target.name}")
    return {(row.target.id, row.name): row for row in found}


def _cases(targets: list[Target]) -> Iterator[Case]:
    for target in targets:
        names = KERNELS.get(target.runtime)
        own = [
            v
            for v in variants()
            if (v.workload, v.runtime) == ("matmul", target.runtime) and (names is None or v.name in names)
        ]
        yield from make_plan([target], own, [SIZE]).cases


def times(table: Table, library: tuple[str, str], kernel: tuple[str, str]) -> float:
    """How many times as fast the kernel is as the library's call."""
    slow, fast = table[library].summary, table[kernel].summary
    assert slow, table[library].note
    assert fast, table[kernel].note
    return slow.median / fast.median


def test_wasm_with_one_thread(table: Table) -> None:
    """Target: 1.5 times TensorFlow.js and 1.7 times ONNX Runtime, 1.3 times its product of bytes."""
    kernel = ("chrome-wasm", "f32-relaxed")
    assert times(table, ("chrome-tfjs-1", "f32"), kernel) >= 1.5
    assert times(table, ("chrome-ort-1", "f32+constant"), kernel) >= 1.7
    assert times(table, ("chrome-ort-1", "u8+constant"), ("chrome-wasm", "i7-relaxed")) >= 1.3


def test_wasm_with_two_threads(table: Table) -> None:
    """Target: 1.7 times ONNX Runtime with as many."""
    threads = next(
        id for id, _ in table if id.startswith("chrome-ort-") and id[-1].isdigit() and id[-1] != "1"
    )
    assert times(table, (threads, "f32+constant"), ("chrome-wasm", "f32-relaxed+threads")) >= 1.7


def test_webgpu_on_swiftshader(table: Table) -> None:
    """Target: 8 times both libraries' WebGPU, 1.8 times TensorFlow.js' WebGL."""
    kernel = ("chrome-swiftshader", "f32-tile")
    assert times(table, ("chrome-ort-webgpu", "f32+constant"), kernel) >= 8
    assert times(table, ("chrome-tfjs-webgpu", "f32"), kernel) >= 8
    assert times(table, ("chrome-tfjs-webgl", "f32"), kernel) >= 1.8
