"""A run under way: where its events go, and what the window is told of it. No Qt."""

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic

from msgspec import structs

from app.core.events import (
    AnyEvent,
    CaseFinished,
    CaseStarted,
    CeilingsStarted,
    Log,
    PassStarted,
    Waiting,
)
from app.core.measurement import Status
from app.core.plan import Case
from app.core.recorder import Recorder
from app.core.session import Session
from app.findings.merge import joined, merge
from app.gui.parts.feed import Feed
from app.gui.parts.progress import LiveProgress, Progress
from app.storage.journal import Journal


@dataclass(frozen=True)
class Note:
    """What to tell the user; ``case`` is the one whose failure it is about."""

    level: str
    text: str
    case: Case | None = None


def fails(session: Session | None, case: Case) -> bool:
    """Whether ``case`` failed when it was last measured, be it as a row or as a baseline."""
    there = (*session.measurements, *session.bases) if session else ()
    same = [m for m in there if structs.replace(m.case, again=0) == case]
    return bool(same) and max(same, key=lambda m: m.run).status.bad


class Run:
    """Starts at once. ``fresh`` says whether there is something that nobody has drawn yet.

    What it measures is added to the session ``onto``, where there is one, for the sake of the variants that
    were ``asked`` for; the history gets it alone.
    """

    def __init__(
        self,
        recorder: Recorder,
        start: Callable[[Event], Iterator[AnyEvent]],
        onto: Session | None = None,
        asked: Collection[str] = (),
    ) -> None:
        plan = recorder.plan
        self._recorder = recorder
        self._asked = asked
        self._onto = (onto, joined(onto, plan, asked)) if onto else None
        self.live = bool(plan.settings.rounds)
        machines = {target.id: target.machine for target in recorder.session().targets}
        self.progress = LiveProgress() if self.live else Progress(plan.cases, plan.settings.seconds, machines)
        self.fresh = False
        self._stop = stop = Event()
        journal = self._journal = Journal(recorder.session())
        self._feed: Feed[AnyEvent] = Feed(lambda: journal.follow(start(stop)), "run-plan")

    def stop(self) -> None:
        """Ask it to end, even if it has not begun."""
        self._stop.set()
        self.progress.step = "stopping"

    @property
    def done(self) -> bool:
        """Whether it has ended; ask before ``take``."""
        return self._feed.done

    @property
    def error(self) -> str:
        """Why it ended early, in one line; empty when it did not."""
        return self._feed.error

    def take(self) -> list[Note]:
        """Take in what came since the last call; lines for the log."""
        lines: list[Note] = []
        for event in self._feed.take():
            self._recorder.apply(event)
            lines += self._note(event)
            self.fresh = True
        return lines

    def _note(self, event: AnyEvent) -> list[Note]:
        cases = self._recorder.plan.cases
        match event:
            case CaseStarted(case=i, step=step):
                self.progress.step = f"{cases[i]}: {step}"
            case CaseFinished(case=i, status=status, reason=reason):
                self.progress.finish_one(cases[i].target, monotonic(), status is not Status.UNSUPPORTED)
                if status.bad:
                    return [Note("warning", f"{cases[i]}: {status.value}: {reason}", cases[i])]
            case CeilingsStarted(target=target):
                self.progress.step = f"ceilings of {target}, which a result surpassed"
            case PassStarted(number=number):
                self.progress.begin_pass(number)
            case Waiting():
                self.progress.step = event.words
                return [Note("info", event.words)]
            case Log(level=level, text=text):
                return [Note(level, text)]
        return []

    def session(self) -> Session:
        """The run so far, with the session that it is added to."""
        own = self._recorder.session()
        return merge(self._onto[0], own, self._onto[1], self._asked) if self._onto else own

    def wait(self, seconds: float) -> None:
        """Block until it has ended, or for so long."""
        self._feed.wait(seconds)

    def keep(self, then: Callable[[str], object]) -> None:
        """Into the history with it, in a thread: another program may hold the history for seconds.

        ``then`` is called in that thread, with one line where the history did not take it.
        """
        end = self._journal.end
        session = self._recorder.session()

        def work() -> None:
            why = end(session)
            with suppress(RuntimeError):  # whoever waited for it may be gone
                then(why)

        Thread(target=work).start()

    @property
    def beginning(self) -> str:
        """What is said of it when it begins."""
        cases = self._recorder.plan.cases
        many, targets = len(cases), len({case.target for case in cases})
        return f"Run: {many} case{'s' * (many != 1)} on {targets} target{'s' * (targets != 1)}"

    @property
    def words(self) -> str:
        """What is said of it when it is over."""
        stopped = ", stopped" if self._stop.is_set() else ""
        return f"Run ended: {self._recorder.finished} of {len(self._recorder.plan.cases)}{stopped}"
