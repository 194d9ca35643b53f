"""Browsers: found by name or path, started with what was asked for, and never left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from app.core.errors import KernelscopeError
from app.engines.browser import find
from app.engines.browser.find import CHROMIUM, FIREFOX, Browser, choose, find_browsers
from app.engines.browser.launch import How, Opened, switches
from tests.conftest import ROOT

CHROME = Browser("Chrome", "/nowhere/chrome", CHROMIUM)
FOX = Browser("Firefox", "/nowhere/firefox", FIREFOX)


@pytest.fixture
def bin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH of one folder, with browsers that only sleep, and note what they were told."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin{os.pathsep}/usr/bin")
    names = {"Chrome": (CHROMIUM, ("ks-chrome",)), "Firefox": (FIREFOX, ("ks-fox",))}
    monkeypatch.setattr(find, "NAMES", names)
    for name in ("ks-chrome", "ks-fox"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/{name}.told\nexec sleep 1000\n')
        program.chmod(0o755)
    return tmp_path


def told(folder: Path, name: str) -> str:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if (folder / f"{name}.told").exists() and (text := (folder / f"{name}.told").read_text()):
            return text
        time.sleep(0.02)
    pytest.fail(f"{name} was not started")


def test_browsers_are_found_on_the_path_and_chosen_by_name_or_path(bin: Path) -> None:
    assert [browser.name for browser in find_browsers()] == ["Chrome", "Firefox"]
    assert choose("CHROME").path == str(bin / "ks-chrome")
    assert choose("ks-fox").kind == FIREFOX
    assert choose(str(bin / "ks-chrome")).kind == CHROMIUM
    with pytest.raises(KernelscopeError, match="no browser 'opera' is installed; there are: chrome, firefox"):
        choose("opera")


@pytest.mark.parametrize("system", ["Windows", "Darwin", "Linux"])
def test_other_systems_keep_them_elsewhere(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROGRAMFILES", "/programs")
    places = [place.as_posix() for name in find.NAMES for place in find._places(name, system)]
    expected = {"Windows": "/programs/Google/Chrome/Application/chrome.exe", "Linux": None}
    wanted = expected.get(system, "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    assert (wanted in places) if wanted else places == []


def test_only_what_is_asked_for_is_switched_on() -> None:
    assert switches(CHROME, How()) == ()
    experimental = [switch.argument for switch in switches(CHROME, How(experimental=True))]
    assert "--enable-unsafe-webgpu" in experimental
    assert any("fp16" in argument for argument in experimental)
    assert len(switches(CHROME, How(headless=True))) < len(experimental)
    assert switches(FOX, How(headless=True, experimental=True)) == ()


@pytest.mark.skipif(os.name != "posix", reason="the browsers are shell scripts")
@pytest.mark.parametrize("name", ["ks-chrome", "ks-fox"])
def test_a_browser_of_ours_has_a_profile_of_its_own_and_leaves_nothing(name: str, bin: Path) -> None:
    opened = Opened(choose(name), How(headless=True, arguments=("--extra",)), "http://127.0.0.1:1/x/")
    words = told(bin, name).split()
    assert "http://127.0.0.1:1/x/" in words
    assert "--extra" in words
    (given,) = [word for word in words if "kernelscope-browser-" in word]
    profile = Path(given.removeprefix("--user-data-dir="))
    assert profile.is_dir()
    if name == "ks-chrome":
        opened._process.kill()  # this one does not know that its pipe closed
    opened.close()
    assert not profile.exists()
    running = [" ".join(p.info["cmdline"] or []) for p in psutil.process_iter(["cmdline"])]
    assert not [line for line in running if str(profile) in line]


@pytest.mark.skipif(os.name != "posix", reason="the browser is a shell script")
def test_the_users_own_browser_is_only_told_the_address_and_is_left_alone(bin: Path) -> None:
    opened = Opened(choose("ks-fox"), How(), "http://127.0.0.1:1/x/")
    assert told(bin, "ks-fox") == "http://127.0.0.1:1/x/\n"
    opened.close()
    assert opened._process.poll() is None
    opened._process.kill()
    opened._process.wait()


@pytest.mark.skipif(os.name != "posix", reason="the browser is a shell script")
def test_a_killed_program_leaves_no_browser_behind(bin: Path) -> None:
    script = (
        "import sys, time; from app.engines.browser.find import Browser; "
        "from app.engines.browser.launch import How, Opened; "
        f"Opened(Browser('F', {str(bin / 'ks-fox')!r}, 'firefox'), How(headless=True), 'about:blank'); "
        "time.sleep(1000)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(bin)}
    program = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environment)
    told(bin, "ks-fox")
    (sleeper,) = [p for p in psutil.Process(program.pid).children(recursive=True) if p.name() == "sleep"]
    program.send_signal(signal.SIGKILL)
    program.wait()
    sleeper.wait(5)
