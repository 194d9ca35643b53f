"""How far a run is and how long it will take. No Qt."""

from collections import Counter, defaultdict
from collections.abc import Sequence
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

    def __init__(self, cases: Sequence[Case], seconds: float) -> None:
        self.cases = len(cases)
        self.finished = 0
        self.step = "starting"
        self._guess = seconds * 1.3
        self._began = self._last = monotonic()
        self._to_do = Counter(case.target for case in cases)
        self._spent: dict[str, float] = defaultdict(float)
        self._ran: Counter[str] = Counter()

    def finish_one(self, target: str, now: float, ran: bool = True) -> None:
        """Count one more case of ``target`` that has its last word; one that never ran tells of no pace."""
        self.finished += 1
        self._to_do[target] -= 1
        if ran:
            self._spent[target] += now - self._last
            self._ran[target] += 1
            self._last = now

    def begin_pass(self, number: int) -> None:
        """Count nothing: there is but one pass."""

    def left(self, now: float) -> float:
        """Seconds that remain; the first cases of a target lean on the plan's time per case."""
        whole = sum(count * self._pace(target) for target, count in self._to_do.items())
        return max(0.0, whole - (now - self._last))

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
        return f"about {left} left · {self.finished} of {self.cases} cases · {self.step}"
