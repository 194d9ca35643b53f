"""How much of a run is spent on what it is for."""

import time

from app.catalog.index import usual, variants
from app.core.events import CaseCalibrated, CaseSampled
from app.core.plan import make_plan
from app.core.target import Target
from app.worker.supervisor import Supervisor
from app.workloads import workloads


def test_time_of_the_quick_plan_over_its_timed_batches(supervisor: Supervisor, targets: list[Target]) -> None:
    """Target: under 1.5, and the whole plan within a minute and a half on two cores."""
    matvec = [variant for variant in variants() if variant.workload == "matvec" and usual(variant)]
    plan = make_plan(targets, matvec, workloads()["matvec"].default_shapes)
    start = time.perf_counter()
    timed, batches = 0.0, {}
    for event in supervisor.run(plan):
        if isinstance(event, CaseCalibrated):
            batches[event.case] = event.batches
        elif isinstance(event, CaseSampled):
            timed += batches[event.case] * event.repeats * event.seconds
    whole = time.perf_counter() - start
    print(
        f"\nquick plan: {len(plan.cases)} cases in {whole:.1f} s, {timed:.1f} s timed: {whole / timed:.2f}x"
    )
    assert timed > 0
