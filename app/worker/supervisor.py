"""The supervisor: hands plans to workers group by group, and tunings case by case."""

from collections.abc import Callable, Iterator, Mapping
from threading import Event

from app.core.events import AnyEvent
from app.core.plan import Case, Plan
from app.core.tuning import TuneSettings
from app.problems import registry
from app.worker.exclusive import Turn
from app.worker.group import Group
from app.worker.health import MOST_CRASHES
from app.worker.live import passes
from app.worker.tuning import tuning
from app.worker.workers import Workers


class Supervisor(Workers):
    """Window and command line both stand on this; it starts nothing before it is asked to.

    One run or tuning at a time, on the whole machine: while another program measures, ``Waiting`` says who.
    Whoever starts one may hand over a ``stop``: set in any thread, even before the run begins or while it
    waits, it ends it within half a second.
    """

    def __init__(self, most_crashes: int = MOST_CRASHES) -> None:
        super().__init__(most_crashes)
        self._stop = Event()
        self._turn = Turn("")

    def run(
        self, plan: Plan, stop: Event | None = None, caches: Mapping[str, int] | None = None
    ) -> Iterator[AnyEvent]:
        """Run ``plan``; yields events until every case has its last word, or a live one is stopped.

        ``caches`` has the bytes that the caches of targets hold, by id, where that is known.
        """
        known = caches or {}
        for problem in plan.problems:
            registry.expect(problem)

        def events(stop: Event) -> Iterator[AnyEvent]:
            def of(group: list[int]) -> Iterator[AnyEvent]:
                return Group(self, plan, group, stop, known).events()

            if plan.settings.rounds:
                yield from passes(plan.groups(), of, stop.is_set)
                return
            for group in plan.groups():
                yield from of(group)

        yield from self._in_turn(plan.words, events, stop)

    def tune(self, case: Case, settings: TuneSettings, stop: Event | None = None) -> Iterator[AnyEvent]:
        """Tune ``case``, whose parameters are the defaults; the last event is a ``TuningFinished``.

        A candidate that its worker dies of is dropped, and the search goes on in a fresh one. What is known
        when somebody stops it is kept; see ``app.worker.tuning``.
        """
        yield from self._in_turn(f"tuning {case}", lambda stop: tuning(self, case, settings, stop), stop)

    def _in_turn(
        self, what: str, events: Callable[[Event], Iterator[AnyEvent]], stop: Event | None
    ) -> Iterator[AnyEvent]:
        """``events`` once nobody else measures here; every target has another chance then."""
        self._stop = stop = stop or Event()
        self._turn.end()  # a run that nobody listens to any more
        self._turn = turn = Turn(what)
        try:
            yield from turn.begin(stop)
            self.begin_run()
            if not self._targets:
                yield from self.find_targets()
            yield from events(stop)
        finally:
            turn.end()

    def stop(self) -> None:
        """End what is under way; may be called from any thread."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether what began last was stopped."""
        return self._stop.is_set()

    def close(self) -> None:
        """End what is under way, and every worker."""
        self._stop.set()
        super().close()
        self._turn.end()
