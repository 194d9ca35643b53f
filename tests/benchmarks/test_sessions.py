"""How long sessions take to open."""

import sqlite3
import time
from pathlib import Path

import pytest

from app.core.measurement import Measurement, Status
from app.core.plan import Case
from app.core.shape import Shape
from app.findings.rows import rows
from app.storage.files import load, save
from app.storage.history import History
from app.workloads import workloads
from tests.findings.test_rows import GOOD, measured, session


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


def ten_thousand(path: Path) -> History:
    """A history of as many sessions."""
    history = History(path)
    one = session(measured("a", "f32", 0.4), measured("a", "fast", 0.1))
    history.add(one)
    with sqlite3.connect(history.path) as base:
        for table in ("sessions", "bodies", "points"):
            names = [row[1] for row in base.execute(f"PRAGMA table_info({table})")]
            key = "session" if table == "points" else "id"
            values = ", ".join(f"n + {name}" if name == key else name for name in names)
            base.execute(
                f"WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < 9999) "
                f"INSERT INTO {table} SELECT {values} FROM {table}, more"
            )
    base.close()
    return history


def test_ten_thousand_sessions_list_in_a_tenth_of_a_second(tmp_path: Path) -> None:
    history = ten_thousand(tmp_path / "history.sqlite3")
    times = {}
    for what, call in {
        "list": history.entries,
        "search": lambda: history.entries("matvec 2026"),
        "trend": lambda: history.moments("matvec", "fast", "100x50", "*"),
    }.items():
        start = time.perf_counter()
        call()
        times[what] = time.perf_counter() - start
    print("\n10,000 sessions:", ", ".join(f"{what} {1e3 * s:.0f} ms" for what, s in times.items()))
    assert len(history.entries()) == 10_000
    assert times["list"] < 0.1
