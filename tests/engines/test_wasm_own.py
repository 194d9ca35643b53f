"""Modules of the user's own in both Wasm engines: what they import, trap with and keep in their memory."""

import numpy as np
import pytest

from app.catalog.index import find
from app.catalog.programs import source
from app.core.edit import Edit
from app.core.measurement import Status
from app.core.plan import Case
from app.core.shape import Shape
from app.core.target import Runtime
from app.engines import load
from app.engines.wasm.assemble import assemble
from app.engines.wasm.module import facts
from app.measure.prepare import Ready, Refused, prepare
from app.storage.texts import as_text

LIKE = find("matvec", "f32-simd", Runtime.WASM)
HEAD, RUN, BODY = "(module\n", '(func (export "run")', "(loop $again"


@pytest.fixture(params=["wasmtime", "v8"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def prepared(engine: str, *changes: tuple[str, str], binary: bool = False) -> Ready:
    """The text of the catalogue with one thing in the place of another, ready to run."""
    target = load(engine).targets()[0]
    parameters = LIKE.defaults(target)
    text = source(LIKE, parameters)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    text = as_text(assemble(text)) if binary else text
    edit = Edit(
        workload="matvec", runtime=Runtime.WASM, name="mine", like=LIKE.name, text=text, parameters=parameters
    )
    case = Case(target.id, "matvec", "mine", Shape(64, 64), parameters)
    return prepare(load(engine).open(target), target, case, 1, (edit,))


def refused(engine: str, *changes: tuple[str, str]) -> Refused:
    with pytest.raises(Refused) as found:
        prepared(engine, *changes).kernel.close()
    assert found.value.status is Status.FAILED
    assert "\n" not in found.value.reason
    return found.value


def test_an_exception_that_nothing_catches_is_a_trap_of_one_name(engine: str) -> None:
    thrown = "(tag $e)\n(func $t (throw $e))"
    found = refused(engine, (RUN, f"{thrown}\n{RUN}"), (BODY, f"(call $t) {BODY}"))
    assert found.reason.startswith("trap: an exception that nothing catches")


def test_a_function_that_starts_by_itself_traps_in_its_place(engine: str) -> None:
    found = refused(engine, (RUN, f"(func $s\n(unreachable))\n(start $s)\n{RUN}"))
    assert found.reason.startswith("trap: ")
    assert "unreachable" in found.reason
    text = source(LIKE, LIKE.defaults(load(engine).targets()[0]))
    assert found.place is not None
    assert found.place.line == text[: text.index(RUN)].count("\n") + 2


@pytest.mark.parametrize("what", ["(func $log (param i32))", "(global i32)", "(memory 1)"])
def test_an_import_is_named_with_the_rule(engine: str, what: str) -> None:
    reason = refused(engine, (HEAD, f'(module (import "env" "log" {what})\n')).reason
    assert "imports env.log: a kernel of this variant may import nothing" in reason


def test_a_stack_that_is_used_up_is_a_trap_of_one_name(engine: str) -> None:
    deep = "(func $deep (param i32) (result i32) (i32.add (i32.const 1) (call $deep (local.get 0))))"
    found = refused(engine, (RUN, f"{deep}\n{RUN}"), (BODY, f"(drop (call $deep (i32.const 1))) {BODY}"))
    assert found.reason == "trap: call stack exhausted"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("(drop (i32.load (i32.const -4)))", "out of bounds"),
        ("(drop (i32.div_s (local.get $a) (i32.const 0)))", "by zero"),
        ("(unreachable)", "unreachable"),
    ],
)
def test_a_trap_tells_its_line(engine: str, wrong: str, words: str) -> None:
    found = refused(engine, (BODY, f"(nop)\n\n   {wrong}\n{BODY}"))
    text = source(LIKE, LIKE.defaults(load(engine).targets()[0]))
    line = text[: text.index(BODY)].count("\n") + 3
    assert found.reason.startswith("trap: ")
    assert words in found.reason
    assert found.reason.endswith(f"(line {line})")
    assert found.place is not None
    assert (found.place.line, found.place.column) == (line, 4)


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize(
    ("own", "keeps"),
    [
        ('(data (i32.const 1024) "\\07\\00\\00\\00")', 1024),
        ('(data (i32.const 65532) "\\07\\00\\00\\00")', 65532),
        ("(global $stack (mut i32) (i32.const 65536))", 65000),
    ],
)
def test_operands_leave_what_is_the_modules_alone(engine: str, own: str, keeps: int, binary: bool) -> None:
    """It traps where the word is not as it left it, at every run."""
    first = "7" if own.startswith("(data") else "0"
    look = f"(if (i32.ne (i32.load (i32.const {keeps})) (i32.const {first})) (then (unreachable)))"
    ready = prepared(engine, (RUN, f"{own} {RUN}"), (BODY, f"{look} {BODY}"), binary=binary)
    ready.kernel.poison()
    ready.kernel.time(3)
    assert ready.check(ready.kernel.result()).acceptable
    ready.kernel.close()


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("(module (memory 1))", 0),
        ("(module (memory 1) (global (mut i32) (i32.const 0)))", 0),
        ("(module (memory 1) (global (mut i32) (i32.const -8)))", 0),
        ("(module (memory 1) (global i32 (i32.const 8)))", 0),
        ("(module (memory 3))", 3),
        ("(module (memory 1) (global f64 (f64.const 1)) (global v128 (v128.const i64x2 1 2))"
         " (global (mut funcref) (ref.null func)) (global (mut i32) (i32.const 1024)))", 1),
        ('(module (memory 1) (global i32 (i32.add (i32.const 1) (i32.const 2)))'
         ' (data (i32.const 8) "x"))', 1),
        ('(module (import "kernelscope" "memory" (memory 1 65536 shared)) (data (i32.const 0) "x"))', 1),
        ('(module (memory i64 2) (data (i64.const 9) "x"))', 2),
        ('(module (import "a" "t" (table 1 2 funcref)) (import "a" "g" (global (mut i64))) (memory 1)'
         ' (data (i32.const 0) "x"))', 1),
    ],
)  # fmt: skip
def test_what_a_module_owns(text: str, own: int) -> None:
    assert facts(assemble(text)).own == own * 65536


def test_of_what_is_cut_short_as_much_as_can_be_read() -> None:
    whole = assemble('(module (import "a" "b" (func)) (memory 2) (data (i32.const 0) "x"))')
    for size in range(8, len(whole) + 1):
        assert len(facts(whole[:size]).imports) <= 1
    for seed in range(300):
        junk = np.random.default_rng(seed).bytes(40)
        assert facts(whole[:8] + junk).own >= 0
