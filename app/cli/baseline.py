"""``--baseline`` over saved sessions: refused where nothing was measured that it could name."""

from collections.abc import Iterable

from app.core.baseline import check_baseline
from app.core.session import Session
from app.core.target import Target
from app.core.variant import Variant


def check_measured(sessions: Iterable[Session], baseline: str | None) -> None:
    """Another baseline than the sessions' own must name what at least one of them measured.

    Raises:
        KernelscopeError: it does not; with what was measured instead.
    """
    if not baseline:
        return
    targets: list[Target] = []
    variants: list[Variant] = []
    for session in sessions:
        cases = {(m.case.workload, m.case.variant) for m in session.measurements}
        targets += session.targets
        variants += [v for v in session.variants if (v.workload, v.name) in cases]
    check_baseline(targets, variants, baseline)
