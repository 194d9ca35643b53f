"""``history`` as people call it: runs find their way into it by themselves, and past a corrupt one."""

import json
from pathlib import Path

import pytest

from app.storage.files import load
from tests.cli.test_cli import call
from tests.cli.test_compare import here

RUN = ["run", "--target", "numpy", "--sizes", "64", "--seconds", "0.02", "--no-ceilings"]


def test_runs_are_kept_found_exported_and_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = {"XDG_DATA_HOME": str(tmp_path / "data")}
    file = tmp_path / "data" / "kernelscope" / "history.sqlite3"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"junk" * 1000)
    for _ in range(2):
        assert call(*RUN, cwd=tmp_path, **home).returncode == 0
    assert len(list(file.parent.glob("*.corrupt-*"))) == 1
    monkeypatch.setenv("XDG_DATA_HOME", home["XDG_DATA_HOME"])
    listed = json.loads(here(tmp_path, "history", "list", "--json").stdout)
    assert [entry["id"] for entry in listed] == [2, 1]
    assert listed[0]["targets"] == "numpy"
    shown = here(tmp_path, "history").stdout
    assert shown == here(tmp_path, "history", "list").stdout
    assert here(tmp_path, "history", "label", "1", "the first").returncode == 0
    text = here(tmp_path, "history", "search", "first", "numpy").stdout
    assert "the first" in text
    assert len(text.splitlines()) == 2
    assert here(tmp_path, "history", "export", "1", "a.json").returncode == 0
    assert load(tmp_path / "a.json").measurements
    text = here(tmp_path, "history", "trend", "f32", "64", "--target", "num*").stdout
    assert text.startswith("matvec f32 at 64x64 on numpy, ")
    assert len(text.splitlines()) == 3
    assert here(tmp_path, "history", "delete", "2").returncode == 0
    done = here(tmp_path, "history", "delete", "2")
    assert done.returncode == 1
    assert "the history has no session 2" in done.stderr
    done = here(tmp_path, "history", "trend", "f99", "64")
    assert "the history has no matvec f99 at 64x64" in done.stderr
