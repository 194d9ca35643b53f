"""Scaling: how much faster a kernel becomes with more threads, and how much of each thread is put to use."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from app.core.pairs import ratio
from app.core.shape import Shape
from app.core.target import Target
from app.core.variant import Variant
from app.figures import units
from app.figures.statistics import Ratio
from app.findings.rows import Row

THREADS = "threads"
"""The parameter that engines read; see ``wasm_modules``."""


class Step(Struct, frozen=True):
    """One number of threads, and how many times faster than one thread they are together."""

    threads: int
    row: Row
    speedup: Ratio

    @property
    def efficiency(self) -> Ratio:
        """The share of each thread that is put to use, with its interval."""
        low, high = self.speedup.low, self.speedup.high
        return Ratio(
            self.speedup.value / self.threads,
            low / self.threads if low is not None else None,
            high / self.threads if high is not None else None,
        )


class Scaling(Struct, frozen=True):
    """The curve of one kernel at one shape, by rising numbers of threads; the first step is one thread."""

    target: Target
    variant: Variant
    shape: Shape
    steps: tuple[Step, ...]

    @property
    def label(self) -> str:
        """``matmul 1024 · f32-relaxed+threads · wasmtime``."""
        return f"{self.variant.workload} {self.steps[0].row.size} · {self.variant.name} · {self.target.label}"

    @property
    def words(self) -> str:
        """``1.92× with 2 threads (1.88–1.95), efficiency 96 %``, of the largest number of threads."""
        last = self.steps[-1]
        gain = f"{units.times(last.speedup.value)} with {last.threads} threads"
        interval = units.interval(last.speedup.low, last.speedup.high)
        return f"{gain} ({interval}), efficiency {units.percent(last.efficiency.value)}"


def at_every_size(curves: Sequence[Scaling]) -> str:
    """What holds of one kernel at each of its sizes: ``1.86–1.92× with 2 threads at every size``.

    Of the largest number of threads; one size alone has its interval instead.
    """
    if len(curves) == 1 or len({curve.steps[-1].threads for curve in curves}) > 1:
        return curves[-1].words
    last = [curve.steps[-1] for curve in curves]
    gains = _range([units.digits(value) for value in sorted(step.speedup.value for step in last)])
    shares = sorted(step.efficiency.value for step in last)
    share = _range([units.percent(value).removesuffix(" %") for value in shares])
    return f"{gains}× with {last[0].threads} threads at every size, efficiency {share} %"


def _range(words: Sequence[str]) -> str:
    return "–".join(dict.fromkeys((words[0], words[-1])))


def scalings(rows: Iterable[Row]) -> list[Scaling]:
    """Every kernel with results on one thread and on more.

    Thread counts of one plan are sampled in turn, so their ratios are paired round by round.
    """
    curves: dict[tuple[str, str, str, Shape], dict[int, Row]] = {}
    for row in rows:
        case = row.measurement.case
        threads = case.parameters.get(THREADS)
        if row.ok and row.summary and isinstance(threads, int):
            curve = curves.setdefault((case.target, case.workload, case.variant, case.shape), {})
            curve.setdefault(threads, row)
    return [_scaling(shape, curve) for (*_, shape), curve in curves.items() if 1 in curve and len(curve) > 1]


def _scaling(shape: Shape, curve: dict[int, Row]) -> Scaling:
    one = curve[1]
    steps = [Step(1, one, Ratio(1.0, 1.0, 1.0))]
    for threads, row in sorted(curve.items()):
        if threads > 1:
            gain = ratio(one.measurement, row.measurement)
            assert gain is not None
            steps.append(Step(threads, row, gain))
    return Scaling(one.target, one.variant, shape, tuple(steps))
