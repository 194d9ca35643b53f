"""A Stop at any sample gives a result or none, never a judgement over operands swapped for a check."""

import pytest

from app.catalog.index import find
from app.core.events import AnyEvent, CaseCalibrated, CaseFinished, CaseSampled
from app.core.measurement import Status
from app.core.plan import Case, Settings
from app.core.shape import Shape
from app.core.target import Target
from app.engines import load
from app.figures.statistics import FEWEST_SAMPLES
from app.measure.group import measure_group

VARIANTS = {"webgpu": "f32", "wasmtime": "f32-simd", "v8": "f32-simd", "native": "f32"}


@pytest.mark.parametrize("engine", VARIANTS)
def test_a_stop_after_any_sample_is_ok_or_cancelled(engine: str, targets: list[Target]) -> None:
    for target in [target for target in targets if target.engine == engine]:
        like = find("matvec", VARIANTS[engine], target.runtime)
        case = Case(target.id, "matvec", like.name, Shape(64, 64), like.defaults(target))
        device = load(engine).open(target)
        for last in range(1, 13):
            events: list[AnyEvent] = []

            def stopped(events: list[AnyEvent] = events, last: int = last) -> bool:
                (*_, planned) = (-1, *(i for i, e in enumerate(events) if isinstance(e, CaseCalibrated)))
                return sum(isinstance(event, CaseSampled) for event in events[planned + 1 :]) >= last

            endless = Settings(seconds=60, precision=1e-9)
            measure_group(device, target, [(0, case)], None, endless, events.append, stopped)
            (end,) = [event for event in events if isinstance(event, CaseFinished)]
            expected = Status.OK if last >= FEWEST_SAMPLES else Status.CANCELLED
            assert end.status is expected, (target.id, last, end)
