"""Kernel texts from files: as Windows writes them, and modules that are no text at all."""

from pathlib import Path

import pytest

from app.core.errors import KernelscopeError
from app.engines.wasm.assemble import assemble
from app.storage.texts import read_kernel

TEXT = '(module\n  ;; µ — \n  (func (export "run") (result i32) (i32.const 1)))\n'


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_byte_order_mark_is_obeyed_and_no_part_of_the_text(encoding: str, end: str, tmp_path: Path) -> None:
    mark = "\ufeff" if encoding.endswith("e") else ""
    (tmp_path / "a.wat").write_bytes((mark + TEXT.replace("\n", end)).encode(encoding))
    assert read_kernel(tmp_path / "a.wat") == TEXT


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_no_editor_shows_is_no_text(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "a.wat").write_bytes(f"{TEXT}\0".encode(encoding))
    with pytest.raises(KernelscopeError, match=r"no text \(it holds a NUL character"):
        read_kernel(tmp_path / "a.wat")


def test_a_binary_module_is_a_text_that_assembles_to_it(tmp_path: Path) -> None:
    binary = assemble(TEXT)
    every = bytes(range(256))
    section = bytes((0, len(every) + 2 & 0x7F | 0x80, len(every) + 2 >> 7, 1, ord("x"))) + every
    for data in (binary, binary + section):
        (tmp_path / "a.wasm").write_bytes(data)
        assert assemble(read_kernel(tmp_path / "a.wasm")) == data
