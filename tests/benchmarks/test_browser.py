"""The same kernels in Chromium and outside it, as ratios within one run; targets stand in the docstrings."""

from pathlib import Path

import pytest

from app.catalog.index import find, variants
from app.core.events import TargetsFound
from app.core.plan import Settings, make_plan
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.engines.browser.launch import How
from app.figures.statistics import Ratio, geometric_mean, speedup
from app.figures.verdict import wording
from app.findings.compilers import twins
from app.findings.rows import Row, rows
from app.storage.publish import PAGE_TARGETS, publish
from app.worker.pages import add_browser
from app.worker.supervisor import Supervisor
from app.workloads import workloads
from tests.benchmarks.test_gpu import idle_shares
from tests.conftest import take_session
from tests.engines.browser import SWIFTSHADER, a_chromium, looked_at

SIZES = [Shape(1024, 1024), Shape(2048, 2048)]


@pytest.fixture(scope="module")
def everywhere(own: Supervisor) -> list[Target]:
    """This machine's targets and those of a Chromium."""
    list(add_browser(own, a_chromium(), SWIFTSHADER))
    return [t for event in own.find_targets() if isinstance(event, TargetsFound) for t in event.targets]


def measured(own: Supervisor, targets: list[Target], runtime: Runtime, *names: str) -> list[Row]:
    chosen = [v for v in variants() if (v.workload, v.runtime) == ("matvec", runtime) and v.name in names]
    session, _ = take_session(own, targets, make_plan(targets, chosen, SIZES, settings=Settings(seconds=1)))
    return rows(session, workloads())


def test_swiftshader_through_wgpu_and_through_chromium(own: Supervisor, everywhere: list[Target]) -> None:
    """Target: neither compiler's code takes three times as long as the other's, over the mean."""
    gpus = [t for t in everywhere if "swiftshader" in t.name.lower()]
    if len(gpus) < 2:
        pytest.skip("wgpu sees no SwiftShader: add its ICD to VK_DRIVER_FILES")
    found = twins(measured(own, gpus, Runtime.WGSL, "f32", "f16-storage", "u8", "u8-dot4"))
    print("\nSwiftShader: Tint (Chromium) against naga (wgpu)")
    for one in found:
        compiled = [r.measurement.costs.compile_s for r in (one.native, one.page) if r.measurement.costs]
        print(f"  {one.native.variant.name:12} {one.shape.label:5} {wording(one.ratio)}; ", end="")
        print(" against ".join(f"{1000 * seconds:.0f} ms" for seconds in compiled), "to compile (naga, Tint)")
    mean = geometric_mean([one.ratio for one in found if one.ratio])
    assert mean is not None
    assert 1 / 3 < mean.value < 3


def test_chromiums_wasm_is_v8s(own: Supervisor, everywhere: list[Target]) -> None:
    """Target: the page's worker and mini-racer's V8 are within half of each other, over the mean."""
    engines = [t for t in everywhere if t.id in ("v8", "chrome-wasm")]
    found = measured(own, engines, Runtime.WASM, "f32-simd", "f32-relaxed+rows", "i8-relaxed")
    by_case = {(row.target.id, row.variant.name, row.measurement.case.shape): row for row in found}
    ratios: list[Ratio] = []
    print("\nWasm: Chromium against V8 in mini-racer")
    for (target, name, shape), row in by_case.items():
        if target == "v8":
            page = by_case["chrome-wasm", name, shape]
            ratio = speedup(row.measurement.samples, page.measurement.samples, paired=False)
            print(f"  {name:18} {shape.label:5} {wording(ratio)}")
            ratios += [ratio] if ratio else []
    mean = geometric_mean(ratios)
    assert mean is not None
    assert 2 / 3 < mean.value < 1.5


def test_pairs_of_vectors(own: Supervisor) -> None:
    """V8's revectorisation, on with experimental features: tiles written for it against the usual ones."""
    *_, event = add_browser(own, a_chromium(), How(headless=True, experimental=True))
    assert isinstance(event, TargetsFound)
    wasm = next(target for target in reversed(event.targets) if target.runtime is Runtime.WASM)
    chosen = [find("matmul", name, Runtime.WASM) for name in ("f32-simd", "f32-simd+pairs")]
    plan = make_plan([wasm], chosen, [Shape(512, 512, 512)], settings=Settings(seconds=1))
    usual, pairs = rows(take_session(own, list(event.targets), plan)[0], workloads())
    ratio = speedup(usual.measurement.samples, pairs.measurement.samples, paired=True)
    assert ratio is not None
    print(f"\nf32-simd+pairs {wording(ratio)}", end="")
    assert ratio.value > 1


def test_idle_share_of_a_page(own: Supervisor, everywhere: list[Target]) -> None:
    """Of the time of the rounds, the GPU has nothing to do; the program drives the page."""
    idle_shares(own, [target for target in everywhere if target.engine == "browser"])


ROUNDS = """(async () => {
  const names = ["measure", "method", "runner", "targets"];
  const [{ measureGroup }, { take }, { Runner }, { findTargets }] = await Promise.all(
    names.map((name) => import(`./${name}.js`)));
  const json = async (name) => (await fetch(name)).json();
  const plan = await json("plan.json");
  take(plan.constants);
  const gpu = (await findTargets(await json("setup.json"))).targets.find(({ runtime }) => runtime === "wgsl");
  const data = { bytes: async (name) => new Uint8Array(await (await fetch(`data/${name}`)).arrayBuffer()) };
  const sum = (list) => list.reduce((a, b) => a + b, 0);
  const busy = ({ middles, repeats, batches }) => sum(middles) * repeats * (batches + (batches >= 3));
  let seen = [];
  const round = (found) => {
    const worked = sum(found.map(busy));
    if (worked < (seen.at(-1)?.[1] ?? 0) || found.some(({ status }) => status === "ok")) seen = [];
    seen.push([performance.now() / 1000, worked]);
    globalThis.rounds = seen.length > (globalThis.rounds?.length ?? 0) ? seen : globalThis.rounds;
  };
  const watch = { stopped: () => false, round };
  await measureGroup(new Runner(), plan.cases, 0, 0, 0, gpu, data, plan.plan.settings, watch);
  globalThis.done = true;
})(); 0"""


def test_idle_share_of_a_published_page(tmp_path: Path) -> None:
    """The same where nobody drives it."""
    like = [
        v for v in variants() if v.workload == "matvec" and v.name in ("f32", "u8") and v.runtime == "wgsl"
    ]
    plan = make_plan(PAGE_TARGETS, like, [Shape(64, 64)], settings=Settings(seconds=1, precision=-1.0))
    publish(plan, tmp_path)
    with looked_at(tmp_path) as page:
        page.until("document.getElementById('start')?.disabled === false")
        page.evaluate(ROUNDS)
        page.until("globalThis.done === true")
        rounds = [one for one in page.evaluate("rounds") if one[1] > 0]
    (start, before), (end, after) = rounds[0], rounds[-1]
    share = 1 - (after - before) / (end - start)
    print(f"\npublished page, {len(plan.cases)} short kernels: idle for {share:.1%} of {len(rounds)} rounds")
    assert share < 1
