"""How long a step may take: a text of one's own may not hold up the adapter that draws the screen."""

from threading import Event

import pytest

from app.catalog.index import find
from app.core.edit import Edit
from app.core.plan import Plan, Settings, make_plan
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.worker import group
from app.worker.group import SCREEN_SECONDS, Group
from app.worker.workers import Workers

GPU = Target("gpu", "GPU", "webgpu", Runtime.WGSL, "gpu", "Vulkan", "1", "DiscreteGPU")
CPU = Target("cpu", "CPU", "webgpu", Runtime.WGSL, "cpu", "Vulkan", "1", "CPU")


@pytest.mark.parametrize(
    ("target", "screen", "mine", "step", "seconds", "expected"),
    [
        (GPU, True, True, "sampling", 60.0, SCREEN_SECONDS),
        (GPU, True, True, "sampling", 2.0, 2.0),
        (GPU, True, True, "making inputs", 60.0, 60.0),
        (GPU, True, False, "sampling", 60.0, 60.0),
        (GPU, False, True, "sampling", 60.0, 60.0),
        (CPU, True, True, "sampling", 60.0, 60.0),
    ],
)
def test_a_text_of_ones_own_holds_no_screen_up(
    target: Target,
    screen: bool,
    mine: bool,
    step: str,
    seconds: float,
    expected: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(group, "has_screen", lambda: screen)
    like = find("matvec", "f32", Runtime.WGSL)
    edit = Edit(
        workload="matvec",
        runtime=Runtime.WGSL,
        name="mine",
        like="f32",
        text="// a text",
        parameters=like.defaults(target),
    )
    cases = make_plan([target], [like], [Shape(8, 8)]).cases
    if mine:
        cases = tuple(type(c)(c.target, c.workload, "mine", c.shape, c.parameters) for c in cases)
    plan = Plan(cases, settings=Settings(step_seconds=seconds), edits=(edit,))
    under_way = Group(Workers(), plan, [0], Event(), {})
    under_way._open[0] = step
    assert under_way._step_seconds(target) == expected
