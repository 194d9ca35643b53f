"""``ceilings``: the fastest that each target can be, and the line of progress while that is measured."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from app.catalog.choose import choose_usual_targets
from app.cli.browser_options import NO_BROWSER, BrowserChoice
from app.cli.hardware import find_targets
from app.cli.interrupt import STOPPED, ctrl_c_stops
from app.cli.output import plain_table, print_json, print_table, remark
from app.cli.progress import worth_saying
from app.core.ceilings import Ceilings, Link
from app.core.events import AnyEvent, CeilingsMeasured, CeilingsStarted
from app.core.target import Target
from app.figures import units
from app.machine.ceilings import measure_ceilings
from app.machine.store import Store
from app.worker.supervisor import Supervisor


def print_ceilings(
    chosen: Sequence[str], again: bool, as_json: bool, browsers: BrowserChoice = NO_BROWSER
) -> int:
    """Print the ceilings of the chosen targets, measuring what is not known; the exit code."""
    supervisor = Supervisor()
    try:
        every, _ = find_targets(supervisor, browsers, chosen)
        targets = choose_usual_targets(every, chosen)
        found: dict[str, Ceilings] = {}

        def note(event: AnyEvent) -> None:
            if isinstance(event, CeilingsMeasured):
                found[event.target] = event.ceilings

        with ctrl_c_stops() as stop:
            store = Store(supervisor.versions)
            follow(measure_ceilings(supervisor, store, targets, again, stop), targets, note)
        stopped = stop.is_set()
    finally:
        supervisor.close()
    if as_json:
        print_json(found)
    else:
        print_found(targets, found)
    return STOPPED if stopped else 0


def follow(events: Iterable[AnyEvent], targets: Iterable[Target], note: Callable[[AnyEvent], None]) -> None:
    """Pass every event to ``note`` and say on stderr what is being measured: silence means all was known."""
    labels = {target.id: target.label for target in targets}
    start = 0.0
    for event in events:
        note(event)
        if isinstance(event, CeilingsStarted):
            start = time.monotonic()
            remark(f"measuring the ceilings of {labels[event.target]} ...", end="")
        elif isinstance(event, CeilingsMeasured) and start:
            remark(f" {time.monotonic() - start:.1f} s")
            start = 0.0
        elif line := worth_saying(event):
            remark("")
            remark(line)
    if start:
        remark(" stopped")


def print_found(targets: Iterable[Target], found: Mapping[str, Ceilings]) -> None:
    """Print the ceilings of those targets, by id, that have any."""
    heads = (
        "target",
        "read GB/s",
        "in cache",
        "copy GB/s",
        "GFLOP/s",
        "upload",
        "download",
        "map",
        "dispatch",
        "floor",
        "of",
    )
    table = plain_table(*heads)
    for target in targets:
        ceilings = found.get(target.id)
        if ceilings is None:
            continue
        rates = ", ".join(f"{name} {units.giga(rate)}" for name, rate in sorted(ceilings.flops.items()))
        table.add_row(
            target.label,
            units.giga(ceilings.read),
            _cache(ceilings),
            units.giga(ceilings.copy),
            rates or units.NO_VALUE,
            *(_link(way) for way in (ceilings.upload, ceilings.download)),
            _mapping(ceilings),
            units.seconds(ceilings.dispatch),
            units.seconds(ceilings.floor),
            ceilings.date[:10],
        )
    print_table(table)


def _cache(ceilings: Ceilings) -> str:
    """What caches serve, and how fast; nothing where none shows."""
    cached = ceilings.cached
    return (
        f"{units.giga(cached.rate)} GB/s to {units.bytes_(cached.bytes >> 20 << 20)}"
        if cached
        else units.NO_VALUE
    )


def _mapping(ceilings: Ceilings) -> str:
    """A view of memory copies nothing, so it has no rate."""
    if ceilings.map and ceilings.maps_in_place:
        return f"in place, {units.seconds(ceilings.map.latency)}"
    return _link(ceilings.map)


def _link(way: Link | None) -> str:
    return f"{units.giga(way.rate)} GB/s + {units.seconds(way.latency)}" if way else units.NO_VALUE
