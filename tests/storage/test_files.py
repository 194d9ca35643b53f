"""Session files: what is written is read again; what is damaged is refused in one line."""

import json
import os
import random
from pathlib import Path

import msgspec
import pytest

from app.core.errors import KernelscopeError
from app.core.measurement import Status
from app.core.session import SCHEMA_VERSION
from app.storage.files import check_writable, load, save
from tests.core.test_rows import measured, session

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


def test_a_missing_file_and_a_missing_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(KernelscopeError, match="No such file"):
        load(tmp_path / "none")
    with pytest.raises(KernelscopeError, match="cannot be written"):
        save(SESSION, tmp_path / "none" / "a.json")
    (tmp_path / "file").write_text("")
    with pytest.raises(KernelscopeError, match="cannot be written"):
        check_writable(tmp_path / "file" / "a.json")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The temporary file is a link to a device that is always full."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.symlink_to("/dev/full")
    with pytest.raises(KernelscopeError, match="No space left"):
        save(SESSION, path)
    assert load(path) == SESSION
    assert not temporary.is_symlink()


def test_a_hundred_thousand_samples_fit(tmp_path: Path) -> None:
    many = tuple(1e-3 + i * 1e-9 for i in range(100_000))
    big = msgspec.structs.replace(
        SESSION, measurements=(msgspec.structs.replace(SESSION.measurements[0], samples=many),)
    )
    save(big, tmp_path / "big.json")
    assert load(tmp_path / "big.json").measurements[0].samples == many
