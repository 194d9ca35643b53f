"""Rows: what a session says about each case. Table, charts, command line and CSV all read these."""

from collections.abc import Iterable
from functools import cache, lru_cache

from msgspec import Struct, structs

from app.core.ceilings import Ceilings, bound, with_transfers
from app.core.kinds import NORMAL
from app.core.measurement import Measurement, Status, instance_words, operand_words
from app.core.pairs import cpu_ratio, ratio
from app.core.plan import Case
from app.core.program import Role
from app.core.session import Host, Session
from app.core.shape import names_by_workload
from app.core.target import Target
from app.core.tuning import describe
from app.core.variant import Variant
from app.core.workload import BYTES_PER_ELEMENT, Probe, Workload
from app.figures import units
from app.figures.statistics import Ratio, Summary, summarise
from app.figures.verdict import Verdict, verdict, wording
from app.figures.warnings import unsteady, warnings
from app.findings.baselines import Baselines
from app.findings.peers import beside
from app.findings.reasons import Reason, reason
from app.problems.registry import workloads_of

_summarise = lru_cache(maxsize=8192)(summarise)


_unsteady = lru_cache(maxsize=8192)(unsteady)


@lru_cache(maxsize=8192)
def _warnings(
    samples: tuple[float, ...], middles: tuple[float, ...], disturbed: tuple[float, ...]
) -> tuple[str, ...]:
    return tuple(warnings(samples, middles, disturbed))


class Row(Struct, frozen=True):
    """One case with everything derived from it.

    ``speedup`` is None unless the measurement and its baseline are both ``ok``. ``flops`` and ``bytes`` are
    rates per second, from the workload's counts and the median. ``warnings`` say what looks odd about the
    samples (``app.figures.warnings``), ``unsteady`` why no choice should rest on them. ``cpu`` sums up the
    processor's seconds, and ``cpu_speedup`` is the speedup in these; None where nobody could tell.
    ``of_ceiling`` is the attained rate over the most that the target's measured peaks allow (1.0 is all of
    it), ``memory_bound`` whether memory sets that, ``in_cache`` whether a cache serves it instead (the
    target's curve of reading shows one for as many bytes), ``launch_bound`` whether it tells of launches
    rather than of itself, so that neither is said; ``seconds_with_transfers`` is the median with
    operands brought up, a dispatch and the result brought down, ``seconds_resident`` the same where weights
    are on the target already and only activations come up. They are None where the session does not know the
    ceilings.
    ``size`` is what its shape is called among those of its workload in the session. ``crowded`` says where
    threads are more than the cores that they may use, or these are not all there are: ``2 threads on 1 of 8
    cores``. ``operands`` is their kind (``app.core.kinds.OPERANDS``). ``of_peer`` is how many times as fast
    it is as the library that does best (``app.findings.peers``), and ``peer`` what that is called; None where
    the session has none to compare with. ``reason`` says what its time goes into.
    """

    index: int
    measurement: Measurement
    target: Target
    variant: Variant
    summary: Summary | None
    speedup: Ratio | None
    is_baseline: bool
    flops: float | None
    bytes: float | None
    warnings: tuple[str, ...] = ()
    unsteady: str = ""
    cpu: Summary | None = None
    cpu_speedup: Ratio | None = None
    of_ceiling: float | None = None
    memory_bound: bool = False
    in_cache: bool = False
    launch_bound: bool = False
    seconds_with_transfers: float | None = None
    seconds_resident: float | None = None
    size: str = ""
    crowded: str = ""
    derived: str = ""
    operands: str = NORMAL
    of_peer: Ratio | None = None
    peer: str = ""
    reason: Reason | None = None

    @property
    def label(self) -> str:
        """What legends call the line this row belongs to."""
        return f"{self.name} · {self.target.label}"

    @property
    def name(self) -> str:
        """The variant's name, with what sets this case apart where there are several of it."""
        return self.measurement.case.name

    @property
    def note(self) -> str:
        """What a person should know beside the figures: why there are none, or how they came about."""
        measurement = self.measurement
        notes = [measurement.reason or measurement.stop, self.crowded, *self.warnings]
        if self.speedup and self.speedup.unpaired:
            notes.append("unpaired: it never met its baseline's rounds")
        if self.speedup and self.speedup.changing:
            notes.append("its speedup changed within the run")
        if hint := self.cpu_hint:
            notes.append(hint)
        if self.operands != NORMAL:
            notes.append(f"operands with {self.operands}")
        if measurement.rotation:
            notes.append(measurement.rotation.words)
        if measurement.case.tuned:
            notes.append(f"tuned {measurement.case.tuned}, {describe(measurement.case.parameters)}")
        if parts := measurement.part_words:
            notes.append(parts)
        notes.append(self.derived)
        if measurement.quality:
            notes.append(measurement.quality.words)
        if self.in_cache:
            notes.append("in cache")
        if self.launch_bound:
            notes.append("launch-bound")
        return "; ".join(filter(None, notes))

    @property
    def peer_words(self) -> str:
        """``83 % of f32 · ONNX Runtime, 1 thread``: how fast it is beside the best library."""
        return f"{units.percent(self.of_peer.value)} of {self.peer}" if self.of_peer else units.NO_VALUE

    @property
    def computed(self) -> float | None:
        """Operations a second that it computes itself, fewer than ``flops`` where an algorithm saves some."""
        return None if self.flops is None else self.flops * self.variant.work

    @property
    def verdict(self) -> str:
        """``1.62x faster (1.58-1.66)`` and the like; nothing beside a baseline, nor where there is none."""
        return wording(self.speedup) if self.speedup and not self.is_baseline else ""

    @property
    def cpu_hint(self) -> str:
        """What the processor's seconds say where the clock on the wall cannot."""
        if not self.cpu_speedup or self.is_baseline or verdict(self.speedup) is not Verdict.NOT_SURE:
            return ""
        if verdict(self.cpu_speedup) is Verdict.NOT_SURE:
            return ""
        return f"by CPU seconds {wording(self.cpu_speedup)}"

    @property
    def ok(self) -> bool:
        """Whether the figures of this row may be shown as a result."""
        return self.measurement.status is Status.OK


def operands(rows: Iterable[Row], workload: Workload | None) -> str:
    """What the operands of these rows of one workload were like; nothing where it has none."""
    if workload and not workload.has_operands:
        return ""
    found = list(rows)
    kinds = dict.fromkeys(row.operands for row in found)
    return operand_words((row.measurement for row in found), next(iter(kinds), NORMAL))


def instances(rows: Iterable[Row]) -> str:
    """How often the kernels of these rows were prepared; nothing where it was once."""
    return instance_words(row.measurement for row in rows)


def rows(session: Session, workloads: dict[str, Workload], baseline: str | None = None) -> list[Row]:
    """Derive one row per measurement, in plan order; ``baseline`` overrides the plan's."""
    workloads = {**workloads, **workloads_of(session.plan.problems)}
    baselines = Baselines(session, baseline or session.plan.baseline)
    # Many cases share each: finding one takes a session a while.
    target, variant = cache(session.target), cache(session.variant)
    sizes = names_by_workload((case.workload, case.shape) for case in session.plan.cases)
    found = []
    for i, measurement in enumerate(session.measurements):
        case = measurement.case
        on = target(case.target)
        size = sizes.get((case.workload, case.shape)) or str(case.shape)
        own = variant(case.workload, case.variant, on.runtime.value)
        row = _row(i, measurement, on, own, baselines, size)
        row = structs.replace(
            row, crowded=_crowded(case, on, session.host_of(on)), operands=session.plan.settings.operands
        )
        workload = workloads.get(case.workload)
        ceilings = session.ceilings.get(on.id)
        row = _with_rates(row, workload, ceilings) if workload else row
        found.append(structs.replace(row, reason=reason(row, ceilings, session.host_of(on).cores)))
    return _with_peers(found)


def _with_peers(found: list[Row]) -> list[Row]:
    """``found``, each beside the library that does best at the same."""
    best = beside([(row.measurement, row.target) for row in found])
    for i, peer in best.items():
        of_peer = ratio(found[peer].measurement, found[i].measurement)
        found[i] = structs.replace(found[i], of_peer=of_peer, peer=found[peer].label)
    return found


def _row(
    index: int, measurement: Measurement, target: Target, variant: Variant, baselines: Baselines, size: str
) -> Row:
    base = baselines.of(measurement, target)
    if measurement.status is not Status.OK:
        is_base = base is measurement
        return Row(index, measurement, target, variant, None, None, is_base, None, None, size=size)
    summary = _summarise(measurement.samples)
    speedup = by_cpu = None
    if summary and base is not None and base.status is Status.OK:
        alone = base is measurement
        speedup = Ratio(1.0, 1.0, 1.0) if alone else ratio(base, measurement)
        by_cpu = Ratio(1.0, 1.0, 1.0) if alone and measurement.cpu else cpu_ratio(base, measurement)
    return Row(
        index,
        measurement,
        target,
        variant,
        summary,
        speedup,
        base is measurement,
        None,
        None,
        _warnings(measurement.samples, measurement.middles, measurement.disturbed),
        _unsteady(measurement.samples),
        _summarise(measurement.cpu) if measurement.cpu else None,
        by_cpu,
        size=size,
    )


def _crowded(case: Case, target: Target, host: Host) -> str:
    """What a person should know of the threads of ``case`` and the cores that they share."""
    threads = case.parameters.get("threads")
    if target.is_peer:
        threads = target.properties.get("threads")
    if threads is None or not str(threads).isdigit():
        return ""
    usable, there_are = host.cores, host.all_cores
    if target.engine == "browser":  # which may be of another mind, or on another machine
        own = target.properties.get("cores", "")
        usable, there_are = (int(own), 0) if own.isdigit() else (usable, there_are)
    if int(threads) <= usable >= there_are:
        return ""
    return f"{threads} thread{'s' * (str(threads) != '1')} on {units.cores(usable, there_are)}"


def _with_rates(row: Row, workload: Workload, ceilings: Ceilings | None) -> Row:
    if row.summary is None:
        return row
    shape, seconds = row.measurement.case.shape, row.summary.median
    operations = workload.flops(shape)
    moved, result, changing = _traffic(row, workload)
    derived = workload.model.derived(shape, seconds) if workload.model else ""
    row = structs.replace(row, flops=operations / seconds, bytes=moved / seconds, derived=derived)
    if ceilings is None:
        return row
    least = bound(operations * row.variant.work, moved, row.variant.compute, ceilings)
    waits = workload.probes is not Probe.LINK and ceilings.launch_bound(seconds)
    of_ceiling = least.seconds / seconds if least and not waits else None
    memory_bound = bool(of_ceiling and least and least.by_memory)
    return structs.replace(
        row,
        of_ceiling=of_ceiling,
        memory_bound=memory_bound,
        in_cache=memory_bound and not row.measurement.rotation and _fits(moved, of_ceiling or 0.0, ceilings),
        launch_bound=waits,
        seconds_with_transfers=with_transfers(seconds, moved - result, result, ceilings),
        seconds_resident=None if changing is None else with_transfers(seconds, changing, result, ceilings),
    )


def _traffic(row: Row, workload: Workload) -> tuple[float, float, float | None]:
    """Bytes that a run moves, that it brings down, and that come up anew where weights are there already.

    As the operands were laid out where that was noted; else as if all were of the variant's storage type.
    """
    if moved := row.measurement.traffic:
        result = moved.get(Role.RESULT, 0)
        return sum(moved.values()), result, moved.get(Role.ACTIVATIONS, 0)
    shape, element = row.measurement.case.shape, BYTES_PER_ELEMENT[row.variant.storage]
    changing = workload.activations(shape, element) if workload.activations else None
    return workload.bytes(shape, element), workload.bytes(shape, 0), changing


NOISE = 1.05
"""What is this much faster than its ceiling is more than chance."""


def _fits(moved: float, of_ceiling: float, ceilings: Ceilings) -> bool:
    """Whether a cache holds so many bytes; where nobody measured its size, a rate beyond memory's tells."""
    return moved <= ceilings.cache if ceilings.curve else of_ceiling > NOISE
