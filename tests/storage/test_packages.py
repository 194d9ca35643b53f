"""Packages from a folder: only what was pinned is kept, and nothing of a package that is another."""

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from app.core.errors import KernelscopeError
from app.engines.browser import packages
from app.engines.browser.packages import File, Package
from app.storage import packages as storage
from app.storage.packages import install, remove

GOOD = b"export default 1;\n"


@pytest.fixture
def pinned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """One made-up package of one file, and an empty place for it."""
    digest = hashlib.sha256(GOOD).hexdigest()
    about = {"made-up": Package("1.0.0", {"dist/it.js": File(digest, len(GOOD))})}
    for module in (packages, storage):
        monkeypatch.setattr(module, "pinned", lambda: about)
        monkeypatch.setattr(module, "LIBRARIES", {"made-up": ("made-up",)})
        monkeypatch.setattr(module, "folder", lambda: tmp_path / "peers")
    return tmp_path / "from"


def archive(folder: Path, content: bytes) -> None:
    folder.mkdir()
    with tarfile.open(folder / "made-up-1.0.0.tgz", "w:gz") as made:
        for name, data in {"package/dist/it.js": content, "package/../../evil": b"evil"}.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))


def test_an_archive_gives_the_files_that_are_needed_and_no_other(pinned: Path) -> None:
    archive(pinned, GOOD)
    (line,) = install("made-up", pinned)
    assert "made-up 1.0.0: 1 files" in line
    assert packages.read("made-up/dist/it.js") == GOOD
    assert packages.installed("made-up")
    assert [p.name for p in packages.folder().rglob("*") if p.is_file()] == ["it.js"]
    assert not (pinned.parent / "evil").exists()
    assert remove("made-up") == 1
    assert not packages.installed("made-up")
    assert remove("made-up") == 0


def test_node_modules_do_as_well(pinned: Path) -> None:
    (pinned / "node_modules/made-up/dist").mkdir(parents=True)
    (pinned / "node_modules/made-up/dist/it.js").write_bytes(GOOD)
    list(install("made-up", pinned))
    assert packages.read("made-up/dist/it.js") == GOOD


@pytest.mark.parametrize("content", [GOOD + b" ", GOOD[:-1] + b" ", b""])
def test_another_file_is_refused_and_nothing_kept(pinned: Path, content: bytes) -> None:
    archive(pinned, content)
    with pytest.raises(KernelscopeError, match=r"dist/it\.js of made-up is not that of version 1\.0\.0"):
        list(install("made-up", pinned))
    assert not packages.installed("made-up")


def test_what_is_missing_or_broken_is_said(pinned: Path) -> None:
    pinned.mkdir()
    with pytest.raises(KernelscopeError, match="nor a folder made-up"):
        list(install("made-up", pinned))
    (pinned / "made-up-1.0.0.tgz").write_bytes(b"no archive")
    with pytest.raises(KernelscopeError, match="is no archive of npm"):
        list(install("made-up", pinned))
