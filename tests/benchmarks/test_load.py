"""A kernel against itself beside twice as many busy loops as there are cores."""

import os
import re

import pytest

from app.core.plan import Settings
from app.core.target import Target
from app.figures.verdict import Verdict
from tests.benchmarks.same import ENGINES, busy, compared, report
from tests.benchmarks.test_same import first

RUNS = int(os.environ.get("RUNS", "200"))


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seconds", [0.5, 0.02])
@pytest.mark.parametrize("engine", ENGINES)
def test_a_busy_machine_makes_no_verdicts(engine: str, seconds: float, targets: list[Target]) -> None:
    """Targets: at most 5 % false, none of them beyond 1.1x, and at 0.5 s half of them ``same``."""
    target = first(targets, engine)
    with busy(2 * (os.cpu_count() or 1)):
        found = compared(target, RUNS, Settings(seconds=seconds))
        print(f"\n{report(f'{engine} under load, {seconds} s, {RUNS} runs', found)}")
    assert found.false <= max(1, 0.05 * RUNS)
    bounds = [float(re.findall(r"\(([\d.]+)[-–]", words)[0]) for words in found.told]
    assert all(low <= 1.1 for low in bounds), found.told
    if seconds == 0.5:
        assert found.verdicts[Verdict.SAME] >= 0.5 * RUNS
