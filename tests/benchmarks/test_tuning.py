"""How long tuning takes, and what it gains; how long ceilings take. As figures of one run."""

import time
from pathlib import Path

import pytest

from app.catalog.index import variants
from app.core.events import CeilingsMeasured, TuningFinished
from app.core.plan import Case
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.core.tuning import TuneSettings, describe
from app.core.variant import why_not
from app.machine.ceilings import measure_ceilings
from app.machine.store import Store
from app.worker.supervisor import Supervisor

TUNED = ("f32", "f32-naive", "f32-tile")


@pytest.fixture
def adapter(targets: list[Target]) -> Target:
    """Debian's llvmpipe where there is one, else the first adapter."""
    found = [target for target in targets if target.runtime is Runtime.WGSL]
    if not found:
        pytest.skip("no adapter here")
    return next((t for t in found if "llvmpipe" in t.id and t.backend == "Vulkan"), found[0])


@pytest.mark.timeout(600)
def test_a_full_tuning_of_matmul_f32(supervisor: Supervisor, adapter: Target) -> None:
    """Target: under 180 s for all of its plain f32 variants together, on llvmpipe."""
    start = time.perf_counter()
    seconds = {}
    for variant in variants():
        mine = variant.workload == "matmul" and variant.runtime is Runtime.WGSL and variant.name in TUNED
        if not mine or why_not(variant, adapter):
            continue
        defaults = variant.defaults(adapter)
        case = Case(adapter.id, "matmul", variant.name, Shape(512, 512, 512), defaults)
        (*_, last) = supervisor.tune(case, TuneSettings())
        assert isinstance(last, TuningFinished)
        assert last.tuning is not None, last.reason
        tuning = last.tuning
        seconds[variant.name] = tuning.seconds
        gain = tuning.speedup.value if tuning.speedup else 1.0
        print(
            f"\n{variant.name}: {2 * 512**3 / tuning.seconds / 1e9:.1f} GFLOP/s with "
            f"{describe(tuning.parameters)}, {gain:.2f}x the defaults, {tuning.tried} tried ({tuning.stop})"
        )
    took = time.perf_counter() - start
    print(f"tuning of {', '.join(seconds)} on {adapter.label}: {took:.0f} s")
    assert took < 180


def test_ceilings_of_each_target(supervisor: Supervisor, targets: list[Target], tmp_path: Path) -> None:
    """Target: under 5 s each on llvmpipe."""
    store = Store(supervisor.versions, tmp_path)
    for target in targets:
        start = time.perf_counter()
        for event in measure_ceilings(supervisor, store, [target]):
            if isinstance(event, CeilingsMeasured):
                took = time.perf_counter() - start
                read = (event.ceilings.read or 0) / 1e9
                flops = {name: f"{rate / 1e9:.0f}" for name, rate in event.ceilings.flops.items()}
                print(f"\n{target.label}: {took:.1f} s; read {read:.1f} GB/s, GFLOP/s {flops}")
