"""What types cannot say of a session from a file: that every name leads somewhere, that figures can be.

Whoever reads a session after this may divide by its times and rates, and put its names on a screen.
"""

import re
from collections.abc import Iterator, Mapping

from app.core.edit import LONGEST_TEXT
from app.core.kinds import OPERANDS
from app.core.measurement import MOST_PARTS, Measurement, Status
from app.core.plan import MOST_INSTANCES, Case, Settings
from app.core.program import Role
from app.core.session import Session
from app.core.shape import LARGEST_DIMENSION
from app.core.workload import BYTES_PER_ELEMENT, Workload
from app.problems.at_shapes import wrong_at
from app.problems.check import faults
from app.problems.registry import workloads_of
from app.storage.figures import (
    LARGEST_FIGURE,
    LONGEST_NAME,
    LONGEST_REASON,
    of_ceilings,
    of_code,
    of_conditions,
    of_parameter_names,
    of_parameters,
    of_times,
    of_tuning,
    of_values,
)
from app.workloads import catalogue

MOST_SECONDS = 3600.0
"""Of a case, a visit or a step: a plan that asks for more would never end."""

MOST_ROUNDS = 10_000
MOST_PROBLEMS = 100
MOST_DIMENSIONS = 16
ROLES = frozenset(role.value for role in Role)
MOST_SEED = (1 << 63) - 1

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
    yield from _of_settings(session.plan.settings)
    yield from _of_names(session)
    yield from _of_texts(session)
    yield from _of_problems(session)
    yield from _of_parameters(session)
    if not all(0 <= case.again <= LARGEST_FIGURE for case in session.plan.cases):
        yield "how often a case is there again is out of range"
    known = catalogue() | workloads_of(session.plan.problems)
    for case in dict.fromkeys(_Shaped(case, known) for case in session.plan.cases):
        yield from case.problems()
    for ceilings in session.ceilings.values():
        yield from of_ceilings(ceilings)
    for measurement in (*session.measurements, *session.bases):
        yield from _of_measurement(measurement, session, known)
    for search in session.searches:
        yield from _Shaped(search.case, known).problems()
        if any(c.parameters.keys() != search.case.parameters.keys() for c in search.candidates):
            yield f"a candidate of {search} has other parameters than it"
        if search.candidates and not search.case.parameters:
            yield f"{search} has no parameters to search"
        times = [c.seconds for c in search.candidates if c.seconds is not None]
        yield from of_times(times, f"tuning {search}")
        yield from of_values(
            (search.space, *(value for c in search.candidates for value in c.parameters.values()))
        )
        if search.tuning:
            yield from of_tuning(search.tuning)
    planned = set(map(_identity, session.plan.cases))
    if odd := next((m.case for m in session.measurements if _identity(m.case) not in planned), None):
        yield f"the plan has no case {odd}"


def _identity(case: Case) -> tuple[object, ...]:
    """What tells a case from the others of its plan."""
    return (case.target, case.workload, case.variant, case.shape, case.again, frozenset(case.swept.items()))


def _of_problems(session: Session) -> Iterator[str]:
    """Problems that a session brings are as sound as those of a folder: expressions, sizes, names, texts."""
    problems = session.plan.problems
    if len(problems) > MOST_PROBLEMS or len({one.name for one in problems}) < len(problems):
        yield "it has too many problems, or two of one name"
        return
    known = catalogue()
    for one in problems:
        if wrong := faults(one, known):
            yield f"its problem {one.name[:40]}: {wrong[0]}"


def _of_settings(settings: Settings) -> Iterator[str]:
    if settings.operands not in OPERANDS:
        yield f"operands of kind {settings.operands[:40]!r}, and there are {' and '.join(OPERANDS)}"
    if not 1 <= settings.instances <= MOST_INSTANCES:
        yield f"the plan asks for other than 1 to {MOST_INSTANCES} instances"
    times = {
        "seconds": settings.seconds,
        "batch_seconds": settings.batch_seconds,
        "step_seconds": settings.step_seconds,
        "warm_up_seconds": settings.warm_up_seconds,
    }
    for name, seconds in times.items():
        if not 0 < seconds <= MOST_SECONDS:
            yield f"the plan's {name} is {seconds:g}, and it may be up to {MOST_SECONDS:g}"
    if not 0 <= settings.precision <= 1:
        yield f"the plan's precision is {settings.precision:g}, and it may be from 0 to 1"
    if not 0 <= settings.seed <= MOST_SEED:
        yield f"the plan's seed is none: it is a whole number from 0 to {MOST_SEED}"
    if not 0 <= settings.rounds <= MOST_ROUNDS:
        yield f"the plan asks for other than 0 to {MOST_ROUNDS} rounds"


def _of_texts(session: Session) -> Iterator[str]:
    """Whatever a person is told is bounded."""
    every = (*session.measurements, *session.bases)
    reasons = [
        *(text for m in every for text in (m.reason, m.stop, m.timer)),
        *(c.reason for search in session.searches for c in search.candidates),
        *(search.reason for search in session.searches),
        *(f for t in session.targets for one in t.features for f in (one.reason, one.unlock, one.use)),
        *(v.summary for v in session.variants),
    ]
    if long := next((text for text in reasons if len(text) > LONGEST_REASON), ""):
        yield f"the text {long[:40]!r}… is longer than {LONGEST_REASON} characters"
    texts = [
        *(kernel.text for kernel in session.kernels.values()),
        *(edit.text for edit in session.plan.edits),
        *(line.text for line in session.log),
        *(one.probe for t in session.targets for one in t.features),
    ]
    if long := next((text for text in texts if len(text) > LONGEST_TEXT), ""):
        yield f"the text {long[:40]!r}… is longer than {LONGEST_TEXT} characters"


def _of_parameters(session: Session) -> Iterator[str]:
    """Parameters are named as templates name what they take, and their values can be shown."""
    cases = (*session.plan.cases, *(m.case for m in (*session.measurements, *session.bases)))
    searched = [search.case for search in session.searches]
    candidates = [c.parameters for search in session.searches for c in search.candidates]
    edits = [edit.parameters for edit in session.plan.edits]
    given = [values for case in (*cases, *searched) for values in (case.parameters, case.swept)]
    for values in (*given, *candidates, *edits):
        yield from of_parameters(values)
    for variant in session.variants:
        yield from of_parameter_names(p.name for p in variant.parameters)
        yield from of_values(value for p in variant.parameters for value in (p.gpu, p.cpu, *p.choices))


def _of_names(session: Session) -> Iterator[str]:
    hosts = (session.host, *session.machines.values())
    ids = [target.id for target in session.targets]
    if len(set(ids)) < len(ids):
        yield "two targets have one id"
    if odd := next(
        (t.machine for t in session.targets if t.machine and t.machine not in session.machines), ""
    ):
        yield f"it does not describe the machine {odd[:40]!r}"
    names = [
        *ids,
        *(
            text
            for t in session.targets
            for text in (t.label, t.name, t.backend, t.driver, t.kind, t.engine, t.note, t.gpu)
        ),
        *(text for v in session.variants for text in (v.workload, v.name)),
        *(text for t in session.targets for pair in t.properties.items() for text in pair),
        *(name for t in session.targets for name in t.limits),
        *(text for t in session.targets for f in t.features for text in (f.name, f.group, f.phase)),
        *(name for host in hosts for pair in host.versions.items() for name in pair),
        *(text for host in hosts for text in (host.python, host.processor, host.system)),
        *session.machines,
        *(t.machine for t in session.targets),
        *(text for c in session.plan.cases for text in (c.target, c.workload, c.variant, c.tuned)),
        *(text for line in session.log for text in (line.time, line.level)),
        *session.ceilings,
        *session.kernels,
        *(kernel.language for kernel in session.kernels.values()),
        session.plan.baseline,
        session.app_version,
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

    def __init__(self, case: Case, known: Mapping[str, Workload]) -> None:
        self._key = (case.workload, case.shape)
        self._case = case
        self._known = known

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shaped) and self._key == other._key

    def problems(self) -> Iterator[str]:
        shape = self._case.shape
        workload = self._known.get(self._case.workload)
        expected = len(workload.dimensions) if workload else len(shape.sizes)
        if not shape.sizes or len(shape.sizes) != expected:
            yield f"{self._case.workload[:40]} has {expected or 'no'} dimensions, its shape {shape}"
        elif len(shape.sizes) > MOST_DIMENSIONS:
            yield f"a shape has more than {MOST_DIMENSIONS} dimensions"
        elif not all(1 <= size <= LARGEST_DIMENSION for size in shape.sizes):
            yield f"the shape {shape} is out of range"
        elif workload and self._case.workload not in catalogue() and (wrong := wrong_at(workload, shape)):
            yield f"its problem {self._case.workload[:40]} at {shape}: {wrong}"
        elif not 0 <= shape.fixed < len(shape.sizes) or len(shape.config) > LONGEST_NAME:
            yield f"the config of the shape {shape} is none"


def _of_quality(measurement: Measurement) -> Iterator[str]:
    case = measurement.case
    if quality := measurement.quality:
        known = (quality.cosine, quality.rank, quality.nearest)
        if any(abs(one) > 1.01 for one in known) or not 0 < quality.texts <= LARGEST_FIGURE:
            yield f"the quality of {case} is out of range"
        if len(quality.weights) > LONGEST_REASON:
            yield f"the weights of {case} have too long a name"


def _of_measurement(
    measurement: Measurement, session: Session, known: Mapping[str, Workload]
) -> Iterator[str]:
    case = measurement.case
    try:
        target = session.target(case.target)
        session.variant(case.workload, case.variant, target.runtime.value)
    except KeyError as error:
        yield f"it does not describe {error}"
    yield from _Shaped(case, known).problems()
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
    yield from of_code(measurement.code, str(case))
    figures += [
        measurement.workgroups,
        *measurement.traffic.values(),
        *(part.seconds for part in measurement.parts),
    ]
    if not all(0 <= figure <= LARGEST_FIGURE for figure in figures):
        yield f"a figure of {case} is out of range"
    if odd := next((name for name in measurement.traffic if name not in ROLES), ""):
        yield f"{odd[:40]!r} of {case} is nothing that a buffer can be"
    if measurement.traffic and not sum(measurement.traffic.values()):
        yield f"{case} moves no bytes"
    if parts := measurement.parts:
        if len(parts) > MOST_PARTS or max(len(part.step) for part in parts) > LONGEST_NAME:
            yield f"{case} has too many parts, or one with too long a name"
        if not any(part.seconds for part in parts):
            yield f"the parts of {case} take no time"
    yield from _of_quality(measurement)
    off = measurement.error
    if off and any(f is not None and f < 0 for f in (off.relative_l2, off.max_abs, off.tolerance)):
        yield f"an error of {case} is negative"


def _of_samples(measurement: Measurement) -> Iterator[str]:
    """What stands beside samples is as many, and each is of one round."""
    case, count = measurement.case, len(measurement.samples)
    if measurement.status is Status.OK and not count:
        yield f"{case} is ok and has no samples"
    for times in (measurement.samples, measurement.middles, measurement.cpu):
        yield from of_times(times, str(case))
    beside = (measurement.middles, measurement.disturbed, measurement.cpu, measurement.conditions)
    yield from of_conditions(measurement.conditions, str(case))
    lengths = [len(own) for own in beside if own]
    rounds = [one.count for one in measurement.stretches]
    if any(length != count for length in lengths) or (rounds and (min(rounds) < 1 or sum(rounds) != count)):
        yield f"of the samples of {case} not each has its round and figures"
    if not all(0 <= share <= 1 for share in measurement.disturbed):
        yield f"a share of {case} is out of range"
    if not 1 <= measurement.instances <= MOST_INSTANCES:
        yield f"{case} has other than 1 to {MOST_INSTANCES} instances"
