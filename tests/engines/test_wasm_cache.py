"""Compiled modules come back from the cache whole, or are compiled anew."""

from pathlib import Path

import pytest
import wasmtime

from app.engines.wasmtime import cache

ENGINE = wasmtime.Engine()
BINARY = bytes(wasmtime.wat2wasm('(module (func (export "run") (result i32) (i32.const 42)))'))


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cache, "modules", lambda: tmp_path)
    return tmp_path


def run(compiled: cache.Compiled) -> object:
    store = wasmtime.Store(ENGINE)
    function = wasmtime.Instance(store, compiled.module, []).exports(store)["run"]
    assert isinstance(function, wasmtime.Func)
    return function(store)


def test_what_is_kept_comes_back() -> None:
    first = cache.compiled(ENGINE, BINARY, "default")
    second = cache.compiled(ENGINE, BINARY, "default")
    assert run(first) == run(second) == 42
    assert second.seconds == pytest.approx(first.seconds), "what compiling took is remembered with it"


def test_text_configuration_and_cpu_have_entries_of_their_own(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = bytes(wasmtime.wat2wasm('(module (func (export "run") (result i32) (i32.const 43)))'))
    cache.compiled(ENGINE, BINARY, "default")
    cache.compiled(ENGINE, other, "default")
    cache.compiled(ENGINE, BINARY, "other")
    monkeypatch.setattr(cache, "_cpu", lambda: "another CPU")
    cache.compiled(ENGINE, BINARY, "default")
    assert len(list(kept.glob("*.module"))) == 4


@pytest.mark.parametrize("place", ["empty", "cut", "header", "first byte", "middle", "last byte", "swapped"])
def test_a_damaged_entry_is_never_run(place: str, kept: Path) -> None:
    cache.compiled(ENGINE, BINARY, "default")
    file = next(kept.glob("*.module"))
    whole = file.read_bytes()
    start = whole.index(b"\n") + 1
    damaged = bytearray(whole)
    if place in ("first byte", "middle", "last byte"):
        at = {"first byte": start, "middle": (start + len(whole)) // 2, "last byte": len(whole) - 1}[place]
        damaged[at] ^= 0x40
    else:
        cut = {"empty": 0, "cut": len(whole) // 2, "header": start, "swapped": start}[place]
        damaged = damaged[:cut] + (b"garbage" if place == "swapped" else b"")
    file.write_bytes(bytes(damaged))
    assert run(cache.compiled(ENGINE, BINARY, "default")) == 42
    assert file.read_bytes() != bytes(damaged), "the good entry takes the damaged one's place"


def test_a_folder_that_cannot_be_written_costs_only_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "modules", lambda: Path("/dev/null/modules"))
    assert run(cache.compiled(ENGINE, BINARY, "default")) == 42


def test_old_entries_make_room(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_ENTRIES", 2)
    for name in "abcd":
        cache.compiled(ENGINE, BINARY, name)
    assert len(list(kept.glob("*.module"))) == 2
