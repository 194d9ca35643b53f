"""Lines of instructions: held against the binary's own opcodes, and none where the two disagree."""

import pytest

from app.catalog.index import variants
from app.catalog.programs import source
from app.compiled.wasm import NO_MAP, NO_TEXT, codes
from app.compiled.wat import lines_of, opcodes, order
from app.core.target import Runtime
from app.engines.wasm.assemble import assemble, built

CONSTANTS = {"i32.add": 0x6A, "f32.mul": 0x94, "local.get": 0x20, "br_if": 0x0D, "loop": 0x03, "end": 0x0B}

TEXT = """(module (memory (export "memory") 1)
  (func $twice (param $x f32) (result f32)
    (f32.add
      (local.get $x)  ;; (f32.mul is no instruction here)
      (local.get $x)))
  (func (export "run") (param $n i32)
    (if (i32.lt_u (local.get $n) (i32.const 7))
      (then (f32.store (i32.const 8)
        (call $twice (f32.const 1))))
      (else (nop)))))
"""


def test_folded_and_plain_instructions_have_the_lines_they_stand_in() -> None:
    names = order(TEXT)
    assert names[:4] == [("local.get", 4), ("local.get", 5), ("f32.add", 3), ("end", 5)]
    assert ("f32.store", 8) in names
    assert names.index(("i32.lt_u", 7)) < names.index(("if", 7)) < names.index(("else", 10))
    binary = assemble(TEXT)
    lines = lines_of(TEXT, binary)
    assert [lines[at] for at, opcode in opcodes(binary) if opcode == 0x92] == [3]


def test_a_text_that_is_not_the_binarys_has_no_lines() -> None:
    binary = assemble(TEXT)
    assert lines_of(TEXT.replace("f32.add", "f32.mul"), binary) == {}
    assert lines_of(TEXT.replace("(nop)", ""), binary) == {}


def test_every_text_of_ours_has_the_opcodes_that_its_words_say() -> None:
    """Wherever a word has an opcode of its own, that is what stands there."""
    seen = 0
    for variant in variants():
        if variant.runtime is not Runtime.WASM or variant.workload not in ("matvec", "matmul", "scan"):
            continue
        text = source(variant, {p.name: p.cpu for p in variant.parameters})
        if text in built():
            continue  # in forms that only another assembler writes
        binary = assemble(text)
        lines, named = lines_of(text, binary), order(text)
        assert len(lines) == len(named), variant.name
        for (name, line), (at, opcode) in zip(named, opcodes(binary), strict=True):
            assert lines[at] == line
            assert CONSTANTS.get(name, opcode) == opcode
            seen += name in CONSTANTS
    assert seen > 3000


def test_instructions_stand_beside_the_lines_they_came_from() -> None:
    pytest.importorskip("capstone", reason="capstone is not installed")
    variant = next(v for v in variants() if (v.workload, v.name) == ("matmul", "f32-simd"))
    parameters = {p.name: p.cpu for p in variant.parameters}
    text = source(variant, parameters)
    lines = text.splitlines()
    hot = max(codes(text, parameters), key=lambda code: code.multiply_adds)
    assert not hot.lines
    products = [one for one in hot.body if one.text.startswith("vmulps")]
    assert products
    # A product and the sum that takes it may share a line.
    assert all("f32x4.mul" in "\n".join(lines[one.line - 1 : one.line + 3]) for one in products)


def test_a_map_that_does_not_fit_gives_no_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("capstone", reason="capstone is not installed")
    text = TEXT.replace("(f32.const 1)", "(f32.mul (f32.load (i32.const 4)) (f32.load (i32.const 0)))")
    fine = codes(text, {})
    assert not fine[0].lines
    assert {one.line for one in fine[0].instructions} - {0}
    from app.compiled import wasm

    monkeypatch.setattr(wasm, "KNOWN", {"vaddss": (b"\x95",)})
    spoilt = codes(text, {})
    assert spoilt[0].lines == NO_MAP
    assert {one.line for one in spoilt[0].instructions} == {0}
    monkeypatch.undo()
    monkeypatch.setattr(wasm, "lines_of", lambda *_: {})
    assert codes(text, {})[0].lines == NO_TEXT
