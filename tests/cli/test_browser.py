"""``--browser`` on the command line: a run in a real Chromium, and what is said when there is none."""

import json
from pathlib import Path

import pytest

from app.core.measurement import Status
from app.storage.files import load
from tests.cli.test_cli import call
from tests.engines.browser import a_chromium


def test_a_run_in_a_browser_without_a_window(tmp_path: Path) -> None:
    out = tmp_path / "run.kernelscope.json"
    done = call(
        *("run", "--target", "chrome*", "--browser", a_chromium().path, "--headless", "--no-ceilings"),
        *("--browser-flag=--use-webgpu-adapter=swiftshader", "--variant", "f32,f32-simd", "--sizes", "64"),
        *("--seconds", "0.05", "--out", str(out)),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    found = {m.case.target: m.status for m in load(out).measurements}
    assert found == {"chrome-swiftshader": Status.OK, "chrome-wasm": Status.OK}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--headless"], "belong to --browser"),
        (["--browser", "netscape"], "no browser 'netscape' is installed"),
        (["--browser", "/bin"], "no browser '/bin' is installed"),
    ],
)
def test_one_line_says_what_is_wrong(arguments: list[str], words: str, tmp_path: Path) -> None:
    done = call("hardware", *arguments, cwd=tmp_path)
    assert done.returncode == (2 if "belong to" in words else 1)
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_page_is_published(tmp_path: Path) -> None:
    done = call("publish", "page", "--variant", "f32,u8-dot4", "--sizes", "32", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "http.server" in done.stdout
    plan = json.loads((tmp_path / "page" / "plan.json").read_text("utf-8"))
    assert {case["case"]["variant"] for case in plan["cases"]} >= {"f32", "u8-dot4"}
