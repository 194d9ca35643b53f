"""Sessions made up for charts: one that fills each mode."""

from collections.abc import Sequence

from msgspec import structs

from app.catalog.index import variants
from app.core.ceilings import Ceilings, Link
from app.core.measurement import Costs, Measurement, Status
from app.core.plan import Case, Plan
from app.core.searches import Search
from app.core.session import Session
from app.core.shape import Shape
from app.core.tuning import Candidate, Tuning
from app.figures.statistics import Ratio
from tests.gui.made import FULL, GOOD, SHAPES, WASM, samples, session

TIED = (Shape(2048, 512), Shape(512, 2048), Shape(1024, 1024), Shape(256, 4096), Shape(4096, 256))
"""As many elements each, in no order."""

CEILINGS = Ceilings(
    date="2026-11-03T10:00:00Z",
    read=2e9,
    flops={"f32": 5e9, "f16": 8e9, "u8": 2e10},
    upload=Link(1e-6, 1e9),
    download=Link(1e-6, 1e9),
    dispatch=1e-6,
)


def flat_gpu(m: Measurement) -> Measurement:
    """A GPU that takes 3 µs whatever the size, so that Wasm is ahead at 64 and behind at 256."""
    return structs.replace(m, samples=samples(3e-6)) if m.case.target == "full" else m


def one_outlier(m: Measurement) -> Measurement:
    """The last sample of each takes three times as long."""
    return structs.replace(m, samples=(*m.samples[:-1], 3 * m.samples[-1]))


def both_sides(shapes: tuple[Shape, ...] = SHAPES) -> Session:
    """matvec on a GPU whose ceilings are known and on a Wasm engine."""
    made = session((FULL, WASM), spoil=flat_gpu, shapes=shapes)
    return structs.replace(made, ceilings={"full": CEILINGS})


def with_outliers(shapes: tuple[Shape, ...] = SHAPES) -> Session:
    """The same, with an outlier in every case."""
    return session((FULL, WASM), spoil=one_outlier, shapes=shapes)


def _of(measurements: Sequence[Measurement], targets: Sequence[str] = ("wasm",)) -> Session:
    workload = measurements[0].case.workload
    return structs.replace(
        session((FULL, WASM)),
        targets=tuple(target for target in (FULL, WASM) if target.id in targets),
        variants=tuple(v for v in variants() if v.workload == workload),
        plan=Plan(tuple(m.case for m in measurements)),
        measurements=tuple(measurements),
    )


def threaded(shapes: tuple[Shape, ...] = (Shape(64, 64, 64),)) -> Session:
    """A kernel on one, two and four threads; the last brings less."""
    times = {1: 8e-3, 2: 4e-3, 4: 3e-3}
    kernel = next(v for v in variants() if (v.workload, v.name) == ("matmul", "f32-relaxed+threads"))
    cases = [
        Case(
            "wasm",
            "matmul",
            kernel.name,
            shape,
            {**kernel.defaults(WASM), "threads": n},
            "",
            {"threads": n},
        )
        for shape in shapes
        for n in times
    ]
    return _of(
        [Measurement(c, Status.OK, "", samples(times[c.parameters["threads"]]), 1, error=GOOD) for c in cases]
    )


def suspended() -> Session:
    """Asyncify and JSPI beside the plain module."""
    times = {"plain": 1e-6, "asyncify-idle": 2e-6, "asyncify": 3e-5, "jspi": 6e-5}
    return _of(
        [
            Measurement(
                Case("wasm", "suspend", name, Shape(10)),
                Status.OK,
                "",
                samples(seconds),
                1,
                error=GOOD,
                costs=Costs(0.1, 0.1, 0.1, 0.0, 130 if name == "plain" else 650),
            )
            for name, seconds in times.items()
        ]
    )


def tuned() -> Session:
    """A search over two parameters that matter and one that does not vary; one candidate was wrong."""
    defaults: dict[str, int | str] = {"rows_per_thread": 4, "workgroup_size": 64, "unroll": 1}
    tried = [
        Candidate(
            {**defaults, "rows_per_thread": rows, "workgroup_size": size}, Status.OK, 1e-6 * rows * size
        )
        for rows in (1, 4, 8)
        for size in (32, 64)
    ]
    wrong = Candidate({**defaults, "rows_per_thread": 8, "workgroup_size": 128}, Status.WRONG, None, "no")
    best = tried[0]
    found = Tuning(
        workload="matvec",
        variant="f32",
        runtime="wgsl",
        shape=SHAPES[0],
        parameters=best.parameters,
        defaults=defaults,
        seconds=best.seconds or 0.0,
        default_seconds=256e-6,
        speedup=Ratio(8.0, 7.9, 8.1),
        tried=7,
        stop="all tried",
        date="2026-11-03T10:00:00Z",
    )
    case = Case("full", "matvec", "f32", SHAPES[0], defaults)
    search = Search(case, 60, (*tried, wrong), found)
    return structs.replace(session((FULL,)), plan=Plan((case,)), measurements=(), searches=(search,))


def both_compilers(shapes: tuple[Shape, ...] = SHAPES) -> Session:
    """A GPU by itself and through a browser, whose code is half as fast and soon compiled."""
    page = structs.replace(FULL, id="chrome-full", label="full (Chrome)", engine="browser")

    def costs(m: Measurement, compile_s: float) -> Measurement:
        return structs.replace(m, costs=Costs(compile_s, 0.01, 0.01))

    alone = session((FULL,), shapes=shapes)
    there = [
        structs.replace(
            costs(m, 0.002),
            case=structs.replace(m.case, target=page.id),
            samples=tuple(2 * s for s in m.samples),
        )
        for m in alone.measurements
    ]
    measurements = (*(costs(m, 0.02) for m in alone.measurements), *there)
    return structs.replace(
        alone,
        targets=(FULL, page),
        plan=Plan(tuple(m.case for m in measurements)),
        measurements=measurements,
    )


def two_workloads() -> Session:
    """matvec on both sides, then matmul with threads."""
    return structs.replace(
        both_sides(),
        plan=Plan((*both_sides().plan.cases, *threaded().plan.cases)),
        variants=variants(),
        measurements=(*both_sides().measurements, *threaded().measurements),
    )
