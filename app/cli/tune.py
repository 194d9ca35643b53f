"""``tune``: search the parameters of variants, show what that gained, keep the best."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from msgspec import Struct, structs
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from app.catalog.choice import Choice
from app.catalog.choose import (
    check_words,
    choose_shapes,
    choose_usual_targets,
    choose_variants,
    choose_workloads,
)
from app.cli.browser_options import NO_BROWSER, BrowserChoice
from app.cli.hardware import find_targets
from app.cli.interrupt import STOPPED, ctrl_c_stops
from app.cli.output import console, plain_table, print_json, print_table, remark, say
from app.cli.progress import worth_saying
from app.core.errors import KernelscopeError
from app.core.events import AnyEvent, CandidateFinished, Log, TuningFinished, Waiting
from app.core.foreign import as_line
from app.core.plan import Case, Plan
from app.core.searches import Search, follow
from app.core.selection import split
from app.core.session import Session
from app.core.shape import names_by_workload
from app.core.target import Target
from app.core.tuning import TuneSettings, Tuning, describe, size_class
from app.core.workload import Workload
from app.figures import units
from app.machine.store import Store
from app.machine.tuned import tunable, tune_and_keep
from app.storage.files import check_writable, save
from app.worker.recording import make_recorder
from app.worker.supervisor import Supervisor


class TuneChoice(Struct, frozen=True):
    """What the options name; no target means every one, no variant the quick ones, no size the largest."""

    target: Sequence[str] = ()
    workload: Sequence[str] = ("matvec",)
    variant: Sequence[str] = ()
    sizes: Sequence[str] = ()
    seconds: float = 120.0
    apply: bool = True
    forget: bool = False
    json: bool = False
    browsers: BrowserChoice = NO_BROWSER
    out: Path | None = None


class Outcome(Struct, frozen=True):
    """A tuning and where it holds; ``reason`` says why there is none."""

    target: str
    workload: str
    variant: str
    size_class: str
    tuning: Tuning | None
    reason: str = ""


def tune_command(choice: TuneChoice) -> int:
    """Tune (or forget) what was chosen; the exit code.

    Raises:
        KernelscopeError: a name matches nothing, there is nothing to tune, or the store cannot be written.
    """
    if choice.out:
        check_writable(choice.out)
    check_words(Choice(workload=choice.workload, variant=choice.variant, sizes=choice.sizes))
    supervisor = Supervisor()
    try:
        targets, versions = find_targets(supervisor, choice.browsers, () if choice.forget else choice.target)
        store = Store(supervisor.versions)
        cases = _cases(choice, targets)
        if choice.forget:
            return _forget(store, targets, cases)
        with ctrl_c_stops() as stop:
            searches = _tune(supervisor, store, cases, choice, stop)
        stopped = stop.is_set()
    finally:
        supervisor.close()
    outcomes = [_outcome(search) for search in searches]
    print_outcomes(outcomes, choice.json)
    if choice.out:
        save(_session(searches, targets, versions), choice.out)
        remark(f"wrote {choice.out}")
    return STOPPED if stopped else int(not any(outcome.tuning for outcome in outcomes))


def _cases(choice: TuneChoice, targets: list[Target]) -> list[Case]:
    problems = choose_workloads(choice.workload)
    chosen_targets = choose_usual_targets(targets, choice.target)
    chosen = choose_variants(problems, choice.variant)
    cases = [
        case
        for workload in problems
        for case in tunable(
            chosen_targets,
            [variant for variant in chosen if variant.workload == workload.name],
            choose_shapes(workload, split(choice.sizes) or [_size(workload)]),
        )
    ]
    if not cases:
        raise KernelscopeError("nothing to tune: none of the chosen variants has a choice of parameters here")
    return cases


def _size(workload: Workload) -> str:
    """The size to tune when nobody names one."""
    return str(workload.default_shapes[-1])


def _outcome(search: Search) -> Outcome:
    case = search.case
    names = (case.target, case.workload, case.variant, size_class(case.shape))
    return Outcome(*names, search.tuning, search.reason)


def _session(searches: Sequence[Search], targets: Sequence[Target], versions: dict[str, str]) -> Session:
    """What was tried, as a session: ``export --kind tune`` and the window draw it."""
    cases = tuple(search.case for search in searches)
    used = {case.target for case in cases}
    ours = tuple(target for target in targets if target.id in used)
    recorder = make_recorder(Plan(cases), ours, versions)
    return structs.replace(recorder.session(), searches=tuple(searches))


def _tune(
    supervisor: Supervisor, store: Store, cases: list[Case], choice: TuneChoice, stop: Event
) -> list[Search]:
    """Every search that came to an end, with a result or a reason."""
    settings = TuneSettings(seconds=choice.seconds)
    searches = []
    for number, case in enumerate(cases, 1):
        if number > 1 and stop.is_set():
            break
        run = (
            tune_and_keep(supervisor, store, case, settings, stop)
            if choice.apply
            else supervisor.tune(case, settings, stop)
        )
        search = Search(case)
        with _watch(case, f"{number}/{len(cases)}") as progress:
            for event in run:
                progress(event)
                search = follow(search, event)
        if search.done:
            searches.append(search)
    return searches


@contextmanager
def _watch(case: Case, position: str) -> Iterator[Callable[[AnyEvent], None]]:
    """Progress on stderr: a live line on a terminal; elsewhere one line at the end."""
    start = time.monotonic()
    best: list[float] = []

    def words(event: CandidateFinished) -> str:
        if event.candidate.seconds is not None:
            best[:] = [min([*best, event.candidate.seconds])]
        fastest = units.seconds(best[0]) if best else units.NO_VALUE
        return f"{position}  {case}: {event.number} of {event.space} tried, best {fastest}"

    if not sys.stderr.isatty():
        latest = [f"{position}  {case}"]

        def note(event: AnyEvent) -> None:
            if isinstance(event, CandidateFinished):
                latest[0] = words(event)
            elif isinstance(event, TuningFinished):
                remark(f"{time.monotonic() - start:6.1f} s  {latest[0]}")
            elif not (isinstance(event, Log) and event.level == "warning") and (line := worth_saying(event)):
                remark(line)

        yield note
        return
    columns = (TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), refresh_per_second=2) as progress:
        task = progress.add_task(as_line(f"{position}  {case}"), total=None)

        def update(event: AnyEvent) -> None:
            if isinstance(event, CandidateFinished):
                progress.update(task, description=as_line(words(event)))
            elif isinstance(event, Waiting):
                progress.console.print(as_line(worth_saying(event)))

        yield update


def _forget(store: Store, targets: list[Target], cases: list[Case]) -> int:
    """Remove what is known of the chosen variants, at every size."""
    chosen = {(case.target, case.workload, case.variant) for case in cases}
    count = 0
    for target in targets:
        for tuning in store.tunings(target):
            if (target.id, tuning.workload, tuning.variant) in chosen:
                store.forget_tuning(target, tuning)
                count += 1
    say(f"forgot {count} tunings")
    return 0


def print_outcomes(outcomes: Sequence[Outcome], as_json: bool) -> None:
    """Print a line for each search: what it found and how much faster that is, or why it found nothing."""
    if as_json:
        print_json(outcomes)
        return
    table = plain_table("target", "variant", "size", "for sizes", "default", "best", "speedup")
    table.add_column("parameters")
    table.add_column("tried", no_wrap=True)
    tunings = [outcome.tuning for outcome in outcomes if outcome.tuning]
    sizes = names_by_workload((tuning.workload, tuning.shape) for tuning in tunings)
    for outcome in outcomes:
        found = outcome.tuning
        variant = f"{outcome.workload} {outcome.variant}"
        if found is None:
            table.add_row(outcome.target, variant, "", outcome.size_class, "", "", "", outcome.reason, "")
            continue
        ratio = found.speedup
        same = found.parameters == found.defaults
        table.add_row(
            outcome.target,
            variant,
            sizes[found.workload, found.shape],
            outcome.size_class,
            units.seconds(found.default_seconds),
            units.seconds(found.seconds),
            "defaults are best"
            if same
            else units.speedup(ratio.value, ratio.low, ratio.high)
            if ratio
            else units.NO_VALUE,
            describe(found.parameters),
            f"{found.tried}, {found.stop}",
        )
    print_table(table)
