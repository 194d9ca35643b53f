"""Measuring ceilings: an ordinary plan of probe kernels, and what their figures say."""

from collections.abc import Generator, Iterable, Iterator
from threading import Event

from msgspec import structs

from app.catalog.index import variants
from app.catalog.render import digest
from app.core.ceilings import Ceilings, Link, Reading, link, with_ceilings
from app.core.errors import KernelscopeError
from app.core.events import AnyEvent, CeilingsMeasured, CeilingsStarted, Log
from app.core.plan import Case, Plan, Settings
from app.core.recorder import Recorder, now
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.core.variant import Operation, Variant, why_not
from app.core.workload import Probe
from app.findings.contradiction import Contradiction, contradictions
from app.findings.rows import Row, rows
from app.machine.store import Store
from app.machine.tuned import with_tuned
from app.measure.cold import BEYOND, last_level_caches
from app.worker.browsers import BROWSER
from app.worker.recording import make_recorder
from app.worker.shares import room
from app.worker.supervisor import Supervisor
from app.workloads import workloads

SETTINGS = Settings(seconds=0.08, precision=0.03, batch_seconds=0.01)
"""Eight short visits: a ceiling is the fastest sample, so more of them would hardly change it."""

GPU_SETTINGS = Settings(seconds=0.5, precision=0.0, warm_up_seconds=4.0)
"""Of a GPU that wakes up the last visits tell, and in a second it need not reach what it can."""

BLAS = Shape(512, 512, 512)
"""NumPy has no multiply-adds of its own: its ceiling is what it reaches in a product that fits the cache."""

MIB = 1 << 20
CURVE = tuple(MIB * size for size in (1, 4, 16, 32, 64, 128, 256, 512, 1024))
"""Bytes that are read over and over again: where the rate falls to that of the largest, the caches end."""

CPU_CACHES = (16 * MIB, 128 * MIB)
"""Between these a CPU's caches are looked for, whatever its system says: virtual machines may not tell."""

BROWSER_MOST = {True: 64 * MIB, False: 256 * MIB}
"""Bytes of the largest probe in a browser, on the CPU or not: they all go through a socket."""

TRANSFERS = (Shape(1 << 8), Shape(1 << 21))
"""1 KiB tells the latency, 8 MiB the rate."""


def ceilings_plan(target: Target) -> Plan:
    """The probes that ``target`` can run.

    Memory is read in sizes up to four times what the caches hold, and copied in half as many bytes;
    multiply-adds run in as many threads as fill the target for a few milliseconds.
    """
    sizes = read_sizes(target)
    shapes = {
        Probe.READ: tuple(Shape(size // 4) for size in sizes),
        Probe.COPY: (Shape(sizes[-1] // 16),),
        Probe.ARITHMETIC: (Shape(1 << 14 if target.is_cpu else 1 << 21),),
        Probe.LINK: TRANSFERS,
        Probe.PRODUCT: (BLAS,),
    }
    cases = [
        Case(target.id, variant.workload, variant.name, shape, variant.defaults(target, shape))
        for probe, sizes in shapes.items()
        for shape in sizes
        for variant in _variants(target)
        if workloads()[variant.workload].probes is probe
        # One workgroup over 8 MiB would tell nothing of a dispatch.
        and not (variant.name in ("dispatch", "floor") and shape != TRANSFERS[0])
    ]
    return Plan(tuple(cases), settings=SETTINGS if target.is_cpu else GPU_SETTINGS)


def _variants(target: Target) -> list[Variant]:
    """The probes that ``target`` runs. First touch is none: it sets no ceiling, and takes seconds."""
    return [
        variant
        for variant in variants()
        if (probe := workloads()[variant.workload].probes)
        and (probe is not Probe.PRODUCT or target.runtime is Runtime.NUMPY)
        and variant.checked
        and variant.operation is not Operation.FIRST_TOUCH
        and not why_not(variant, target)
    ]


def read_sizes(target: Target) -> list[int]:
    """Bytes of the probes of reading, the smallest first, from well within a cache to well beyond any.

    Of a CPU, whose system tells its caches, few sizes do: half of these, and twice and four times as much.
    All are within what the target binds and half of its memory.
    """
    if target.engine == BROWSER:
        most = BROWSER_MOST[target.is_cpu]
    elif target.is_cpu:
        low, high = CPU_CACHES
        most = BEYOND * min(max(last_level_caches(), low), high)
    else:
        most = CURVE[-1]
    binds = target.limits.get("maxStorageBufferBindingSize") or most
    most = min(most, binds, room(target) // 2) // 64 * 64
    few = (MIB, most // (2 * BEYOND), most // 2)
    return [*(size for size in (few if target.is_cpu else CURVE) if size < most), most]


def known_ceilings(store: Store, targets: Iterable[Target]) -> dict[str, Ceilings]:
    """What is known of these targets already, by id."""
    found = {target.id: store.ceilings(target, probes(target)) for target in targets}
    return {id: known for id, known in found.items() if known is not None}


def as_known(store: Store, targets: Iterable[Target]) -> list[Target]:
    """``targets`` with what their ceilings tell of them, where these are known."""
    own = list(targets)
    known = known_ceilings(store, own)
    return [with_ceilings(target, known[target.id]) if target.id in known else target for target in own]


def probes(target: Target) -> list[str]:
    """What its ceilings are measured by: variants, and what their texts are now."""
    own = _variants(target)
    names = [f"{variant.workload}/{variant.name}" for variant in own]
    if own and target.runtime.about.package:
        names.append(f"texts {digest(target.runtime, {variant.folder for variant in own})}")
    return names


def measure_ceilings(
    supervisor: Supervisor,
    store: Store,
    targets: Iterable[Target],
    again: bool = False,
    stop: Event | None = None,
) -> Iterator[AnyEvent]:
    """A ``CeilingsMeasured`` for every target with probes, from the store or else measured and kept.

    ``again`` measures all. A ``CeilingsStarted`` comes before each measurement, and nothing once it was
    stopped: half a measurement is not kept.
    """
    for target in targets:
        own = probes(target)
        if not own:
            continue
        known = None if again else store.ceilings(target, own)
        if known is None or known.contradiction or (known.read and not known.curve):
            yield CeilingsStarted(target.id)
            known = yield from _measure(supervisor, store, target, stop)
            if known is None:
                return
            if known.read is None and not known.flops:
                yield Log("warning", f"no probe ran on {target.label}: its ceilings are not known")
                continue
            yield from _keep(store, target, known)
        yield CeilingsMeasured(target.id, known)


def checked(
    supervisor: Supervisor, store: Store, recorder: Recorder, stop: Event | None = None
) -> Iterator[AnyEvent]:
    """The events of a run, and new ceilings where one of its results surpassed those that ``recorder`` knows.

    What was surpassed is marked, so that nobody relies on it should the measurement be stopped; so is what is
    measured in its place, where the result surpasses that as well.
    """
    own, stop = recorder.fresh(), stop or Event()

    def noted(events: Iterable[AnyEvent]) -> Iterator[AnyEvent]:
        for event in events:
            own.apply(event)
            yield event

    caches = {id: known.cache for id, known in recorder.session().ceilings.items()}
    yield from noted(supervisor.run(recorder.plan, stop, caches))
    if stop.is_set() or recorder.plan.settings.rounds:
        return
    for id, found in _contradictions(own).items():
        yield Log("warning", f"{found.words}: it is measured again")
        target = own.session().target(id)
        yield from _keep(store, target, _marked(own.session().ceilings[id], found))
        yield from noted(measure_ceilings(supervisor, store, (target,), True, stop))
        if still := _contradictions(own).get(id):
            new = _marked(own.session().ceilings[id], still)
            yield from _keep(store, target, new)
            yield CeilingsMeasured(id, new)


def _contradictions(recorder: Recorder) -> dict[str, Contradiction]:
    return contradictions(rows(recorder.session(), workloads()))


def _marked(ceilings: Ceilings, by: Contradiction) -> Ceilings:
    return structs.replace(ceilings, contradiction=by.words, contradicted=by.types)


def _keep(store: Store, target: Target, ceilings: Ceilings) -> Iterator[Log]:
    """Keep them; a line for the log where that cannot be."""
    try:
        store.keep_ceilings(target, probes(target), ceilings)
    except KernelscopeError as error:
        yield Log("warning", f"the ceilings of {target.label} are not kept: {error}")


def _measure(
    supervisor: Supervisor, store: Store, target: Target, stop: Event | None
) -> Generator[AnyEvent, None, Ceilings | None]:
    plan = with_tuned(ceilings_plan(target), [target], variants(), store)
    recorder = make_recorder(plan, [target])
    for event in supervisor.run(plan, stop):
        recorder.apply(event)
        if isinstance(event, Log):
            yield event
    if supervisor.stopping:
        return None
    return derive(rows(recorder.session(), workloads()))


def derive(found: list[Row]) -> Ceilings:
    """The best figures of the probes in ``found``, at least one, all of one target.

    Rates come from the fastest sample: whatever disturbs a probe only ever makes it slower, and a ceiling
    that is too low would flatter every kernel. Half of what is four times the caches of a CPU is memory as
    well, and the faster of both counts; nobody tells the caches of a GPU.
    """
    rates: dict[Probe, float] = {}
    flops: dict[str, float] = {}
    times: dict[tuple[str, Shape], float] = {}
    readings: dict[int, float] = {}
    for row in found:
        if row.summary is None or row.flops is None or row.bytes is None:
            continue
        fastest = min(row.measurement.samples)
        probe, lift = workloads()[row.variant.workload].probes, row.summary.median / fastest
        if probe in (Probe.ARITHMETIC, Probe.PRODUCT):
            compute = row.variant.compute
            flops[compute] = max(row.flops * lift, flops.get(compute, 0.0))
        elif probe is Probe.LINK:
            times[row.variant.name, row.measurement.case.shape] = fastest
        elif probe is Probe.READ:
            size = round(row.bytes * row.summary.median)
            readings[size] = max(row.bytes * lift, readings.get(size, 0.0))
        elif probe:
            rates[probe] = max(row.bytes * lift, rates.get(probe, 0.0))
    curve = tuple(Reading(size, rate) for size, rate in sorted(readings.items()))
    return Ceilings(
        date=now(),
        curve=curve,
        read=max((one.rate for one in curve[-2 if found[0].target.is_cpu else -1 :]), default=None),
        copy=rates.get(Probe.COPY),
        flops=flops,
        upload=_way(times, "upload"),
        download=_way(times, "download"),
        map=_way(times, "map"),
        dispatch=times.get(("dispatch", TRANSFERS[0])),
        floor=times.get(("floor", TRANSFERS[0])),
    )


def _way(times: dict[tuple[str, Shape], float], name: str) -> Link | None:
    small, large = TRANSFERS
    if (name, small) not in times or (name, large) not in times:
        return None
    return link((4.0 * small.rows, times[name, small]), (4.0 * large.rows, times[name, large]))
