"""A kernel against itself: the most honest test of a comparison."""

from collections import Counter

import pytest

from app.catalog import find
from app.core.events import CaseSampled
from app.core.plan import Case, Plan, Settings
from app.core.shape import Shape
from app.core.statistics import speedup
from app.core.target import Runtime, Target
from app.core.verdict import verdict
from app.worker.supervisor import Supervisor

RUNS = 100
F32 = find("matvec", "f32", Runtime.WGSL)


def test_a_kernel_is_never_faster_than_itself(supervisor: Supervisor, targets: list[Target]) -> None:
    """Target: ``same`` or ``not sure`` in at least 95 of 100 runs."""
    gpu = next((t for t in targets if t.runtime is Runtime.WGSL and "llvmpipe" in t.id), None)
    if gpu is None:
        pytest.skip("needs llvmpipe")
    case = Case(gpu.id, "matvec", "f32", Shape(256, 256), F32.defaults(gpu))
    plan = Plan((case, case), "f32", Settings(seconds=0.3))
    found: Counter[str] = Counter()
    for _ in range(RUNS):
        samples: tuple[list[float], list[float]] = ([], [])
        for event in supervisor.run(plan):
            if isinstance(event, CaseSampled):
                samples[event.case].append(event.seconds)
        found[verdict(speedup(samples[0], samples[1], paired=True)).value] += 1
    print(f"\none kernel against itself, {RUNS} runs: {dict(found)}")
    assert found["same"] + found["not sure"] >= 95
