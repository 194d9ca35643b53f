"""From what somebody asks for to the plan that runs: one way for window and command line."""

from collections.abc import Iterable

from app.catalog.request import Request, chosen, known, untuned
from app.core.plan import Plan
from app.core.target import Target
from app.machine.store import Store
from app.machine.tuned import with_tuned


def planned(request: Request, found: Iterable[Target], store: Store) -> Plan:
    """The plan of ``request`` on the targets ``found``: with its baselines, and as ``store`` tuned it.

    Raises:
        KernelscopeError: a name among the choices matches nothing, or nothing is left of them to run.
    """
    found = tuple(found)
    plan = chosen(request, found)
    return with_tuned(plan, found, known(request), store, untuned(request, plan))
