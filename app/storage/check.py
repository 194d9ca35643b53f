"""What types cannot say of a session from a file: that every name leads somewhere, that figures can be.

Whoever reads a session after this may divide by its times and rates, and put its names on a screen.
"""

import re
from collections.abc import Iterable, Iterator

from app.core.ceilings import Ceilings, Link
from app.core.kinds import OPERANDS
from app.core.measurement import Measurement
from app.core.plan import MOST_INSTANCES, Case
from app.core.session import Session
from app.core.shape import LARGEST_DIMENSION
from app.core.workload import BYTES_PER_ELEMENT
from app.workloads import workloads

SHORTEST, LONGEST = 1e-18, 1e9
"""Seconds that a run can have taken."""

LARGEST_FIGURE = 1e30
LONGEST_NAME = 1000
"""Characters; the names of real adapters and drivers have up to 150."""

_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", flags=re.ASCII)

_FILE_NAME = re.compile(r"[^\x00-\x1f/\\]+")
"""What may become part of a file's name: none leads out of its folder."""


def problem(session: Session) -> str:
    """The first thing that is wrong with ``session``, in a few words; empty when nothing is."""
    return next(_problems(session), "")


def _problems(session: Session) -> Iterator[str]:
    if not _DATE.fullmatch(session.created):
        yield f"{session.created[:40]!r} is no date"
    if len(session.measurements) > len(session.plan.cases):
        yield "more measurements than cases"
    if (kind := session.plan.settings.operands) not in OPERANDS:
        yield f"operands of kind {kind[:40]!r}, and there are {' and '.join(OPERANDS)}"
    if not 1 <= session.plan.settings.instances <= MOST_INSTANCES:
        yield f"the plan asks for other than 1 to {MOST_INSTANCES} instances"
    yield from _of_names(session)
    if not all(0 <= case.again <= LARGEST_FIGURE for case in session.plan.cases):
        yield "how often a case is there again is out of range"
    for case in dict.fromkeys(_Shaped(case) for case in session.plan.cases):
        yield from case.problems()
    for ceilings in session.ceilings.values():
        yield from _of_ceilings(ceilings)
    for measurement in (*session.measurements, *session.bases):
        yield from _of_measurement(measurement, session)
    for search in session.searches:
        yield from _Shaped(search.case).problems()
        times = [c.seconds for c in search.candidates if c.seconds is not None]
        if search.tuning:
            times.append(search.tuning.seconds)
            times += [search.tuning.default_seconds] if search.tuning.default_seconds is not None else []
        yield from _of_times(times, f"tuning {search}")


def _of_names(session: Session) -> Iterator[str]:
    ids = [target.id for target in session.targets]
    if len(set(ids)) < len(ids):
        yield "two targets have one id"
    names = [
        *ids,
        *(
            text
            for t in session.targets
            for text in (t.label, t.name, t.backend, t.driver, t.kind, t.engine, t.note)
        ),
        *(text for v in session.variants for text in (v.workload, v.name)),
        session.plan.baseline,
        session.app_version,
        session.host.processor,
        session.host.system,
    ]
    if long := next((name for name in names if len(name) > LONGEST_NAME), ""):
        yield f"the name {long[:40]!r}… is longer than {LONGEST_NAME} characters"
    files = [*ids, *(text for v in session.variants for text in (v.workload, v.name))]
    files += [text for edit in session.plan.edits for text in (edit.workload, edit.name)]
    if odd := next((name for name in files if not _FILE_NAME.fullmatch(name)), ""):
        yield f"{odd[:40]!r} is no name"
    for variant in session.variants:
        if variant.storage not in BYTES_PER_ELEMENT:
            yield f"variant {variant.name} stores {variant.storage[:40]!r}, which is no type"


class _Shaped:
    """A case as far as its shape goes; many share one, and each is looked at once."""

    def __init__(self, case: Case) -> None:
        self._key = (case.workload, case.shape)
        self._case = case

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shaped) and self._key == other._key

    def problems(self) -> Iterator[str]:
        shape = self._case.shape
        workload = workloads().get(self._case.workload)
        expected = len(workload.dimensions) if workload else len(shape.dimensions)
        given = (shape.rows, shape.columns, shape.depth)
        if None in given[: len(shape.dimensions)] or len(shape.dimensions) != expected:
            yield f"{self._case.workload[:40]} has {expected} dimensions, its shape {shape}"
        elif not all(1 <= size <= LARGEST_DIMENSION for size in shape.dimensions):
            yield f"the shape {shape} is out of range"


def _of_measurement(measurement: Measurement, session: Session) -> Iterator[str]:
    case = measurement.case
    try:
        target = session.target(case.target)
        session.variant(case.workload, case.variant, target.runtime.value)
    except KeyError as error:
        yield f"it does not describe {error}"
    yield from _Shaped(case).problems()
    yield from _of_samples(measurement)
    if measurement.kernel and measurement.kernel not in session.kernels:
        yield f"the kernel text of {case} is missing"
    figures: list[float] = [measurement.repeats, measurement.run, case.again]
    figures += [measurement.batches, measurement.rounds]
    figures += [figure for one in measurement.stretches for figure in (one.life, one.first)]
    if costs := measurement.costs:
        figures += [costs.compile_s, costs.upload_s, costs.first_run_s, costs.warm_up_s]
        figures += [costs.module_bytes, costs.code_bytes]
    if rotation := measurement.rotation:
        figures += [rotation.copies, rotation.bytes]
    if not all(0 <= figure <= LARGEST_FIGURE for figure in figures):
        yield f"a figure of {case} is out of range"
    off = measurement.error
    if off and any(f is not None and f < 0 for f in (off.relative_l2, off.max_abs, off.tolerance)):
        yield f"an error of {case} is negative"


def _of_samples(measurement: Measurement) -> Iterator[str]:
    """What stands beside samples is as many, and each is of one round."""
    case, count = measurement.case, len(measurement.samples)
    for times in (measurement.samples, measurement.middles, measurement.cpu):
        yield from _of_times(times, str(case))
    beside = (measurement.middles, measurement.disturbed, measurement.cpu)
    lengths = [len(own) for own in beside if own]
    rounds = [one.count for one in measurement.stretches]
    if any(length != count for length in lengths) or (rounds and (min(rounds) < 1 or sum(rounds) != count)):
        yield f"of the samples of {case} not each has its round and figures"
    if not all(0 <= share <= 1 for share in measurement.disturbed):
        yield f"a share of {case} is out of range"
    if not 1 <= measurement.instances <= MOST_INSTANCES:
        yield f"{case} has other than 1 to {MOST_INSTANCES} instances"


def _of_times(times: Iterable[float], whose: str) -> Iterator[str]:
    if not all(SHORTEST <= seconds <= LONGEST for seconds in times):
        yield f"a sample of {whose} is no time that a run can take"


def _of_ceilings(ceilings: Ceilings) -> Iterator[str]:
    links: list[Link] = [way for way in (ceilings.upload, ceilings.download, ceilings.map) if way]
    rates = [rate for rate in (ceilings.read, ceilings.copy, *ceilings.flops.values()) if rate is not None]
    rates += [way.rate for way in links]
    waits = [way.latency for way in links]
    waits += [wait for wait in (ceilings.dispatch, ceilings.floor) if wait is not None]
    if not all(0 < rate <= LARGEST_FIGURE for rate in rates) or not all(0 <= s <= LONGEST for s in waits):
        yield "a ceiling is out of range"
