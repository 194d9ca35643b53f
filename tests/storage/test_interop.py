"""Other tools' formats, read by those tools or checked against what they document."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Literal

import msgspec
import pyperf
import pytest

from app.core.measurement import Status
from app.core.session import Session
from app.findings.rows import rows
from app.storage.interop import google_benchmark_json, pyperf_json
from app.workloads import workloads
from tests.findings.test_rows import measured, session


def taken(seconds: float) -> Session:
    return session(
        measured("a", "f32", seconds), measured("a", "fast", 0.1), measured("b", "f32", 1.0, Status.WRONG)
    )


class Context(msgspec.Struct):
    """What the user's guide of Google Benchmark shows of ``context``, and an entry of our own."""

    date: str
    host_name: str
    executable: str
    num_cpus: int
    mhz_per_cpu: int
    cpu_scaling_enabled: bool
    caches: list[dict[str, object]]
    load_avg: list[float]
    library_build_type: Literal["release", "debug"]
    without_result: str


class Benchmark(msgspec.Struct, kw_only=True):
    """What its ``JSONReporter`` writes of a run, and ``tools/compare.py`` reads."""

    name: str
    family_index: int
    per_family_instance_index: int
    run_name: str
    run_type: Literal["iteration", "aggregate"]
    repetitions: int
    repetition_index: int | None = None
    threads: int
    aggregate_name: str | None = None
    aggregate_unit: Literal["time", "percentage"] | None = None
    iterations: int
    real_time: float
    cpu_time: float
    time_unit: Literal["ns", "us", "ms", "s"]


class Report(msgspec.Struct):
    context: Context
    benchmarks: list[Benchmark]


def test_google_benchmark() -> None:
    made = taken(0.4)
    report = msgspec.json.decode(google_benchmark_json(made, rows(made, workloads())), type=Report)
    first = [b for b in report.benchmarks if b.run_name == "matvec/f32/100x50/a"]
    runs = [b for b in first if b.run_type == "iteration"]
    assert [b.repetition_index for b in runs] == list(range(10))
    assert [b.real_time for b in runs] == pytest.approx([1e9 * s for s in made.measurements[0].samples])
    assert {b.aggregate_name for b in first if b.run_type == "aggregate"} == {"mean", "median", "stddev"}
    assert "matvec/f32/100x50/b" not in {b.run_name for b in report.benchmarks}
    assert report.context.without_result == "matvec/f32/100x50/b: wrong result"


COMPARE = Path(os.environ.get("GOOGLE_BENCHMARK_TOOLS", "/usr/share/benchmark")) / "compare.py"
"""Google Benchmark's own tool: ``tools`` of its sources, or Debian's package libbenchmark-tools."""


def python_with_scipy() -> str:
    """An interpreter that the tool runs in; empty if there is none."""
    for python in (sys.executable, shutil.which("python3")):
        command = [python or sys.executable, "-c", "import scipy"]
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            return command[0]
    return ""


@pytest.mark.skipif(not COMPARE.exists(), reason="no Google Benchmark tools (apt: libbenchmark-tools)")
def test_google_benchmarks_own_tool_reads_it(tmp_path: Path) -> None:
    python = python_with_scipy()
    if not python:
        pytest.skip("Google Benchmark's compare.py needs SciPy")
    for name, seconds in (("old", 0.4), ("new", 0.2)):
        made = taken(seconds)
        (tmp_path / f"{name}.json").write_bytes(google_benchmark_json(made, rows(made, workloads())))
    command = [python, str(COMPARE), "--no-color", "benchmarks", "old.json", "new.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    lines = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines() if line.strip()}
    assert lines["matvec/f32/100x50/a_median"][0] == "-0.5000"
    assert lines["matvec/fast/100x50/a_median"][0] == "+0.0000"
    assert float(lines["matvec/f32/100x50/a_pvalue"][0]) < 0.001
    assert "U Test, Repetitions: 10 vs 10" in done.stdout
    # One of two took half the time, the other as long.
    assert float(lines["OVERALL_GEOMEAN"][0]) == pytest.approx(0.5**0.5 - 1, abs=1e-4)


def test_pyperf_loads_and_compares(tmp_path: Path) -> None:
    for name, seconds in (("old", 0.4), ("new", 0.2)):
        made = taken(seconds)
        (tmp_path / f"{name}.json").write_bytes(pyperf_json(made, rows(made, workloads())))
    suite = pyperf.BenchmarkSuite.load(str(tmp_path / "old.json"))
    assert suite.get_benchmark_names() == ["matvec/f32/100x50/a", "matvec/fast/100x50/a"]
    benchmark = suite.get_benchmark("matvec/f32/100x50/a")
    assert benchmark.get_values() == taken(0.4).measurements[0].samples
    assert benchmark.get_metadata()["python_version"] == "unknown"
    command = [sys.executable, "-m", "pyperf", "compare_to", "old.json", "new.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert "2.00x faster" in done.stdout
    assert json.loads((tmp_path / "old.json").read_text())["version"] == "1.0"
