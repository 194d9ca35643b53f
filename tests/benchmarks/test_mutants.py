"""What the tests notice: faults drawn by seed, each put into a copy of the program."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.benchmarks.mutants import Mutant, drawn, seen_by

ROOT = Path(__file__).parents[2]
COUNT = int(os.environ.get("MUTANTS", "60"))
FIRST = int(os.environ.get("FIRST", "1"))
LAST = int(os.environ.get("LAST", str(COUNT)))
"""Of those drawn, the numbers that this run tries: sixty take hours, and may be tried in parts."""
SEED = int(os.environ.get("SEED", "15"))
PATIENCE = int(os.environ.get("PATIENCE", "150"))
"""Seconds for the tests of one level; a single one that hangs fails after half of them."""

HARMLESS = {
    ("app/core/sketch.py", "zip(widths, array.shape, strict=True)"): "a sum has no order",
    ("app/core/target.py", "class Target(Struct, frozen=False):"): "nobody writes to one",
    ("app/engines/wasm/rotation.py", "p = types[1]"): "the second parameter is of the same type",
    ("app/engines/browser/page.py", "itertools.count(2)"): "any number will do that no other request has",
    ("resources/web/wasm-worker.js", "MOST_REPEATS = 2 ** 21"): "a bound that no kernel comes near",
    ("app/storage/files.py", "compresslevel=6, mtime=1)"): "any moment will do that is always the same",
}
"""Faults that nobody could meet, by their file and a part of the line that they leave, with why."""


def run(copy: Path, tests: list[str]) -> tuple[str, str]:
    """What became of ``tests`` there (passed, failed, endless), and the first that failed."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "-o",
        f"timeout={PATIENCE // 2}",
    ]
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [*command, *tests],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "endless", ""
    first = re.search(r"^(?:FAILED|ERROR) (\S+(?: [^-\s]\S*)*)", done.stdout, re.MULTILINE)
    return ("passed" if done.returncode in (0, 5) else "failed"), first[1] if first else ""


def verdict(copy: Path, mutant: Mutant) -> str:
    """Caught, survived, or open where its tests took too long to tell; in a copy that is left as it was."""
    source = copy / mutant.file
    text = source.read_text("utf-8")
    late = False
    for tests in seen_by(copy, mutant.file):
        source.write_text(mutant.apply(text), "utf-8")
        try:
            ended, first = run(copy, tests)
        finally:
            source.write_text(text, "utf-8")
        if ended == "failed" and (not first or run(copy, [first])[0] == "passed"):
            return f"caught by {first or 'an import'}"
        late |= ended == "endless"
    return "open" if late else "survived"


@pytest.mark.timeout(6 * 3600)
def test_faults_are_noticed(tmp_path: Path) -> None:
    """Target: at least 90 % of those that are neither equivalent nor harmless."""
    copy = tmp_path / "copy"
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in tracked.splitlines():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    ends: Counter[str] = Counter()
    print()
    for number, mutant in list(enumerate(drawn(ROOT, COUNT, SEED), 1))[FIRST - 1 : LAST]:
        words = mutant.words((ROOT / mutant.file).read_text("utf-8"))
        left = words.partition("  ->  ")[2]
        why = next(
            (why for (file, part), why in HARMLESS.items() if file == mutant.file and part in left), ""
        )
        start = time.monotonic()
        found = f"harmless: {why}" if why else verdict(copy, mutant)
        ends[found.split()[0].rstrip(":")] += 1
        print(f"{number:3}/{COUNT} {time.monotonic() - start:4.0f} s  {found}\n        {words}", flush=True)
    told = ends["caught"] + ends["survived"]
    print(f"seed {SEED}: {dict(ends)}; caught {ends['caught']} of {told} that could be told")
    assert ends["caught"] >= 0.9 * told
