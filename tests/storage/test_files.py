"""Session files: what is written is read again; what is damaged is refused in one line."""

import gzip
import json
import os
import random
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.core.errors import KernelscopeError
from app.core.measurement import Status
from app.core.session import SCHEMA_VERSION
from app.core.variant import Operation
from app.storage import files, migrate, schema
from app.storage.files import check_writable, load, save, set_aside, write_atomically
from tests.findings.test_rows import measured, session

SESSION = session(
    measured("a", "f32", 0.4), measured("a", "fast", 0.1), measured("b", "f32", 1.0, Status.WRONG)
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.kernelscope.json"
    save(SESSION, path)
    return path


def test_a_session_comes_back_as_it_was(path: Path) -> None:
    assert load(path) == SESSION
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_an_operation_among_the_options_is_read_as_one(path: Path) -> None:
    """Older sessions have it there."""
    raw = json.loads(path.read_text())
    raw["variants"][0]["options"] = {"operation": "first-touch", "lanes": 4}
    change(path, **raw)
    variant = load(path).variants[0]
    assert (variant.operation, variant.options) == (Operation.FIRST_TOUCH, {"lanes": 4})
    raw["variants"][0]["options"] = {"operation": "teleport"}
    change(path, **raw)
    with pytest.raises(KernelscopeError, match=r"damaged session .*teleport"):
        load(path)


def change(path: Path, **fields: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"schema_version": SCHEMA_VERSION + 1}, "newer Kernelscope"),
        ({"schema_version": 0}, "does not exist"),
        ({"schema_version": "1"}, "not a Kernelscope session"),
        ({"targets": []}, "does not describe 'a'"),
        ({"variants": []}, "does not describe"),
        ({"measurements": [1]}, "damaged"),
        ({"host": None}, "damaged"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(path: Path, fields: dict[str, object], words: str) -> None:
    change(path, **fields)
    before = path.read_bytes()
    with pytest.raises(KernelscopeError, match=words) as caught:
        load(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize("sample", [0, -1.0, 1e400])
def test_a_sample_is_a_positive_time(path: Path, sample: float) -> None:
    text = path.read_text().replace("0.4,", f"{sample},", 1)
    path.write_text(text)
    with pytest.raises(KernelscopeError):
        load(path)


def test_every_truncation_is_refused(path: Path) -> None:
    whole = path.read_bytes()
    random.seed(1)
    for length in [0, 1, 2, *random.sample(range(len(whole) - 1), 400)]:
        path.write_bytes(whole[:length])
        with pytest.raises(KernelscopeError):
            load(path)


def test_deep_and_strange_files_are_refused(path: Path) -> None:
    for content in (b"[" * 100_000, b"\xff\xfe", b"null", b'"text"', b"{}", b"\x00" * 1000):
        path.write_bytes(content)
        with pytest.raises(KernelscopeError, match="not a Kernelscope session"):
            load(path)


def test_a_compressed_session_comes_back_whatever_it_is_called(tmp_path: Path, path: Path) -> None:
    packed = tmp_path / "b.kernelscope.json.gz"
    save(SESSION, packed)
    assert packed.read_bytes().startswith(b"\x1f\x8b")
    assert packed.stat().st_size < path.stat().st_size / 3
    renamed = packed.rename(tmp_path / "c.json")
    assert load(renamed) == SESSION
    whole = renamed.read_bytes()
    for length in (2, 10, len(whole) // 2, len(whole) - 1):
        renamed.write_bytes(whole[:length])
        with pytest.raises(KernelscopeError, match=r"damaged|not a Kernelscope session"):
            load(renamed)
    renamed.write_bytes(whole[:40] + b"\x00\xff\x00" + whole[43:])
    with pytest.raises(KernelscopeError, match=r"damaged|not a Kernelscope session"):
        load(renamed)


def test_a_small_file_cannot_unpack_to_a_large_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 1 << 20)
    bomb = tmp_path / "bomb.json.gz"
    bomb.write_bytes(gzip.compress(b" " * (64 << 20)))
    assert bomb.stat().st_size < 1 << 20
    with pytest.raises(KernelscopeError, match="unpacks to more than 1 MiB"):
        load(bomb)
    bomb.write_bytes(b" " * (2 << 20))
    with pytest.raises(KernelscopeError, match="larger than 1 MiB"):
        load(bomb)


def test_older_sessions_are_brought_up_step_by_step(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Version 2 of a made-up history called the host a machine; version 3 kept the creation time in it."""

    def one(raw: dict[str, Any]) -> dict[str, Any]:
        machine = raw.pop("machine")
        return {**raw, "host": machine}

    def two(raw: dict[str, Any]) -> dict[str, Any]:
        return {**raw, "created": raw["host"].pop("created")}

    raw = json.loads(path.read_text())
    raw["machine"] = {**raw.pop("host"), "created": raw.pop("created")}
    path.write_text(json.dumps(raw))
    monkeypatch.setattr(files, "SCHEMA_VERSION", 4)
    with pytest.raises(KernelscopeError, match="nothing leads from schema 2 to 3"):
        load(path)
    monkeypatch.setitem(migrate.STEPS, 2, one)
    monkeypatch.setitem(migrate.STEPS, 3, two)
    assert load(path) == msgspec.structs.replace(SESSION, schema_version=4)
    path.write_text('{"schema_version": 2}')
    with pytest.raises(KernelscopeError, match=r"damaged session.*not as schema 2 has it: KeyError"):
        load(path)


def test_shapes_of_version_1_are_told_by_their_sizes(path: Path) -> None:
    """Wherever they stand: in the plan, beside measurements, in tunings."""

    def old(raw: Any) -> Any:
        if isinstance(raw, list):
            return [old(one) for one in raw]
        if not isinstance(raw, dict):
            return raw
        if "sizes" in raw:
            return dict(zip(("rows", "columns", "depth"), (*raw["sizes"], None, None), strict=False))
        return {name: old(value) for name, value in raw.items()}

    raw = old(json.loads(path.read_text()))
    assert '"sizes"' not in json.dumps(raw)
    path.write_text(json.dumps({**raw, "schema_version": 1}))
    assert load(path) == SESSION


def test_every_old_version_can_be_read() -> None:
    assert sorted(migrate.STEPS) == list(range(1, SCHEMA_VERSION))


def test_the_schema_in_resources_is_that_of_the_types() -> None:
    assert schema.FILE.read_bytes() == schema.session_schema(), "write it anew: python -m app.storage.schema"


def test_a_missing_file_and_a_missing_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(KernelscopeError, match="No such file"):
        load(tmp_path / "none")
    with pytest.raises(KernelscopeError, match="cannot be written"):
        save(SESSION, tmp_path / "none" / "a.json")
    (tmp_path / "file").write_text("")
    with pytest.raises(KernelscopeError, match="cannot be written"):
        check_writable(tmp_path / "file" / "a.json")
    with pytest.raises(KernelscopeError, match="a folder has this name"):
        check_writable(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="links and pipes")
def test_links_stay_links_and_pipes_pipes(tmp_path: Path) -> None:
    file, link, pipe = tmp_path / "file", tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(file)
    os.mkfifo(pipe)
    for path in (link, pipe):
        check_writable(path)
    write_atomically(link, b"new")
    assert (link.is_symlink(), file.read_bytes()) == (True, b"new")
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_atomically(pipe, b"through")
    assert (pipe.is_fifo(), os.read(reader, 100)) == (True, b"through")
    os.close(reader)


@pytest.mark.skipif(os.name != "posix", reason="limits of a process")
def test_a_full_disk_leaves_the_old_file(path: Path) -> None:
    """A process that may write no more than a few bytes to a file is told as one whose disk is full."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(KernelscopeError, match="cannot be written"):
            save(SESSION, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert load(path) == SESSION
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_hundred_thousand_samples_fit(tmp_path: Path) -> None:
    many = tuple(1e-3 + i * 1e-9 for i in range(100_000))
    big = msgspec.structs.replace(
        SESSION, measurements=(msgspec.structs.replace(SESSION.measurements[0], samples=many),)
    )
    save(big, tmp_path / "big.json")
    assert load(tmp_path / "big.json").measurements[0].samples == many


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root may make another user's link")
def test_a_link_of_somebody_else_is_not_followed(tmp_path: Path) -> None:
    victim, link = tmp_path / "victim", tmp_path / "session.json"
    victim.write_text("precious")
    link.symlink_to(victim)
    os.chown(link, 12345, 12345, follow_symlinks=False)
    for write in (lambda path: save(SESSION, path), check_writable):
        with pytest.raises(KernelscopeError, match="is a link that another user made"):
            write(link)
    assert (victim.read_text(), link.is_symlink()) == ("precious", True)


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_links_in_a_circle_are_said(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    for write in (lambda path: save(SESSION, path), check_writable):
        with pytest.raises(KernelscopeError, match="cannot be written"):
            write(tmp_path / "a")


def test_what_is_set_aside_takes_no_other_s_place(tmp_path: Path) -> None:
    for i in range(3):
        (tmp_path / "a").write_text(str(i))
        set_aside(tmp_path / "a")
    aside = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert aside == {"a.damaged": "0", "a.damaged-2": "1", "a.damaged-3": "2"}
