"""Tuned parameters in plans, and plans for tuning."""

from collections.abc import Container, Iterable, Iterator
from threading import Event

from msgspec import structs

from app.catalog.index import UNCHECKED
from app.catalog.models.compose import as_the_models, is_model, operators_at
from app.core.events import AnyEvent, TuningFinished
from app.core.plan import Case, Plan
from app.core.shape import Shape
from app.core.target import Target
from app.core.tuning import TuneSettings, accepts
from app.core.variant import Variant, why_not
from app.machine.store import Store
from app.worker.supervisor import Supervisor


def with_tuned(
    plan: Plan,
    targets: Iterable[Target],
    variants: Iterable[Variant],
    store: Store,
    keep: Container[Case] = (),
) -> Plan:
    """``plan`` with the parameters that were tuned for its cases; the others, and ``keep``, keep their own.

    A tuning that the variant no longer offers (its parameters were renamed, say) is passed over.
    """
    by_id = {target.id: target for target in targets}
    by_name = {(v.workload, v.name, v.runtime): v for v in variants}

    def tuned(case: Case) -> Case:
        target = by_id.get(case.target)
        variant = by_name.get((case.workload, case.variant, target.runtime)) if target else None
        if target is None or variant is None or not variant.parameters or case in keep:
            return case
        if is_model(variant):
            return _of_operators(case, target, variant, store)
        # Without its checks a kernel runs with the parameters of its checked twin: only so do they compare.
        name = case.variant if variant.checked else case.variant.removesuffix(f"+{UNCHECKED}")
        tuning = store.tuning(target, case.workload, name, target.runtime, case.shape)
        if tuning is None or not accepts(variant, tuning.parameters):
            return case
        own = {p.name: case.parameters[p.name] for p in variant.parameters if p.side >= 0}
        return structs.replace(case, parameters=tuning.parameters | own | case.swept, tuned=tuning.date[:10])

    return structs.replace(plan, cases=tuple(map(tuned, plan.cases)))


def _of_operators(case: Case, target: Target, recipe: Variant, store: Store) -> Case:
    """The case of a model with what was tuned for its operators, at the shapes that take most of its work."""
    parameters, dates = dict(case.parameters), []
    for variant, shape in operators_at(recipe, case.shape):
        tuning = store.tuning(target, variant.workload, variant.name, target.runtime, shape)
        if tuning is not None and accepts(variant, tuning.parameters):
            parameters |= as_the_models(variant, tuning.parameters)
            dates.append(tuning.date[:10])
    return structs.replace(case, parameters=parameters | case.swept, tuned=max(dates)) if dates else case


def tunable(targets: Iterable[Target], variants: Iterable[Variant], shapes: Iterable[Shape]) -> list[Case]:
    """A case with default parameters for every variant that a target runs and that has a choice of others."""
    chosen = list(variants)
    return [
        Case(target.id, variant.workload, variant.name, shape, variant.defaults(target, shape))
        for shape in shapes
        for target in targets
        for variant in chosen
        if not why_not(variant, target) and any(p.choices for p in variant.parameters)
    ]


def tune_and_keep(
    supervisor: Supervisor, store: Store, case: Case, settings: TuneSettings, stop: Event | None = None
) -> Iterator[AnyEvent]:
    """Tune ``case`` and keep what was found; the last event is a ``TuningFinished``.

    Raises:
        KernelscopeError: the folder cannot be written.
    """
    for event in supervisor.tune(case, settings, stop):
        target = supervisor.target(case.target)
        if isinstance(event, TuningFinished) and event.tuning and target:
            store.keep_tuning(target, event.tuning)
        yield event
