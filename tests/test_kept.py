"""What is kept on disk is what was made, is bounded, and damage to it costs time alone."""

from pathlib import Path

import numpy as np
import pytest

from app import kept as room
from app.kept import Arrays, kept
from app.workloads.blocks import FORMATS, Blocks, pack

MATRIX = np.random.default_rng(1).standard_normal((8, 512), dtype=np.float32)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """All is long enough, in a folder of one's own."""
    monkeypatch.setattr(room, "SMALL", 0)
    monkeypatch.setattr(room, "LONG", 0.0)
    monkeypatch.setattr(room, "folder", lambda: tmp_path / "packed")


def refused() -> Arrays:
    raise AssertionError("it is there")


def entries(path: Path) -> list[Path]:
    return sorted((path / "packed").iterdir())


@pytest.mark.parametrize("name", FORMATS)
def test_blocks_are_the_same_from_disk(name: str, tmp_path: Path) -> None:
    made, again = (pack(MATRIX, FORMATS[name]) for _ in range(2))
    assert len(entries(tmp_path)) == 1
    assert isinstance(made, Blocks)
    assert isinstance(again, Blocks)
    for one, other in zip(made[:3], again[:3], strict=True):
        assert (one == other).all()
    assert made.packed.keys() == again.packed.keys()
    assert all((made.packed[part] == again.packed[part]).all() for part in made.packed)


def test_other_values_and_other_ways_are_other_entries(tmp_path: Path) -> None:
    for how, of in (("a", MATRIX), ("b", MATRIX), ("a", MATRIX + 1), ("a", MATRIX.T.copy())):
        kept(how, of, lambda of=of: {"x": of})  # type: ignore[misc]
    assert len(entries(tmp_path)) == 4
    assert (kept("a", MATRIX + 1, refused)["x"] == MATRIX + 1).all()


@pytest.mark.parametrize("damage", [b"", b"PK", None])
def test_damage_is_made_anew(damage: bytes | None, tmp_path: Path) -> None:
    kept("a", MATRIX, lambda: {"x": MATRIX})
    (entry,) = entries(tmp_path)
    whole = bytearray(entry.read_bytes())
    whole[len(whole) // 2] ^= 255
    entry.write_bytes(bytes(whole) if damage is None else damage)
    assert (kept("a", MATRIX, lambda: {"x": MATRIX})["x"] == MATRIX).all()
    assert (kept("a", MATRIX, refused)["x"] == MATRIX).all()


def test_the_oldest_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_BYTES", 3 * MATRIX.nbytes)
    for number in range(5):
        kept(str(number), MATRIX, lambda: {"x": MATRIX})
        (tmp_path / "packed").touch()
    assert len(entries(tmp_path)) == 2
    kept("4", MATRIX, refused)
    kept("large", MATRIX, lambda: {"x": np.zeros(4 * MATRIX.size, np.float32)})
    assert len(entries(tmp_path)) == 2


def test_what_is_quick_or_cannot_be_kept_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LONG", 60.0)
    kept("a", MATRIX, lambda: {"x": MATRIX})
    assert not (tmp_path / "packed").exists()
    monkeypatch.setattr(room, "LONG", 0.0)
    (tmp_path / "packed").write_bytes(b"no folder")
    assert kept("a", MATRIX, lambda: {"x": MATRIX})["x"] is MATRIX
