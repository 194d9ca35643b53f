"""A published page: any static server will do, and what it saves opens here."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from app.catalog.choose import choose
from app.catalog.named_plans import named_plan, narrowed
from app.core.errors import KernelscopeError
from app.core.measurement import Status
from app.core.plan import Plan, Settings
from app.core.session import Session
from app.core.target import Runtime
from app.engines.wasm.assemble import assemble
from app.figures import units
from app.findings.rows import rows
from app.problems import registry
from app.storage import publish as module
from app.storage.check import problem
from app.storage.files import load
from app.storage.problems import open_problem
from app.storage.publish import PAGE_TARGETS, publish
from app.workloads import workloads
from tests.engines.browser import Remote, looked_at
from tests.measure.test_cheats import GPU, WASM, WAT, WGSL

HISTOGRAM = Path(__file__).parent.parent / "problems" / "folders" / "histogram-atomics"


def small_plan(*variants: str, workload: str = "matvec", sizes: str = "65x33") -> Plan:
    choices = narrowed(named_plan("quick"), [workload], ["page-*"], variants, [sizes])
    return choose(choices, PAGE_TARGETS, "f32", Settings(seconds=0.1, batch_seconds=0.001))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Matrix by vector in some variants, one with threads, a padded product, and counts in u32."""
    folder = tmp_path_factory.mktemp("published")
    plan = small_plan("f32", "f16", "u8-dot4", "f32-scalar", "i8-relaxed", "f32-relaxed+rows+threads")
    tiled = small_plan("f32-tile", workload="matmul", sizes="65x33x31")
    open_problem(HISTOGRAM)
    counted = small_plan("all", workload="histogram-atomics", sizes="4096x64")
    cases = plan.cases + tiled.cases + counted.cases
    publish(structs.replace(plan, cases=cases, problems=counted.problems), folder)
    registry.forget("histogram-atomics")
    return folder


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_no_planted_link_is_followed(tmp_path: Path) -> None:
    """In a folder that somebody else made, or an archive brought, what is in the way is replaced."""
    plan = small_plan("f32", sizes="8x8")
    victim, folder = tmp_path / "victim", tmp_path / "page"
    victim.write_text("precious")
    folder.mkdir()
    (folder / "plan.json").symlink_to(victim)
    (folder / "index.html").symlink_to(victim)
    publish(plan, folder)
    assert victim.read_text() == "precious"
    assert not any(path.is_symlink() for path in folder.rglob("*"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    if os.geteuid() == 0:
        (tmp_path / "theirs").symlink_to(elsewhere)
        os.chown(tmp_path / "theirs", 12345, 12345, follow_symlinks=False)
        with pytest.raises(KernelscopeError, match="is a link that another user made"):
            publish(plan, tmp_path / "theirs")
    other = tmp_path / "other"
    other.mkdir()
    (other / "plan.json").write_text("{}")
    (other / "data").symlink_to(elsewhere)
    with pytest.raises(KernelscopeError, match="is a link: name a new folder"):
        publish(plan, other)
    assert not list(elsewhere.iterdir())


@pytest.fixture(scope="module")
def page(folder: Path) -> Iterator[Remote]:
    """A Chromium that looks at the page."""
    with looked_at(folder) as remote:
        yield remote


@pytest.fixture(scope="module")
def saved(page: Remote, tmp_path_factory: pytest.TempPathFactory) -> Session:
    """What the page saved after it had run."""
    return run(page, tmp_path_factory.mktemp("downloads"))


def run(page: Remote, downloads: Path) -> Session:
    page.until("document.getElementById('start')?.disabled === false")
    page.evaluate("document.getElementById('name').value = ' My phone '")
    page.evaluate("document.getElementById('start').click()")
    page.until("document.body.dataset.state === 'ready'")
    shown = page.evaluate("document.getElementById('rows').rows.length")
    click = "document.getElementById('save').click()"
    session = load(page.download(downloads, click, "*.kernelscope.json"))
    assert shown == len(session.measurements)
    return session


def test_what_the_page_saves_opens_here(saved: Session) -> None:
    assert {target.runtime for target in saved.targets} == {Runtime.WGSL, Runtime.WASM}
    assert all(target.id.startswith("chrome-") for target in saved.targets)
    assert len(saved.measurements) == len(saved.plan.cases) == 10
    assert [problem.name for problem in saved.plan.problems] == ["histogram-atomics"]
    for measurement in saved.measurements:
        target = saved.target(measurement.case.target)
        expected = Status.OK
        if measurement.case.variant == "f16" or "threads" in measurement.case.variant:
            expected = Status.UNSUPPORTED  # SwiftShader has no f16, and plain servers isolate no page
        assert measurement.status is expected, f"{measurement.case}: {measurement.reason}"
        if expected is Status.OK:
            assert measurement.error is not None
            assert measurement.error.acceptable
            assert len(measurement.samples) >= 6
            assert saved.kernels[measurement.kernel].text
            assert target.clock_step > 0


def test_it_tells_how_it_measured(saved: Session) -> None:
    """As the program does: visits of short batches, pairs by the group's life and the round."""
    assert problem(saved) == ""
    lives = {}
    for one in saved.measurements:
        assert one.instances == 1
        if one.status is not Status.OK:
            assert (one.samples, one.stretches, one.middles, one.disturbed) == ((), (), (), ())
            continue
        count = len(one.samples)
        assert (
            len(one.middles) == len(one.disturbed) == sum(stretch.count for stretch in one.stretches) == count
        )
        assert count <= one.rounds or one.stop == "those compared with it are done"
        assert one.batches >= 1
        assert one.cpu == ()
        assert all(least <= middle for least, middle in zip(one.samples, one.middles, strict=True))
        assert re.match(r"sure after|time limit reached|those compared with it are done$", one.stop)
        (life,) = {stretch.life for stretch in one.stretches}
        assert lives.setdefault(one.case.group, life) == life
    assert len(set(lives.values())) == len(lives) == 5, "no two groups met the same machine"
    found = [row for row in rows(saved, workloads()) if row.ok]
    assert all(row.speedup and not row.speedup.unpaired for row in found)


def test_its_table_shows_what_it_saves(page: Remote, saved: Session) -> None:
    table = "[...document.getElementById('rows').rows].map(({ cells }) => [...cells])"
    shown = page.evaluate(f"{table}.map((row) => row.map((cell) => cell.textContent))")
    for (target, workload, variant, size, time, over, error), row in zip(
        shown, rows(saved, workloads()), strict=True
    ):
        own = row.measurement
        assert (target, workload, variant) == (own.case.target, own.case.workload, own.case.variant)
        assert size == row.size
        if not row.ok:
            assert (time, over, error) == (own.status, units.NO_VALUE, units.NO_VALUE)
            continue
        assert row.summary
        assert row.speedup
        assert own.error
        assert time == units.seconds(row.summary.median)
        assert over.endswith("×")
        assert over == units.times(row.speedup.value)
        assert error == own.error.words


def test_it_shows_the_finding_bars_with_intervals_and_each_reason_once(page: Remote, saved: Session) -> None:
    assert saved.host.processor == "My phone"
    said = page.evaluate("document.getElementById('finding').textContent")
    assert re.search(r"faster than .* \(|^Not sure yet|^Nothing here is faster", said)
    count = "document.querySelectorAll('.bar').length"
    assert page.evaluate(count) == len(saved.measurements)
    wide = "[...document.querySelectorAll('.whisker')].filter((one) => one.offsetWidth > 0).length"
    assert page.evaluate(wide) >= 2
    told = page.evaluate("[...document.querySelectorAll('#reasons li')].map((one) => one.textContent)")
    assert told
    assert len(told) == len({one.partition(": ")[2] for one in told})
    page.tell("Emulation.setDeviceMetricsOverride", width=390, height=800, deviceScaleFactor=1, mobile=True)
    page.evaluate("document.getElementById('all').open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_its_errors_are_those_that_are_judged_here(saved: Session) -> None:
    storage = {row.variant.name: row.measurement.error for row in rows(saved, workloads()) if row.ok}
    assert storage["f32"].relative_l2 < 1e-6
    assert 2e-3 < storage["u8-dot4"].relative_l2 < 4e-2
    assert any(row.speedup for row in rows(saved, workloads()) if not row.is_baseline)


def test_kernels_that_skip_work_have_no_time(tmp_path: Path) -> None:
    """The page runs other texts than were published: each writes the right answer, and not every time."""
    publish(small_plan("f32", "f32-bulk", workload="copy", sizes="1024,1048576"), tmp_path)
    file = tmp_path / "plan.json"
    plan = json.loads(file.read_bytes())
    cheats = iter(("keeps the answer of its first run", "runs once, whatever it is asked"))
    for case in plan["cases"]:
        if case["runtime"] == "wgsl":
            case["program"]["texts"] = [WGSL.format(body=GPU["skips what is there already"][0])]
        else:
            cheat = next(cheats)
            (tmp_path / "data" / cheat).write_bytes(assemble(WAT.format(body=WASM[cheat][0])))
            case["buffers"][0] = cheat
    file.write_text(json.dumps(plan))
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    with looked_at(tmp_path) as remote:
        session = run(remote, downloads)
    said = {}
    for measurement in session.measurements:
        assert measurement.status is Status.WRONG, measurement.reason
        said[measurement.case.variant, measurement.case.shape.rows] = measurement.reason
    kept, once = said["f32-bulk", 1024], said["f32-bulk", 1 << 20]
    assert "take hardly longer than" in once
    for reason in (kept, said["f32", 1024], said["f32", 1 << 20]):
        assert "stayed the same when the operands changed" in reason


def test_the_page_tells_shapes_apart_and_squares_in_short_only_among_squares(tmp_path: Path) -> None:
    for name, sizes, shown in (
        ("tied", "64x16,16x64,32", ["16x64", "32x32", "64x16"]),
        ("squares", "64,32", ["32", "64"]),
    ):
        publish(small_plan("f32-scalar", sizes=sizes), tmp_path / name)
        (tmp_path / f"{name} downloads").mkdir()
        with looked_at(tmp_path / name) as remote:
            run(remote, tmp_path / f"{name} downloads")
            cells = "[...document.getElementById('rows').rows].map((row) => row.cells[3].textContent).join()"
            assert list(dict.fromkeys(remote.evaluate(cells).split(","))) == shown


def test_tiles_of_another_size_than_the_visitors_do_not_run(page: Remote, tmp_path: Path) -> None:
    publish(small_plan("f16-cooperative", workload="matmul", sizes="64"), tmp_path)
    made = json.loads((tmp_path / "plan.json").read_bytes())["cases"][-1]["limits"]
    target = {"label": "this GPU", "features": [], "limits": {**made, "subgroupMatrixF16K": 8}}
    why = "import('./measure.js').then(({ whyNot }) => whyNot(%s, { requires: [], limits: %s }))"
    said = page.evaluate(why % (json.dumps(target), json.dumps(made)))
    assert said == "the page was published for subgroupMatrixF16K 16; that of this GPU is 8"
    assert page.evaluate(why % (json.dumps({**target, "limits": made}), json.dumps(made))) == ""


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(KernelscopeError, match="holds something else"):
        publish(small_plan("f32"), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]
    with pytest.raises(KernelscopeError, match=r"thesis\.txt: cannot be written: Not a directory"):
        publish(small_plan("f32"), tmp_path / "thesis.txt")


def test_too_much_data_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 1000)
    with pytest.raises(KernelscopeError, match="fewer or smaller sizes"):
        publish(small_plan("f32"), tmp_path / "page")
