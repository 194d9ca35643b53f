"""Sessions that anybody may have written, changed at random, through every command, exporter and the window.

``STRANGER_SECONDS`` says for how long, ``STRANGER_SEED`` where to begin: each session is a function of its
number. What is counted is printed; an internal error, or a character that a terminal would obey, fails.
"""

import json
import os
import random
import re
import signal
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import msgspec
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from typer.testing import CliRunner

from app.catalog.index import variants
from app.charts.modes import MODES
from app.charts.scene import Scene, View
from app.cli.commands import app
from app.core.edit import Edit
from app.core.errors import KernelscopeError
from app.core.session import Session
from app.core.target import Runtime
from app.findings.rerun import plan_here
from app.findings.rows import rows
from app.gui.parts.memory import Memory
from app.gui.state.controller import Controller
from app.gui.window.app import make_application
from app.gui.window.panels import PANELS
from app.gui.window.window import MainWindow
from app.storage.edits import keep_edit, kept_edits
from app.storage.files import load
from app.storage.history import History
from app.storage.journal import folder, recover
from app.storage.shipped import articles, example
from app.workloads import workloads
from tests.charts.scenes import FILLED
from tests.gui.made import FakeSupervisor, session
from tests.storage.test_untrusted import RICH

SECONDS = float(os.environ.get("STRANGER_SECONDS", "60"))
SEED = int(os.environ.get("STRANGER_SEED", "1"))
SELDOM = 0.15
"""The share of sessions that are drawn, made a page of and shown in the window: that takes the longest."""

RERUN_SECONDS = 25.0
"""How long a session may run here before Ctrl-C ends it, as often as it takes."""

HERE = ("wasmtime", "v8", "numpy")
"""Targets of every machine."""

RERUN_SHARE = 0.5
"""Of the sessions of which something may run here: each begins workers of its own."""

OBEYED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
NUMBERS = (0, 1, -1, 2, 1e-18, 1e-9, 1e9, 1e30, -0.0, 0.5, 1 << 24, 1 << 53, 1 << 63, 10**40, 5e-324, 1e308)
TEXTS = (
    *(
        "",
        " ",
        "\n",
        "\x1b[31m",
        "\x1b]0;owned\x07",
        "\x9b2J",
        "\u202eabc",
        "[/x]",
        "[red]",
        "{}",
        "{0}",
        "%s",
    ),
    *(
        "=1+1",
        "\n=1+1",
        "| a",
        "![p](http://h/p)",
        "<img src=x>",
        "</svg>",
        "&amp;",
        "../../x",
        "a" * 999,
        "\0",
    ),
    *(
        "f32",
        "ok",
        "matvec",
        "matmul",
        "wgsl",
        "wasm",
        "numpy",
        "outliers",
        "é" * 30,
        "x=1;y=2",
        "~/x",
        "\ufffe",
    ),
)
Tree = Any


def starts() -> list[Tree]:
    """Sessions that are as they should be, of every kind; one of them runs anywhere."""
    shipped = example()
    light = msgspec.structs.replace(shipped, measurements=shipped.measurements[:40])
    made = [session(), RICH, light, *(make() for make in dict.fromkeys(FILLED.values()))]
    return [json.loads(msgspec.json.encode(one)) for one in (*made, *[runs_anywhere(shipped)] * 2)]


def runs_anywhere(shipped: Session) -> Session:
    """A few quick cases of the engines that every machine has, and a text of somebody's own."""
    shapes, quick = ("256x256", "8"), ("f32", "f32-scalar", "f32-simd", "plain", "asyncify")
    few = [
        one
        for one in shipped.measurements
        if one.case.target in HERE and str(one.case.shape) in shapes and one.case.variant in quick
    ]
    like = next(one for one in few if one.case.variant == "f32-simd" and one.case.workload == "matvec")
    edit = Edit(
        workload="matvec",
        runtime=Runtime.WASM,
        name="mine",
        like="f32-simd",
        text=shipped.kernels[like.kernel].text,
        parameters=like.case.parameters,
    )
    own = msgspec.structs.replace(like, case=msgspec.structs.replace(like.case, variant="mine"))
    variant = shipped.variant("matvec", "f32-simd", "wasm")
    plan = msgspec.structs.replace(
        shipped.plan,
        cases=tuple(one.case for one in (*few, own)),
        edits=(edit,),
        settings=msgspec.structs.replace(shipped.plan.settings, seconds=0.02, step_seconds=5.0),
    )
    return msgspec.structs.replace(
        shipped,
        plan=plan,
        measurements=(*few, own),
        variants=(*shipped.variants, msgspec.structs.replace(variant, name="mine", template="")),
    )


def places(tree: Tree, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value."""
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [*([path] if path else []), *(at for key, one in inside for at in places(one, (*path, key)))]


def at(tree: Tree, path: tuple[Any, ...]) -> Tree:
    for step in path:
        tree = tree[step]
    return tree


class Stranger:
    """Makes the session of a number."""

    def __init__(self) -> None:
        self._starts = [(tree, places(tree)) for tree in starts()]

    def session(self, number: int) -> tuple[bytes, bytes]:
        """What is sent, and what it was before it was changed."""
        draw = random.Random(number)
        start, known = draw.choice(self._starts)
        tree = json.loads(json.dumps(start))
        # Most places are samples: a kind of place is drawn first, then one of its kind.
        kinds: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
        for path in known:
            kinds.setdefault(tuple(step for step in path if isinstance(step, str)), []).append(path)
        names = list(kinds)
        for _ in range(draw.choice((1, 1, 1, 2, 3, 8))):
            path = draw.choice(kinds[draw.choice(names)])
            try:
                self._change(draw, at(tree, path[:-1]), path[-1])
            except (KeyError, IndexError, TypeError):
                continue  # an earlier change took this place away
        return json.dumps(tree).encode(), json.dumps(start).encode()

    def _change(self, draw: random.Random, parent: Tree, key: Any) -> None:
        old = parent[key]
        match draw.randrange(8):
            case 0:
                del parent[key]
            case 1 if isinstance(parent, list):
                parent.append(json.loads(json.dumps(old)))
            case 2 if isinstance(parent, list):
                draw.shuffle(parent)
            case 3 if isinstance(parent, dict):
                parent[draw.choice(TEXTS)] = parent.pop(key)
            case _ if isinstance(old, bool):
                parent[key] = not old
            case _ if isinstance(old, (int, float)):
                parent[key] = draw.choice((*NUMBERS, old * 2, old * 1000, -old, old + 1))
            case 4 if isinstance(old, str):
                parent[key] = old + draw.choice(TEXTS)
            case _ if isinstance(old, str):
                parent[key] = draw.choice(TEXTS)
            case _ if isinstance(old, list):
                parent[key] = old[: draw.randrange(3)] if draw.random() < 0.5 else []
            case _ if isinstance(old, dict):
                parent[key] = {}
            case _:
                parent[key] = draw.choice((*NUMBERS, *TEXTS, [], {}, None))


class Tally:
    """What was done, and what went wrong that nobody foresaw, by where it went wrong."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.wrong: dict[str, str] = {}
        self.number = 0

    def run(self, what: str, deed: Callable[[], object], limit: float = 30) -> None:
        """Do it; a refusal in one line is as good as an answer."""
        began = time.monotonic()
        try:
            deed()
            self.done[what] += 1
        except KernelscopeError as error:
            self.done[f"{what}: refused"] += 1
            if "\n" in str(error) or len(str(error)) > 2000:
                self.note(what, f"not one line: {str(error)[:80]!r}")
        except Exception as error:
            self.done[what] += 1
            self.note(what, _where(error))
        if time.monotonic() - began > limit:
            self.note(what, f"took longer than {limit} s")

    def note(self, what: str, words: str) -> None:
        self.wrong.setdefault(f"{what}: {words}", f"session {self.number}")


def _where(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    own = [f for f in traceback.extract_tb(error.__traceback__) if "/app/" in f.filename] or [last]
    return f"{type(error).__name__}: {str(error)[:80]} ({Path(own[-1].filename).name}:{own[-1].lineno})"


def command(tally: Tally, *words: str, code: Callable[[int], object] = lambda code: None) -> None:
    """A command in this process, as a fresh one would do it; ``code`` is told its exit code."""

    def call() -> None:
        result = CliRunner().invoke(app, words)
        code(result.exit_code)
        told = f"{result.stdout}{result.stderr}"
        if found := OBEYED.search(told):
            tally.note(words[0], f"prints {found[0]!r}")
        if "--json" in words[1:] and words[0] in ("compare", "advise") and result.exit_code == 0:
            json.loads(result.stdout)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception

    options = [word for word in words[1:] if re.fullmatch(r"--[a-z-]+", word)]
    limit = 2 * RERUN_SECONDS if words[0] == "rerun" else 30
    tally.run(" ".join([*words[: 1 + (words[0] == "history")], *options]), call, limit)


def commands(tally: Tally, path: Path, other: Path, draw: random.Random) -> None:
    one, base, out = str(path), str(other), path.with_suffix("")
    command(tally, "compare", one)
    command(tally, "compare", one, base)
    command(tally, "compare", base, one, "--json")
    command(tally, "compare", one, one, "--hardware", *(["--json"] if draw.random() < 0.3 else []))
    command(tally, "advise", one)
    command(tally, "advise", one, "--json")
    files = ("--csv", "--json", "--markdown", "--google-benchmark", "--pyperf", "--html")
    for option in files[: 6 if draw.random() < SELDOM else 5]:
        command(tally, "export", one, option, f"{out}{option}")
        written = Path(f"{out}{option}")
        if (
            written.exists()
            and option in ("--csv", "--json", "--markdown", "--html")
            and (found := OBEYED.search(written.read_text("utf-8")))
        ):
            tally.note(option, f"holds {found[0]!r}")
        written.unlink(missing_ok=True)
    mode = draw.choice(list(MODES)).name
    if draw.random() > SELDOM:
        return
    form = draw.choice(("svg", "svg", "png", "pdf"))
    command(tally, "export", one, "--kind", mode, f"--{form}", f"{out}.{form}")
    command(tally, "compare", one, base, "--chart", f"{out}.svg")


@contextmanager
def ctrl_c_after(seconds: float) -> Iterator[None]:
    """Ctrl-C after so long, again until what is under way has ended; the bench itself does not hear it."""
    done = threading.Event()

    def press() -> None:
        while not done.wait(seconds):
            os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, lambda *_: None)
    pressing = threading.Thread(target=press)
    pressing.start()
    try:
        yield
    finally:
        done.set()
        pressing.join()
        signal.signal(signal.SIGINT, before)


def rerun(tally: Tally, path: Path) -> None:
    """``path`` measured once more: by real workers, texts of its own included."""
    out = path.with_name("again.json")

    def ended(code: int) -> None:
        tally.done[f"rerun ends with {code}"] += 1

    with ctrl_c_after(RERUN_SECONDS):
        command(tally, "rerun", str(path), "--run-edited", "--out", str(out), code=ended)
    if out.exists():
        tally.run("what rerun wrote", lambda: load(out))
    out.unlink(missing_ok=True)


def inside(tally: Tally, opened: Session) -> None:
    """What no command does but after a crash: history, journal, own kernels, every chart."""

    def keep() -> None:
        id = History().add(opened)
        History().note(id, opened.host.processor)
        for case in History().cases(id)[:1]:
            command(tally, "history", "trend", case[1], case[2], f"--workload={case[0]}")
        assert History().session(id) == opened
        command(tally, "history", "list")
        History().delete(id)

    def journal() -> None:
        file = folder() / "1-1-1.journal"
        file.parent.mkdir(parents=True, exist_ok=True)
        event = b'{"type":"CaseStarted","case":0,"step":"compiling"}'
        file.write_bytes(msgspec.json.encode(opened) + b"\n" + event + b"\n")
        for run in recover(lambda line: tally.done.update(["journal: set aside"])):
            History().delete(run.id)
        assert not file.exists()

    def edits() -> None:
        for edit in opened.plan.edits:
            keep_edit(edit)
        kept_edits()

    def pictures() -> None:
        base = opened.plan.baseline
        found = rows(opened, workloads(), base)
        for mode in MODES:
            mode.look(Scene(opened, found, workloads(), base, View(mode.name), articles()))

    for deed in (keep, journal, edits, pictures):
        tally.run(deed.__name__, deed)


class Window:
    """The program's window, in which one session after the other is opened."""

    def __init__(self, settings: Path, tally: Tally) -> None:
        make_application()
        self._tally = tally
        self.window = MainWindow(
            Controller(FakeSupervisor()), Memory(QSettings(str(settings), QSettings.Format.IniFormat))
        )
        self.window.resize(1400, 900)
        self.window.show()
        self.window.chart.import_plot()
        self.window.controller.said.connect(self._hear)
        self.said: list[str] = []

    def _hear(self, level: str, line: str) -> None:
        self.said.append(line)
        if "\n" in line.strip():
            self._tally.note("window", f"says several lines: {line[:60]!r}")
        if re.search(r"Something went wrong|not up to date|[A-Z]\w+Error\b", line):
            self._tally.note("window", line[:160])

    def settle(self, ready: Callable[[], object], seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not ready() and time.monotonic() < end:
            QApplication.processEvents()
            time.sleep(0.002)
        QApplication.processEvents()

    def look(self, path: Path, other: Path, draw: random.Random) -> None:
        window, control = self.window, self.window.controller
        self.said.clear()
        control.modified = False
        before = control.session
        if window.files.open(path):
            self.settle(lambda: self.said or control.session is not before)
        for _ in range(20):
            QApplication.processEvents()
            time.sleep(0.002)
        for panel in PANELS:
            window.workspace.show_panel(panel.name)
            QApplication.processEvents()
        for row in draw.sample(control.rows, min(3, len(control.rows))):
            control.choose(row)
            QApplication.processEvents()
        for mode in draw.sample(list(MODES), 4):
            window.chart.set_mode(mode.name)
            for _ in range(5):
                QApplication.processEvents()
        control.comparing.add_files([path, other], [])
        self.settle(lambda: not control.comparing.busy, 10)
        for _ in range(10):
            QApplication.processEvents()
        control.comparing.clear()


@pytest.mark.timeout(SECONDS * 2 + 300)
def test_strangers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    tally, stranger = Tally(), Stranger()
    monkeypatch.setattr("sys.excepthook", lambda kind, error, trace: tally.note("window", _where(error)))
    other, path = tmp_path / "other.json", tmp_path / "a.json"
    window = Window(tmp_path / "settings.ini", tally)
    end = time.monotonic() + SECONDS
    opened = number = 0
    while time.monotonic() < end:
        number += 1
        tally.number = SEED * 1_000_000 + number
        draw = random.Random(tally.number)
        changed, start = stranger.session(tally.number)
        path.write_bytes(changed)
        other.write_bytes(start)
        try:
            one = load(path)
        except KernelscopeError as error:
            tally.done["refused"] += 1
            if "\n" in str(error):
                tally.note("load", f"not one line: {str(error)[:80]!r}")
            if draw.random() < 0.05:  # a refusal is the same everywhere
                commands(tally, path, other, draw)
                tally.run("window", lambda d=draw: window.look(path, other, d))
            continue
        except Exception as error:
            tally.note("load", _where(error))
            continue
        opened += 1
        commands(tally, path, other, draw)
        inside(tally, one)
        here = [target for target in one.targets if target.id in HERE]
        if plan_here(one, here, variants(), run_edited=True)[0].cases and draw.random() < RERUN_SHARE:
            rerun(tally, path)
        if draw.random() < SELDOM:
            tally.run("window", lambda d=draw: window.look(path, other, d))
    window.window.controller.modified = False
    window.window.close()
    print(f"\n{number} sessions in {SECONDS:g} s, {opened} of them opened; seed {SEED}")
    for what, count in sorted(tally.done.items()):
        print(f"  {count:6}  {what}")
    for words, first in tally.wrong.items():
        print(f"  WRONG  {words} (first in {first})")
    assert not tally.wrong
