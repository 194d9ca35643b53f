"""Recorders of what runs on this machine."""

from collections.abc import Iterable, Mapping

from app import __version__
from app.catalog.index import with_edits
from app.core.plan import Plan
from app.core.recorder import Recorder
from app.core.session import Host
from app.core.target import Target
from app.core.variant import Variant
from app.worker.host import describe_host


def make_recorder(
    plan: Plan,
    targets: Iterable[Target],
    versions: Mapping[str, str] | None = None,
    known: tuple[Variant, ...] | None = None,
    machines: Mapping[str, Host] | None = None,
) -> Recorder:
    """A recorder of ``plan`` on this machine: ``targets`` with the versions of their engines.

    ``known`` are the variants to choose from: those of the catalogue and the plan's own texts, unless given.
    ``machines`` are those of a fleet that it runs on.
    """
    known = with_edits(plan.edits) if known is None else known
    host = describe_host(dict(versions or {}))
    return Recorder(plan, host, tuple(targets), known, __version__, machines)
