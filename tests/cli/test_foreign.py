"""Commands over sessions that a stranger may send: foreign text is shown, and nothing of it is obeyed."""

import ast
import io
import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

import app.cli
from app.cli.edit import print_edits
from app.cli.output import plain_table
from app.core.session import Session
from app.storage.files import save
from app.storage.history import History
from tests.cli.test_compare import here
from tests.gui import made

FREE = {"label", "name", "driver", "backend", "kind", "note", "reason", "stop", "timer", "text", "unlock"}
FREE |= {"processor", "system", "use", "phase", "language"}
"""What is anybody's text wherever it stands in a session."""

RUDE = (
    "wasm [/x] [red]a\x1b]0;owned\x07\x1b[31m\x9b31m \u202etime\u2066\n:smile: | ![p](http://h/p) <b> &amp;"
)

COMMANDS: list[tuple[str, ...]] = [
    ("compare", "a.json", "a.json"),
    ("compare", "a.json", "a.json", "--json"),
    ("compare", "a.json"),
    ("compare", "a.json", "--hardware"),
    ("compare", "a.json", "--hardware", "--json"),
    ("advise", "a.json"),
    ("advise", "a.json", "--json"),
]
FILES = (
    "--csv",
    "--json",
    "--markdown",
    "--html",
    "--google-benchmark",
    "--pyperf",
    "--svg",
    "--png",
    "--pdf",
)


def spoilt(text: str) -> Session:
    """A session in which every free text is ``text``."""

    def spoil(tree: Any, key: str = "") -> Any:
        if isinstance(tree, dict):
            # A variant's name leads from one part of a session to another.
            own = FREE - {"name"} if "storage" in tree or "like" in tree else FREE
            return {k: spoil(v, k if k in own else "") for k, v in tree.items()}
        if isinstance(tree, list):
            return [spoil(value, key) for value in tree]
        return text if isinstance(tree, str) and key else tree

    tree = json.loads(msgspec.json.encode(made.session()))
    for measurement in tree["measurements"][:3]:
        measurement["reason"] = text
    status = {target["kind"]: target["kind"] for target in tree["targets"]}
    tree["targets"] = [spoil(target) | {"kind": status[target["kind"]]} for target in tree["targets"]]
    tree["host"] = spoil(tree["host"])
    tree["measurements"] = [spoil(measurement) for measurement in tree["measurements"]]
    return msgspec.json.decode(json.dumps(tree), type=Session)


def check(text: str) -> None:
    assert not re.search(
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", text
    )


@pytest.fixture(scope="module")
def rude(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rude")
    save(spoilt(RUDE), folder / "a.json")
    return folder


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_commands_show_what_a_session_says(rude: Path, words: tuple[str, ...]) -> None:
    done = here(rude, *words)
    assert done.returncode == 0, done.stderr
    check(done.stdout + done.stderr)
    if "--json" in words:
        json.loads(done.stdout)


def test_files_show_what_a_session_says(rude: Path) -> None:
    options = [word for option in FILES for word in (option, f"made{option}.{option.removeprefix('--')}")]
    assert here(rude, "export", "a.json", *options).returncode == 0
    for option in FILES[:7]:
        text = (rude / f"made{option}.{option.removeprefix('--')}").read_text()
        check(text)
        assert (
            "<b>" not in text
            or "json" in option
            or "google" in option
            or "pyperf" in option
            or "csv" in option
        )
    assert "![p]" not in (rude / "made--markdown.markdown").read_text()


TEXTS = st.text(
    st.one_of(st.sampled_from("\x1b\x07\x9b\u202e\n[]/|{}%=<>&"), st.characters(codec="utf-8")), max_size=20
)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(TEXTS)
def test_commands_show_any_text(tmp_path: Path, text: str) -> None:
    save(spoilt(text), tmp_path / "a.json")
    for words in (COMMANDS[0], COMMANDS[3], COMMANDS[5]):
        done = here(tmp_path, *words)
        assert done.returncode == 0, done.stderr
        check(done.stdout + done.stderr)
    options = ("--csv", "a.csv", "--markdown", "a.md", "--google-benchmark", "a.gb")
    assert here(tmp_path, "export", "a.json", *options).returncode == 0
    check((tmp_path / "a.csv").read_text() + (tmp_path / "a.md").read_text())


def test_the_history_shows_notes_as_they_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    number = History().add(spoilt(RUDE))
    id, (workload, variant, shape, _) = str(number), History().cases(number)[0]
    assert here(tmp_path, "history", "note", id, "see [/a/b] \x1b[31m").returncode == 0
    assert here(tmp_path, "history", "label", id, "[bold]").returncode == 0
    trend = ("trend", variant, shape, "--workload", workload)
    for words in (("list",), ("search", "see"), ("list", "--json"), trend):
        done = here(tmp_path, "history", *words)
        assert done.returncode == 0, done.stderr
        check(done.stdout)
    listed = here(tmp_path, "history", "list").stdout
    assert "see [/a/b]" in " ".join(listed.split())
    assert "[bold]" in listed


def test_texts_that_come_with_a_session_are_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    session = made.session()
    edit = {"workload": "matvec", "runtime": "wgsl", "name": RUDE, "like": RUDE, "text": f"a\n{RUDE}\nb"}
    tree = json.loads(msgspec.json.encode(session)) | {}
    tree["plan"]["edits"] = [edit]
    print_edits(msgspec.json.decode(json.dumps(tree), type=Session))
    told = capsys.readouterr().err
    check(told)
    assert r"\x1b]0;owned" in told
    assert told.splitlines()[-1] == "b"


def test_a_file_s_name_is_text(tmp_path: Path) -> None:
    name = "\x1b]0;owned\x07[b].json"
    save(made.session(), tmp_path / name)
    done = here(tmp_path, "compare", name, name)
    check(done.stdout)
    assert "[b]" in done.stdout


def test_tables_know_no_markup() -> None:
    table = plain_table("[b]", title="[/t]", caption="[/c]", right=("[/r]",))
    table.add_row("[/x] :smile:\n\x1b[1m", "b")
    out = io.StringIO()
    Console(file=out, width=80, color_system=None).print(table)
    for text in ("[b]", "[/t]", "[/c]", "[/r]", r"[/x] :smile: \x1b[1m"):
        assert text in out.getvalue()


def test_nothing_else_in_the_room_writes_to_the_terminal() -> None:
    """What does not go through ``output`` would go unfiltered."""
    doors = {"print", "Console", "Table"}
    for path in Path(app.cli.__file__).parent.glob("*.py"):
        called = {
            node.func.id
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert path.name in ("output.py", "commands.py", "main.py") or not called & doors, path.name
