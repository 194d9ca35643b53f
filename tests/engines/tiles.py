"""Plans with the smallest tiles there are: software adapters compile large ones for seconds."""

from collections.abc import Sequence

from msgspec import structs

from app.core.plan import Case, Plan
from app.core.variant import Variant


def smallest(plan: Plan, among: Sequence[Variant], prefix: str = "tile") -> Plan:
    """``plan`` with the least of each parameter of ``among`` whose name begins so."""
    least = {
        (v.name, p.name): p.choices[0]
        for v in among
        for p in v.parameters
        if p.name.startswith(prefix) and p.choices
    }

    def small(case: Case) -> Case:
        own = {name: least.get((case.variant, name), value) for name, value in case.parameters.items()}
        return structs.replace(case, parameters=own)

    return structs.replace(plan, cases=tuple(map(small, plan.cases)))
