"""The way from choices, as people write them, to the plan that runs."""

from collections.abc import Sequence

from msgspec import structs

from app.catalog.choice import Choice
from app.catalog.index import UNCHECKED, find, usual, variants
from app.core.edit import Edit, beside
from app.core.errors import KernelscopeError
from app.core.plan import Case, Plan, Settings, make_plan, with_baselines
from app.core.selection import select, split
from app.core.shape import Shape, in_order
from app.core.target import Runtime, Target
from app.core.usual import usual_targets
from app.core.variant import Variant
from app.core.workload import Workload
from app.problems import registry
from app.workloads import workloads


def choose_targets(targets: Sequence[Target], words: Sequence[str]) -> list[Target]:
    """The targets that ``words`` name by id, label, engine or runtime (``wgsl``, ``wasm``), or as ``peers``.

    Raises:
        KernelscopeError: a word matches nothing.
    """
    return select(targets, words, lambda t: (t.id, t.label, t.engine, t.runtime.value, *_peers(t)), "target")


def _peers(target: Target) -> tuple[str, ...]:
    return (PEERS,) if target.is_peer else ()


PEERS = "peers"
"""What libraries are called together, NumPy among them."""


def choose_usual_targets(targets: Sequence[Target], words: Sequence[str]) -> list[Target]:
    """As ``choose_targets``, but without words, or by an engine or runtime, only what runs by default.

    ``all``, ids, labels and patterns of these reach every one.

    Raises:
        KernelscopeError: a word matches nothing.
    """
    default = usual_targets(targets)
    if not split(words):
        return default
    kinds = {t.id: (t.engine, t.runtime.value) for t in default}
    return select(targets, words, lambda t: (t.id, t.label, *kinds.get(t.id, ()), *_peers(t)), "target")


def choose_workloads(words: Sequence[str]) -> list[Workload]:
    """The workloads that ``words`` name.

    Raises:
        KernelscopeError: a word matches nothing.
    """
    return select(list(workloads().values()), words, lambda w: (w.name,), "workload")


def choose_variants(among: Sequence[Workload], words: Sequence[str]) -> list[Variant]:
    """The variants of these workloads that ``words`` name, as ``f32`` or ``wasm/f32``; else the usual ones.

    Unchecked ones only where a word spells that out.

    Raises:
        KernelscopeError: a word matches nothing.
    """
    every = _known(among, words)
    chosen = select(every, words, lambda v: (v.name, f"{v.runtime.value}/{v.name}"), "variant")
    return chosen if split(words) else [variant for variant in chosen if usual(variant)]


def _known(among: Sequence[Workload], words: Sequence[str]) -> list[Variant]:
    names = {workload.name for workload in among}
    unchecked = any(UNCHECKED in word for word in words)
    return [v for v in variants() if v.workload in names and (v.checked or unchecked)]


def choose_shapes(workload: Workload, words: Sequence[str]) -> tuple[Shape, ...]:
    """Sizes and presets, smallest first; no word means the workload's own.

    Raises:
        KernelscopeError: a word is no size.
    """
    if not split(words):
        return workload.default_shapes
    return in_order(map(workload.shape, split(words)))


def check_words(choice: Choice) -> None:
    """See that everything but targets and baseline can be what it is called, before these are looked for.

    Raises:
        KernelscopeError: a name matches nothing, or a word is no size.
    """
    problems = choose_workloads(choice.workload)
    choose_variants(problems, choice.variant)
    for workload in problems:
        choose_shapes(workload, choice.sizes)


def candidates(choices: Sequence[Choice], edits: Sequence[Edit] = ()) -> list[Variant]:
    """Every variant that could be a baseline of these choices.

    Raises:
        KernelscopeError: there is no such workload, or the edit is none that could run.
    """
    known = [v for choice in choices for v in _known(choose_workloads(choice.workload), choice.variant)]
    return [*known, *(_pair(edit)[1] for edit in edits)]


def choose(
    choices: Sequence[Choice],
    targets: Sequence[Target],
    baseline: str,
    settings: Settings,
    edits: Sequence[Edit] = (),
) -> Plan:
    """The plan of these choices one after the other, with the baselines that they need.

    ``targets`` are all there are. Where ``baseline`` names nothing, the first variants are the baselines.
    With ``edits``, no variant means these and their originals.

    Raises:
        KernelscopeError: a name matches nothing, or nothing is left to run.
    """
    cases: list[Case] = []
    for choice in choices:
        problems = choose_workloads(choice.workload)
        chosen_targets = choose_targets(targets, choice.target)
        if choice.peers:
            chosen_targets += [t for t in targets if t.is_peer and t not in chosen_targets]
        chosen = choose_variants(problems, choice.variant)
        every = _known(problems, choice.variant)
        if edits:
            pairs = [_pair(edit) for edit in edits]
            originals = {(v.name, v.runtime): v for v, _ in pairs}
            others = chosen if split(choice.variant) else []
            chosen = [v for v in others if (v.name, v.runtime) not in originals]
            chosen += [*originals.values(), *(mine for _, mine in pairs)]
            every += [mine for _, mine in pairs]
        gpus = [] if edits else [t for t in chosen_targets if t.runtime is Runtime.WGSL and not t.is_cpu]
        for workload in problems:
            shapes = choose_shapes(workload, choice.sizes)
            if gpus and choice.larger:
                shapes = in_order([*shapes, *choose_shapes(workload, choice.larger)])
            own = [variant for variant in chosen if variant.workload == workload.name]
            plan = make_plan(chosen_targets, own, shapes, baseline, settings)
            further = [
                case
                for target in gpus
                for case in make_plan([target], _for_gpu(choice, workload, target), shapes).cases
                if case not in plan.cases  # without its subgroups it may be one that runs anyway
            ]
            plan = structs.replace(plan, cases=(*plan.cases, *further))
            complete = with_baselines(plan, targets, every, shapes)
            cases += _swept(complete, every, choice.sweep) if choice.sweep else complete.cases
    if not cases:
        raise KernelscopeError("none of the chosen targets runs any of the chosen variants")
    opened = registry.problems_of(case.workload for case in cases)
    return Plan(tuple(cases), baseline, settings, tuple(edits), opened)


def _for_gpu(choice: Choice, workload: Workload, target: Target) -> list[Variant]:
    """What the choice adds on a GPU, without subgroups where ``target`` has none, as far as there is such."""
    found = [find(workload.name, name, Runtime.WGSL) for name in choice.on_gpus]
    if target.feature("subgroups").state.usable:
        return found
    names = {variant.name.replace("+subgroup", "") for variant in found}
    return [
        v
        for v in variants()
        if (v.workload, v.runtime) == (workload.name, Runtime.WGSL) and v.name in names and v.checked
    ]


def _pair(edit: Edit) -> tuple[Variant, Variant]:
    return beside(edit, find(edit.workload, edit.like, edit.runtime))


def _swept(plan: Plan, known: Sequence[Variant], name: str) -> list[Case]:
    """Every case once for each value of its variant's parameter ``name``; those without it as they are."""
    values = {
        variant.name: parameter.choices
        for variant in known
        for parameter in variant.parameters
        if parameter.name == name
    }
    return [
        structs.replace(case, parameters={**case.parameters, **own}, swept=own)
        for case in plan.cases
        for own in ([{name: value} for value in values.get(case.variant, ())] or [{}])
    ]
