"""``rerun``: the plan of a session once more, here and now, compared with what it gave then."""

from pathlib import Path

from app.catalog.index import variants
from app.cli.browser_options import NO_BROWSER, BrowserChoice
from app.cli.compare import fails, print_comparison
from app.cli.edit import print_edits
from app.cli.hardware import find_targets
from app.cli.interrupt import STOPPED, ctrl_c_stops
from app.cli.measure import measure, print_recovered, save_run
from app.cli.options import FailOn
from app.cli.output import remark
from app.core.errors import KernelscopeError
from app.core.measurement import Status
from app.findings.compare import compare
from app.findings.rerun import plan_here
from app.machine.store import Store
from app.problems import registry
from app.storage.files import check_writable
from app.storage.named import load_named
from app.worker.recording import make_recorder
from app.worker.supervisor import Supervisor


def rerun_command(
    path: Path,
    out: Path | None,
    margin: float,
    fail_on: FailOn,
    run_edited: bool = False,
    browsers: BrowserChoice = NO_BROWSER,
) -> int:
    """Run the same cases with the same parameters, seed and settings; the exit code.

    Targets are known again by their ids. Cases whose target or variant is not here are left out, and said;
    so are those with texts of the session's own, which are printed, unless ``run_edited``.

    Raises:
        KernelscopeError: nothing of the plan can run here, or ``out`` cannot be written.
    """
    ((name, before),) = load_named([path])
    if out:
        check_writable(out)
    print_recovered()
    supervisor = Supervisor()
    try:
        targets, versions = find_targets(supervisor, browsers)
        plan, left_out = plan_here(before, targets, variants(), run_edited, registry.opened_here())
        print_edits(before)
        for reason, count in left_out.items():
            remark(f"skipped: {count} {'case' if count == 1 else 'cases'}: {reason}")
        if left_out and (before.plan.edits or before.plan.problems) and not run_edited:
            remark("the session's own texts stand above: --run-edited runs them too")
        if not plan.cases:
            raise KernelscopeError(f"{path}: nothing of this session can run here")
        recorder = make_recorder(plan, targets, versions)
        with ctrl_c_stops() as stop:
            measure(supervisor, Store(supervisor.versions), recorder, out, stop)
        stopped = stop.is_set()
    finally:
        supervisor.close()
    after = recorder.session()
    found = [one for one in compare(before, after) if one.other]
    print_comparison(name, "now", found, margin)
    if out:
        save_run(after, out)
    failed = any(m.status in (Status.FAILED, Status.WRONG) for m in after.measurements)
    if stopped:
        return STOPPED
    return int(failed or any(fails(one, margin, fail_on) for one in found))
