"""Thousands of cases on workers that keep dying: nothing else is lost, nothing leaks, memory stays flat."""

import gc
import os
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median

import psutil
import pytest

from app.catalog.index import variants
from app.core.events import CaseFinished, GroupFinished, Log, TargetsFound
from app.core.measurement import Status
from app.core.plan import Plan, Settings, make_plan
from app.core.shape import Shape
from app.core.target import Target
from app.storage.history import History
from app.storage.journal import Journal
from app.worker import faults
from app.worker.recording import make_recorder
from app.worker.supervisor import Supervisor
from tests.worker.test_fuzz import fuzz

CASES = 2000
DEADLY = "kill~0.0004,segfault~0.0004,abort~0.0004"
BABBLE = "garbage~0.003,partial~0.0005,talk~0.0005,huge~0.0002"
DEATHS = ("ended by SIG", "without a word", "timed out", "was lost")
QUICK = Settings(seconds=0.01, precision=1e-9, batch_seconds=0.001, step_seconds=20)
NAMES = ("f32", "u8", "u8-dot4", "f32-scalar", "f32-simd", "f32-relaxed", "i8-relaxed")


def soak_plan(targets: list[Target]) -> Plan:
    """Small shapes on every target in turn, so that workers of all engines live long and die often."""
    chosen = [v for v in variants() if v.workload == "matvec" and v.name in NAMES]
    shapes = [Shape(16 + n, 16 + n) for n in range(CASES)]
    whole = make_plan(targets, chosen, shapes[: CASES // 4], settings=QUICK)
    return Plan(whole.cases[:CASES], settings=QUICK)


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.timeout(3600)
def test_two_thousand_cases_with_random_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    me = psutil.Process()
    supervisor = Supervisor(most_crashes=CASES)
    targets = [t for e in supervisor.find_targets() if isinstance(e, TargetsFound) for t in e.targets]
    supervisor.close()
    plan = soak_plan(targets)
    handles, children = me.num_fds(), len(me.children(recursive=True))
    recorder = make_recorder(plan, targets)
    journal = Journal(recorder.session())
    own: list[int] = []
    theirs: dict[str, list[int]] = {}
    words: Counter[int] = Counter()
    babble = 0
    start = time.monotonic()
    monkeypatch.setenv(faults.VARIABLE, f"{DEADLY},{BABBLE}")
    for event in journal.follow(supervisor.run(plan)):
        recorder.apply(event)
        if isinstance(event, CaseFinished):
            words[event.case] += 1
        elif isinstance(event, Log):
            babble += "sent no event" in event.text
        elif isinstance(event, GroupFinished):
            own.append(me.memory_info().rss)
            for engine, worker in supervisor._workers.items():
                if worker.alive:
                    theirs.setdefault(engine, []).append(psutil.Process(worker.pid).memory_info().rss)
    seconds = time.monotonic() - start
    session = recorder.session()
    journal.end(session)
    supervisor.close()
    monkeypatch.delenv(faults.VARIABLE)

    bad = [m for m in session.measurements if m.status not in (Status.OK, Status.UNSUPPORTED)]
    died = Counter(next(word for word in DEATHS if word in m.reason) for m in bad)
    statuses = Counter(m.status.value for m in session.measurements)
    print(f"\n{len(plan.cases)} cases on {len(targets)} targets in {seconds:.0f} s: {dict(statuses)}")
    print(f"faults: {sum(died.values())} cases marked ({dict(died)}), {babble} lines of babble survived")
    print(f"memory, second quarter to last: this process {growth(own):+.1%}", end="")
    print("".join(f", {engine} {growth(sizes):+.1%}" for engine, sizes in theirs.items()))

    assert sorted(words.elements()) == list(range(len(plan.cases))), "each case has one last word"
    assert statuses[Status.OK] > 0.9 * len(plan.cases)
    assert died.total() > CASES / 200
    assert growth(own) < 0.1
    assert all(growth(sizes) < 0.1 for sizes in theirs.values())
    gc.collect()
    assert me.num_fds() <= handles
    assert len(me.children(recursive=True)) == children
    assert [path for path in tmp_path.rglob("*") if path.suffix in (".journal", ".tmp")] == []
    kept = History(tmp_path / "data" / "kernelscope" / "history.sqlite3").entries()
    assert [entry.cases for entry in kept] == [len(plan.cases)]


def growth(sizes: list[int]) -> float:
    """How much larger the last quarter is than the second; the first is warming up."""
    quarter = max(1, len(sizes) // 4)
    return median(sizes[-quarter:]) / median(sizes[quarter : 2 * quarter] or sizes) - 1


@pytest.mark.timeout(3600)
def test_a_thousand_mutated_kernels(supervisor: Supervisor, targets: list[Target]) -> None:
    """Of which some are endless: each of those costs three seconds and a worker."""
    patient = Supervisor(most_crashes=CASES)
    patient._targets = {target.id: target for target in targets}
    for gpu in [target for target in targets if target.engine == "webgpu"]:
        start = time.monotonic()
        ended, reasons = fuzz(patient, gpu, 1000, seed=8)
        deaths = sum("ended by" in reason or "timed out" in reason for reason in reasons)
        statuses = {status.value: count for status, count in ended.items()}
        seconds = time.monotonic() - start
        print(f"\n{gpu.id}: 1000 mutated kernels in {seconds:.0f} s: {statuses}, {deaths} deaths")
    patient.close()
