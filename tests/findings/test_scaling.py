"""Scaling curves from made-up samples, and sweeps through rows, series and comparisons."""

import msgspec
import numpy as np
import pytest

from app.core.measurement import Measurement, Status
from app.core.plan import Case, Plan
from app.core.session import Session
from app.core.shape import Shape
from app.core.target import Runtime
from app.findings.compare import compare
from app.findings.rows import Row, rows
from app.findings.scaling import at_every_size, scalings
from app.findings.series import Quantity, series
from app.workloads import workloads
from tests.findings.test_rows import GOOD, session, variant
from tests.findings.test_rows import target as make_target

WASM = make_target("wasm", Runtime.WASM)
SIZE = Shape(64, 64)


def taken(threads: int, seconds: float, count: int = 25) -> Measurement:
    drift = np.linspace(1, 1.3, count)
    noise = np.random.default_rng(threads).lognormal(0, 0.005, count)
    values: dict[str, int | str] = {"threads": threads}
    case = Case("wasm", "matvec", "f32+threads", SIZE, {"rows": 8, **values}, swept=values)
    return Measurement(case, Status.OK, samples=tuple((seconds * drift * noise).tolist()), error=GOOD)


def swept(*measurements: Measurement) -> Session:
    made: Session = msgspec.structs.replace(
        session(*measurements), targets=(WASM,), variants=(variant("f32+threads", Runtime.WASM),)
    )
    return made


def derive(*measurements: Measurement) -> list[Row]:
    return rows(swept(*measurements), workloads())


def test_speedup_over_one_thread_and_what_each_gives() -> None:
    (curve,) = scalings(derive(taken(2, 0.52), taken(1, 1.0), taken(4, 0.4)))
    assert [step.threads for step in curve.steps] == [1, 2, 4]
    assert [step.speedup.value for step in curve.steps] == pytest.approx([1, 1.92, 2.5], rel=0.01)
    assert [step.efficiency.value for step in curve.steps] == pytest.approx([1, 0.96, 0.625], rel=0.01)
    # Both sides drift alike: paired, the interval is as narrow as the noise.
    last = curve.steps[-1].efficiency
    assert last.low is not None
    assert last.high is not None
    assert 0.61 < last.low <= last.value <= last.high < 0.64
    assert curve.label == "matvec 64 · f32+threads · WASM"
    assert curve.words.startswith("2.5")
    assert curve.words.endswith(", efficiency 63 %")
    assert "with 4 threads (2." in curve.words


def test_without_one_thread_or_with_it_alone_there_is_no_curve() -> None:
    wrong = msgspec.structs.replace(taken(1, 1.0), status=Status.WRONG)
    assert scalings(derive(wrong, taken(2, 0.5), taken(4, 0.3))) == []
    assert scalings(derive(taken(1, 1.0))) == []


def test_too_few_samples_have_no_interval() -> None:
    (curve,) = scalings(derive(taken(1, 1.0, 3), taken(2, 0.5, 3)))
    assert curve.steps[1].efficiency.low is None
    assert "too few samples" in curve.words


def test_the_cases_of_a_sweep_are_told_apart() -> None:
    found = derive(taken(1, 1.0), taken(2, 0.5))
    assert [row.name for row in found] == ["f32+threads, threads=1", "f32+threads, threads=2"]
    assert [row.is_baseline for row in found] == [True, False]
    assert found[1].speedup is not None
    assert found[1].speedup.value == pytest.approx(2, rel=0.01)
    assert len(series(found, Quantity.SPEEDUP)) == 2
    assert len(set(map(hash, (row.label for row in found)))) == 2
    one, two = (swept(taken(1, 1.0), taken(2, s)) for s in (0.5, 0.25))
    assert [c.ratio.value for c in compare(one, two) if c.ratio] == pytest.approx([1, 2])


def test_a_sweep_is_one_group() -> None:
    cases = tuple(m.case for m in (taken(1, 1.0), taken(2, 0.5)))
    assert Plan(cases).groups() == [[0, 1]]


def test_what_holds_at_every_size_is_said_once() -> None:
    (curve,) = scalings(derive(taken(1, 1.0), taken(2, 0.52)))
    assert at_every_size([curve]) == curve.words
    (better,) = scalings(derive(taken(1, 1.0), taken(2, 0.5)))
    said = at_every_size([curve, better])
    assert said == "1.92–2.00× with 2 threads at every size, efficiency 96–100 %"
