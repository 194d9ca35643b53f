"""A case that is ready for its rounds: its kernels, their pace, what was sampled of it."""

from collections.abc import Callable

from app.core.events import AnyEvent, CaseVerified
from app.measure.calibrate import Pace
from app.measure.prepare import Ready
from app.measure.verify import WrongResult, complaint
from app.measure.visits import Length

Emit = Callable[[AnyEvent], None]


def judge(ready: Ready, index: int, emit: Emit, when: str = "") -> None:
    """Compare the result of the latest run with the reference.

    Raises:
        WrongResult: it differs by more than rounding explains.
    """
    error = ready.check(ready.kernel.result())
    emit(CaseVerified(index, error))
    if not error.acceptable:
        raise WrongResult(f"{when}{complaint(error)}")


class Prepared:
    """A case whose kernels (its instances) are ready: what the rounds need to know of it."""

    def __init__(self, index: int, instances: list[Ready], pace: Pace) -> None:
        self.index = index
        self.instances = instances
        self.pace = pace
        self.length = Length(1, 1, 1, 0.0)
        self.samples: dict[int, float] = {}
        """By round."""
        self.checked = False
        self.no_data = 0

    @property
    def repeats(self) -> int:
        """Runs of a batch."""
        return self.length.repeats

    def at(self, number: int) -> Ready:
        """The instance that a round visits."""
        return self.instances[number % len(self.instances)]

    def close(self) -> None:
        """Give back what all instances hold."""
        for ready in self.instances:
            ready.kernel.close()
