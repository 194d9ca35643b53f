"""``run``: choose, measure with progress, print, save."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from threading import Event

from msgspec import Struct

from app.catalog.choose import candidates, choose
from app.catalog.named_plans import NAMED_PLANS, Choice, NamedPlan
from app.catalog.variants import variants
from app.charts.modes import find_mode
from app.charts.scene import View
from app.charts.suffixes import check_suffix
from app.cli.advise import print_short
from app.cli.browser_options import NO_BROWSER, BrowserChoice
from app.cli.ceilings import follow
from app.cli.export import draw, write_csv
from app.cli.findings import print_findings
from app.cli.hardware import find_targets
from app.cli.interrupt import STOPPED, ctrl_c_stops
from app.cli.measure import measure, print_recovered, save_run
from app.cli.report import print_report
from app.core.baseline import check_baseline
from app.core.edit import Edit
from app.core.errors import KernelscopeError
from app.core.measurement import Status
from app.core.plan import Case, Plan, Settings
from app.core.recorder import Recorder
from app.core.selection import split
from app.core.session import Session
from app.core.target import Target
from app.machine.ceilings import measure_ceilings
from app.machine.store import Store
from app.machine.tuned import with_tuned
from app.storage.files import SUFFIX, check_writable
from app.worker.recording import make_recorder
from app.worker.supervisor import Supervisor

RESULTS = Path("kernelscope-results")


class Request(Struct, frozen=True):
    """What to run and how; an empty ``baseline`` is that of the plan, ``named``."""

    named: NamedPlan = NAMED_PLANS[0]
    choices: Sequence[Choice] = NAMED_PLANS[0].choices
    baseline: Sequence[str] = ()
    settings: Settings = Settings()
    defaults: bool = False
    ceilings: bool = True
    edits: Sequence[Edit] = ()
    browsers: BrowserChoice = NO_BROWSER


class Outputs(Struct, frozen=True):
    """Files that the results of a run go to."""

    session: Path | None = None
    chart: Path | None = None
    csv: Path | None = None
    transfers: bool = False
    kind: str = "sweep"


def quick() -> int:
    """The quick plan into ``kernelscope-results/``: session, chart as PNG and SVG; the exit code."""
    stem = RESULTS / f"matvec-{datetime.now():%Y%m%d-%H%M%S}"
    return run_command(Request(), Outputs(session=stem.with_name(stem.name + SUFFIX)), (".png", ".svg"))


def run_command(request: Request, outputs: Outputs, charts_beside: Sequence[str] = ()) -> int:
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
    print_recovered()
    supervisor = Supervisor()
    try:
        targets, versions = find_targets(supervisor, request.browsers)
        store = Store(supervisor.versions)
        plan = _plan(request, targets)
        if not request.defaults:
            plan = with_tuned(plan, targets, variants(), store, _chosen_parameters(plan))
        recorder = make_recorder(plan, targets, versions)
        with ctrl_c_stops() as stop:
            if request.ceilings:
                _know_ceilings(supervisor, store, plan, targets, recorder, stop)
            if not stop.is_set():
                measure(supervisor, store, recorder, outputs.session, stop)
        stopped = stop.is_set()
    finally:
        supervisor.close()
    return _finish(recorder.session(), outputs, charts, stopped and not request.settings.rounds)


def _plan(request: Request, targets: list[Target]) -> Plan:
    baseline = ",".join(split(request.baseline))
    if baseline:
        check_baseline(targets, candidates(request.choices, request.edits), baseline)
    baseline = baseline or request.named.baseline
    return choose(request.choices, targets, baseline, request.settings, request.edits)


def _chosen_parameters(plan: Plan) -> list[Case]:
    """The cases whose parameters are those that an edited text was written for."""
    names = {name for edit in plan.edits for name in (edit.name, edit.like)}
    return [case for case in plan.cases if case.variant in names]


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
            print(f"kernelscope: {error}", file=sys.stderr)
    return STOPPED if stopped else int(failed)
