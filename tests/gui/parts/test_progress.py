"""How long a run will take: each target has a pace of its own."""

import pytest

from app.core.plan import Case
from app.core.shape import Shape
from app.gui.parts import progress as module
from app.gui.parts.progress import Progress


def test_what_is_left_is_told_by_the_pace_of_each_target(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "monotonic", lambda: 0.0)
    cases = [Case(target, "matvec", f"v{i}", Shape(64)) for target in ("fast", "slow") for i in range(40)]
    made = Progress(cases, 1.0)
    assert made.left(0.0) == pytest.approx(80 * 1.3)
    for i in range(20):
        made.finish_one("fast", 0.1 * (i + 1))
    quick = made.left(2.0)
    assert 40 * 1.3 < quick < 40 * 1.3 + 20 * 0.4
    for i in range(20):
        made.finish_one("slow", 2.0 + 5.0 * (i + 1))
    assert 20 * 4 < made.left(102.0) < 20 * 5.4
    # What cannot run tells of no pace.
    before = made.left(102.0)
    made.finish_one("slow", 102.0, ran=False)
    assert made.left(102.0) == pytest.approx(before * 19 / 20, rel=0.05)
