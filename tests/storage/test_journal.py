"""The journal: whatever ends the program, the next start has what was measured."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from app.core.ceilings import Ceilings
from app.core.events import (
    AnyEvent,
    CaseFinished,
    CaseOpened,
    CasePrepared,
    CaseSampled,
    CaseStarted,
    CaseVerified,
    CeilingsMeasured,
    Log,
    PassStarted,
)
from app.core.measurement import Costs, Error, Status
from app.core.plan import Settings
from app.core.session import LogLine, Session
from app.storage import files, history, journal
from app.storage.history import History
from app.storage.journal import Journal, recover, replay
from tests.conftest import ROOT, until
from tests.findings.test_rows import GOOD, measured, session

WRONG = Error(1.0, 1.0, 1.0, 1.0, 1e-5)
HEAD = structs.replace(
    session(measured("a", "f32", 0.4), measured("a", "fast", 0.1), measured("b", "f32", 1.0)),
    measurements=(),
    created="2026-01-02T03:04:05Z",
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (journal, history):
        monkeypatch.setattr(module, "data_folder", lambda: tmp_path)
    return tmp_path


def case(index: int, samples: int = 8, error: Error = GOOD) -> Iterator[AnyEvent]:
    yield CaseOpened(index)
    yield CaseStarted(index, "compiling")
    yield CasePrepared(index, f"text {index}", "wgsl", "a clock", Costs(1, 1, 1))
    yield CaseVerified(index, GOOD)
    yield CaseStarted(index, "timing")
    for number in range(samples):
        yield CaseSampled(index, 1, 0.5 + number / 100)
        if number == 5:
            yield CaseVerified(index, error)


def done(index: int) -> CaseFinished:
    return CaseFinished(index, Status.OK, stop="time limit reached")


def interrupted(*events: AnyEvent, head: Session = HEAD) -> Path:
    """A journal whose process ends after ``events``."""
    kept = Journal(head)
    assert list(kept.follow(events)) == list(events)
    kept.close()
    return kept.path


def test_what_was_written_comes_back_and_the_journal_goes(home: Path) -> None:
    path = interrupted(*case(0), done(0), *case(1, samples=3))
    (run,) = recover()
    assert str(run) == (
        "A run of 2026-01-02 03:04 UTC was interrupted: recovered 1 of 3 cases (session 1 of the history)"
    )
    first, second = History().session(run.id).measurements
    assert (first.status, len(first.samples), first.stop) == (Status.OK, 8, "time limit reached")
    assert (second.status, len(second.samples)) == (Status.CANCELLED, 3)
    assert "interrupted" in second.reason
    assert not path.exists()
    assert recover() == []


def test_whoever_looks_while_a_run_enters_the_history_does_not_bring_it_there_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A window looks for interrupted runs as its next run begins, while the one before is being kept."""
    kept = Journal(HEAD)
    events = [*case(0), done(0)]
    assert list(kept.follow(events)) == events
    recorder = replay(kept.path)
    close, seen = Journal.close, []

    def looked(self: Journal) -> None:
        close(self)
        seen.append(recover())

    monkeypatch.setattr(Journal, "close", looked)
    assert kept.end(recorder) == ""
    assert seen == [[]]
    assert len(History().entries()) == 1
    assert not kept.path.exists()


def test_a_case_under_way_counts_once_it_was_checked_among_its_samples() -> None:
    ends = [
        replay(interrupted(*case(0, n, e))).measurements[0] for n, e in ((5, GOOD), (6, GOOD), (6, WRONG))
    ]
    assert [m.status for m in ends] == [Status.CANCELLED, Status.OK, Status.CANCELLED]
    assert ends[1].stop == "interrupted"


def test_a_case_that_starts_over_in_a_fresh_worker_forgets_its_samples() -> None:
    told = [*case(0), *case(0, 2)]
    of_version_0_1 = [event for event in told if not isinstance(event, CaseOpened)]
    for events in (told, of_version_0_1):
        (only,) = replay(interrupted(*events)).measurements
        assert (only.status, len(only.samples)) == (Status.CANCELLED, 2)


def test_a_journal_cut_anywhere_gives_what_is_whole(home: Path) -> None:
    path = interrupted(*case(0), done(0), *case(1), done(1))
    whole = path.read_bytes()
    head = whole.index(b"\n") + 1
    counts = []
    for length in range(head, len(whole) + 1, 7):
        path.write_bytes(whole[:length])
        counts.append(sum(len(m.samples) for m in replay(path).measurements))
    assert counts == sorted(counts)
    assert counts[-1] >= 15


def set_aside(path: Path) -> str:
    """The line that the start says of a journal that it sets aside; the next one says nothing."""
    lines: list[str] = []
    content = path.read_bytes()
    assert recover(lines.append) == []
    assert path.with_name(f"{path.name}.damaged").read_bytes() == content, "it is not thrown away"
    assert not path.exists()
    assert recover(lines.append) == []
    (line,) = lines
    assert line.endswith(f"set aside as {path.name}.damaged")
    return line


@pytest.mark.skipif(os.name != "posix", reason="links and pipes")
@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "endless"])
def test_what_is_no_file_in_a_journal_s_place_is_set_aside(home: Path, kind: str) -> None:
    """What a link leads to is nobody's journal: it is neither read nor emptied."""
    path, victim = journal.folder() / "1-1-1.journal", home / "victim"
    path.parent.mkdir(parents=True, exist_ok=True)
    victim.write_text("precious")
    match kind:
        case "link":
            path.symlink_to(victim)
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "endless":
            path.symlink_to("/dev/zero")
    lines: list[str] = []
    assert recover(lines.append) == recover(lines.append) == []
    assert len(lines) == 1
    assert lines[0].endswith(f"no regular file; set aside as {path.name}.damaged")
    assert victim.read_text() == "precious"


def test_a_journal_without_a_whole_head_is_set_aside() -> None:
    path = interrupted(*case(0), done(0))
    path.write_bytes(path.read_bytes()[:50])
    assert "not a Kernelscope session" in set_aside(path)


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ([CaseSampled(0, 1, -0.5)], "is no time that a run can take"),
        ([CaseSampled(0, 1, 1e300)], "is no time that a run can take"),
        ([CaseSampled(0, -7, 0.5)], "is out of range"),
        ([CaseVerified(0, structs.replace(GOOD, max_abs=-1.0))], "is negative"),
    ],
)
def test_a_journal_that_no_session_could_come_of_is_set_aside(events: list[AnyEvent], why: str) -> None:
    """What is in the history can be opened: a journal is checked as files are."""
    assert why in set_aside(interrupted(*case(0), *events, done(0)))
    assert History().entries() == []


def test_whatever_a_journal_leads_to_the_start_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("of a kind that nobody thought of")

    path = interrupted(*case(0), done(0))
    with monkeypatch.context() as patch:
        patch.setattr(journal, "replay", fail)
        assert "of a kind that nobody thought of" in set_aside(path)
    interrupted(*case(0), done(0))
    assert len(recover()) == 1


def test_a_journal_of_a_newer_version_waits_for_that() -> None:
    path = interrupted(*case(0), done(0), head=structs.replace(HEAD, schema_version=99))
    lines: list[str] = []
    assert recover(lines.append) == []
    assert path.exists()
    assert lines == []


def test_a_recovered_run_has_its_ceilings_and_its_log() -> None:
    """Those from before the journal, and what came during the run, at the time it came."""
    before = LogLine("2026-01-02T03:04:00Z", "info", "looked for hardware")
    head = structs.replace(
        HEAD, ceilings={"a": Ceilings(date="2026-01-01T00:00:00Z", read=1e9)}, log=(before,)
    )
    own = Ceilings(date="2026-01-02T00:00:00Z", read=2e9)
    events = (*case(0), Log("warning", "a worker died"), CeilingsMeasured("b", own), done(0))
    path = interrupted(*events, head=head)
    told = re.sub(
        rb'"text":"a worker died","time":"[^"]*"',
        b'"text":"a worker died","time":"2026-01-02T03:05:00Z"',
        path.read_bytes(),
    )
    assert told != path.read_bytes()
    path.write_bytes(told)
    (run,) = recover()
    kept = History().session(run.id)
    assert kept.ceilings == {**head.ceilings, "b": own}
    assert kept.log == (before, LogLine("2026-01-02T03:05:00Z", "warning", "a worker died"))
    assert (kept.host, kept.targets, kept.plan) == (head.host, head.targets, head.plan)


def test_an_event_of_no_case_of_the_plan_ends_it() -> None:
    for number in (-1, 3, 10**9):
        (only,) = replay(interrupted(*case(0), done(0), CaseFinished(number, Status.OK))).measurements
        assert only.status is Status.OK


def test_garbage_in_a_journal_ends_it() -> None:
    path = interrupted(*case(0), done(0))
    with path.open("ab") as file:
        file.write(
            b'{"type":"CaseFinished","case":99,"status":"ok"}\n{"type":"CaseFinished","case":1,"status":"ok"}\n'
        )
    assert len(replay(path).measurements) == 1


def test_a_run_that_goes_on_is_left_alone() -> None:
    running = Journal(HEAD)
    events = running.follow(case(0))
    next(events)
    assert recover() == []
    assert running.path.exists()
    list(events)
    assert recover() == [], "nor is one that is over and not in the history yet"
    assert running.end(structs.replace(HEAD, measurements=(measured("a", "f32", 0.4),))) == ""
    assert not running.path.exists()
    assert len(History().entries()) == 1


def test_what_the_history_does_not_take_stays_in_the_journal(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = structs.replace(HEAD, plan=structs.replace(HEAD.plan, cases=HEAD.plan.cases[:1]))
    kept = Journal(whole)
    list(kept.follow([*case(0), done(0)]))
    ended = structs.replace(whole, measurements=(measured("a", "f32", 0.4),))
    with monkeypatch.context() as patch:
        patch.setattr(history, "data_folder", lambda: Path("/dev/null"))
        why = kept.end(ended)
        lines: list[str] = []
        assert recover(lines.append) == []
    assert why.startswith("this run is not in the history: /dev/null/history.sqlite3")
    assert str(kept.path) in why
    assert lines == [f"{lines[0].partition(';')[0]}; runs stay in {home / 'runs'} until it works again"]
    (run,) = recover()
    assert "had not reached the history: recovered 1 of 1 cases" in str(run)
    assert not kept.path.exists()


def test_a_locked_history_keeps_the_journal_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    path = interrupted(*case(0), done(0))
    with monkeypatch.context() as patch:
        patch.setattr(history, "data_folder", lambda: Path("/dev/null"))
        assert recover() == []
    assert path.exists()
    assert len(recover()) == 1


def test_where_nothing_can_be_written_the_run_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "data_folder", lambda: Path("/dev/null"))
    warning, *rest = Journal(HEAD).follow(case(0))
    assert isinstance(warning, Log)
    assert "a crash would lose this run" in warning.text
    assert rest == list(case(0))


@pytest.mark.skipif(os.name != "posix", reason="resource limits")
def test_a_full_disk_costs_a_warning_and_no_event(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """RLIMIT_FSIZE refuses to let a file grow, as a full disk does."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
        kept = Journal(HEAD)
        events = list(kept.follow(case(0, samples=200)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    (warning,) = [event for event in events if isinstance(event, Log)]
    assert re.search(
        "a crash would lose the rest of this run: .*(File too large|No space left)", warning.text
    )
    assert [event for event in events if event is not warning] == list(case(0, samples=200))
    (path,) = (home / "runs").iterdir()
    monkeypatch.setattr(history, "data_folder", lambda: Path("/dev/null"))
    assert "no journal has the whole of it" in kept.end(replay(path))
    assert len(replay(path).measurements[0].samples) > 6, "what fitted is kept"


def test_a_live_run_keeps_its_last_passes_in_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "LARGEST_LIVE", 20_000)

    def passes(count: int) -> Iterator[AnyEvent]:
        for number in range(1, count + 1):
            yield PassStarted(number)
            yield from case(0)
            yield done(0)

    few, many = interrupted(*passes(3)), interrupted(*passes(500), PassStarted(501), *case(0, 3))
    assert len(replay(few).measurements[0].samples) == 24
    assert many.stat().st_size < 25_000
    last = replay(many).measurements[0]
    assert last.status is Status.OK
    assert len(last.samples) >= 8
    assert last.samples[:8] == tuple(e.seconds for e in case(0) if isinstance(e, CaseSampled))


def test_at_no_moment_does_a_live_run_lose_a_pass_that_is_over(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor what is told once: that a case failed in the first pass, and a line of the log."""
    monkeypatch.setattr(journal, "LARGEST_LIVE", 20_000)

    def passes() -> Iterator[AnyEvent]:
        for number in range(1, 60):
            yield PassStarted(number)
            if number == 1:
                yield from case(1, 2)
                yield CaseFinished(1, Status.FAILED, "it does not run here")
                yield Log("warning", "a worker died")
            yield from case(0)
            yield done(0)

    kept = Journal(structs.replace(HEAD, plan=structs.replace(HEAD.plan, settings=Settings(rounds=8))))
    paths = set()
    over = -1
    for event in kept.follow(passes()):
        over += isinstance(event, PassStarted)
        paths.add(kept.path)
        (there,) = (home / "runs").iterdir()
        session = replay(there)
        if over:
            assert (session.measurements[0].status, session.measurements[0].kernel != "") == (Status.OK, True)
            assert len(session.measurements[0].samples) >= min(over, 5) * 8
            assert session.measurements[1].reason == "it does not run here"
            assert [line.text for line in session.log] == ["a worker died"]
    assert len(paths) > 1, "it was begun anew"
    kept.close()


def test_a_pass_that_was_cut_short_takes_nothing_of_those_before_it() -> None:
    cut = (PassStarted(1), *case(0), done(0), PassStarted(2), *case(0, 3))
    (only,) = replay(interrupted(*cut)).measurements
    assert (only.status, len(only.samples), only.stop) == (Status.OK, 8, "interrupted")


def test_an_event_costs_the_same_however_long_the_run() -> None:
    """100,000 samples: each is appended once, so the file is no more than their lines."""
    kept = Journal(HEAD)
    for _ in kept.follow(CaseSampled(0, 1, 0.5) for _ in range(100_000)):
        pass
    lines = kept.path.read_bytes().splitlines()
    assert len(lines) == 100_001
    assert kept.path.stat().st_size < files.LARGEST_FILE / 10


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_killed_run_is_in_the_history_at_the_next_start(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_DATA_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "app", "run", "--target", "numpy", "--seconds", "0.3", "--no-ceilings"]
    first = subprocess.Popen(
        [*command, "--sizes", "32,48,64,80,96,112,128"], env=env, cwd=tmp_path, stderr=subprocess.DEVNULL
    )

    def finished() -> int:
        return sum(path.read_bytes().count(b'"CaseFinished"') for path in tmp_path.glob("**/*.journal"))

    until(lambda: finished() >= 3)
    first.send_signal(signal.SIGKILL)
    first.wait(timeout=10)
    kept = finished()
    second = subprocess.run(
        [*command, "--sizes", "16"], env=env, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert second.returncode == 0, second.stderr
    (line,) = [line for line in second.stderr.splitlines() if "interrupted" in line]
    recovered = int(line.split("recovered ")[1].split(" of 7 cases")[0])
    assert kept <= recovered <= kept + 1
    assert not list(tmp_path.glob("**/*.journal"))
    entries = History(tmp_path / "kernelscope" / "history.sqlite3").entries()
    assert [entry.ok for entry in entries] == [1, recovered]
