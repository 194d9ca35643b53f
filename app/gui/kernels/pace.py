"""How long runs take: what a case of each target took here, beside what it was allowed."""

from collections.abc import Iterable, Mapping

from app.catalog.request import PREPARING_SECONDS
from app.core.measurement import Measurement, Status
from app.core.plan import Settings
from app.gui.parts.memory import Memory

NEWEST = 0.5
"""The weight of the last run beside those before it."""


def allowance(settings: Settings) -> float:
    """The seconds that a case may take: its samples, and preparing each instance."""
    return settings.seconds + PREPARING_SECONDS * settings.instances


def spent(measurement: Measurement) -> float:
    """Seconds that went into it, as far as it tells: what was paid once, and all timed runs."""
    costs = measurement.costs
    once = costs.compile_s + costs.upload_s + costs.first_run_s + costs.warm_up_s if costs else 0.0
    return once + sum(measurement.samples) * measurement.repeats * max(1, measurement.batches)


class Pace:
    """By target: the seconds of a case over its allowance. What was never measured counts as all of it."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def of(self, target: str) -> float | None:
        """The share of its allowance that a case of ``target`` takes; None where none was measured."""
        share = self._memory.read(f"pace/{target}", 0.0)
        return share if 0.0 < share < 100.0 else None

    def learn(self, measured: Iterable[Measurement], settings: Settings, seconds: float) -> None:
        """Take in a run that took ``seconds`` in all: each target gets its part of them."""
        done = [m for m in measured if m.status in (Status.OK, Status.WRONG)]
        whole = sum(map(spent, done))
        if not whole or seconds <= 0:
            return
        for target in {m.case.target for m in done}:
            own = [m for m in done if m.case.target == target]
            share = seconds * sum(map(spent, own)) / whole / len(own) / allowance(settings)
            before = self.of(target)
            if before is not None:
                share = NEWEST * share + (1 - NEWEST) * before
            self._memory.write(f"pace/{target}", share)

    def forecast(self, cases: Mapping[str, int], settings: Settings) -> tuple[float, bool]:
        """The seconds that so many cases of each target take, and whether every one was measured before."""
        shares = {target: self.of(target) for target in cases}
        whole: dict[str, float] = {}
        for target, count in cases.items():
            machine = target.partition("@")[2]  # those of a fleet measure side by side
            whole[machine] = whole.get(machine, 0.0) + count * (shares[target] or 1.0)
        return max(whole.values(), default=0.0) * allowance(settings), None not in shares.values()
