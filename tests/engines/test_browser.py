"""A real Chromium on SwiftShader as a target: what it can do, that it is right, and what befalls its page."""

import time
from collections import deque
from collections.abc import Callable, Sequence

import psutil
import pytest
from msgspec import structs

from app.catalog.index import find, variants
from app.catalog.programs import source
from app.core.edit import Edit
from app.core.events import CaseFinished, CaseSampled, Log, TargetsFound
from app.core.measurement import Measurement, Status
from app.core.plan import Plan, Settings, make_plan
from app.core.shape import Shape
from app.core.split import BINDING
from app.core.target import FeatureState, Runtime, Target
from app.core.variant import why_not
from app.engines.browser.door import word_of
from app.engines.browser.find import FIREFOX, find_browsers
from app.engines.browser.launch import How
from app.worker.pages import add_browser
from app.worker.supervisor import Supervisor
from app.workloads import workloads
from tests.conftest import soon, take_session
from tests.engines.browser import SWIFTSHADER, Remote, a_chromium
from tests.engines.tiles import smallest

QUICK = Settings(seconds=1e-9, batch_seconds=1e-6)
ODD = {1: Shape(1003), 2: Shape(70, 131), 3: Shape(65, 63, 31)}
"""By the number of dimensions, where a workload has no odd shapes of its own."""
SMALL = {"fma": Shape(257), "scan": Shape(1003)}
"""Where runs of others are long."""


@pytest.fixture(scope="module")
def remote() -> Remote:
    return Remote()


@pytest.fixture(scope="module")
def chrome(own: Supervisor, remote: Remote) -> list[Target]:
    """The targets of a Chromium."""
    found = [event for event in add_browser(own, a_chromium(), remote.how) if isinstance(event, TargetsFound)]
    return list(found[-1].targets)


def test_features(chrome: list[Target]) -> None:
    gpu, wasm = chrome
    assert (gpu.id, gpu.runtime, gpu.kind) == ("chrome-swiftshader", Runtime.WGSL, "CPU")
    assert (wasm.id, wasm.runtime) == ("chrome-wasm", Runtime.WASM)
    assert gpu.feature("subgroups").state is FeatureState.SUPPORTED
    assert gpu.feature("packed_4x8_integer_dot_product").state is FeatureState.SUPPORTED
    assert gpu.feature("shader-f16").state is FeatureState.MISSING
    assert gpu.limits["maxComputeInvocationsPerWorkgroup"] == 256
    assert gpu.limits["subgroupMaxSize"] == 4
    matrix = gpu.feature("cooperative-matrix")
    assert matrix.state is FeatureState.MISSING
    assert "--enable-unsafe-webgpu" in matrix.unlock
    f32 = find("matvec", "f32+unchecked", Runtime.WGSL)
    assert why_not(f32, gpu).endswith("has no trusted-shaders (browsers always check bounds and guard loops)")
    assert {wasm.feature(name).state for name in ("simd", "relaxed-simd", "threads", "jspi")} == {
        FeatureState.SUPPORTED
    }
    assert wasm.clock_step > 0


OF_MODELS = ("f32", "f32-simd", "i8-dot4+channels")


@pytest.mark.parametrize("workload", workloads())
def test_every_variant_is_right(workload: str, own: Supervisor, chrome: list[Target]) -> None:
    found = workloads()[workload]
    shape = SMALL.get(workload) or (found.odd[-1] if found.odd else ODD[len(found.dimensions)])
    every = [v for v in variants() if v.workload == workload and v.checked]
    if found.model:  # of every operator's variants, which are tried by themselves
        every = [v for v in every if v.name in OF_MODELS]
    start = time.monotonic()
    session, _ = take_session(own, chrome, smallest(make_plan(chrome, every, [shape], settings=QUICK), every))
    elapsed = time.monotonic() - start
    assert session.measurements
    known = [measurement.costs for measurement in session.measurements if measurement.costs]
    assert sum(c.compile_s + c.upload_s + c.first_run_s + c.warm_up_s for c in known) < elapsed
    for measurement in session.measurements:
        target = session.target(measurement.case.target)
        variant = session.variant(workload, measurement.case.variant, target.runtime.value)
        refused = why_not(variant, target)
        where = f"{measurement.case}: {measurement.reason}"
        assert measurement.status is (Status.UNSUPPORTED if refused else Status.OK), where
        if not refused:
            assert measurement.samples, where
            assert measurement.costs is not None
            assert measurement.costs.compile_s > 0 or variant.operation


def test_a_page_runs_what_is_over_a_limit_in_parts(
    own: Supervisor, chrome: list[Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not split would be skipped with the limit's name."""
    small = structs.replace(chrome[0], limits={**chrome[0].limits, BINDING: 1 << 18})
    monkeypatch.setitem(own._targets, small.id, small)
    wide, long = measured(own, chrome, gpu_plan(chrome, [Shape(6000, 67), Shape(3, 100_003)], "f32"))
    assert wide.status is Status.OK, wide.reason
    assert long.status is Status.SKIPPED
    assert BINDING in long.reason


def gpu_plan(chrome: Sequence[Target], shapes: Sequence[Shape], *names: str, seconds: float = 0.1) -> Plan:
    chosen = [v for v in variants() if v.workload == "matvec" and v.name in names]
    return make_plan(chrome[:1], chosen, shapes, settings=Settings(seconds=seconds, precision=0))


def measured(own: Supervisor, chrome: list[Target], plan: Plan) -> tuple[Measurement, ...]:
    return take_session(own, chrome, plan)[0].measurements


def test_a_text_that_does_not_compile_tells_where(own: Supervisor, chrome: list[Target]) -> None:
    f32 = find("matvec", "f32", Runtime.WGSL)
    parameters = f32.defaults(chrome[0])
    broken = source(f32, parameters).replace("let first", "let first: bool")
    plan = gpu_plan(chrome, [Shape(64, 64)], "f32")
    edit = Edit(
        workload="matvec",
        runtime=Runtime.WGSL,
        name="broken",
        like="f32",
        text=broken,
        parameters=parameters,
    )
    (case,) = plan.cases
    plan = structs.replace(plan, cases=(case, structs.replace(case, variant="broken")), edits=(edit,))
    good, bad = measured(own, chrome, plan)
    assert good.status is Status.OK
    assert bad.status is Status.FAILED
    assert bad.place is not None
    assert bad.place.line == broken[: broken.index("let first")].count("\n") + 1
    assert "bool" in bad.reason


@pytest.mark.parametrize("head", ["", "enable subgroups;\n", "// enable subgroups; in a browser\n"])
def test_one_text_with_subgroups_runs_here_as_elsewhere(
    head: str, own: Supervisor, chrome: list[Target]
) -> None:
    f32 = find("matvec", "f32", Runtime.WGSL)
    parameters = f32.defaults(chrome[0])
    text = source(f32, parameters)
    same = head + text.replace("let first", "let lanes = subgroupAdd(0.0);\n  let first", 1)
    wrong = same.replace("let first", "let wrong = nosuchname; let first", 1)
    edits = [
        Edit(
            workload="matvec",
            runtime=Runtime.WGSL,
            name=name,
            like="f32",
            text=own_text,
            parameters=parameters,
        )
        for name, own_text in (("same", same), ("wrong", wrong))
    ]
    (case,) = gpu_plan(chrome, [Shape(64, 64)], "f32").cases
    plan = gpu_plan(chrome, [Shape(64, 64)], "f32")
    cases = tuple(structs.replace(case, variant=edit.name) for edit in edits)
    good, bad = measured(own, chrome, structs.replace(plan, cases=cases, edits=tuple(edits)))
    assert good.status is Status.OK, good.reason
    assert bad.place is not None
    assert bad.place.line == wrong[: wrong.index("let wrong")].count("\n") + 1
    assert f"line {bad.place.line}," in bad.reason


@pytest.mark.parametrize("cold", [True, False])
def test_cold_operands_are_taken_in_turn(cold: bool, own: Supervisor, chrome: list[Target]) -> None:
    """A module that traps when it meets the operands of its last run, and a shader beside it."""
    pair = [find("matvec", "f32", Runtime.WGSL), find("matvec", "f32-scalar", Runtime.WASM)]
    plan = make_plan(chrome, pair, [Shape(256, 256)])
    gpu, wasm = plan.cases
    turning = source(pair[1], wasm.parameters)
    for before, added in (
        ('(func (export "run")', "(global $last (mut i32) (i32.const 0))"),
        (
            "(loop $again",
            "(if (i32.eq (local.get $matrix) (global.get $last)) (then (unreachable)))"
            "(global.set $last (local.get $matrix))",
        ),
    ):
        turning = turning.replace(before, f"{added} {before}", 1)
    edit = Edit(
        workload="matvec",
        runtime=Runtime.WASM,
        name="turning",
        like="f32-scalar",
        text=turning,
        parameters=wasm.parameters,
    )
    cases = (gpu, structs.replace(wasm, variant="turning"))
    plan = structs.replace(plan, cases=cases, settings=structs.replace(QUICK, cold=cold), edits=(edit,))
    shader, module = measured(own, chrome, plan)
    assert shader.status is Status.OK, shader.reason
    assert (shader.rotation is not None) is cold
    if cold:
        assert module.status is Status.OK, module.reason
        assert module.rotation is not None
        assert module.rotation.copies > 1
    else:
        line = turning[: turning.index("(unreachable)")].count("\n") + 1
        assert f"unreachable (line {line})" in module.reason


def test_a_limit_is_named(own: Supervisor, chrome: list[Target]) -> None:
    plan = gpu_plan(chrome, [Shape(65536, 4)], "f32+rowwise")
    cases = tuple(structs.replace(c, parameters={**c.parameters, "rows_per_group": 1}) for c in plan.cases)
    (skipped,) = measured(own, chrome, structs.replace(plan, cases=cases))
    assert skipped.status is Status.SKIPPED
    assert skipped.reason.endswith("in one dimension; maxComputeWorkgroupsPerDimension is 65535")


def interrupted(
    own: Supervisor, plan: Plan, interrupt: Callable[[], None]
) -> tuple[dict[int, CaseFinished], list[str]]:
    """Run ``plan`` and interrupt it at the third sample of its second case; last words, and what was told."""
    words: dict[int, CaseFinished] = {}
    told: list[str] = []
    seen = 0
    for event in own.run(plan):
        if isinstance(event, CaseSampled) and event.case == 1:
            seen += 1
            if seen == 3:
                interrupt()
        elif isinstance(event, CaseFinished):
            words[event.case] = event
        elif isinstance(event, Log) and event.level == "warning":
            told.append(event.text)
    return words, told


def test_a_reload_costs_one_case_and_the_run_goes_on(
    own: Supervisor, chrome: list[Target], remote: Remote
) -> None:
    plan = gpu_plan(chrome, [Shape(256, 256), Shape(512, 512)], "f32", "u8", seconds=0.5)
    words, told = interrupted(own, plan, lambda: remote.tell("Page.reload"))
    assert sorted(words) == [0, 1, 2, 3]
    failed = [word for word in words.values() if word.status is not Status.OK]
    assert [word.status for word in failed] == [Status.FAILED]
    assert "closed, reloaded or crashed while timing" in failed[0].reason
    label = chrome[0].label
    assert [text.split("; ")[0] for text in told] == [f"{label} is gone", f"{label} is back"]


def test_a_hidden_tab_is_marked(own: Supervisor, chrome: list[Target], remote: Remote) -> None:
    remote.tell("Target.createTarget", url="about:blank")
    (hidden,) = measured(own, chrome, gpu_plan(chrome, [Shape(256, 256)], "f32"))
    assert hidden.status is Status.OK
    assert "out of sight" in hidden.reason


def test_a_crashed_tab_is_opened_anew(own: Supervisor, chrome: list[Target], remote: Remote) -> None:
    plan = gpu_plan(chrome, [Shape(256, 256)], "f32", "u8", seconds=0.5)
    words, told = interrupted(own, plan, lambda: remote.tell("Page.crash"))
    assert sorted(word.status.value for word in words.values()) == ["failed", "ok"]
    assert told[-1].endswith("is back")


def test_a_stopped_run_leaves_the_page_usable(own: Supervisor, chrome: list[Target]) -> None:
    start = None
    for event in own.run(gpu_plan(chrome, [Shape(1024, 1024)], "f32", seconds=30)):
        if isinstance(event, CaseSampled) and start is None:
            start = time.monotonic()
            own.stop()
    assert start is not None
    assert time.monotonic() - start < soon(2)
    (again,) = measured(own, chrome, gpu_plan(chrome, [Shape(64, 64)], "f32"))
    assert again.status is Status.OK


@pytest.mark.parametrize("last", range(1, 13))
def test_a_stop_after_any_sample_is_ok_or_cancelled(last: int, own: Supervisor, chrome: list[Target]) -> None:
    samples, ends = 0, []
    for event in own.run(gpu_plan(chrome, [Shape(64, 64)], "f32", seconds=30)):
        samples += isinstance(event, CaseSampled)
        if samples == last:
            own.stop()
        if isinstance(event, CaseFinished):
            ends.append(event)
    assert [end.status in (Status.OK, Status.CANCELLED) for end in ends] == [True], ends


@pytest.mark.usefixtures("_own_home")
def test_the_browser_ends_with_the_supervisor() -> None:
    supervisor = Supervisor()
    deque(add_browser(supervisor, a_chromium(), SWIFTSHADER), maxlen=0)
    (opened,) = supervisor.browsers._opened
    arguments = [(p, " ".join(p.info["cmdline"] or [])) for p in psutil.process_iter(["cmdline"])]
    ours = [p for p, words in arguments if f"--user-data-dir={opened._folder}" in words]
    assert not [words for _, words in arguments if word_of(opened.address) in words or "127.0.0.1:" in words]
    supervisor.close()
    gone, left = psutil.wait_procs(ours, timeout=5)
    assert gone
    assert not left


@pytest.mark.usefixtures("_own_home")
def test_firefox_runs_them_too() -> None:
    found = [browser for browser in find_browsers() if browser.kind == FIREFOX]
    if not found:
        pytest.skip("no Firefox is installed")
    supervisor = Supervisor()
    try:
        *_, answer = add_browser(supervisor, found[0], How(headless=True))
        assert isinstance(answer, TargetsFound)
        targets = list(answer.targets)  # with WebGPU where this Firefox has it
        assert "firefox-wasm" in {target.id for target in targets}
        names = ("f32", "u8-dot4", "f32-scalar", "f32-relaxed+rows+threads")
        chosen = [v for v in variants() if v.workload == "matvec" and v.name in names]
        plan = make_plan(targets, chosen, [Shape(65, 33)], settings=QUICK)
        for measurement in measured(supervisor, targets, plan):
            assert measurement.status is Status.OK, f"{measurement.case}: {measurement.reason}"
    finally:
        supervisor.close()
