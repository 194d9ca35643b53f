"""``tune`` as people call it, on an engine that every machine has."""

import json
from pathlib import Path

from app.storage.files import load
from tests.cli.test_compare import here

TUNE = ("tune", "--target", "wasmtime", "--workload", "matmul", "--variant", "f32-relaxed", "--size", "64")


def test_what_was_tried_is_kept_and_drawn(tmp_path: Path) -> None:
    done = here(tmp_path, *TUNE, "--seconds", "3", "--no-apply", "--json", "--out", "t.json")
    assert done.returncode == 0, done.stderr
    (outcome,) = json.loads(done.stdout)
    (search,) = load(tmp_path / "t.json").searches
    assert search.tuning is not None
    assert outcome["tuning"]["parameters"] == search.tuning.parameters
    assert search.tuning.tried == len(search.candidates) > 1
    drawn = here(tmp_path, "export", "t.json", "--kind", "tune", "--svg", "t.svg")
    assert drawn.returncode == 0, drawn.stderr
    assert "tuning of f32-relaxed, 64, wasmtime" in (tmp_path / "t.svg").read_text()


def test_a_place_that_cannot_be_written_is_said_before_the_search(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = here(tmp_path, *TUNE, "--out", "file/t.json")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
