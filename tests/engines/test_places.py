"""A module that assembles but is not valid: the engine's byte becomes a line and a column."""

import pytest
import wasmtime

from app.core.errors import KernelError
from app.engines.wasm.assemble import assemble
from app.engines.wasm.places import located

TEXT = """(module
  (func (export "run") (param i32) (result i32)
    (local i64)
    (local.set 1 (i64.const 5))
      (i32.add (local.get 0)
        (local.get 1)))
  (func (export "other")))"""
ENGINE = wasmtime.Engine()


def test_the_line_is_that_of_the_instruction() -> None:
    binary = assemble(TEXT)
    with pytest.raises(wasmtime.WasmtimeError) as refused:
        wasmtime.Module(ENGINE, binary)
    error = located(KernelError(str(refused.value)), TEXT, binary)
    assert (error.line, error.column) == (6, 9), "where the 64-bit operand is"


def test_what_names_no_byte_or_has_a_place_stays() -> None:
    plain, placed = KernelError("odd"), KernelError("odd at offset 3", 4, 5)
    assert located(plain, TEXT, b"") is plain
    assert located(placed, TEXT, b"") is placed
