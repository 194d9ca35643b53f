"""A page's GPU and what it tells of its browser, on a GPU that is made up: every call counted, no browser."""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec import structs

from app.core.program import Layout, Program
from app.core.target import ABILITIES, LANGUAGE, WASM_PROPOSALS, WEB, Feature, FeatureState, Runtime, Target
from app.engines.browser.device import BrowserDevice, gpu_program
from app.engines.browser.messages import Answer, PageRequest, decode, encode
from app.engines.browser.setup import setup
from app.engines.wasm.proposals import PROPOSALS
from app.engines.webgpu.adapters import LANGUAGE_FEATURES
from tests.engines.test_steps import program as steps_program
from tests.web.modules import Page
from tests.web.test_workers import BEGIN, BROWSER, browser

OPENED = """
const opened = async (features = ["subgroups"]) => {
  adapter.features = new Set(features);
  const gpu = await web.Gpu.open();
  return [gpu, gpu.device];
};
"""


def played(body: str, **given: Any) -> Any:
    return browser().value(f"(async () => {{ {BEGIN} {OPENED} {body} }})()", **given)


def asked(copies: int = 1, **more: Any) -> dict[str, Any]:
    """Two passes of a grid of three by two and of one group, over operands of 16 and 3 bytes."""
    layout = Layout(
        {"data": np.arange(7, 11, dtype=np.uint32), "small": np.arange(3, dtype=np.uint8)},
        {"rows": 5},
        (np.dtype(np.uint32), 4),
        tuple,
        {"first": (3, 2, 1), "last": (1, 1, 1)},
        {"between": 10},
    )
    told = msgspec.to_builtins(gpu_program(Program("text", layout, copies=copies))) | more
    operands = [array.view(np.uint8).tolist() for array in layout.buffers.values()]
    return {"program": told, "operands": operands}


NO_SUCH_STEP = [one | {"entry": "none"} for one in asked()["program"]["steps"]]


@pytest.mark.parametrize("features", [["subgroups"], ["subgroups", "timestamp-query"]])
@pytest.mark.parametrize("copies", [1, 3])
def test_every_pass_is_dispatched_as_often_as_asked_and_costs_are_apart(
    features: list[str], copies: int
) -> None:
    """A run adds four to the first word: three groups in x, and one; the third tells the last entry point."""
    found, costs, elapsed, timer, sizes = played(
        """
        const [gpu, device] = await opened(features);
        const before = clock;
        const kernel = await gpu.prepare(one.program, one.operands.map(bytes));
        const elapsed = clock - before;
        const found = [];
        for (const count of [1, 2, 25]) {
          await kernel.poison();
          const began = clock;
          const seconds = await kernel.time(count);
          const answer = words(await kernel.result());
          found.push([answer[0] + 1, answer[2], seconds > 0.019 * count && seconds <= clock - began]);
        }
        return [found, kernel.costs, elapsed, kernel.timer, kernel.buffers.map(({ size }) => size)];
        """,
        one=asked(copies),
        features=features,
    )
    assert found == [[4 * count, len("last"), True] for count in (1, 2, 25)]
    assert timer == ("GPU time stamps" if len(features) > 1 else "wall clock over a batch")
    assert min(costs.values()) > 0
    assert sum(costs.values()) <= elapsed
    assert sizes == [16, 4] * copies + [12, 16, 16], "operands, scratch, the result and a block of scalars"


def test_dispatches_that_are_submitted_alone_are_as_many() -> None:
    count, seconds, timer = played(
        """
        const [gpu, device] = await opened();
        const kernel = await gpu.prepare({ ...one.program, operation: "dispatch" }, one.operands.map(bytes));
        await kernel.poison();
        const seconds = await kernel.time(5);
        return [words(await kernel.result())[0] + 1, seconds, kernel.timer];
        """,
        one=asked(),
    )
    assert count == 20
    assert seconds >= 0.1
    assert timer == "wall clock, each run submitted alone and awaited"


def test_copies_are_taken_in_turn_and_loading_reaches_each() -> None:
    """The second copy of three is spoilt: every third run meets it, across batches, until all are new."""
    found = played(
        """
        const [gpu, device] = await opened();
        const kernel = await gpu.prepare(one.program, one.operands.map(bytes));
        device.queue.writeBuffer(kernel.operands[1][0], 0, bytes([99, 0, 0, 0]));
        const found = [];
        for (const count of [1, 1, 3, 1, 1]) {
          await kernel.time(count);
          found.push(words(await kernel.result())[1]);
        }
        await kernel.load([1, 0], [bytes([1, 2, 3]), bytes(new Array(16).fill(0)).fill(5, 0, 1)]);
        for (let i = 0; i < 3; i++) {
          await kernel.time(1);
          found.push(words(await kernel.result())[1]);
        }
        return [found, kernel.operands.map(([, small]) => [...small.bytes])];
        """,
        one=asked(copies=3),
    )
    answers, small = found
    assert answers == [99, 7, 7, 7, 99, 5, 5, 5], "the preparation took the first"
    assert small == [[1, 2, 3, 0]] * 3, "padded to whole words"


def test_a_text_is_compiled_once() -> None:
    texts = played(
        """
        const [gpu, device] = await opened();
        for (const text of ["a", "b", "a"]) {
          await gpu.prepare({ ...one.program, texts: [text] }, one.operands.map(bytes));
        }
        return device.compiled;
        """,
        one=asked(),
    )
    assert texts == ["a", "b"]


@pytest.mark.parametrize(
    ("spoil", "more", "expected"),
    [
        (
            "device.messages = [{ type: 'warning', message: 'w' },"
            " { type: 'error', message: 'bad', lineNum: 3, linePos: 7 }];",
            {},
            {"kind": "kernel", "message": "bad", "line": 3, "column": 7},
        ),
        (
            "device.messages = [{ type: 'error', message: 'bad', lineNum: 0, linePos: 0 }];",
            {},
            {"kind": "kernel", "message": "bad", "line": None, "column": None},
        ),
        ("device.errors = [['validation', 'no layout']];", {}, {"kind": "kernel", "message": "no layout"}),
        ("", {"steps": NO_SUCH_STEP}, {"kind": "kernel", "message": "no such entry point"}),
        (
            "",
            {"requires": ["shader-f16"]},
            {"kind": "unsupported", "message": "this browser has no shader-f16"},
        ),
        (
            "",
            {"needs": [["maxBufferSize", (1 << 28) + 1, "bytes"]]},
            {"kind": "limit", "message": f"needs {(1 << 28) + 1} bytes; maxBufferSize is {1 << 28}"},
        ),
        (
            "device.errors = [['out-of-memory', 'full']];",
            {},
            {"kind": "limit", "message": "no memory on the GPU for the operands"},
        ),
        ("gpu.error = 'odd\\nmore';", {}, {"kind": "failed", "message": "odd"}),
        (
            "device.lose({ message: 'reset\\nmore' }); await null; await null;",
            {},
            {"kind": "lost", "message": "the browser lost its GPU: reset"},
        ),
    ],
)
def test_what_goes_wrong_is_one_refusal_and_leaves_no_buffer(
    spoil: str, more: dict[str, Any], expected: dict[str, Any]
) -> None:
    refusal, left = played(
        f"""
        const [gpu, device] = await opened();
        {spoil}
        const said = await refused(() => gpu.prepare(one.program, one.operands.map(bytes)));
        return [said, device.buffers.filter(({{ destroyed }}) => !destroyed).length];
        """,
        one=asked(**more),
    )
    assert {name: refusal[name] for name in expected} == expected
    assert left == 0


def test_what_is_needed_and_just_there_is_not_refused() -> None:
    needs = [["maxBufferSize", 1 << 28, "bytes"], ["maxComputeWorkgroupsPerDimension", 65535, "workgroups"]]
    costs, limits, given_back = played(
        """
        const [gpu, device] = await opened();
        const kernel = await gpu.prepare(one.program, one.operands.map(bytes));
        kernel.close();
        return [kernel.costs, device.limits, device.buffers.every(({ destroyed }) => destroyed)];
        """,
        one=asked(needs=needs, requires=["subgroups"]),
    )
    assert costs["compile_s"] > 0
    assert sorted(limits) == [
        "maxBufferSize",
        "maxComputeWorkgroupsPerDimension",
        "maxStorageBuffersPerShaderStage",
    ]
    assert given_back


@pytest.mark.parametrize("operation", ["upload", "download", "map"])
def test_transfers_move_the_operand_and_nothing_before_they_are_asked(operation: str) -> None:
    poisoned, answer, again, sent, costs = played(
        """
        const [gpu, device] = await opened();
        const program = { ...one.program, operation };
        const kernel = await gpu.prepare(program, one.operands.slice(0, 1).map(bytes));
        let sent = 0;
        const { writeBuffer } = device.queue;
        device.queue.writeBuffer = (...given) => writeBuffer(...given, (sent += 1));
        await kernel.time(5);
        const each = sent;
        await kernel.poison();
        const found = [[...(await kernel.result())]];
        await kernel.time(2);
        found.push(words(await kernel.result()));
        await kernel.load([0], [bytes(new Array(16).fill(1))]);
        await kernel.time(1);
        found.push(words(await kernel.result()));
        kernel.close();
        return [...found, each, kernel.costs];
        """,
        one=asked(),
        operation=operation,
    )
    assert sent == (5 if operation == "upload" else 0)
    assert poisoned == [255] * 16
    assert answer == [7, 8, 9, 10]
    assert again == [0x01010101] * 4
    assert costs["compile_s"] == 0
    assert min(costs["upload_s"], costs["first_run_s"]) > 0


def found(features: list[str], prepare: str = "") -> tuple[dict[str, Any], list[Target]]:
    told = played(
        f"adapter.features = new Set(features); {prepare} return web.findTargets(setup);",
        features=features,
        setup=msgspec.json.decode(setup()),
    )
    return told["browser"], msgspec.convert(told["targets"], list[Target])


def test_a_browser_is_described_in_the_words_of_sessions() -> None:
    who, (gpu, wasm) = found(["subgroups", "timestamp-query", "made-up"])
    assert who == {"name": "Chrome", "family": "chrome", "version": "144.0.2"}
    assert (gpu.id, gpu.label, gpu.kind) == ("chrome-arch-1", "arch-1 (Chrome)", "GPU")
    assert (gpu.name, gpu.backend, gpu.driver) == ("maker arch-1", "WebGPU", "Chrome 144.0.2")
    assert gpu.properties["subgroup size"] == "4 to 8 lanes (told by the browser)"
    assert gpu.properties["timer"] == "GPU time stamps"
    assert (gpu.limits["subgroupMinSize"], gpu.limits["subgroupMaxSize"]) == (4, 8)
    assert gpu.limits["maxBindGroups"] == 4
    assert 0.9e-3 < gpu.clock_step < 2.1e-3, "the made-up clock goes in ticks of a millisecond"
    assert (wasm.id, wasm.runtime, wasm.kind) == ("chrome-wasm", Runtime.WASM, "CPU")
    assert wasm.properties["cores"] == "6"
    assert wasm.properties["threads"] == "1"
    assert wasm.clock_step == pytest.approx(1e-3)


def test_features_stand_under_their_headings_with_all_that_is_known_of_them() -> None:
    _, (gpu, wasm) = found(["subgroups", "made-up"])
    by_name = {feature.name: feature for feature in gpu.features}
    yes, no = FeatureState.SUPPORTED, FeatureState.MISSING
    assert [(by_name[name].state, by_name[name].group) for name in ("subgroups", "shader-f16")] == [
        (yes, WEB),
        (no, WEB),
    ]
    assert by_name["shader-f16"].unlock
    for name, use in LANGUAGE_FEATURES.items():
        feature = by_name[name]
        assert feature.group == LANGUAGE
        there = name.startswith("packed")
        assert feature.state is (yes if there else no)
        assert (use in feature.reason) is there
    assert (by_name["made_up_feature"].group, by_name["made_up_feature"].state) == (LANGUAGE, yes)
    for name in ("made-up", "trusted-shaders", "cooperative-matrix", "cooperative-f16"):
        assert by_name[name].group == "Experimental", name
    assert by_name["made-up"].state is yes
    assert "--enable-unsafe-webgpu" in by_name["cooperative-matrix"].unlock
    known = {feature.name: feature for feature in wasm.features}
    for proposal in PROPOSALS:
        feature = known.pop(proposal.name)
        told = (feature.group, feature.phase, feature.use, feature.probe)
        assert told == (WASM_PROPOSALS, proposal.phase, proposal.use, proposal.probe)
    (fibers,) = known.values()
    assert (fibers.name, fibers.group, fibers.state) == ("fibers", ABILITIES, no)
    assert isinstance(fibers, Feature)


def test_matrices_that_an_adapter_multiplies_are_limits_of_it() -> None:
    config = "{ componentType: 'f16', resultComponentType: 'f32', M: 8, N: 16, K: 4 }"
    other = "{ componentType: 'u8', resultComponentType: 'f32', M: 1, N: 1, K: 1 }"
    prepare = f"adapter.info.subgroupMatrixConfigs = [{other}, {config}];"
    _, (gpu, _) = found(["subgroups", "chromium-experimental-subgroup-matrix"], prepare)
    assert gpu.feature("cooperative-matrix").state is FeatureState.SUPPORTED
    assert "8x16x4 f16 to f32" in gpu.feature("cooperative-matrix").reason
    assert gpu.feature("cooperative-f16").reason == "tiles of 8x16x4 to f32"
    assert gpu.feature("cooperative-u8").state is FeatureState.MISSING
    sizes = {name: value for name, value in gpu.limits.items() if name.startswith("subgroupMatrix")}
    assert sizes == {"subgroupMatrixF16M": 8, "subgroupMatrixF16N": 16, "subgroupMatrixF16K": 4}


def test_without_an_adapter_only_modules_run() -> None:
    told = played(
        """
        const { gpu } = navigator;
        navigator.gpu = undefined;
        try {
          return [await web.findTargets(setup), await refused(() => web.Gpu.open())];
        } finally {
          navigator.gpu = gpu;
        }
        """,
        setup=msgspec.json.decode(setup()),
    )
    assert [target["runtime"] for target in told[0]["targets"]] == ["wasm"]
    assert told[1]["kind"] == "lost"


@pytest.mark.parametrize(
    ("agent", "name", "family"),
    [
        ("Mozilla/5.0 (X11) Gecko/20100101 Firefox/140.0", "Firefox", "firefox"),
        (
            "Mozilla/5.0 AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
            "Safari",
            "safari",
        ),
        ("something else", "Browser", "browser"),
    ],
)
def test_browsers_that_tell_only_their_agent_are_known_by_it(agent: str, name: str, family: str) -> None:
    told = played(
        """
        const before = { ...navigator };
        Object.assign(navigator, { userAgent: agent, userAgentData: undefined });
        try {
          return await web.whoAmI();
        } finally {
          Object.assign(navigator, before);
        }
        """,
        agent=agent,
    )
    assert (told["name"], told["family"]) == (name, family)
    if family != "browser":
        assert told["version"] in agent


def test_each_step_binds_its_own_and_is_timed_by_itself() -> None:
    program = steps_program(Runtime.WGSL)
    told = msgspec.to_builtins(gpu_program(program))
    operands = [array.view(np.uint8).tolist() for array in program.layout.buffers.values()]
    compiled, bound, parts = played(
        """
        const [gpu, device] = await opened();
        const bound = [];
        const create = device.createBindGroup;
        device.createBindGroup = (given) => {
          const seen = given.entries.map(({ resource }) => resource);
          bound.push(seen.map(({ buffer, offset = 0, size = buffer.size }) => [offset, size]));
          return create.call(device, given);
        };
        const kernel = await gpu.prepare(one.program, one.operands.map(bytes));
        return [device.compiled, bound, await kernel.parts(3)];
        """,
        one={"program": told, "operands": operands},
    )
    assert compiled == [program.source, program.texts["add"]]
    assert bound == [[[256, 256], [0, 256], [0, 16]], [[0, 256], [0, 4], [0, 256]]]
    assert len(parts) == 2
    assert min(parts) > 0


SOCKET = """
globalThis.sessionStorage = {};
globalThis.crypto = { randomUUID: () => "tab" };
globalThis.location = { href: "http://here/" };
globalThis.setTimeout = () => {};
document.body = { dataset: {} };
document.getElementById = () => ({});
globalThis.WebSocket = class {
  static OPEN = 1;
  readyState = 1;
  constructor() {
    globalThis.socket = this;
  }
  send(data) {
    this.sent.push(data);
  }
};
"""

ASKED = """(async () => {
  socket.sent = [];
  socket.onmessage({ data: text });
  for (const list of payload) socket.onmessage({ data: new Uint8Array(list).buffer });
  while (!socket.sent.length) await null;
  const [answer, bytes] = socket.sent;
  return [answer, [...(bytes ?? [])]];
})()"""


class ScriptedPage:
    """A page whose own modules answer, without a browser or a network in between."""

    def __init__(self) -> None:
        self.modules = Page("socket.js", globals=BROWSER + SOCKET)
        self._numbers = iter(range(1, 1 << 30))

    def number(self) -> int:
        return next(self._numbers)

    def ask(self, request: PageRequest, buffers: Sequence[np.ndarray] = ()) -> tuple[Answer, bytes]:
        request = structs.replace(request, bytes=tuple(buffer.nbytes for buffer in buffers))
        payload = [buffer.view(np.uint8).tolist() for buffer in buffers if buffer.nbytes]
        text, raw = self.modules.value(ASKED, text=encode(request).decode(), payload=payload)
        answer = decode(text)
        assert isinstance(answer, Answer), answer
        return answer, bytes(raw)


def test_a_clock_that_fails_in_a_page_gives_way_for_who_drives_it_from_python() -> None:
    """The page's GPU has time stamps that are all the same from some batch on."""
    scripted = ScriptedPage()
    layout = Layout(
        {"data": np.arange(4, dtype=np.uint32)}, {}, (np.dtype(np.uint32), 4), tuple, {"main": (1, 1, 1)}
    )
    device = BrowserDevice(scripted, Runtime.WGSL)  # type: ignore[arg-type]
    kernel = device.prepare(Program("text", layout, started=lambda _: None))
    assert kernel.timer == "GPU time stamps"
    assert kernel.time(3) == pytest.approx(0.03)
    assert kernel.ahead
    ready = kernel.ahead(2, 17)
    ready.submit()
    assert ready.seconds() == pytest.approx([0.02] * 17)
    assert (kernel.note, kernel.clock_step) == ("", 0.0)
    scripted.modules.value("stopped = true")
    assert kernel.time(3) == 0.0
    assert kernel.each
    assert kernel.each(3, 4) == [0.0] * 4
    assert kernel.fall_back()
    assert [kernel.each, kernel.ahead] == [None] * 2, "the page's clock tells of one submission alone"
    assert kernel.time(3) >= 0.03
    assert kernel.timer == "wall clock over a batch"
    assert kernel.note == "GPU time stamps gave no data any more: timed by the wall clock over a batch"
    assert kernel.clock_step == pytest.approx(1e-3), "the ticks of the made-up page's clock"
    assert not kernel.fall_back(), "there is no third"
    assert device.prepare(Program("text", layout, started=lambda _: None)).timer == kernel.timer
