"""The crossover plan for real: a software GPU against wasmtime, with transfers that were measured."""

from pathlib import Path

import pytest

from app.core.target import Runtime, Target
from tests.cli.test_cli import call


def test_every_way_of_calling_is_named(tmp_path: Path, targets: list[Target]) -> None:
    gpu = next((target.id for target in targets if target.runtime is Runtime.WGSL), None)
    if gpu is None:
        pytest.skip("no GPU adapter")
    choice = ("--target", f"{gpu},wasmtime", "--sizes", "64,512,2048", "--seconds", "0.2", "--out", "c.json")
    done = call("run", "--plan", "crossover", "--workload", "matvec", *choice, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    table = done.stdout.split("size from which on a GPU is faster than Wasm")[1].split("advice:")[0]
    print(table)
    assert "transfers not known" not in table
    (sentence,) = call("advise", "c.json", cwd=tmp_path).stdout.split("crossover:")[1].split("\nfeature:")[:1]
    print(sentence)
    assert "the GPU" in sentence
