"""How far a run is and how long it will take. No Qt."""

from time import monotonic

from app.catalog.request import duration


class LiveProgress:
    """A live run has no end to come nearer to: it counts its passes."""

    cases = finished = 0

    def __init__(self) -> None:
        self.step = "starting"
        self._pass = 0

    def begin_pass(self, number: int) -> None:
        """Begin to go over the groups once more."""
        self._pass = number

    def finish_one(self, now: float) -> None:
        """A case has its last word of this pass: there will be another."""

    @property
    def text(self) -> str:
        """One line for the status bar."""
        return f"live until stopped (Shift+F5) · pass {self._pass} · {self.step}"


class Progress:
    """Counts finished cases; the pace of those that finished tells the rest."""

    def __init__(self, cases: int, seconds: float) -> None:
        self.cases = cases
        self.finished = 0
        self.step = "starting"
        self._guess = seconds * 1.3
        self._began = self._last = monotonic()

    def finish_one(self, now: float) -> None:
        """Count one more case that has its last word."""
        self.finished += 1
        self._last = now

    def begin_pass(self, number: int) -> None:
        """Count nothing: there is but one pass."""

    def left(self, now: float) -> float:
        """Seconds that remain, from the pace so far; the first cases lean on the plan's time per case."""
        weight = 4
        pace = (self._last - self._began + weight * self._guess) / (self.finished + weight)
        return max(0.0, pace * (self.cases - self.finished) - (now - self._last))

    @property
    def text(self) -> str:
        """One line for the status bar."""
        left = duration(self.left(monotonic()))
        return f"{self.finished} of {self.cases} cases · about {left} left · {self.step}"
