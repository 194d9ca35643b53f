"""Sessions in the formats of other benchmarking tools: Google Benchmark's JSON and pyperf's."""

import statistics
from collections.abc import Iterable
from typing import Any

import msgspec

from app.core.foreign import ascii_json
from app.core.session import Session
from app.findings.rows import Row

NANO = 1e9


def _name(row: Row) -> str:
    """``matvec/u8-dot4/4096/llvmpipe-vulkan``: unique in a session, and the same in the next."""
    case = row.measurement.case
    return f"{case.workload}/{case.name}/{case.shape}/{case.target}"


def _json(objects: object) -> bytes:
    return ascii_json(msgspec.json.format(msgspec.json.encode(objects), indent=1).decode()).encode()


def google_benchmark_json(session: Session, rows: Iterable[Row]) -> bytes:
    """What ``--benchmark_format=json`` writes: a repetition per sample, then the aggregates.

    (Google Benchmark's user guide, "Output Formats"; its ``tools/compare.py`` reads it.) The CPU time is the
    real time again, because nothing here measures one. Rows that are not ``ok`` are named in the context
    alone: as benchmarks with an error they would have a time of 0, which that tool reports as no change.
    """
    found = list(rows)
    benchmarks = [entry for family, row in enumerate(found) if row.ok for entry in _repetitions(row, family)]
    without = [f"{_name(row)}: {row.measurement.status.value}" for row in found if not row.ok]
    context = {
        "date": session.created,
        "host_name": ", ".join(session.machines) or session.host.system,
        "executable": f"kernelscope {session.app_version}",
        "num_cpus": session.host.cores,
        "mhz_per_cpu": 0,
        "cpu_scaling_enabled": False,
        "caches": [],
        "load_avg": [],
        "library_version": f"kernelscope {session.app_version}",
        "library_build_type": "release",
        "processor": session.host.processor,
        "without_result": "; ".join(without),
    }
    return _json({"context": context, "benchmarks": benchmarks})


def _head(row: Row, family: int) -> dict[str, Any]:
    return {
        "family_index": family,
        "per_family_instance_index": 0,
        "run_name": _name(row),
        "repetitions": len(row.measurement.samples),
        "threads": 1,
        "time_unit": "ns",
    }


def _repetitions(row: Row, family: int) -> list[dict[str, Any]]:
    measurement = row.measurement
    head = _head(row, family)
    counters = {"FLOP/s": row.flops, "bytes_per_second": row.bytes}
    shown = {name: value for name, value in counters.items() if value is not None}
    found = [
        {
            **head,
            "name": _name(row),
            "run_type": "iteration",
            "repetition_index": i,
            "iterations": measurement.repeats,
            "real_time": seconds * NANO,
            "cpu_time": seconds * NANO,
            **shown,
        }
        for i, seconds in enumerate(measurement.samples)
    ]
    nanoseconds = [seconds * NANO for seconds in measurement.samples]
    aggregates = {"mean": statistics.fmean(nanoseconds), "median": statistics.median(nanoseconds)}
    if len(nanoseconds) > 1:
        aggregates["stddev"] = statistics.stdev(nanoseconds)
    return found + [
        {
            **head,
            "name": f"{_name(row)}_{name}",
            "run_type": "aggregate",
            "aggregate_name": name,
            "aggregate_unit": "time",
            "iterations": len(nanoseconds),
            "real_time": value,
            "cpu_time": value,
        }
        for name, value in aggregates.items()
    ]


def _where(session: Session, row: Row) -> dict[str, object]:
    """The machine of a fleet that a row is of; nothing where the suite has but one."""
    if not row.target.machine:
        return {}
    host = session.host_of(row.target)
    return {
        "hostname": row.target.machine,
        "cpu_model_name": host.processor or "unknown",
        "cpu_count": host.cores,
        "platform": host.system or "unknown",
    }


def pyperf_json(session: Session, rows: Iterable[Row]) -> bytes:
    """A benchmark suite of pyperf: one benchmark per ``ok`` row, with a value per sample.

    (pyperf's documentation, "API": BenchmarkSuite.load; ``pyperf compare_to`` reads it.) pyperf speaks of
    runs, its processes; here all samples come from one.
    """
    common = {
        "unit": "second",
        "cpu_count": session.host.cores,
        "cpu_model_name": session.host.processor or "unknown",
        "platform": session.host.system or "unknown",
        "python_version": session.host.python or "unknown",
        "kernelscope_version": session.app_version,
    }
    date = session.created.replace("T", " ").removesuffix("Z") + ".000000"
    benchmarks = [
        {
            "metadata": _where(session, row)
            | {
                "name": _name(row),
                "loops": row.measurement.repeats,
                "timer": row.measurement.timer or "unknown",
            },
            "runs": [{"metadata": {"date": date}, "values": row.measurement.samples}],
        }
        for row in rows
        if row.ok and row.measurement.samples
    ]
    suite = {"version": "1.0", "metadata": common, "benchmarks": benchmarks}
    return _json(suite)
