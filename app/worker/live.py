"""A live run as the parent sees it: passes over the plan until somebody stops it."""

from collections.abc import Callable, Iterable, Iterator

from app.core.events import AnyEvent, CaseFinished, PassStarted
from app.core.measurement import Status


def passes(
    groups: Iterable[list[int]],
    measure: Callable[[list[int]], Iterator[AnyEvent]],
    stopped: Callable[[], bool],
) -> Iterator[AnyEvent]:
    """Measure ``groups`` (indices of cases) one after the other, again and again.

    Every pass prepares and verifies its kernels anew, so each result was right on both sides of its samples,
    and what recompiling or another place in memory changes is seen as drift and not taken for a difference.
    A case that fails or is wrong once has had its last word. Ends when none is left, or when ``stopped``.
    """
    going = [list(group) for group in groups]
    number = 0
    while any(going) and not (number and stopped()):
        number += 1
        yield PassStarted(number)
        for group in going:
            if not group:
                continue
            for event in measure(list(group)):
                if isinstance(event, CaseFinished) and event.status is not Status.OK:
                    group.remove(event.case)
                yield event
