"""Measuring a plan so that nothing of it is lost, whatever ends the program."""

import time
from collections.abc import Iterable
from pathlib import Path
from threading import Event

from app.cli.live import watch_live
from app.cli.output import remark, say
from app.cli.progress import watch
from app.core.errors import KernelscopeError
from app.core.events import AnyEvent, Log
from app.core.plan import Plan
from app.core.recorder import Recorder
from app.core.session import Session
from app.machine.ceilings import checked
from app.machine.store import Store
from app.storage.files import save
from app.storage.history import History
from app.storage.journal import Journal, recover
from app.worker.supervisor import Supervisor


def print_recovered() -> None:
    """Bring into the history, before a run, what a crash interrupted; say on stderr if it cannot be used."""
    for run in recover(_complain):
        remark(f"{run}: kernelscope history export {run.id} FILE")


def _complain(line: str) -> None:
    remark(f"kernelscope: {line}")


def measure(supervisor: Supervisor, store: Store, recorder: Recorder, path: Path | None, stop: Event) -> None:
    """Run the plan of ``recorder`` on this machine and keep it in the history, as ``keep_measured``."""
    keep_measured(checked(supervisor, store, recorder, stop), recorder, path)


def keep_measured(events: Iterable[AnyEvent], recorder: Recorder, path: Path | None) -> None:
    """Follow the ``events`` of a run and keep it in the history.

    It is written to a journal as it comes, so that a crash loses at most the case under way; and to ``path``
    group by group, a live one, which has no end of groups, once it is stopped.
    """
    plan = recorder.plan
    journal = Journal(recorder.session())
    live = bool(plan.settings.rounds)
    with watch_live(recorder) if live else watch(plan) as progress:
        file = _GrowingFile(None if live else path, plan)
        for event in journal.follow(events):
            recorder.apply(event)
            progress(event, recorder.finished)
            if complaint := file.grow(recorder):
                progress(Log("warning", complaint), recorder.finished)
    if why := journal.end(recorder.session(), path):
        _complain(why)


class _GrowingFile:
    """The session file during a run; one that cannot be written now may be at the end."""

    def __init__(self, path: Path | None, plan: Plan) -> None:
        self._path = path
        self._groups = [case.group for case in plan.cases]
        self._saved = self._groups[0]
        self._next = 0.0

    def grow(self, recorder: Recorder) -> str:
        """Write it when a group is done and the last write is long past; what went wrong, if anything."""
        group = self._groups[min(recorder.finished, len(self._groups) - 1)]
        if self._path is None or group == self._saved or time.monotonic() < self._next:
            return ""
        self._saved = group
        start = time.monotonic()
        try:
            save(recorder.session(), self._path)
        except KernelscopeError as error:
            self._path = None
            return f"{error}; it is tried again at the end"
        finally:
            # A long session takes long to write: it is not to take more than a tenth of the time.
            self._next = time.monotonic() + 10 * (time.monotonic() - start)
        return ""


def save_run(session: Session, path: Path) -> None:
    """Write what was just measured.

    Raises:
        KernelscopeError: it cannot be written; the text says where else the run is kept.
    """
    try:
        save(session, path)
    except KernelscopeError as error:
        raise KernelscopeError(f"{error}{_where_kept(session)}") from error
    say(f"wrote {path}")


def _where_kept(session: Session) -> str:
    try:
        for entry in History().entries(most=10):
            if entry.created == session.created and entry.cases == len(session.plan.cases):
                return f"; the run is kept: kernelscope history export {entry.id} FILE"
    except KernelscopeError as error:
        return f"; {error}"
    return ""
