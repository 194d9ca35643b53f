"""``run``: choose, measure with progress, print, save."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from app import __version__
from app.catalog import UNCHECKED, find, usual, variants, with_edits
from app.cli.advise import print_short
from app.cli.ceilings import follow
from app.cli.export import Look, draw, write_csv
from app.cli.hardware import find_targets
from app.cli.interrupt import STOPPED, ctrl_c_stops
from app.cli.measure import measure, print_recovered, save_run
from app.cli.report import print_report
from app.core.baseline import check_baseline
from app.core.edit import Edit, beside
from app.core.errors import KernelscopeError
from app.core.measurement import Status
from app.core.plan import Case, Plan, Settings, make_plan, with_baselines
from app.core.recorder import Recorder
from app.core.selection import select, split
from app.core.session import Session
from app.core.shape import Shape, parse_shape
from app.core.target import Target
from app.core.workload import Workload
from app.gui.charts.modes import find_mode
from app.profile.ceilings import measure_ceilings
from app.profile.store import Store
from app.profile.tuned import with_tuned
from app.storage.files import SUFFIX, check_writable
from app.worker.host import describe_host
from app.worker.supervisor import Supervisor
from app.workloads import workloads

RESULTS = Path("kernelscope-results")


BASELINE = ("f32",)


class Choice(Struct, frozen=True):
    """What the options name; no target means every one, no variant the quick ones.

    With an ``edit`` no variant means it and its original.
    """

    target: Sequence[str] = ()
    workload: Sequence[str] = ("matvec",)
    variant: Sequence[str] = ()
    baseline: Sequence[str] = BASELINE
    sizes: Sequence[str] = ()
    seconds: float = 0.5
    defaults: bool = False
    ceilings: bool = True
    edit: Edit | None = None


class Outputs(Struct, frozen=True):
    """Where results go."""

    session: Path | None = None
    chart: Path | None = None
    csv: Path | None = None
    transfers: bool = False
    kind: str = "sweep"


def quick() -> int:
    """The quick plan into ``kernelscope-results/``: session, chart as PNG and SVG; the exit code."""
    stem = RESULTS / f"matvec-{datetime.now():%Y%m%d-%H%M%S}"
    return run_command(Choice(), Outputs(session=stem.with_name(stem.name + SUFFIX)), (".png", ".svg"))


def run_command(choice: Choice, outputs: Outputs, charts_beside: Sequence[str] = ()) -> int:
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
        if path.suffix.lower() not in (".png", ".svg"):
            raise KernelscopeError(f"{path}: a chart is a .png or an .svg file")
    print_recovered()
    supervisor = Supervisor()
    try:
        targets, versions = find_targets(supervisor)
        store = Store(supervisor.versions)
        plan = _plan(choice, targets)
        if not choice.defaults:
            plan = with_tuned(plan, targets, variants(), store, _chosen_parameters(plan))
        known = with_edits(plan.edits)
        recorder = Recorder(plan, describe_host(versions), tuple(targets), known, __version__)
        with ctrl_c_stops(supervisor):
            if choice.ceilings:
                _know_ceilings(supervisor, store, plan, targets, recorder)
            if not supervisor.stopping:
                measure(supervisor, plan, recorder, outputs.session)
        stopped = supervisor.stopping
    finally:
        supervisor.close()
    return _finish(recorder.session(), outputs, charts, stopped)


def _plan(choice: Choice, targets: list[Target]) -> Plan:
    problems = select(list(workloads().values()), choice.workload, lambda w: (w.name,), "workload")
    chosen_targets = select(targets, choice.target, lambda t: (t.id, t.label, t.engine), "target")
    every = [variant for variant in variants() if variant.workload in {w.name for w in problems}]
    if not any(UNCHECKED in word for word in choice.variant):
        every = [variant for variant in every if variant.checked]
    chosen = select(every, choice.variant, lambda v: (v.name, f"{v.runtime.value}/{v.name}"), "variant")
    if not split(choice.variant):
        chosen = [variant for variant in chosen if usual(variant)] if choice.edit is None else []
    if choice.edit:
        edit = choice.edit
        original, mine = beside(edit, find(edit.workload, edit.like, edit.runtime))
        chosen = [*(v for v in chosen if (v.name, v.runtime) != (edit.like, edit.runtime)), original, mine]
        every.append(mine)
    baseline = ",".join(split(choice.baseline))
    if tuple(choice.baseline) != BASELINE:
        # Workloads without an f32 have their first variants as base lines; whoever names one means it.
        check_baseline(targets, every, baseline)
    settings = Settings(seconds=choice.seconds)
    cases: list[Case] = []
    for workload in problems:
        shapes = _shapes(workload, choice.sizes)
        own = [variant for variant in chosen if variant.workload == workload.name]
        plan = make_plan(chosen_targets, own, shapes, baseline, settings)
        cases += with_baselines(plan, targets, every, shapes).cases
    if not cases:
        raise KernelscopeError("none of the chosen targets runs any of the chosen variants")
    return Plan(tuple(cases), baseline, settings, (choice.edit,) if choice.edit else ())


def _chosen_parameters(plan: Plan) -> list[Case]:
    """The cases whose parameters are those that an edited text was written for."""
    names = {name for edit in plan.edits for name in (edit.name, edit.like)}
    return [case for case in plan.cases if case.variant in names]


def _shapes(workload: Workload, sizes: Sequence[str]) -> tuple[Shape, ...]:
    if not split(sizes):
        return workload.default_shapes
    dimensions = len(workload.dimensions)
    shapes = {workload.presets.get(text) or parse_shape(text, dimensions) for text in split(sizes)}
    return tuple(sorted(shapes, key=lambda shape: shape.size))


def _know_ceilings(
    supervisor: Supervisor, store: Store, plan: Plan, targets: list[Target], recorder: Recorder
) -> None:
    """Measure the ceilings of the plan's targets where they are not known; the session keeps them."""
    used = {case.target for case in plan.cases}
    ours = [target for target in targets if target.id in used]
    follow(measure_ceilings(supervisor, store, ours), ours, recorder.apply)


def _finish(session: Session, outputs: Outputs, charts: list[Path], stopped: bool) -> int:
    print_report(session, outputs.transfers)
    print_short(session)
    if outputs.session:
        save_run(session, outputs.session)
    if outputs.csv:
        write_csv(session, outputs.csv)
    failed = any(m.status in (Status.FAILED, Status.WRONG) for m in session.measurements)
    for chart in charts:
        try:
            draw(session, chart, look=Look(outputs.kind))
        except KernelscopeError as error:
            failed = True
            print(f"kernelscope: {error}", file=sys.stderr)
    return STOPPED if stopped else int(failed)
