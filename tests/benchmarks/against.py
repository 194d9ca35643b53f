"""What this tree's benchmarks print beside another tree's, by turns, with what each run takes.

``python -m tests.benchmarks.against FOLDER ROUNDS [pytest's words]``: what else the machine does meets both
alike. Each number is the median of the rounds; lines are the same if they differ by their numbers alone.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

HERE = Path(__file__).parents[2]
NUMBER = re.compile(r"(?<![\w.])\d+\.?\d*(?:e[-+]\d+)?")
QUICK = (sys.executable, "-m", "app", "run", "--sizes", "256,1024", "--defaults", "--no-ceilings")

Found = dict[str, list[list[float]]]


def run(tree: Path, words: tuple[str, ...]) -> tuple[str, float, float]:
    """What a command prints in ``tree``, its seconds, and those of the processor with all that it started."""
    start, before = time.perf_counter(), os.times()
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    done = subprocess.run(words, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    took, after = time.perf_counter() - start, os.times()
    used = (after.children_user - before.children_user) + (after.children_system - before.children_system)
    return done.stdout, took, used


def note(found: Found, text: str) -> None:
    """Take a line's numbers in, under its words."""
    numbers = [float(one) for one in NUMBER.findall(text)]
    if numbers:
        found.setdefault(NUMBER.sub("#", text).strip(), []).append(numbers)


def _filled(text: str, rounds: list[list[float]]) -> str:
    """``text`` with the median of each number; a line without any rounds was not printed."""
    if not rounds:
        return "prints no such line"
    middles = iter([f"{median(column):g}" for column in zip(*rounds, strict=False)])
    return re.sub("#", lambda _: next(middles, "?"), text)


def main(other: Path, rounds: int, words: list[str]) -> None:
    """Run both trees by turns and print their figures."""
    bench = (sys.executable, "-m", "pytest", "-q", "-n", "0", "-s", "-o", "timeout=300", *words)
    trees = {"other": other, "this": HERE}
    found: dict[str, Found] = {name: {} for name in trees}
    for _ in range(rounds):
        for name, tree in trees.items():
            for what, command in (("quick plan at two sizes", QUICK), ("benchmarks", bench)):
                printed, took, used = run(tree, command)
                note(found[name], f"{what}: {took:.2f} s, {used:.2f} s of the processor")
                for line in printed.splitlines() if command is bench else ():
                    note(found[name], line)
    for text, mine in found["this"].items():
        for who, lists in (("other", found["other"].get(text, [])), ("this", mine)):
            print(f"{who:5} {_filled(text, lists)}")
    print(*sorted(found["other"].keys() - found["this"].keys()), sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
