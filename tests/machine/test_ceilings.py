"""Ceilings: by hand, measured on this machine, kept, and used."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
import pytest
from jinja2 import Environment
from msgspec import structs

from app.catalog.declarations import Templates
from app.catalog.index import find, variants
from app.cli.report import print_report
from app.core.ceilings import Bound, Ceilings, Link, Reading, bound, link, with_ceilings, with_transfers
from app.core.errors import KernelscopeError
from app.core.events import AnyEvent, CeilingsMeasured, CeilingsStarted, Log
from app.core.measurement import Measurement, Rotation
from app.core.plan import Case, Settings, make_plan
from app.core.recorder import Recorder
from app.core.session import Host, Session
from app.core.shape import Shape
from app.core.target import LANGUAGE, PACKED_DOT, Feature, FeatureState, Runtime, Target
from app.findings.contradiction import contradictions
from app.findings.merge import takes_more
from app.findings.rows import rows
from app.machine.ceilings import ceilings_plan, checked, measure_ceilings, probes
from app.machine.store import Store
from app.storage.files import load, save
from app.storage.tables import human, json_text
from app.worker.supervisor import Supervisor
from app.workloads import workloads
from tests.cli.test_cli import call
from tests.findings.test_rows import GOOD, measured, session

HAND = Ceilings(
    date="2026-02-03T04:05:06Z",
    read=1e9,
    copy=1.5e9,
    flops={"f32": 4e9},
    upload=Link(1e-3, 1e9),
    download=Link(2e-3, 0.5e9),
    dispatch=1e-4,
)


def test_the_roofline_by_hand() -> None:
    """At 4 GFLOP/s and 1 GB/s the ridge lies at 4 operations a byte."""
    assert bound(8e9, 1e9, "f32", HAND) == Bound(2.0, False)
    assert bound(2e9, 1e9, "f32", HAND) == Bound(1.0, True)
    assert bound(4e9, 1e9, "f32", HAND) == Bound(1.0, True)
    assert bound(0, 3e9, "f32", HAND) == Bound(3.0, True)
    floor = msgspec.structs.replace(HAND, floor=1.5)
    assert bound(4e9, 1e9, "f32", floor) == Bound(1.5, False)
    assert bound(8e9, 1e9, "f32", floor) == Bound(2.0, False)
    assert bound(8e9, 1e9, "f16", HAND) is None
    assert bound(0, 3e6, "f16", HAND) == Bound(0.003, True)
    assert bound(8e9, 1e9, "f32", Ceilings(date="")) is None


def test_a_link_by_hand() -> None:
    """1 KB in 12 us and 1001 KB in 1012 us: 1 GB/s behind 11 us."""
    found = link((1e3, 12e-6), (1.001e6, 1012e-6))
    assert found is not None
    assert found.rate == pytest.approx(1e9)
    assert found.latency == pytest.approx(11e-6)
    assert found.seconds(1.001e6) == pytest.approx(1012e-6)
    assert link((1e3, 2.0), (1e6, 1.0)) is None


def test_transfers_by_hand() -> None:
    """1 ms + 3 ms up, 0.1 ms dispatch, 5 ms kernel, 2 ms + 2 ms down."""
    assert with_transfers(5e-3, 3e6, 1e6, HAND) == pytest.approx(13.1e-3)
    assert with_transfers(5e-3, 3e6, 1e6, Ceilings(date="")) is None


def known(*measurements: Measurement) -> Session:
    return msgspec.structs.replace(session(*measurements), ceilings={"a": HAND})


def test_a_view_of_memory_has_no_rate() -> None:
    def mapped(rate: float) -> bool:
        return Ceilings(date="", read=3e10, map=Link(3e-6, rate)).maps_in_place

    assert mapped(2e15)
    assert not mapped(2.6e10)
    assert not Ceilings(date="", map=Link(3e-6, 2e15)).maps_in_place, "nobody knows what memory does"


def test_rows_say_how_near_they_come(tmp_path: Path) -> None:
    """A is 100 x 50: 10,000 operations over 4 * 5150 bytes, so memory sets the least time of 20.6 us."""
    slow, fast = measured("a", "f32", 41.2e-6), measured("a", "fast", 10.3e-6)
    path = tmp_path / "a.kernelscope.json"
    save(known(slow, fast, measured("b", "f32", 1.0)), path)
    half, cached, unknown = rows(load(path), workloads())
    assert half.of_ceiling == pytest.approx(0.5, rel=0.01)
    assert cached.of_ceiling == pytest.approx(2.0, rel=0.01)
    assert (half.in_cache, cached.in_cache) == (False, True)
    assert cached.note == "in cache"
    assert unknown.of_ceiling is None
    up, down = 1e-3 + 4 * 5050 / 1e9, 2e-3 + 400 / 0.5e9
    assert half.seconds_with_transfers == pytest.approx(up + 1e-4 + 41.2e-6 + down, rel=0.01)
    assert human(half)["of ceiling"] == "50 %"
    assert human(unknown)["of ceiling"] == "–"
    assert json.loads(json_text([half]))[0]["of_ceiling"] == half.of_ceiling


def test_what_an_empty_kernel_takes_as_well_is_no_figure_of_a_kernel() -> None:
    """At 1.5 times the floor nothing is said of a roofline; above that the floor is a part of it."""
    quick, slow = measured("a", "f32", 44e-6), measured("a", "fast", 46e-6)
    ceilings = {"a": msgspec.structs.replace(HAND, floor=30e-6)}
    found = rows(msgspec.structs.replace(session(quick, slow), ceilings=ceilings), workloads())
    assert [row.launch_bound for row in found] == [True, False]
    assert found[0].note == "launch-bound"
    assert (found[0].of_ceiling, found[0].in_cache) == (None, False)
    assert found[1].of_ceiling == pytest.approx(30 / 46, rel=0.01)


def test_the_report_has_a_column_for_it_and_one_for_transfers(capsys: pytest.CaptureFixture[str]) -> None:
    found = known(measured("a", "f32", 41.2e-6))
    print_report(found)
    plain = capsys.readouterr().out
    assert "of ceiling" in plain
    assert "50 %" in plain
    assert "with transfers" not in plain
    print_report(found, transfers=True)
    assert "with transfers" in (text := capsys.readouterr().out)
    assert "3.16 ms" in text


def test_probes_are_not_in_the_quick_plan() -> None:
    probes = [v for v in variants() if v.workload in ("reduce", "copy", "fma", "transfer")]
    assert probes
    assert not any(v.quick for v in probes if v.runtime is not Runtime.NUMPY)


def test_faster_than_arithmetic_allows_is_no_cache() -> None:
    ceilings = msgspec.structs.replace(HAND, flops={"f32": 1e6})
    found = msgspec.structs.replace(session(measured("a", "f32", 1e-3)), ceilings={"a": ceilings})
    (row,) = rows(found, workloads())
    assert row.of_ceiling == pytest.approx(10, rel=0.01)
    assert not row.in_cache


def test_a_ceiling_that_a_result_surpasses_is_measured_again(
    supervisor: Supervisor, targets: list[Target], tmp_path: Path
) -> None:
    """The old one is marked first, so that it is trusted nowhere; no row is held against what is marked."""
    numpy = next(target for target in targets if target.id == "numpy")
    store = Store(supervisor.versions, tmp_path)
    low = Ceilings(date="2026-02-03T04:05:06Z", read=1e12, copy=1e12, flops={"f32": 1e6})
    marks: list[str] = []

    class Noting(Store):
        def keep_ceilings(self, target: Target, probes: Iterable[str], ceilings: Ceilings) -> None:
            marks.append(ceilings.contradiction)
            super().keep_ceilings(target, probes, ceilings)

    store = Noting(supervisor.versions, tmp_path)
    plan = make_plan([numpy], [find("matvec", "f32", Runtime.NUMPY)], [Shape(512, 512)])
    for _ in range(60):  # an unsteady result contradicts nothing, and a busy machine makes it so
        recorder = Recorder(plan, Host("", "", 1, 1, ""), (numpy,), variants(), "0")
        recorder.apply(CeilingsMeasured("numpy", low))
        events = list(checked(supervisor, store, recorder))
        for event in events:
            recorder.apply(event)
        if marks:
            break
    assert marks[0].startswith("matvec f32 at 512 reached ")
    assert marks[1] == ""
    new = recorder.session().ceilings["numpy"]
    assert new.flops["f32"] > 1e8
    assert any(isinstance(e, Log) and "measured again" in e.text for e in events)
    marked = msgspec.structs.replace(low, contradiction=marks[0])
    assert bound(8e9, 1e9, "f32", marked) is None, "all of one that an older program marked"
    assert store.ceilings(numpy, probes(numpy)) == new


def test_only_the_types_that_were_surpassed_are_void() -> None:
    """In words the worst of them; others stay, on the roofline as well."""
    ceilings = msgspec.structs.replace(HAND, flops={"f32": 1e6, "f16": 1e12})
    found = msgspec.structs.replace(session(measured("a", "f32", 1e-3)), ceilings={"a": ceilings})
    (said,) = contradictions(rows(found, workloads())).values()
    assert said.words.endswith(" of the f32 ceiling")
    assert said.types == ("f32",)
    marked = msgspec.structs.replace(ceilings, contradiction=said.words, contradicted=said.types)
    assert (marked.peak("f32"), marked.peak("f16")) == (None, 1e12)
    assert bound(8e9, 1e9, "f32", marked) is None
    assert bound(8e9, 1e9, "f16", marked) == bound(8e9, 1e9, "f16", ceilings)


def test_cold_operands_outgrow_the_cache_that_the_ceilings_found(
    supervisor: Supervisor, targets: list[Target], tmp_path: Path
) -> None:
    numpy = next(target for target in targets if target.id == "numpy")
    settings = Settings(seconds=0.02, cold=True)
    plan = make_plan([numpy], [find("matvec", "f32", Runtime.NUMPY)], [Shape(1024, 1024)], settings=settings)
    recorder = Recorder(plan, Host("", "", 1, 1, ""), (numpy,), variants(), "0")
    readings = (Reading(64 << 20, 1e14), Reading(256 << 20, 1e13))
    found = Ceilings(date="2026-02-03T04:05:06Z", read=1e13, flops={"f32": 1e15}, curve=readings)
    recorder.apply(CeilingsMeasured("numpy", found))
    for event in checked(supervisor, Store(supervisor.versions, tmp_path), recorder):
        recorder.apply(event)
    (measurement,) = recorder.session().measurements
    assert measurement.rotation
    assert measurement.rotation.bytes >= 4 * (64 << 20)


def test_a_note_tells_what_was_tuned() -> None:
    case = Case("a", "matvec", "f32", Shape(100, 50), {"rows_per_thread": 8}, "2026-02-03")
    other = measured("a", "f32", 1.0)
    tuned = Measurement(case, other.status, samples=other.samples, error=GOOD, stop="done")
    (row,) = rows(session(tuned), workloads())
    assert row.note == "done; tuned 2026-02-03, rows_per_thread=8"


def test_measured_once_then_known(supervisor: Supervisor, targets: list[Target], tmp_path: Path) -> None:
    """On the fastest target that has one; what is measured makes sense."""
    gpus = [target for target in targets if target.runtime is Runtime.WGSL]
    chosen = [*gpus[:1], *(target for target in targets if target.runtime is Runtime.NUMPY)]
    store = Store(supervisor.versions, tmp_path)
    first = list(measure_ceilings(supervisor, store, chosen))
    assert [e.target for e in first if isinstance(e, CeilingsStarted)] == [t.id for t in chosen]
    ceilings = {e.target: e.ceilings for e in first if isinstance(e, CeilingsMeasured)}
    for target in chosen:
        found = ceilings[target.id]
        assert found.read is not None
        assert found.copy is not None
        assert 1e8 < found.read < 1e14
        assert 1e8 < found.copy < 1e14
        assert [reading.bytes for reading in found.curve] == sorted(r.bytes for r in found.curve)
        assert found.flops["f32"] > 1e8
        if target.runtime is Runtime.WGSL:
            assert found.upload is not None
            assert found.download is not None
            assert found.dispatch is not None
            assert found.upload.rate > 1e7
            assert 0 <= found.upload.latency < 0.1
            assert 0 < found.dispatch < 0.1
    again = list(measure_ceilings(supervisor, store, chosen))
    assert again == [CeilingsMeasured(target, found) for target, found in ceilings.items()]
    next(tmp_path.glob("ceilings*")).write_text("{")
    repaired = list(measure_ceilings(supervisor, store, chosen))
    assert sum(isinstance(event, CeilingsStarted) for event in repaired) == 1


def test_targets_without_probes_have_no_ceilings(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.machine.ceilings.variants", lambda: ())
    foreign = Target("x", "X", "none", Runtime.WASM, "", "", "", "CPU")
    assert ceilings_plan(foreign).cases == ()
    assert list(measure_ceilings(supervisor, Store({}, tmp_path), [foreign])) == []


def gpu(engine: str = "none", kind: str = "DiscreteGPU", binds: int = 1 << 31) -> Target:
    limits = {"maxStorageBufferBindingSize": binds}
    return Target("x", "X", engine, Runtime.WGSL, "", "", "", kind, limits=limits)


@pytest.mark.parametrize(
    ("target", "free", "most"),
    [
        (gpu(), 64 << 30, 1024),
        (gpu(binds=1 << 20), 64 << 30, 1),
        (gpu(kind="IntegratedGPU"), 2 << 30, 512),
        (gpu(engine="browser"), 64 << 30, 256),
        (gpu(kind="CPU"), 64 << 30, 128),
        (gpu(engine="browser", kind="CPU"), 64 << 30, 64),
    ],
)
def test_probes_outgrow_the_caches_and_fit_what_a_target_has(
    target: Target, free: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In MiB, beside a CPU with 32 MiB of caches; an integrated GPU takes half of its half of the memory."""
    monkeypatch.setattr("app.worker.shares.free_memory", lambda: free)
    monkeypatch.setattr("app.machine.ceilings.last_level_caches", lambda: 32 << 20)
    sizes: dict[str, list[int]] = {}
    for case in ceilings_plan(target).cases:
        sizes.setdefault(case.workload, []).append(case.shape.rows)
    assert max(sizes["reduce"]) == most << 18
    assert sizes["reduce"] == sorted(set(sizes["reduce"]))
    assert sizes["copy"] == [most << 16]
    if target.is_cpu and target.engine != "browser":
        assert [rows >> 18 for rows in sizes["reduce"]] == [1, 16, 64, 128]


def curve(*rates: float) -> Ceilings:
    """Read at 1, 4, 16, 64 and 256 MiB."""
    readings = tuple(Reading(1 << 20 + 2 * i, rate) for i, rate in enumerate(rates))
    return Ceilings(date="", read=rates[-1], curve=readings)


@pytest.mark.parametrize(
    ("rates", "cache"),
    [
        ((1e11, 1e11, 1e11, 2e10, 2e10), 16),
        ((1e10, 8e10, 3e11, 3e11, 1e11), 64),  # small sizes are all launch
        ((2e10, 2.2e10, 2.1e10, 2.4e10, 2e10), 0),
        ((1e10, 1.5e10, 1.6e10, 2e10, 2e10), 0),
        ((2e10,), 0),
    ],
)
def test_caches_end_where_reading_falls_to_the_rate_of_memory(rates: tuple[float, ...], cache: int) -> None:
    assert curve(*rates).cache == cache << 20
    assert not Ceilings(date="", read=1e10).cached


def test_in_cache_follows_from_the_curve_and_not_from_the_rate() -> None:
    """20,600 bytes lie in a cache of 16 MiB, however slowly a kernel reads; if none shows they do not."""
    slow, fast = measured("a", "f32", 41.2e-6), measured("a", "fast", 10.3e-6)
    cold = msgspec.structs.replace(slow, rotation=Rotation(9, 1 << 30))
    small = msgspec.structs.replace(HAND, curve=curve(4e9, 4e9, 4e9, 1e9, 1e9).curve)
    flat = msgspec.structs.replace(HAND, curve=curve(1e9, 1e9, 1e9, 1e9, 1e9).curve)

    def found(ceilings: Ceilings) -> list[bool]:
        known = msgspec.structs.replace(session(slow, fast, cold), ceilings={"a": ceilings})
        return [row.in_cache for row in rows(known, workloads())]

    assert found(small) == [True, True, False]
    assert found(flat) == [False, False, False]


def test_a_size_beyond_the_cache_is_not_in_it_and_contradicts_no_arithmetic() -> None:
    tiny = msgspec.structs.replace(HAND, curve=(Reading(20_000, 4e9), Reading(80_000, 1e9)))
    made = msgspec.structs.replace(session(measured("a", "fast", 10.3e-6)), ceilings={"a": tiny})
    (row,) = found = rows(made, workloads())
    assert (row.in_cache, row.memory_bound) == (False, True)
    assert not contradictions(found)


@pytest.mark.parametrize(
    ("rates", "state"),
    [
        ({"f32": 2e12, "u8": 1.9e12, "i8": 1.5e12}, FeatureState.EMULATED),
        ({"f32": 2e12, "u8": 1.9e12, "i8": 8e12}, FeatureState.SUPPORTED),
        ({"f32": 2e12}, FeatureState.SUPPORTED),
        ({"u8": 1e12}, FeatureState.SUPPORTED),
    ],
)
def test_packed_products_that_gain_nothing_are_emulated(rates: dict[str, float], state: FeatureState) -> None:
    """In the session of a run as well; what is learnt so does not make another machine of it."""
    feature = Feature(PACKED_DOT, FeatureState.SUPPORTED, group=LANGUAGE)
    card = structs.replace(gpu(), features=(feature,))
    ceilings = msgspec.structs.replace(curve(4e10, 4e10, 4e10, 1e10, 1e10), flops=rates)
    found = with_ceilings(card, ceilings)
    assert found.feature(PACKED_DOT).state is state
    assert found.properties["cache"] == "40.0 GB/s to 16 MiB, memory 10.0 GB/s (measured)"
    assert with_ceilings(found, HAND).properties == {}
    host = Host("", "", 1, 1, "")
    recorder = Recorder(make_plan([card], [], []), host, (card,), variants(), "0")
    recorder.apply(CeilingsMeasured("x", ceilings))
    assert recorder.session().targets == (found,)
    assert takes_more(recorder.session(), host, [card])
    assert not takes_more(recorder.session(), host, [structs.replace(card, driver="2")])


def test_ceilings_hold_for_the_texts_of_their_probes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another text may measure something else; that of a kernel which is no probe changes nothing."""
    store, card, unchanged = Store({}, tmp_path), gpu(), Templates.get_source
    changed = [""]

    def touched(self: Templates, environment: Environment, name: str) -> tuple[str, str, Callable[[], bool]]:
        text, *rest = unchanged(self, environment, name)
        return (text + "\n" * (name in changed), *rest)

    store.keep_ceilings(card, probes(card), HAND)
    monkeypatch.setattr(Templates, "get_source", touched)
    for changed[0], known in (("matvec/matvec.wgsl", HAND), ("copy/copy.wgsl", None), ("words.wgsl", None)):
        assert store.ceilings(card, probes(card)) == known


def test_what_was_measured_without_a_curve_is_measured_again(tmp_path: Path) -> None:
    """Files of before open; a target on which no size could be read has no curve for good."""
    target = Target("x", "X", "none", Runtime.NUMPY, "", "", "", "CPU")
    store, own = Store({}, tmp_path), probes(target)

    class Nobody(Supervisor):
        def run(self, *_: object) -> Iterator[AnyEvent]:  # type: ignore[override]
            raise KernelscopeError("asked")

    store.keep_ceilings(target, own, HAND)
    assert store.ceilings(target, own) == HAND
    with pytest.raises(KernelscopeError, match="asked"):
        list(measure_ceilings(Nobody(), store, [target]))
    for known in (curve(2e10), Ceilings(date="", flops={"f32": 1e9})):
        store.keep_ceilings(target, own, known)
        assert list(measure_ceilings(Nobody(), store, [target])) == [CeilingsMeasured("x", known)]


def test_runs_measure_what_is_missing_and_keep_it(tmp_path: Path) -> None:
    home = {"XDG_DATA_HOME": str(tmp_path / "home")}
    arguments = ["run", "--target", "numpy", "--sizes", "64", "--seconds", "0.02", "--out", "a.json"]
    done = call(*arguments, "--no-ceilings", cwd=tmp_path, **home)
    assert "ceilings" not in done.stderr
    assert load(tmp_path / "a.json").ceilings == {}
    done = call(*arguments, cwd=tmp_path, **home)
    assert "measuring the ceilings of NumPy" in done.stderr
    ceilings = load(tmp_path / "a.json").ceilings["numpy"]
    assert "%" in done.stdout
    done = call(*arguments, cwd=tmp_path, **home)
    assert "measuring" not in done.stderr
    assert load(tmp_path / "a.json").ceilings["numpy"] == ceilings
    listed = json.loads(call("ceilings", "--target", "numpy", "--json", cwd=tmp_path, **home).stdout)
    assert listed["numpy"]["read"] == ceilings.read
