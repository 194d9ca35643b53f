"""``history``: what was run before, and how a case has changed since."""

from pathlib import Path

from app.cli.output import plain_table, print_json, print_table, say
from app.core.errors import KernelscopeError
from app.figures import units
from app.figures.verdict import wording
from app.findings.trend import Change, trend
from app.storage.files import check_writable, save
from app.storage.history import Entry, History, series_words


def print_list(words: str, most: int, as_json: bool) -> None:
    """The newest first; with words, those that hold all of them."""
    found = History().entries(words, most)
    if as_json:
        print_json(found)
        return
    if not found:
        say("no such session" if words else "the history is empty: every run is kept here")
        return
    heads = ("id", "date (UTC)", "workloads", "targets", "machine", "ok", "label", "note")
    table = plain_table(*heads, wrap=True)
    for entry in found:
        table.add_row(*_cells(entry))
    print_table(table)


def _cells(entry: Entry) -> tuple[str, ...]:
    date = entry.created[:16].replace("T", " ")
    ok = f"{entry.ok}/{entry.cases}"
    return (str(entry.id), date, entry.workloads, entry.targets, entry.machine, ok, entry.label, entry.note)


def export(id: int, path: Path) -> None:
    """Write a session of the history to a file."""
    check_writable(path)
    save(History().session(id), path)
    say(f"wrote {path}")


def print_trend(workload: str, variant: str, shape: str, target: str, margin: float, as_json: bool) -> None:
    """One case over time on every target and machine that ran it, with a mark where it changed.

    Raises:
        KernelscopeError: the history has no such case.
    """
    found = {
        place: trend(moments, margin)
        for place, moments in History().moments(workload, variant, shape, target).items()
    }
    if not found:
        raise KernelscopeError(f"the history has no {workload} {variant} at {shape} on {target}")
    if as_json:
        objects = [
            {"target": where, "machine": machine, "moments": own} for (where, machine), own in found.items()
        ]
        print_json(objects)
        return
    for (where, machine), own in found.items():
        say(f"{workload} {series_words(variant)} at {shape} on {where}, {machine}")
        for change in own:
            say(_line(change))


def _line(change: Change) -> str:
    moment = change.moment
    bounds = ""
    if moment.low is not None and moment.high is not None:
        bounds = f" ({units.seconds(moment.low)} - {units.seconds(moment.high)})"
    mark = f"  <- {wording(change.ratio, 0.0)}" if change.changed else ""
    date = moment.created[:16].replace("T", " ")
    return f"  {moment.session:>6}  {date}  {units.seconds(moment.seconds)}{bounds}{mark}"
