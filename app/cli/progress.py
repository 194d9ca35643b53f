"""Progress on stderr: a bar on a terminal, a line per group elsewhere."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from app.cli.output import console, remark
from app.core.events import AnyEvent, CaseFinished, CaseStarted, Log, Waiting
from app.core.foreign import as_line, first_line
from app.core.plan import Plan
from app.core.shape import Shape, names_by_workload

Watch = Callable[[AnyEvent, int], None]
"""A function that is called with each event and the number of finished cases."""


def worth_saying(event: AnyEvent) -> str:
    """The line that is said of ``event`` whatever else is shown; empty where there is none."""
    if isinstance(event, Waiting):
        return f"{event.words} (Ctrl-C cancels)"
    if isinstance(event, Log) and event.level in ("warning", "error", "critical"):
        return first_line(event.text)
    return ""


@contextmanager
def watch(plan: Plan) -> Iterator[Watch]:
    """Show the progress of ``plan``."""
    if sys.stderr.isatty():
        yield from _bar(plan)
    else:
        yield _Lines(plan)


def _bar(plan: Plan) -> Iterator[Watch]:
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console(stderr=True), refresh_per_second=4) as progress:
        task = progress.add_task("starting", total=len(plan.cases))
        sizes = _sizes(plan)

        def update(event: AnyEvent, finished: int) -> None:
            if isinstance(event, CaseStarted):
                case = plan.cases[event.case]
                size = sizes[case.workload, case.shape]
                progress.update(task, description=as_line(f"{size} on {case.target}"), completed=finished)
            elif isinstance(event, CaseFinished):
                progress.update(task, completed=finished)
            elif line := worth_saying(event):
                progress.console.print(as_line(line))

        yield update


class _Lines:
    """One line whenever a group is complete."""

    def __init__(self, plan: Plan) -> None:
        self._plan, self._sizes = plan, _sizes(plan)
        self._left = Counter(case.group for case in plan.cases)
        self._ends: dict[object, Counter[str]] = {group: Counter() for group in self._left}
        self._start = time.monotonic()

    def __call__(self, event: AnyEvent, finished: int) -> None:
        if line := worth_saying(event):
            remark(line)
        if not isinstance(event, CaseFinished):
            return
        case = self._plan.cases[event.case]
        self._ends[case.group][event.status.value] += 1
        self._left[case.group] -= 1
        if not self._left[case.group]:
            ends = ", ".join(f"{count} {status}" for status, count in self._ends[case.group].items())
            seconds = time.monotonic() - self._start
            remark(
                f"{seconds:6.1f} s  {finished}/{len(self._plan.cases)}  "
                f"{case.workload} {self._sizes[case.workload, case.shape]} on {case.target}: {ends}"
            )


def _sizes(plan: Plan) -> dict[tuple[str, Shape], str]:
    return names_by_workload((case.workload, case.shape) for case in plan.cases)
