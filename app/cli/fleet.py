"""``fleet``: keys, scheduler, worker, machines and runs; and the runs of ``run --fleet``."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from app.catalog.request import Request, known
from app.cli.hardware import engines_for
from app.cli.interrupt import ctrl_c_stops
from app.cli.measure import keep_measured, print_recovered
from app.cli.output import plain_table, print_json, print_table, remark, say
from app.core.session import Session
from app.fleet.fleet import Fleet
from app.fleet.machine import Machine
from app.fleet.serving import checked_name, schedule, work
from app.fleet.trust import AUTHORITY_KEY, MEMBERS, door, make_keys
from app.worker.recording import make_recorder


def make_keys_command(folder: Path, names: Sequence[str]) -> None:
    """Make keys, and say what to copy where."""
    made = make_keys(folder, names or MEMBERS)
    where = {
        "scheduler": "to where the scheduler runs:  kernelscope fleet scheduler --host 0.0.0.0 --keys DIR",
        "worker": "to each machine that measures:  kernelscope fleet worker SCHEDULER --keys DIR",
        "client": "to whoever runs plans:  kernelscope run --fleet SCHEDULER --keys DIR",
    }
    for path in made:
        say(f"{path}: copy it {where.get(path.name, 'to whom it is for')}")
    say(
        f"{folder / AUTHORITY_KEY} stays here: with it anybody makes keys, and whoever has keys runs code on "
        "every machine of the fleet."
    )


def scheduler_command(host: str, port: int, keys: Path | None) -> None:
    """Run a scheduler."""
    schedule(door(f"[{host}]:{port}" if ":" in host else f"{host}:{port}", keys), remark)


def worker_command(
    address: str, name: str | None, keys: Path | None, allow_edits: bool, targets: Sequence[str]
) -> None:
    """Be a machine of a fleet."""
    machine = Machine(allow_edits, targets, engines_for(targets))
    work(door(address, keys), checked_name(name), machine, remark)


def machines_command(address: str, keys: Path | None, as_json: bool) -> None:
    """Print the machines."""
    fleet = Fleet(door(address, keys))
    try:
        found = fleet.machines
    finally:
        fleet.close()
    if as_json:
        print_json(found)
        return
    table = plain_table("machine", "state", "version", "own texts", "targets", wrap=True)
    for one in found:
        edits = "allowed" if one.edits else "no"
        table.add_row(one.name, one.words, one.version, edits, ", ".join(one.targets) or "none")
    print_table(table)


def runs_command(address: str, keys: Path | None, as_json: bool) -> None:
    """Print what machines remember."""
    fleet = Fleet(door(address, keys))
    try:
        found = fleet.runs()
    finally:
        fleet.close()
    if as_json:
        print_json(found)
        return
    table = plain_table("run", "begun (UTC)", "whose", "machine", right=("groups done",))
    lines = [(kept, name) for name, own in found.items() for kept in own]
    for kept, name in sorted(lines, key=lambda line: (line[0].about.created, line[1]), reverse=True):
        date = kept.about.created[:16].replace("T", " ")
        table.add_row(kept.about.run[:8], date, kept.about.who, name, f"{kept.done} of {kept.groups}")
    print_table(table)


class Wanted(Struct, frozen=True):
    """Which fleet, and what of it; with ``resume`` a run that its machines remember goes on instead."""

    address: str
    keys: Path | None = None
    machines: tuple[str, ...] = ()
    resume: str = ""
    priority: int = 0
    ceilings: bool = True


def run_on_fleet(wanted: Wanted, request: Request, out: Path | None) -> tuple[Session, bool]:
    """Run a request on the machines of a fleet; the session, and whether it was stopped.

    Raises:
        KernelscopeError: nobody is there, no machine runs anything of it, or the keys are refused.
    """
    print_recovered()
    fleet = Fleet(door(wanted.address, wanted.keys), wanted.machines)
    try:
        plan = fleet.resumed(wanted.resume) if wanted.resume else fleet.planned(fleet.all(request), remark)
        variants = known(Request(edits=plan.plan.edits))
        recorder = make_recorder(plan.plan, plan.targets, {}, variants, plan.machines)
        names = ", ".join(plan.machines)
        remark(f"run {plan.about.run[:8]} on {names}; if this program ends: --resume {plan.about.run[:8]}")
        with ctrl_c_stops() as stop:
            keep_measured(fleet.run(plan, stop, wanted.ceilings, wanted.priority), recorder, out)
        return recorder.session(), stop.is_set()
    finally:
        fleet.close()
