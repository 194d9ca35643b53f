"""Modules in a page's workers, in V8 without a browser: they run as often as asked, and errors are said."""

import itertools
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from app.core.errors import TrapError
from app.core.program import Layout, Program
from app.core.target import FeatureState, Runtime
from app.core.variant import Operation
from app.engines import load
from app.engines.browser.device import BrowserDevice, wasm_program
from app.engines.browser.messages import Refusal
from app.engines.browser.page import _error
from app.engines.browser.setup import setup
from app.engines.wasm.assemble import assemble
from app.engines.wasm.proposals import PROPOSALS
from tests.engines.test_runs import MANY, WAT
from tests.engines.test_steps import EXPECTED
from tests.engines.test_steps import program as steps_program
from tests.web.modules import Page

BROWSER = (Path(__file__).parent / "browser.js").read_text("utf-8")


@cache
def browser() -> Page:
    """A page whose modules find all that they need of a browser."""
    names = ("runner.js", "wasm.js", "gpu.js", "targets.js", "measure.js", "clock.js", "wasm-team.js")
    return Page(*names, globals=BROWSER, workers=["wasm-worker.js"])


BEGIN = """
const bytes = (list) => new Uint8Array(list);
const words = (answer) => [...new Uint32Array(answer.slice().buffer)];
const refused = async (work) => {
  try {
    return (await work()) ?? "nothing";
  } catch (error) {
    return web.Refusal.plain(error);
  }
};
const prepared = async ({ program, binary, operands }) => {
  const before = clock;
  const kernel = await new web.Wasm().prepare(program, [bytes(binary), ...operands.map(bytes)]);
  return { kernel, elapsed: clock - before };
};
"""


def played(body: str, **given: Any) -> Any:
    """What ``body``, the inside of a function, returns."""
    return browser().value(f"(async () => {{ {BEGIN} {body} }})()", **given)


def asked(program: Program, **more: Any) -> dict[str, Any]:
    """A program as the page is sent it, its binary and its operands."""
    binary = assemble(program.source)
    told = msgspec.to_builtins(wasm_program(program, len(binary))) | {"warm": False} | more
    operands = [array.view(np.uint8).tolist() for array in program.layout.buffers.values()]
    return {"program": told, "binary": list(binary), "operands": operands}


def small(text: str = WAT, copies: int = 1, operation: Operation | None = None) -> Program:
    """A program of four words, for what it answers."""
    layout = Layout({"data": np.arange(7, 11, dtype=np.uint32)}, {}, (np.dtype(np.uint32), 4), lambda: ())
    return Program(text, layout, copies=copies, operation=operation)


@pytest.mark.parametrize("copies", [1, 3])
def test_runs_are_as_many_as_asked_for_and_costs_are_apart(copies: int) -> None:
    program = small(copies=copies)
    found, costs, elapsed = played(
        """
        const { kernel, elapsed } = await prepared(one);
        const found = [];
        for (const count of counts) {
          await kernel.poison();
          const before = clock;
          const seconds = await kernel.time(count);
          found.push([words(await kernel.result())[0] + 1, seconds > 0 && seconds <= clock - before]);
        }
        kernel.close();
        return [found, kernel.costs, elapsed];
        """,
        one=asked(program, warm=copies == 1),
        counts=[1, 2, MANY],
    )
    assert found == [[1, True], [2, True], [MANY, True]]
    parts = [costs[name] for name in ("compile_s", "upload_s", "first_run_s")]
    assert min(parts) > 0
    assert sum(parts) + costs["warm_up_s"] <= elapsed
    assert (costs["warm_up_s"] > 0.1) is (copies == 1)
    assert costs["module_bytes"] == len(assemble(program.source))


COPY = """(module (memory (export "memory") 1)
  (func (export "run") (param $repeats i32) (param $data i32) (param $result i32)
    (i32.store (local.get $result) (i32.load (local.get $data)))
    (i32.store offset=4 (local.get $result) (local.get $data))))
"""


def test_copies_are_taken_in_turn_across_batches_and_loading_reaches_each() -> None:
    """The second word of each answer is where the operands lay."""
    answers = played(
        """
        const { kernel } = await prepared(one);
        const found = [];
        for (const count of [1, 1, 2, 1]) {
          await kernel.time(count);
          found.push(words(await kernel.result()).slice(0, 2));
        }
        await kernel.load([0], [bytes(other)]);
        for (let i = 0; i < 3; i++) {
          await kernel.time(1);
          found.push(words(await kernel.result()).slice(0, 2));
        }
        return found;
        """,
        one=asked(small(COPY, copies=3)),
        other=np.full(4, 99, np.uint32).view(np.uint8).tolist(),
    )
    values, places = zip(*answers, strict=True)
    assert values == (7, 7, 7, 7, 99, 99, 99)
    first, second, third = sorted(set(places))
    assert third - second == second - first
    order = [first, second, third].index
    assert [order(place) for place in places] == [1, 2, 1, 2, 0, 1, 2], "the preparation took the first"


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        (
            '(module (memory (export "memory") 1))',
            "kernel",
            "must export a memory 'memory' and a function 'run'",
        ),
        ('(module (func (export "run") (param i32 i32 i32)))', "kernel", "must export a memory"),
        (
            '(module (memory (export "memory") 1) (func (export "run")))',
            "kernel",
            "'run' takes 0 arguments, but the layout gives 3",
        ),
        (WAT.replace("(loop", "(unreachable) (loop"), "failed", "trap: unreachable"),
        (f"(module (func $s (unreachable)) (start $s) {WAT[8:]}", "failed", "trap: unreachable"),
        (f"(module (tag $e) (func $s (throw $e)) (start $s) {WAT[8:]}", "failed", "trap: an exception that"),
        (f'(module (import "host" "f" (func)) {WAT[8:]}', "kernel", "does not link"),
        (WAT.replace('"memory") 1', '"memory") 1 1'), "limit", "no memory for 1 MiB of operands"),
    ],
)
def test_what_goes_wrong_is_one_refusal_that_says_what(text: str, kind: str, words: str) -> None:
    more = {"pages": 16} if kind == "limit" else {}
    said = played(
        "return [await refused(() => prepared(one)), workers.at(-1).ended];", one=asked(small(text), **more)
    )
    refusal, ended = said
    assert refusal["kind"] == kind
    assert words in refusal["message"]
    assert "\n" not in refusal["message"]
    assert ended, "its worker is given back"


@pytest.mark.parametrize(
    ("change", "words", "placed"),
    [
        ("(unreachable)", "unreachable", True),
        ("(drop (i32.div_u (i32.const 1) (i32.const 0)))", "divide by zero", True),
        ("(call $run (i32.const 0) (i32.const 0) (i32.const 0))", "call stack exhausted", False),
    ],
)
def test_a_trap_names_its_line_as_this_v8_does(change: str, words: str, placed: bool) -> None:
    """But for a stack that is used up: V8 names the start of the function, which is no line's code."""
    source = WAT.replace('(func (export "run")', '(func $run (export "run")')
    source = source.replace("(loop", f"\n{change}\n (loop", 1)
    told = played("return refused(() => prepared(one));", one=asked(small(source)))
    assert words in told["message"]

    class OnePage:
        """Answers as the page did."""

        number = itertools.count(1).__next__

        def ask(self, request: object, buffers: object) -> None:
            raise _error(msgspec.convert({"id": 1, **told}, Refusal))

    trapped = []
    v8 = load("v8")
    device = v8.open(v8.targets()[0])
    for engine in (BrowserDevice(OnePage(), Runtime.WASM), device):
        with pytest.raises(TrapError) as trap:
            engine.prepare(small(source))
        trapped.append((trap.value.line, trap.value.column))
    line = source[: source.index(change)].count("\n") + 1
    assert trapped == [(line, 1) if placed else (None, None)] * 2


def test_a_module_that_is_none_is_the_kernels_fault() -> None:
    one = asked(small()) | {"binary": [1, 2, 3, 4]}
    assert played("return refused(() => prepared(one));", one=one)["kind"] == "kernel"


@pytest.mark.parametrize(
    ("event", "words"), [({"message": "boom"}, "boom"), ({}, "the worker does not start")]
)
def test_an_error_of_a_worker_is_told_in_its_words(event: dict[str, str], words: str) -> None:
    said = played(
        """
        const { kernel } = await prepared(one);
        const worker = workers.at(-1);
        worker.scope.onmessage = () => worker.onerror(event);
        return refused(() => kernel.time(1));
        """,
        one=asked(small()),
        event=event,
    )
    assert (said["kind"], said["message"]) == ("failed", words)


@pytest.mark.parametrize("operation", ["upload", "download", "map", "first-touch", "dispatch"])
def test_operations_do_what_their_names_say(operation: str) -> None:
    """Poison is gone after one, which leaves the operand, or what the module made of it, and no earlier."""
    poisoned, answer, again = played(
        """
        const { kernel } = await prepared(one);
        await kernel.poison();
        const found = [[...(await kernel.result())]];
        await kernel.time(2);
        found.push(words(await kernel.result()));
        await kernel.load([0], [bytes(other)]);
        await kernel.time(1);
        found.push(words(await kernel.result()));
        return found;
        """,
        one=asked(small(operation=operation)),
        other=np.full(4, 99, np.uint32).view(np.uint8).tolist(),
    )
    assert set(poisoned) <= {255}
    if operation == "dispatch":
        assert (answer[0], again[0]) == (1, 2)
    else:
        assert answer == [7, 8, 9, 10]
        assert again == [99] * 4


@pytest.mark.parametrize(("trapped", "byte"), [(0, None), (-1, None), (77, 77)])
def test_a_team_has_a_worker_for_each_thread_but_its_own(trapped: int, byte: int | None) -> None:
    """Which do their part while the first does its own, and say where they trapped."""
    told, calls, answer, ended = played(
        """
        const told = [];
        const calls = [];
        scripts["wasm-thread.js"] = (scope) => {
          scope.onmessage = ({ data }) => {
            told.push([data.number, data.threads]);
            scope.postMessage("ready");
          };
        };
        let team;
        const run = (...given) => {
          calls.push(given);
          Atomics.store(team.control, web.DONE, 2);
          Atomics.store(team.control, web.TRAPPED, trapped);
        };
        team = await web.Team.gather(null, null, [{ entry: "run", call: run, given: [5] }], 3);
        const answer = await refused(async () => team.run(7));
        team.close();
        return [told, calls, answer, workers.slice(-2).every(({ ended }) => ended)];
        """,
        trapped=trapped,
    )
    assert ended
    assert told == [[1, 3], [2, 3]]
    assert calls == [[7, 5, 0, 3]]
    if trapped:
        assert (answer["message"], answer["byte"]) == ("trap: in another thread", byte)
    else:
        assert answer == "nothing"


def test_threads_take_their_part_of_each_step_in_turn() -> None:
    """The loop is a module's own where a run is one step; else each run has all of them."""
    both, alone = played("""
        const told = [];
        const step = (name) => ({ call: (...given) => told.push([name, ...given]), given: [9] });
        const [a, b] = [step("a"), step("b")];
        web.takePart([a, b], 2, 1, 3);
        const both = told.splice(0);
        web.takePart([a], 2, 1, 3);
        return [both, told];
        """)
    assert both == [["a", 1, 9, 1, 3], ["b", 1, 9, 1, 3]] * 2
    assert alone == [["a", 2, 9, 1, 3]]


def test_an_operation_that_no_browser_knows_is_refused() -> None:
    said = played("return refused(() => prepared(one));", one=asked(small(operation=Operation.FIBERS)))
    assert (said["kind"], said["message"]) == ("failed", "no operation 'fibers' in a browser")


def test_probes_answer_as_those_of_this_v8_do() -> None:
    """But for threads, which want a page that is isolated."""
    (v8,) = load("v8").targets()
    told = msgspec.json.decode(setup())["proposals"]
    found = played(
        """
        const binary = (text) => text && Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
        return web.probe(told.map((one) => ({ ...one, binary: binary(one.binary) })));
        """,
        told=told,
    )
    answers = found["answers"]
    assert found["step"] == pytest.approx(1e-3)
    assert set(answers) == {proposal.name for proposal in PROPOSALS}
    for name, answer in answers.items():
        if name in ("threads", "jspi"):
            continue
        assert answer["runs"] is (v8.feature(name).state is FeatureState.SUPPORTED), (name, answer)
    assert answers["jspi"]["runs"]
    assert "not cross-origin isolated" in answers["threads"]["reason"]


@pytest.mark.parametrize("copies", [1, 3])
def test_steps_run_in_order_and_are_timed_apart(copies: int) -> None:
    found, parts = played(
        """
        const { kernel } = await prepared(one);
        const found = [];
        for (const count of [1, 5]) {
          await kernel.poison();
          await kernel.time(count);
          found.push([...new Float32Array((await kernel.result()).slice().buffer)]);
        }
        return [found, await kernel.parts(7)];
        """,
        one=asked(steps_program(Runtime.WASM, copies)),
    )
    assert found == [EXPECTED] * 2
    assert len(parts) == 2
    assert min(parts) > 0


def test_a_step_that_a_module_lacks_is_said() -> None:
    one = asked(steps_program(Runtime.WASM))
    one["program"]["steps"][0]["entry"] = "gone"
    told = played("return refused(() => prepared(one));", one=one)
    assert told["message"] == "the module must export a function 'gone'"
