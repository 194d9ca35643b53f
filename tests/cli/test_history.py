"""``history`` as people call it: runs find their way into it by themselves, and past a corrupt one."""

import json
from pathlib import Path

from app.storage.files import load
from tests.cli.test_cli import call

RUN = ["run", "--target", "numpy", "--sizes", "64", "--seconds", "0.02"]


def test_runs_are_kept_found_exported_and_followed(tmp_path: Path) -> None:
    home = {"XDG_DATA_HOME": str(tmp_path / "data")}
    file = tmp_path / "data" / "kernelscope" / "history.sqlite3"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"junk" * 1000)
    for _ in range(2):
        assert call(*RUN, cwd=tmp_path, **home).returncode == 0
    assert len(list(file.parent.glob("*.corrupt-*"))) == 1
    listed = json.loads(call("history", "list", "--json", cwd=tmp_path, **home).stdout)
    assert [entry["id"] for entry in listed] == [2, 1]
    assert listed[0]["targets"] == "numpy"
    shown = call("history", cwd=tmp_path, **home).stdout
    assert shown == call("history", "list", cwd=tmp_path, **home).stdout
    assert call("history", "label", "1", "the first", cwd=tmp_path, **home).returncode == 0
    text = call("history", "search", "first", "numpy", cwd=tmp_path, **home).stdout
    assert "the first" in text
    assert len(text.splitlines()) == 2
    assert call("history", "export", "1", "a.json", cwd=tmp_path, **home).returncode == 0
    assert load(tmp_path / "a.json").measurements
    text = call("history", "trend", "f32", "64", "--target", "num*", cwd=tmp_path, **home).stdout
    assert text.startswith("matvec f32 at 64x64 on numpy, ")
    assert len(text.splitlines()) == 3
    assert call("history", "delete", "2", cwd=tmp_path, **home).returncode == 0
    done = call("history", "delete", "2", cwd=tmp_path, **home)
    assert done.returncode == 1
    assert "the history has no session 2" in done.stderr
    done = call("history", "trend", "f99", "64", cwd=tmp_path, **home)
    assert "the history has no matvec f99 at 64x64" in done.stderr
