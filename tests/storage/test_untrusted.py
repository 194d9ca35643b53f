"""Files are anybody's: whatever is in one, it opens or is refused in a line, and nothing else happens."""

import json
import os
import random
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.ceilings import Ceilings, Link
from app.core.errors import KernelscopeError
from app.core.measurement import Costs, Measurement, Status, Stretch
from app.core.session import KernelText, LogLine, Session
from app.core.target import Feature, FeatureState
from app.findings.advice import advise
from app.findings.compare import compare
from app.findings.rows import rows
from app.storage import files
from app.storage.files import check_writable, decode, load, save
from app.storage.history import History
from app.storage.reports import html_report, markdown_report
from app.storage.tables import csv_text, json_text, markdown_text, tsv_text
from app.system import read_regular
from app.workloads import workloads
from tests.charts.made import tuned
from tests.findings.test_rows import measured, session, target


def noted(one: Measurement) -> Measurement:
    """With all that may stand beside samples."""
    count = len(one.samples)
    return msgspec.structs.replace(
        one,
        stretches=(Stretch(0, 0, 4), Stretch(2, 1, count - 4)),
        middles=one.samples,
        disturbed=(0.25,) * count,
        cpu=one.samples,
        instances=3,
        batches=14,
        rounds=33,
    )


RICH = msgspec.structs.replace(
    session(
        measured("a", "f32", 0.4),
        measured("a", "fast", 0.1),
        measured("b", "f32", 1.0, Status.WRONG),
        noted(measured("b", "fast", 0.2)),
    ),
    kernels={"k": KernelText("wgsl", "fn main() {}")},
    ceilings={
        "a": Ceilings(
            date="2026-01-01",
            read=1e10,
            flops={"f32": 1e12},
            upload=Link(1e-5, 1e9),
            download=Link(1e-5, 1e9),
            dispatch=1e-4,
        )
    },
    bases=(msgspec.structs.replace(measured("a", "f32", 0.5), run=1),),
    log=(LogLine("2026-01-01T00:00:00Z", "warning", "a line"),),
)
RICH = msgspec.structs.replace(
    RICH,
    targets=(target("a", RICH.targets[0].runtime, Feature("f16", FeatureState.MISSING)), *RICH.targets[1:]),
    measurements=tuple(
        msgspec.structs.replace(m, costs=Costs(0.1, 0.2, 0.3), kernel="k") for m in RICH.measurements
    ),
)
TREE: dict[str, Any] = json.loads(msgspec.json.encode(RICH))


def use(opened: Session) -> None:
    """Everything that is made of an opened session."""
    found = rows(opened, workloads())
    for text in (csv_text, json_text, tsv_text, markdown_text):
        assert not re.search(r"\b(nan|inf)\b", text(found).lower().replace("info", ""))
    markdown_report(opened, found, opened.plan.baseline)
    html_report(opened, found, opened.plan.baseline, {}, "title")
    advise(found)
    compare(opened, RICH)
    msgspec.json.encode(opened)


def opens_or_is_refused(raw: bytes) -> None:
    try:
        opened = decode(raw, "a file")
    except KernelscopeError as error:
        complaint = str(error)
    else:
        use(opened)
        return
    assert "\n" not in complaint
    assert complaint.startswith("a file: ")


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, -1, 1 << 63, 10**40, 1e308, 5e-324, -0.0, 1e-300]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(["", "ok", "a", "f32", "<img src=x>", "=1+1", "../../x", "\u202e", "\x00", "x" * 5000]),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value of ``tree``; of long lists to the first few."""
    found = [path] if path else []
    if isinstance(tree, dict):
        for key, value in tree.items():
            found += places(value, (*path, key))
    elif isinstance(tree, list):
        for i, value in enumerate(tree[:3]):
            found += places(value, (*path, i))
    return found


PLACES = places(TREE)


def changed(path: tuple[Any, ...], value: object, remove: bool) -> bytes:
    tree = json.loads(json.dumps(TREE))
    parent = tree
    for step in path[:-1]:
        parent = parent[step]
    if remove:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return json.dumps(tree).encode()


def test_the_session_as_it_is_opens() -> None:
    assert decode(json.dumps(TREE).encode(), "x") == RICH
    use(RICH)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.sampled_from(PLACES), VALUES, st.booleans())
def test_any_value_anywhere(path: tuple[Any, ...], value: object, remove: bool) -> None:
    opens_or_is_refused(changed(path, value, remove))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.integers(0, len(json.dumps(TREE)) - 1), st.binary(min_size=1, max_size=8))
def test_any_bytes_anywhere(place: int, noise: bytes) -> None:
    raw = json.dumps(TREE).encode()
    opens_or_is_refused(raw[:place] + noise + raw[place + len(noise) :])


@pytest.mark.parametrize("name", ["a.json", "a.json.gz"])
def test_a_file_cut_anywhere_is_refused_and_stays_as_it_is(tmp_path: Path, name: str) -> None:
    """Each of its bytes, or 2,000 at random."""
    path = tmp_path / name
    save(RICH, path)
    whole = path.read_bytes()
    random.seed(1)
    lengths = range(len(whole)) if len(whole) <= 2000 else sorted(random.sample(range(len(whole)), 2000))
    for length in lengths:
        path.write_bytes(whole[:length])
        before = path.stat().st_mtime_ns
        if whole[:length].strip() == whole.strip():
            continue  # only the last line break is gone
        with pytest.raises(KernelscopeError) as caught:
            load(path)
        assert "\n" not in str(caught.value)
        assert (path.read_bytes(), path.stat().st_mtime_ns) == (whole[:length], before)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('"created": "2026-01-01T00:00:00Z"', '"created": "../../../etc/cron"', "is no date"),
        ('"sizes": [100, 50]', '"sizes": [100]', "2 dimensions"),
        ('"sizes": [100, 50]', '"sizes": []', "2 dimensions"),
        ('"sizes": [100, 50]', '"sizes": [-1, 50]', "out of range"),
        ('"sizes": [100, 50]', '"sizes": [999999999999, 50]', "out of range"),
        ('"config": "", "fixed": 0', '"config": "", "fixed": 2', "is none"),
        ('"status": "ok"', '"status": "splendid"', "damaged"),
        ('"read": 10000000000.0', '"read": 0', "a ceiling is out of range"),
        ('"storage": "f32"', '"storage": "f13"', "is no type"),
        ('"kernel": "k"', '"kernel": "../k"', "is missing"),
        ('"run": 1', '"run": -1', "out of range"),
        ('"again": 0', '"again": -1', "out of range"),
        ('"traffic": {}', '"traffic": {"weights": -1}', "out of range"),
        ('"traffic": {}', '"traffic": {"luggage": 1}', "nothing that a buffer can be"),
        ('"traffic": {}', '"traffic": {"weights": 0}', "moves no bytes"),
        ('"instances": 3', '"instances": 0', "other than 1 to 9 instances"),
        ('"instances": 1', '"instances": 10', "other than 1 to 9 instances"),
        ('"first": 1, "count": 6', '"first": 1, "count": 99999999999999', "its round and figures"),
        ('"first": 1, "count": 6', '"first": -1, "count": 6', "out of range"),
        ('"disturbed": [0.25', '"disturbed": [1.25', "out of range"),
        ('"disturbed": [0.25, ', '"disturbed": [', "its round and figures"),
        ('"cpu": [0.2', '"cpu": [-0.2', "no time that a run can take"),
        ("0.4", "NaN", "not a Kernelscope session"),
        ("0.4", "1e999", "Number out of range"),
        ("0.4", "1e-300", "no time that a run can take"),
        ('"a line"', r'"\ud800"', "not a Kernelscope session"),
        ('"a line"', r'"\udfff and more"', "not a Kernelscope session"),
        ('"id": "b"', '"id": "a"', "two targets have one id"),
        ('"name": "fast"', '"name": "../../fast"', "is no name"),
        ('"seed": 1', '"seed": -5', "the plan's seed is none"),
        ('"seconds": 0.5', '"seconds": 1e9', "the plan's seconds is 1e\\+09, and it may be up to 3600"),
        ('"seconds": 0.5', '"seconds": 0', "the plan's seconds is 0"),
        ('"step_seconds": 60.0', '"step_seconds": 1e18', "the plan's step_seconds"),
        ('"batch_seconds": 0.015', '"batch_seconds": 1e5', "the plan's batch_seconds"),
        ('"precision": 0.01', '"precision": -1', "the plan's precision is -1"),
        ('"rounds": 0, "cold"', '"rounds": 99999, "cold"', "other than 0 to 10000 rounds"),
        ('"swept": {}', '"swept": {"{}": 1}', "'{}' is no name of a parameter"),
        ('"parameters": {}', '"parameters": {"a b": 1}', "'a b' is no name of a parameter"),
        ('"parameters": {}', '"parameters": {"a": 1' + 40 * "0" + "}", "a parameter's value"),
        ('"reason": ""', '"reason": "' + 20_001 * "x" + '"', "is longer than 20000 characters"),
        ('"a line"', '"' + ((1 << 20) + 1) * "x" + '"', "is longer than 1048576 characters"),
        ('"processor": "', '"processor": "' + 1001 * "x", "longer than 1000 characters"),
    ],
)
def test_what_cannot_be_is_refused_and_named(before: str, after: str, words: str) -> None:
    text = json.dumps(TREE)
    assert before in text
    with pytest.raises(KernelscopeError, match=words):
        decode(text.replace(before, after, 1).encode(), "a file")


def test_a_result_that_nobody_asked_for_is_refused() -> None:
    tree = json.loads(msgspec.json.encode(RICH))
    tree["plan"]["cases"][0]["variant"] = "other"
    with pytest.raises(KernelscopeError, match="the plan has no case"):
        decode(json.dumps(tree).encode(), "a")


def test_a_search_over_other_parameters_than_its_case_has_is_refused() -> None:
    tree = json.loads(msgspec.json.encode(tuned()))
    tree["searches"][0]["candidates"][0]["parameters"] = {"other": 1}
    with pytest.raises(KernelscopeError, match="has other parameters than it"):
        decode(json.dumps(tree).encode(), "a")
    for candidate in (tree["searches"][0]["case"], *tree["searches"][0]["candidates"]):
        candidate["parameters"] = {}
    with pytest.raises(KernelscopeError, match="has no parameters to search"):
        decode(json.dumps(tree).encode(), "a")


def test_a_result_without_samples_is_refused() -> None:
    tree = json.loads(msgspec.json.encode(RICH))
    tree["measurements"][0]["samples"] = []
    with pytest.raises(KernelscopeError, match="is ok and has no samples"):
        decode(json.dumps(tree).encode(), "a")


@pytest.mark.skipif(os.name != "posix", reason="devices and pipes")
@pytest.mark.parametrize("path", ["/dev/zero", "/dev/stdin", "pipe", "folder"])
def test_only_regular_files_are_read(tmp_path: Path, path: str) -> None:
    """Neither waited for nor read without end: a pipe that nobody writes into, a device that never ends."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    with pytest.raises(KernelscopeError, match=r"no regular file|not a Kernelscope|Is a directory"):
        load(tmp_path / path)


def test_no_more_is_read_than_may_be_whatever_size_a_file_claims(tmp_path: Path) -> None:
    path = tmp_path / "long"
    path.write_bytes(b"x" * 1000)
    assert read_regular(path, 10) == b"x" * 11
    assert read_regular(path, 1000) == path.read_bytes()
    if Path("/proc/cpuinfo").exists():  # which claims to be empty
        assert len(read_regular(Path("/proc/cpuinfo"), 5)) == 6


def test_a_key_twice_is_as_good_as_its_last() -> None:
    text = json.dumps(TREE).replace('{"schema_version": 1', '{"app_version": "9", "schema_version": 1')
    assert decode(text.encode(), "x") == RICH


def test_a_list_of_numbers_cannot_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_VALUES", 1000)
    text = json.dumps(TREE).replace("[0.4,", f"[{'0.4,' * 2000}", 1)
    with pytest.raises(KernelscopeError, match="more than 1000 values"):
        decode(text.encode(), "x")


RUDE = '<script>alert(1)</script><img src="http://x/y" onerror=a()> | =cmd()'


def rude() -> Session:
    """A session whose every text is an attack."""

    def spoil(tree: Any, key: str = "") -> Any:
        if isinstance(tree, dict):
            return {name: spoil(value, name) for name, value in tree.items()}
        if isinstance(tree, list):
            return [spoil(value, key) for value in tree]
        free = (
            "label",
            "driver",
            "reason",
            "text",
            "processor",
            "system",
            "stop",
            "timer",
            "unlock",
            "summary",
        )
        return RUDE if isinstance(tree, str) and key in free else tree

    return decode(json.dumps(spoil(TREE)).encode(), "x")


def test_reports_show_what_a_session_says_and_run_none_of_it() -> None:
    opened = rude()
    found = rows(opened, workloads())
    page = html_report(opened, found, RUDE, {}, RUDE)
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    text = markdown_report(opened, found, RUDE)
    assert "<script" not in text
    assert "<img" not in text


def test_opening_writes_and_fetches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rude.json"
    save(rude(), path)
    before = {entry.name: entry.stat().st_mtime_ns for entry in tmp_path.iterdir()}

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("opening a file started something")

    for module, name in (("socket", "socket.connect"), ("subprocess", "Popen.__init__"), ("os", "system")):
        monkeypatch.setattr(f"{module}.{name}", refuse)
    use(load(path))
    assert {entry.name: entry.stat().st_mtime_ns for entry in tmp_path.iterdir()} == before


def test_the_history_takes_what_opens_and_gives_it_back(tmp_path: Path) -> None:
    history = History(tmp_path / "history.sqlite3")
    id = history.add(rude())
    assert history.session(id) == rude()
    assert len(history.entries("' OR 1=1 --")) == 0


@pytest.mark.skipif(os.name != "posix", reason="permissions")
def test_a_read_only_folder_is_said_before_and_after_the_run(tmp_path: Path) -> None:
    """Root may write anywhere but where the kernel itself refuses."""
    folder = Path("/sys/kernel") if os.geteuid() == 0 else tmp_path
    tmp_path.chmod(0o500)
    try:
        for write in (lambda path: save(RICH, path), check_writable):
            with pytest.raises(KernelscopeError, match="cannot be written"):
                write(folder / "a.json")
    finally:
        tmp_path.chmod(0o700)


def test_a_kind_of_operands_that_there_is_not_is_refused() -> None:
    tree = json.loads(msgspec.json.encode(RICH))
    tree["plan"]["settings"]["operands"] = "outliers"
    assert decode(json.dumps(tree).encode(), "a").plan.settings.operands == "outliers"
    tree["plan"]["settings"]["operands"] = "heavy"
    with pytest.raises(KernelscopeError, match="operands of kind 'heavy', and there are normal and outliers"):
        decode(json.dumps(tree).encode(), "a")


def test_old_sessions_with_errors_beyond_measure_open() -> None:
    tree = json.loads(msgspec.json.encode(RICH))
    tree["measurements"][2]["error"] = dict.fromkeys(tree["measurements"][2]["error"], 1e300)
    found = rows(decode(json.dumps(tree).encode(), "a"), workloads())
    assert "1e+300" not in csv_text(found)
    assert "not finite" in markdown_text(found)
