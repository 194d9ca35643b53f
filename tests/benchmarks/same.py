"""One kernel against itself, on any engine and beside any load: what is called faster or slower is false."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from app.catalog.index import find
from app.core.events import AnyEvent
from app.core.pairs import ratio
from app.core.plan import Case, Plan, Settings
from app.core.recorder import Recorder
from app.core.session import Host
from app.core.shape import Shape
from app.core.target import Target
from app.engines import Device, load
from app.figures.statistics import Ratio
from app.figures.verdict import Verdict, verdict, wording
from app.figures.warnings import unsteady
from app.measure.group import measure_group

ENGINES = ("wasmtime", "v8", "native", "webgpu")
VARIANTS = {"wasmtime": "f32-simd", "v8": "f32-simd"}


class Outcome(Struct):
    """Verdicts, how many of the comparisons had an unsteady side, and the false ones in words."""

    verdicts: Counter[Verdict]
    unsteady: int
    told: list[str]

    @property
    def false(self) -> int:
        """Verdicts that no kernel deserves against itself."""
        return self.verdicts[Verdict.FASTER] + self.verdicts[Verdict.SLOWER]


def compared(
    target: Target, runs: int, settings: Settings, device: Device | None = None, size: int = 256
) -> Outcome:
    """So many comparisons of matvec f32 with itself on ``target``, each of two kernels prepared anew."""
    name = VARIANTS.get(target.engine, "f32")
    like = find("matvec", name, target.runtime)
    case = Case(target.id, "matvec", name, Shape(size, size), like.defaults(target))
    device = device or load(target.engine).open(target)
    found = Outcome(Counter(), 0, [])
    for life in range(runs):
        one = _compare(device, target, case, settings, life)
        found.unsteady += any(unsteady(samples) != "" for samples in one[1])
        found.verdicts[verdict(one[0])] += 1
        if verdict(one[0]) in (Verdict.FASTER, Verdict.SLOWER):
            found.told.append(wording(one[0]))
    return found


def _compare(
    device: Device, target: Target, case: Case, settings: Settings, life: int
) -> tuple[Ratio | None, list[tuple[float, ...]]]:
    plan = Plan((case, case), case.variant, settings)
    recorder = Recorder(plan, Host("", "", 1, 1, ""), (target,), (), "")

    def emit(event: AnyEvent) -> None:
        recorder.apply(event)

    measure_group(device, target, [(0, case), (1, case)], 0, settings, emit, lambda: False, life=life)
    base, other = recorder.session().measurements
    return ratio(base, other), [base.samples, other.samples]


@contextmanager
def busy(loops: int) -> Iterator[None]:
    """So many processes that do nothing but compute, beside what is done meanwhile."""
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(loops)]
    try:
        yield
    finally:
        for one in running:
            one.kill()
            one.wait()


def report(what: str, outcome: Outcome) -> str:
    """One line of figures, with the load of the machine."""
    counts = ", ".join(f"{count} {name.value}" for name, count in outcome.verdicts.most_common())
    load = f"load {os.getloadavg()[0]:.1f}"
    return "; ".join((f"{what}: {counts}", f"{outcome.unsteady} unsteady", load, *outcome.told))
