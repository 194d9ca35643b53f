"""Kernels of the user's own between starts: what is damaged is set aside, once."""

import logging
from pathlib import Path

import pytest

from app.catalog.index import find
from app.catalog.programs import source
from app.core.edit import Edit
from app.core.target import Runtime
from app.storage.edits import keep_edit, kept_edits


def test_a_damaged_kernel_is_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    like = find("matvec", "f32", Runtime.WGSL)
    defaults = {p.name: p.gpu for p in like.parameters}
    text = source(like, defaults)
    edit = Edit(
        workload="matvec", runtime=Runtime.WGSL, name="mine", like="f32", text=text, parameters=defaults
    )
    keep_edit(edit)
    (path,) = tmp_path.rglob("*mine.json")
    (path.parent / "broken.json").write_text("{")
    (path.parent / "endless.json").symlink_to("/dev/zero")
    with caplog.at_level(logging.WARNING):
        assert kept_edits() == [edit]
    assert {entry.name for entry in path.parent.iterdir()} == {
        path.name,
        "broken.json.damaged",
        "endless.json.damaged",
    }
    assert caplog.text.count("set aside") == 2
    caplog.clear()
    assert kept_edits() == [edit]
    assert not caplog.text
