"""How far a run is and how long it will take. No Qt."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from time import monotonic

from app.catalog.request import duration
from app.core.plan import Case

WEIGHT = 4
"""Cases that the plan's own time counts as, beside those that were measured."""


class LiveProgress:
    """A live run has no end to come nearer to: it counts its passes."""

    cases = finished = 0

    def __init__(self) -> None:
        self.step = "starting"
        self._pass = 0

    def begin_pass(self, number: int) -> None:
        """Begin to go over the groups once more."""
        self._pass = number

    def finish_one(self, target: str, now: float, ran: bool = True) -> None:
        """A case has its last word of this pass: there will be another."""

    @property
    def text(self) -> str:
        """One line for the status bar."""
        return f"live until stopped (Shift+F5) · pass {self._pass} · {self.step}"


class Progress:
    """Counts finished cases; what remains is told in time, by the pace of each target so far."""

    def __init__(
        self, cases: Sequence[Case], seconds: float, machines: Mapping[str, str] | None = None
    ) -> None:
        self._machines = machines or {}
        """The machine of a fleet that a target is on: they measure side by side."""
        self.cases = len(cases)
        self.finished = 0
        self.step = "starting"
        self._guess = seconds * 1.3
        self._began = monotonic()
        self._last: dict[str, float] = defaultdict(lambda: self._began)
        self._all = Counter(self._machine(case.target) for case in cases)
        self._to_do = Counter(case.target for case in cases)
        self._spent: dict[str, float] = defaultdict(float)
        self._ran: Counter[str] = Counter()

    def finish_one(self, target: str, now: float, ran: bool = True) -> None:
        """Count one more case of ``target`` that has its last word; one that never ran tells of no pace."""
        self.finished += 1
        self._to_do[target] -= 1
        if ran:
            self._spent[target] += now - self._last[self._machine(target)]
            self._ran[target] += 1
            self._last[self._machine(target)] = now

    def _machine(self, target: str) -> str:
        return self._machines.get(target, "")

    def begin_pass(self, number: int) -> None:
        """Count nothing: there is but one pass."""

    def left(self, now: float) -> float:
        """Seconds that remain; the first cases of a target lean on the plan's time per case."""
        return max((self._left_on(machine, now) for machine in self._all), default=0.0)

    def _left_on(self, machine: str, now: float) -> float:
        own = {t: count for t, count in self._to_do.items() if count and self._machine(t) == machine}
        whole = sum(count * self._pace(target) for target, count in own.items())
        return max(0.0, whole - (now - self._last[machine])) if own else 0.0

    def _pace(self, target: str) -> float:
        return (self._spent[target] + WEIGHT * self._guess) / (self._ran[target] + WEIGHT)

    @property
    def share(self) -> float:
        """The part of the work that is done, by time: 0 to 1."""
        now = monotonic()
        spent = now - self._began
        return spent / max(1e-9, spent + self.left(now))

    @property
    def text(self) -> str:
        """One line for the status bar."""
        left = duration(self.left(monotonic()))
        if len(self._all) > 1:
            return f"about {left} left · {self._by_machine()} · {self.step}"
        return f"about {left} left · {self.finished} of {self.cases} cases · {self.step}"

    def _by_machine(self) -> str:
        """``here 3/12, m1 7/12, m2 12/12``."""
        left = Counter[str]()
        for target, count in self._to_do.items():
            left[self._machine(target)] += count
        done = [f"{name or 'here'} {count - left[name]}/{count}" for name, count in self._all.items()]
        return ", ".join(done)
