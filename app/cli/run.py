"""``run``: choose, measure with progress, print, save."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from threading import Event

from msgspec import Struct

from app.catalog.choose import candidates, check_words
from app.catalog.named_plans import NAMED_PLANS
from app.catalog.request import Request
from app.charts.modes import find_mode
from app.charts.scene import View
from app.charts.suffixes import check_suffix
from app.cli.advise import print_short
from app.cli.browser_options import NO_BROWSER, BrowserChoice
from app.cli.ceilings import follow
from app.cli.export import draw, write_csv
from app.cli.findings import print_findings
from app.cli.fleet import Wanted, run_on_fleet
from app.cli.hardware import find_targets
from app.cli.interrupt import STOPPED, ctrl_c_stops
from app.cli.measure import measure, print_recovered, save_run
from app.cli.output import remark
from app.cli.report import print_report
from app.core.baseline import check_baseline
from app.core.errors import KernelscopeError
from app.core.measurement import Status
from app.core.plan import Plan
from app.core.recorder import Recorder
from app.core.session import Session
from app.core.target import Target
from app.core.usual import PEER, why_unusual
from app.machine.ceilings import measure_ceilings
from app.machine.planned import planned
from app.machine.store import Store
from app.storage.files import SUFFIX, check_writable
from app.worker.recording import make_recorder
from app.worker.supervisor import Supervisor

RESULTS = Path("kernelscope-results")


class Job(Struct, frozen=True):
    """A request, and what the command line alone knows of; whether somebody ``named`` the baseline."""

    request: Request = Request(choices=NAMED_PLANS[0].choices)
    named: bool = False
    ceilings: bool = True
    browsers: BrowserChoice = NO_BROWSER
    fleet: Wanted | None = None


class Outputs(Struct, frozen=True):
    """Files that the results of a run go to."""

    session: Path | None = None
    chart: Path | None = None
    csv: Path | None = None
    transfers: bool = False
    kind: str = "size"


def quick() -> int:
    """The quick plan into ``kernelscope-results/``: session, chart as PNG and SVG; the exit code."""
    stem = RESULTS / f"matvec-{datetime.now():%Y%m%d-%H%M%S}"
    return run_command(Job(), Outputs(session=stem.with_name(stem.name + SUFFIX)), (".png", ".svg"))


def run_command(job: Job, outputs: Outputs, charts_beside: Sequence[str] = ()) -> int:
    """Run what was chosen; the exit code.

    Raises:
        KernelscopeError: a name matches nothing, or an output cannot be written (checked before the run).
    """
    find_mode(outputs.kind)
    charts = [outputs.chart] if outputs.chart else []
    if outputs.session and charts_beside:
        stem = outputs.session.name.removesuffix(SUFFIX)
        charts += [outputs.session.with_name(stem + suffix) for suffix in charts_beside]
    for path in (outputs.session, outputs.csv, *charts):
        if path:
            check_writable(path)
    for path in charts:
        check_suffix(path)
    for choice in job.request.choices:
        check_words(choice)
    if job.fleet:
        session, stopped = run_on_fleet(job.fleet, job.request, outputs.session)
    else:
        session, stopped = _run_here(job, outputs)
    return _finish(session, outputs, charts, stopped and not job.request.settings.rounds)


def _run_here(job: Job, outputs: Outputs) -> tuple[Session, bool]:
    """The session, and whether it was stopped."""
    print_recovered()
    supervisor = Supervisor()
    try:
        targets, versions = find_targets(supervisor, job.browsers, _names(job.request))
        store = Store(supervisor.versions)
        plan = _plan(job, targets, store)
        _say_what_stays_out(plan, targets)
        recorder = make_recorder(plan, targets, versions)
        with ctrl_c_stops() as stop:
            if job.ceilings:
                _know_ceilings(supervisor, store, plan, targets, recorder, stop)
            if not stop.is_set():
                measure(supervisor, store, recorder, outputs.session, stop)
        return recorder.session(), stop.is_set()
    finally:
        supervisor.close()


def _names(request: Request) -> list[str]:
    """What the targets that may run are called; nothing where any may."""
    choices = [choice.target for choice in request.choices]
    if not all(choices) or "/" in request.baseline:  # a baseline may be another target's
        return []
    return [word for words in choices for word in words]


def _plan(job: Job, targets: list[Target], store: Store) -> Plan:
    request = job.request
    if job.named:
        check_baseline(targets, candidates(request.choices, request.edits), request.baseline)
    return planned(request, targets, store)


def _say_what_stays_out(plan: Plan, targets: list[Target]) -> None:
    used = {case.target for case in plan.cases}
    for target, why in why_unusual(targets).items():
        if target not in used and why != PEER:
            remark(f"left aside: {target}: {why} (--target all takes it in)")


def _know_ceilings(
    supervisor: Supervisor,
    store: Store,
    plan: Plan,
    targets: list[Target],
    recorder: Recorder,
    stop: Event,
) -> None:
    """Measure the ceilings of the plan's targets where they are not known; the session keeps them."""
    used = {case.target for case in plan.cases}
    ours = [target for target in targets if target.id in used]
    follow(measure_ceilings(supervisor, store, ours, stop=stop), ours, recorder.apply)


def _finish(session: Session, outputs: Outputs, charts: list[Path], stopped: bool) -> int:
    print_report(session, outputs.transfers)
    print_findings(session)
    print_short(session)
    if outputs.session:
        save_run(session, outputs.session)
    if outputs.csv:
        write_csv(session, outputs.csv)
    failed = any(m.status in (Status.FAILED, Status.WRONG) for m in session.measurements)
    for chart in charts:
        try:
            draw(session, chart, view=View(outputs.kind))
        except KernelscopeError as error:
            failed = True
            remark(f"kernelscope: {error}")
    return STOPPED if stopped else int(failed)
