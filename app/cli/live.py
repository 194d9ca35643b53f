"""``run --live``: a table that settles on a terminal, a line per pass elsewhere; Ctrl-C ends it."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.live import Live
from rich.table import Table

from app.cli.output import console, plain_table, remark
from app.cli.progress import Watch, worth_saying
from app.core.events import AnyEvent, PassStarted, Waiting
from app.core.foreign import as_line
from app.core.recorder import Recorder
from app.figures import units
from app.findings.rows import Row, rows
from app.workloads import workloads

PAUSE = 0.5
"""Seconds between two drawings: what draws takes time from what is measured."""


@contextmanager
def watch_live(recorder: Recorder) -> Iterator[Watch]:
    """Show how the results of ``recorder`` settle."""
    if sys.stderr.isatty():
        with Live(console=console(stderr=True), auto_refresh=False) as live:
            yield _Settling(recorder, live)
    else:
        yield _print_pass


def _print_pass(event: AnyEvent, finished: int) -> None:
    if isinstance(event, PassStarted):
        remark(f"pass {event.number}")
    elif line := worth_saying(event):
        remark(line)


class _Settling:
    def __init__(self, recorder: Recorder, live: Live) -> None:
        self._recorder, self._live = recorder, live
        self._next = 0.0
        self._pass = 0

    def __call__(self, event: AnyEvent, finished: int) -> None:
        if isinstance(event, PassStarted):
            self._pass = event.number
        if isinstance(event, Waiting):
            self._live.console.print(as_line(worth_saying(event)))
        if time.monotonic() < self._next:
            return
        found = rows(self._recorder.session(), workloads())
        self._live.update(live_table(found, self._pass), refresh=True)
        self._next = time.monotonic() + PAUSE


def live_table(found: list[Row], number: int) -> Table:
    """Every case with a result so far: rounds, time and speedup."""
    figures = ("rounds", "median", "speedup")
    table = plain_table("target", "variant", "size", right=figures, title=f"pass {number}, Ctrl-C ends it")
    for row in found:
        if not row.ok:
            continue
        ratio = row.speedup
        base = "baseline" if row.is_baseline else units.NO_VALUE
        table.add_row(
            row.target.label,
            row.name,
            row.size,
            str(len(row.measurement.samples)),
            units.seconds(row.summary.median if row.summary else None),
            units.speedup(ratio.value, ratio.low, ratio.high) if ratio and not row.is_baseline else base,
        )
    return table
