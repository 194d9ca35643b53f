"""How much machine code wasmtime makes of a module: the functions' own, and more of an unrolled text."""

import wasmtime

from app.catalog.index import find
from app.catalog.programs import source
from app.core.target import Runtime
from app.engines.wasmtime.compile import compile_text, configuration_for
from app.engines.wasmtime.elf import code_bytes

NOTHING = '(module (memory (export "memory") 1) (func (export "run") (param i32)))'


def compiled(text: str) -> int:
    return code_bytes(bytes(wasmtime.Module(wasmtime.Engine(), text).serialize()))


def test_more_functions_are_more_code() -> None:
    one = compiled(NOTHING)
    two = compiled(NOTHING.replace("(func", "(func (param f32) (result f32) local.get 0) (func", 1))
    assert 0 < one < 64
    assert one < two < 2 * one + 64


def test_an_unrolled_text_becomes_more_code_and_is_known_from_the_cache_too() -> None:
    variant = find("matvec", "f32-simd", Runtime.WASM)
    sizes = []
    for sums in (1, 4):
        parameters = {"sums": sums, "opt_level": "speed"}
        text = source(variant, parameters)
        made = [compile_text(configuration_for(parameters), text).code for _ in range(2)]
        assert made[0] == made[1]
        sizes.append(made[0])
    assert 100 < sizes[0] < sizes[1] < 10_000


def test_what_is_no_elf_file_has_no_size() -> None:
    assert code_bytes(b"") == 0
    assert code_bytes(b"\0" * 200) == 0
    assert code_bytes(b"\xff" * 200) == 0
