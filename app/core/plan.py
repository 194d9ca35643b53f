"""Plans: the cases of a run, the baseline and how to measure."""

from collections.abc import Iterable
from itertools import groupby

from msgspec import Struct, structs

from app.core.baseline import baseline_names, fixed_baseline
from app.core.edit import Edit
from app.core.problem import Problem
from app.core.shape import Shape
from app.core.target import Target
from app.core.variant import Variant


class Settings(Struct, frozen=True):
    """How to measure.

    ``seconds`` bounds the undisturbed timed work of one case; sampling stops earlier, at a look, once the
    verdict is clear and the interval of the speedup within ``precision`` of it (a half-width, as a fraction).
    ``batch_seconds`` is the length of one visit, ``step_seconds`` how long one step may take before the
    worker counts as hung. ``seed`` makes the operands and the order of the visits.

    ``operands`` names the kind of operands (``app.core.kinds.OPERANDS``). Each kernel is prepared
    ``instances`` times, and rounds visit these in turn, so that the interval holds what compiling it and
    placing it in memory once more changes.

    ``weights`` names those that models ran with, by name, checksum and licence; empty for seeded ones.

    With ``cold`` operands, runs take copies of them in turn that no cache holds together; else they find
    their operands in whatever cache is large enough.

    Before its rounds a group is warmed up until its batches agree, at most ``warm_up_seconds`` long.

    With ``rounds`` a run is live: every group gets that many, whatever they take, then the next one, and so
    on in passes over the whole plan until somebody stops it.
    """

    seconds: float = 0.5
    precision: float = 0.01
    batch_seconds: float = 0.015
    step_seconds: float = 60.0
    seed: int = 1
    rounds: int = 0
    cold: bool = False
    operands: str = "normal"
    instances: int = 1
    warm_up_seconds: float = 1.0
    weights: str = ""


MOST_INSTANCES = 9
"""A live pass then still visits each, and what they tell hardly changes with more."""

LIVE_ROUNDS = 10
"""Rounds in a pass of a live run: enough for an interval after the first pass, few enough to be back soon."""


class Case(Struct, frozen=True):
    """One thing that is timed; ``tuned`` is the day its parameters were tuned, empty for defaults.

    ``swept`` are those of its parameters that set it apart from other cases of its variant, as where a plan
    goes through the numbers of threads. Tuning leaves them alone. ``again`` counts the times that a session
    got the same case once more, as a row of its own.
    """

    target: str
    workload: str
    variant: str
    shape: Shape
    parameters: dict[str, int | str] = {}
    tuned: str = ""
    swept: dict[str, int | str] = {}
    again: int = 0

    @property
    def name(self) -> str:
        """The variant's name, with what sets it apart: ``f32+threads, threads=2``, or ``f32, again 1``."""
        swept = (f"{name}={value}" for name, value in self.swept.items())
        return ", ".join([self.variant, *swept, *([f"again {self.again}"] if self.again else [])])

    @property
    def group(self) -> tuple[str, str, Shape]:
        """Cases of one group are sampled in turn, so their speedups are paired round by round."""
        return (self.target, self.workload, self.shape)

    def __str__(self) -> str:
        return f"{self.workload} {self.name} {self.shape.label} on {self.target}"


class Plan(Struct, frozen=True):
    """The cases of a run in the order they run, the baseline's name, the settings, the user's own texts.

    ``problems`` are those of the user's own that its cases are of, as data: see ``app.core.problem``.
    """

    cases: tuple[Case, ...]
    baseline: str = "f32"
    settings: Settings = Settings()
    edits: tuple[Edit, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def words(self) -> str:
        """``matvec, 40 cases``: what others on this machine are told of it."""
        count = len(self.cases)
        names = ", ".join(dict.fromkeys(case.workload for case in self.cases))
        return f"{names}, {count} case{'s' * (count != 1)}"

    def groups(self) -> list[list[int]]:
        """Indices of the cases, one list per group, in order."""
        indices = range(len(self.cases))
        return [list(g) for _, g in groupby(indices, key=lambda i: self.cases[i].group)]


def make_plan(
    targets: Iterable[Target],
    variants: Iterable[Variant],
    shapes: Iterable[Shape],
    baseline: str = "f32",
    settings: Settings | None = None,
) -> Plan:
    """Every variant at every shape on every target of its runtime, small shapes first.

    A target that lacks a feature keeps its cases: they end ``unsupported`` with the reason.
    """
    chosen = list(variants)
    cases = [
        Case(target.id, variant.workload, variant.name, shape, variant.defaults(target, shape))
        for shape in shapes
        for target in targets
        for workload in dict.fromkeys(v.workload for v in chosen)
        for variant in chosen
        if variant.workload == workload and variant.runtime is target.runtime
    ]
    return Plan(tuple(cases), baseline, settings or Settings())


def with_baselines(
    plan: Plan, targets: Iterable[Target], catalogue: Iterable[Variant], shapes: Iterable[Shape]
) -> Plan:
    """``plan`` with the cases that its baseline needs and that nobody chose, each group's baseline first.

    ``targets`` and ``catalogue`` are all there are, not only the chosen ones.
    """
    known = {target.id: target for target in targets}
    every = list(catalogue)
    names = baseline_names(every, plan.baseline)
    fixed = fixed_baseline(known.values(), plan.baseline)
    wanted = [known[fixed[0]]] if fixed and fixed[0] else [known[i] for i in _targets(plan)]
    bases = [
        v
        for v in every
        if (v.name == fixed[1] if fixed else (v.workload, v.runtime.value, v.name) in names)
        and v.workload in {case.workload for case in plan.cases}
    ]
    needed = make_plan(wanted, bases, shapes).cases
    chosen = set(map(_identity, plan.cases))
    cases = [*(case for case in needed if _identity(case) not in chosen), *plan.cases]
    order = {group: i for i, group in enumerate(dict.fromkeys(case.group for case in (*plan.cases, *needed)))}
    cases.sort(key=lambda case: (case.shape.order, order[case.group]))
    return structs.replace(plan, cases=tuple(cases))


def _targets(plan: Plan) -> list[str]:
    return list(dict.fromkeys(case.target for case in plan.cases))


def _identity(case: Case) -> tuple[str, str, str, Shape]:
    return (case.target, case.workload, case.variant, case.shape)
