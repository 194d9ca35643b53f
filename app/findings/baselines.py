"""What each measurement of a session is compared with."""

from app.core.baseline import baseline_names, fixed_baseline
from app.core.measurement import Measurement
from app.core.session import Session
from app.core.shape import Shape
from app.core.target import Target


class Baselines:
    """Finds the measurement that another one is compared with."""

    def __init__(self, session: Session, baseline: str) -> None:
        names = baseline_names(session.variants, baseline)
        self._names = {(workload, runtime): name for workload, runtime, name in names}
        self._by_key: dict[tuple[str, str, str, Shape], dict[int, Measurement]] = {}
        for m in (*session.measurements, *session.bases):
            key = (m.case.target, m.case.workload, m.case.variant, m.case.shape)
            # Of a sweep, the first is what the others are compared with.
            self._by_key.setdefault(key, {}).setdefault(m.run, m)
        self._fixed = {
            machine: fixed_baseline(session.targets, baseline, machine)
            for machine in {target.machine for target in session.targets}
        }

    def of(self, measurement: Measurement, target: Target) -> Measurement | None:
        """That of ``measurement``, which ran on ``target``; None where the session has none."""
        case = measurement.case
        if fixed := self._fixed[target.machine]:
            return self._find((fixed[0], case.workload, fixed[1], case.shape), measurement.run)
        name = self._names.get((case.workload, target.runtime.value))
        return self._find((case.target, case.workload, name, case.shape), measurement.run) if name else None

    def _find(self, key: tuple[str, str, str, Shape], run: int) -> Measurement | None:
        """That of the same run, which met the same machine; else the last of those before it."""
        runs = self._by_key.get(key, {})
        return runs.get(max((other for other in runs if other <= run), default=-1))
