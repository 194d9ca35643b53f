"""What the user asks to run, as data: becomes a plan, or says in one line what is missing."""

from collections.abc import Iterable

from msgspec import Struct, structs

from app.catalog.choice import Choice
from app.catalog.choose import choose, choose_usual_targets
from app.catalog.index import find, variants
from app.core.baseline import USUAL_BASELINE, baseline_names, fixed_baseline
from app.core.edit import Edit, edited
from app.core.errors import KernelscopeError, UsageError
from app.core.plan import Case, Plan, Settings, make_plan, with_baselines
from app.core.selection import split
from app.core.shape import Shape, in_order
from app.core.target import Target
from app.core.variant import Variant, why_not
from app.core.workload import Workload
from app.problems import registry


class Request(Struct, frozen=True, kw_only=True):
    """What somebody asks to run: ``choices``, as people write them, or ``variants`` at ``shapes``.

    ``targets`` are the ids of those it may run on, None means all that there are. ``edits`` are the texts of
    the user's own beside the catalogue; with ``choices``, they run beside their originals. With
    ``defaults`` no case takes tuned parameters. Where names of variants are ``added``, the run is added to
    the session shown for the sake of these, and the variants keep the parameters that they have.
    """

    choices: tuple[Choice, ...] = ()
    targets: tuple[str, ...] | None = None
    variants: tuple[Variant, ...] = ()
    shapes: tuple[Shape, ...] = ()
    baseline: str = USUAL_BASELINE
    settings: Settings = Settings()
    edits: tuple[Edit, ...] = ()
    defaults: bool = False
    added: tuple[str, ...] = ()


def known(request: Request) -> tuple[Variant, ...]:
    """Every variant there is, the user's own last.

    Raises:
        KernelscopeError: an edit is none that could run.
    """
    own = (edited(edit, find(edit.workload, edit.like, edit.runtime)) for edit in request.edits)
    return (*variants(), *own)


def chosen(request: Request, found: Iterable[Target]) -> Plan:
    """The plan that ``request`` asks for, as ``_chosen`` has it, with the problems of its cases."""
    plan = _chosen(request, found)
    return structs.replace(plan, problems=registry.problems_of(case.workload for case in plan.cases))


def _chosen(request: Request, found: Iterable[Target]) -> Plan:
    """The plan that ``request`` asks for on the targets ``found``, with the baselines that it needs.

    The baseline of ticked variants always runs, ticked or not: without it nothing has a speedup.

    Raises:
        KernelscopeError: a name among the choices matches nothing, or nothing is left of them to run.
    """
    found = tuple(found)
    targets = targets_of(request, found)
    if request.choices:
        choices = request.choices
        if request.targets is None:
            choices = tuple(_usual(choice, targets) for choice in choices)
        return choose(choices, targets, request.baseline, request.settings, request.edits)
    plan = make_plan(targets, request.variants, request.shapes, request.baseline, request.settings)
    plan = with_baselines(plan, found, known(request), request.shapes)
    runtimes = {target.id: target.runtime for target in found}
    used = {(case.workload, case.variant, runtimes[case.target]) for case in plan.cases}
    return structs.replace(plan, edits=tuple(edit for edit in request.edits if edit.key in used))


def _usual(choice: Choice, targets: tuple[Target, ...]) -> Choice:
    """The ``choice`` by the ids of its targets: without words, what runs unless somebody says otherwise."""
    return structs.replace(choice, target=[t.id for t in choose_usual_targets(targets, choice.target)])


def targets_of(request: Request, found: Iterable[Target]) -> tuple[Target, ...]:
    """The targets, of those ``found``, that ``request`` may run on."""
    return tuple(t for t in found if request.targets is None or t.id in request.targets)


def untuned(request: Request, plan: Plan) -> list[Case]:
    """The cases of the request's ``plan`` that keep their parameters, whatever was tuned."""
    if request.defaults:
        return list(plan.cases)
    names: set[str] = set()
    if request.added:
        names = {variant.name for variant in request.variants}
    elif request.choices:  # an edit's original has the parameters that its text was written for
        names = {name for edit in plan.edits for name in (edit.name, edit.like)}
    return [case for case in plan.cases if case.variant in names]


def problem(request: Request, found: Iterable[Target]) -> str:
    """Why ``request`` cannot run on the targets ``found``; empty when it can."""
    found = tuple(found)
    if not targets_of(request, found):
        return "Tick at least one target"
    if request.choices:
        try:
            return "" if runnable(request, found) else "None of the ticked targets can run any of this plan"
        except KernelscopeError as error:
            return f"The ticked targets do not suffice: {error}"
    if not request.variants:
        return "Tick at least one variant that the ticked targets can run"
    if not request.shapes:
        return "Give sizes such as 256, 512, 1024"
    if not runnable(request, found):
        return "None of the ticked targets can run any of the ticked variants"
    return ""


def runnable(request: Request, found: Iterable[Target]) -> int:
    """How many cases of the request's plan can run on the targets ``found``.

    Raises:
        KernelscopeError: as ``chosen``.
    """
    return len(able(request, found)[0])


def able(request: Request, found: Iterable[Target]) -> tuple[tuple[Case, ...], int]:
    """The cases of the request's plan that the targets ``found`` can run, and how many more there are.

    Raises:
        KernelscopeError: as ``chosen``.
    """
    found = tuple(found)
    plan = chosen(request, found)
    targets = {target.id: target for target in found}
    by_name = {(v.workload, v.name, v.runtime): v for v in known(request)}

    def why(case: Case) -> str:
        target = targets[case.target]
        return why_not(by_name[case.workload, case.variant, target.runtime], target)

    cases = tuple(case for case in plan.cases if not why(case))
    return cases, len(plan.cases) - len(cases)


PREPARING_SECONDS = 0.3
"""What an instance of a kernel takes until it is sampled."""


def key(variant: Variant) -> str:
    """A variant's name that no other runtime shares: ``wgsl/f32``."""
    return f"{variant.runtime.value}/{variant.name}"


def baseline_keys(known: tuple[Variant, ...], targets: tuple[Target, ...], baseline: str) -> set[str]:
    """The variants that must run so that ``baseline`` has something to compare with."""
    fixed = fixed_baseline(targets, baseline)
    if fixed:
        return {f"{target.runtime.value}/{fixed[1]}" for target in targets if target.id == fixed[0]}
    used = {target.runtime.value for target in targets}
    return {f"{runtime}/{name}" for _, runtime, name in baseline_names(known, baseline) if runtime in used}


def parse_sizes(text: str, workload: Workload) -> tuple[Shape, ...]:
    """Read a comma list of sizes, smallest first, each once.

    Raises:
        KernelscopeError: a size cannot be read, or there is none.
    """
    words = split([text])
    if not words:
        raise UsageError("give at least one size, such as 1024")
    return in_order(map(workload.shape, words))


def reasons(variant: Variant, targets: tuple[Target, ...]) -> tuple[bool, list[str]]:
    """Whether any target of the variant's runtime can run it, and why each other one cannot."""
    own = [target for target in targets if target.runtime is variant.runtime]
    words = [why_not(variant, target) for target in own]
    return any(not word for word in words), [word for word in words if word]


def short(reason: str, variant: Variant, targets: tuple[Target, ...]) -> str:
    """A reason without its detail: ``llvmpipe (OpenGL) has no shader-f16``."""
    for target in targets:
        for name in variant.requires:
            reason = reason.removesuffix(f" ({target.feature(name).reason})")
    return reason


def duration(seconds: float) -> str:
    """``40 s``, ``3 min``, ``1 h 20 min``: as people say it, rounded."""
    if seconds < 10:
        return f"{max(1, round(seconds))} s"
    if seconds < 90:
        return f"{round(seconds / 5) * 5} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
