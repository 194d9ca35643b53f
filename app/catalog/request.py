"""What the user asks to run, as data: becomes a plan, or says in one line what is missing."""

from dataclasses import dataclass

from msgspec import structs

from app.catalog.choose import choose
from app.catalog.named_plans import NamedPlan
from app.catalog.variants import variants
from app.core.baseline import baseline_names, fixed_baseline
from app.core.edit import Edit
from app.core.errors import KernelscopeError, UsageError
from app.core.kinds import NORMAL
from app.core.plan import Case, Plan, Settings, make_plan, with_baselines
from app.core.selection import split
from app.core.shape import Shape, in_order, parse_shape
from app.core.target import Target
from app.core.variant import Variant, why_not
from app.core.workload import Workload


@dataclass(frozen=True)
class Request:
    """Chosen targets and variants; ``known`` are all variants of the workload, ``found`` all targets here.

    ``edits`` are the texts of the user's own among ``known``. Where names of variants are ``added``, the run
    is added to the session shown for the sake of these: it has the parameters that its variants have, and a
    step of it may not take as long, for somebody waits.
    """

    targets: tuple[Target, ...]
    variants: tuple[Variant, ...]
    known: tuple[Variant, ...]
    found: tuple[Target, ...]
    shapes: tuple[Shape, ...]
    baseline: str
    seconds: float
    rounds: int = 0
    edits: tuple[Edit, ...] = ()
    cold: bool = False
    operands: str = NORMAL
    instances: int = 1
    added: tuple[str, ...] = ()

    @property
    def plan(self) -> Plan:
        """The base line always runs, ticked or not: without it nothing has a speedup."""
        settings = _settings(self)
        if self.added:
            settings = structs.replace(settings, step_seconds=ADDED_STEP_SECONDS)
        plan = make_plan(self.targets, self.variants, self.shapes, self.baseline, settings)
        plan = with_baselines(plan, self.found, self.known, self.shapes)
        runtimes = {target.id: target.runtime for target in self.found}
        used = {(case.workload, case.variant, runtimes[case.target]) for case in plan.cases}
        return structs.replace(plan, edits=tuple(edit for edit in self.edits if edit.key in used))

    def untuned(self, plan: Plan) -> list[Case]:
        """The cases of ``plan`` that keep their parameters, whatever was tuned."""
        names = {variant.name for variant in self.variants}
        return [case for case in plan.cases if case.variant in names] if self.added else []

    @property
    def problem(self) -> str:
        """Why this cannot run; empty when it can."""
        if not self.targets:
            return "Tick at least one target"
        if not self.variants:
            return "Tick at least one variant that the ticked targets can run"
        if not self.shapes:
            return "Give sizes such as 256, 512, 1024"
        if not self.runnable():
            return "None of the ticked targets can run any of the ticked variants"
        return ""

    def runnable(self) -> int:
        """How many cases of the plan can run."""
        return _runnable(self.plan, self.found, self.known)


@dataclass(frozen=True)
class NamedRequest:
    """A named plan on the chosen targets; ``found`` are all targets here."""

    named: NamedPlan
    targets: tuple[Target, ...]
    found: tuple[Target, ...]
    seconds: float
    rounds: int = 0
    cold: bool = False
    operands: str = NORMAL
    instances: int = 1

    @property
    def known(self) -> tuple[Variant, ...]:
        """All variants of the plan's workloads."""
        names = {name for choice in self.named.choices for name in choice.workload}
        return tuple(variant for variant in variants() if variant.workload in names)

    @property
    def baseline(self) -> str:
        """The plan's base line."""
        return self.named.baseline

    @property
    def plan(self) -> Plan:
        """The named plan with its cases on these targets.

        Raises:
            KernelscopeError: none of the targets is of a kind that it asks for.
        """
        settings = _settings(self)
        return choose(self.named.choices, self.targets, self.baseline, settings)

    @property
    def problem(self) -> str:
        """Why this cannot run; empty when it can."""
        if not self.targets:
            return "Tick at least one target"
        try:
            return "" if self.runnable() else "None of the ticked targets can run any of this plan"
        except KernelscopeError as error:
            return f"The ticked targets do not suffice: {error}"

    def runnable(self) -> int:
        """How many cases of the plan can run."""
        return _runnable(self.plan, self.found, self.known)


def in_words(request: Request | NamedRequest) -> str:
    """``40 cases on 2 targets: at most about 30 s``."""
    cases, targets = request.runnable(), len(request.targets)
    left_out = len(request.plan.cases) - cases
    about = duration(cases * (request.seconds + PREPARING_SECONDS * request.instances))
    words = f"{cases} cases on {targets} target{'s' * (targets != 1)}: at most about {about}"
    return words + (f". {left_out} more cannot run here." if left_out else "")


def _runnable(plan: Plan, found: tuple[Target, ...], known: tuple[Variant, ...]) -> int:
    targets = {target.id: target for target in found}
    by_name = {(v.workload, v.name, v.runtime): v for v in known}
    keys = ((case.workload, case.variant, targets[case.target]) for case in plan.cases)
    return sum(not why_not(by_name[workload, name, t.runtime], t) for workload, name, t in keys)


PREPARING_SECONDS = 0.3
"""What an instance of a kernel takes until it is sampled."""

ADDED_STEP_SECONDS = 20.0
"""How long one step of an added case may take before its worker counts as hung."""


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
    return in_order(parse_shape(word, len(workload.dimensions)) for word in words)


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


def _settings(request: Request | NamedRequest) -> Settings:
    """The settings that both kinds of requests choose."""
    return Settings(
        seconds=request.seconds,
        rounds=request.rounds,
        cold=request.cold,
        operands=request.operands,
        instances=request.instances,
    )
