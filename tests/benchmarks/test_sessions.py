"""How long sessions take to open."""

import time
from pathlib import Path

import pytest

from app.core.measurement import Measurement, Status
from app.core.plan import Case
from app.core.rows import rows
from app.core.shape import Shape
from app.storage.files import load, save
from app.workloads import workloads
from tests.core.test_rows import GOOD, session


@pytest.mark.parametrize("name", ["many.json", "many.json.gz"])
def test_a_hundred_thousand_samples_open_in_a_second(tmp_path: Path, name: str) -> None:
    """1,000 cases of 100 samples, opened and derived into rows."""
    many = session(
        *(
            Measurement(
                Case("a", "matvec", variant, Shape(size, size)),
                Status.OK,
                samples=tuple(1e-3 * (1 + (i * size % 97) / 1000) for i in range(100)),
                repeats=1,
                error=GOOD,
            )
            for size in range(1, 501)
            for variant in ("f32", "fast")
        )
    )
    save(many, tmp_path / name)
    start = time.perf_counter()
    opened = load(tmp_path / name)
    read = time.perf_counter() - start
    derived = rows(opened, workloads())
    whole = time.perf_counter() - start
    print(f"\n{name}: 100,000 samples read in {read:.3f} s, rows after {whole:.3f} s")
    assert len(derived) == 1000
    assert whole < 1.0
