"""10,000 sessions of 100 cases: read in a minute and a gigabyte at most, and after one more in two seconds.

``SESSIONS=1000`` makes fewer.
"""

import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

import msgspec
from msgspec import structs

from app.core.session import Session
from app.core.target import Target
from app.storage.shipped import example
from tests.conftest import ROOT

SESSIONS = int(os.environ.get("SESSIONS", "10000"))
CASES = 100
GPUS = tuple(f"Made-up GPU {i}" for i in range(9))


def made(source: Session, number: int, draw: random.Random) -> Session:
    """The example on other hardware, another day, with other times."""
    gpu = draw.choice(GPUS)

    def on(target: Target) -> Target:
        return structs.replace(target, name=gpu, kind="Discrete GPU") if target.engine == "webgpu" else target

    factors = {m.case.variant: draw.lognormvariate(0, 0.05) for m in source.measurements}
    found = tuple(
        structs.replace(
            m,
            samples=tuple(s * factors[m.case.variant] for s in m.samples),
            middles=tuple(s * factors[m.case.variant] for s in m.middles),
        )
        for m in source.measurements
    )
    return structs.replace(
        source,
        targets=tuple(map(on, source.targets)),
        measurements=found,
        created=f"2026-{1 + number % 12:02}-{1 + number // 12 % 28:02}T00:00:{number % 60:02}Z",
    )


def write(folder: Path, count: int) -> None:
    source = example()
    used = source.measurements[:CASES]
    source = structs.replace(
        source, measurements=used, plan=structs.replace(source.plan, cases=source.plan.cases[:CASES])
    )
    draw = random.Random(7)
    for i in range(count):
        path = folder / str(i // 1000) / f"{i}.kernelscope.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.encode(made(source, i, draw)))


def take(folder: Path) -> tuple[float, float, str]:
    """Seconds, peak memory in MB, and what was said."""
    start = time.monotonic()
    command = [sys.executable, "-m", "app", "gather", str(folder), "--html", str(folder.parent / "page.html")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    took = time.monotonic() - start
    return took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, done.stdout


def test_ten_thousand_sessions(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    write(folder, SESSIONS)
    first, memory, text = take(folder)
    print(text)
    source = structs.replace(example(), created="2026-12-31T23:59:59Z")
    (folder / "one-more.kernelscope.json").write_bytes(msgspec.json.encode(source))
    again, _, _ = take(folder)
    size = sum(path.stat().st_size for path in folder.rglob("*.json")) / SESSIONS / 1024
    print(f"{SESSIONS} sessions of {CASES} cases ({size:.0f} KiB each): {first:.1f} s, {memory:.0f} MB")
    print(f"again after one more: {again:.2f} s")
    assert first < 60 * SESSIONS / 10_000 + 5
    assert memory < 1000
    assert again < 2
