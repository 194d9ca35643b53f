"""Browsers: found by name or path, started with what was asked for, and never left behind."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections import deque
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import psutil
import pytest

from app.core.errors import KernelscopeError
from app.engines.browser import find, launch
from app.engines.browser.door import word_of
from app.engines.browser.find import CHROMIUM, FIREFOX, Browser, choose, find_browsers
from app.engines.browser.launch import How, Opened, switches
from app.worker.pages import add_browser
from app.worker.supervisor import Supervisor
from tests.conftest import ROOT, until

SECRET = "http://127.0.0.1:1/x/"
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


def carries_on(door: str) -> Path:
    """The folder of the file that a browser was told of: nobody else's, and on to the address."""
    file = Path(url2pathname(urlsplit(door).path))
    assert f"url={SECRET}" in file.read_text()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file.parent, file)] == [0o700, 0o600]
    return file.parent


@pytest.mark.skipif(os.name != "posix", reason="users of POSIX")
@pytest.mark.parametrize("how", [How(), How(headless=True)], ids=["own", "headless"])
def test_another_user_learns_no_address(how: How, bin: Path) -> None:
    """What ``nobody`` reads of every process, and of the file that one of them was told of."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can try as another user, with setpriv")
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]

    def read(script: str) -> str:
        done = subprocess.run([*nobody, "sh", "-c", script], capture_output=True, timeout=60, check=False)
        return done.stdout.decode(errors="replace").replace("\0", " ")

    program = bin / "ks-chrome"
    program.write_text(
        program.read_text().replace(
            "sleep 1000", f"{sys.executable} -c 'import time; time.sleep(999)' \"$@\""
        )
    )
    supervisor = Supervisor()
    opened = supervisor.browsers.open(choose("ks-chrome"), how)
    try:
        deque(supervisor.find_targets(("browser",)), maxlen=0)
        door = told(bin, "ks-chrome").split()[-1]
        python = sys.executable.encode()
        until(lambda: Path(f"/proc/{opened._process.pid}/cmdline").read_bytes().startswith(python))
        everything = read("cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ; ls -lR /tmp")
        assert door in everything
        secrets = str(supervisor.browsers._door).split()[1:]
        for secret in (*secrets, word_of(opened.address)):
            assert secret not in everything
        assert read(f"cat '{url2pathname(urlsplit(door).path)}'") == ""
    finally:
        opened._process.kill()
        opened.close()
        supervisor.close()


@pytest.mark.skipif(os.name != "posix", reason="programs of POSIX")
@pytest.mark.parametrize("how", [How(), How(headless=True)], ids=["own", "headless"])
@pytest.mark.parametrize(("program", "code"), [("true", 0), ("false", 1)])
def test_what_is_no_browser_is_told_at_once(
    program: str, code: int, how: How, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "_some_browser_runs", lambda: False)
    path = shutil.which(program)
    assert path
    supervisor = Supervisor()
    try:
        with pytest.raises(KernelscopeError, match=rf"{program} ended at once \(exit code {code}\)"):
            deque(add_browser(supervisor, choose(path), how, seconds=600), maxlen=0)
        assert supervisor.browsers._opened == []
    finally:
        supervisor.close()


@pytest.mark.skipif(os.name != "posix", reason="snaps are of Linux")
def test_a_confined_browser_gets_its_file_where_it_may_read(
    bin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = bin / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    fox = bin / "ks-fox"
    assert not launch.is_confined(str(fox))
    fox.write_text("#!/bin/sh\nif false; then\nexec /snap/bin/firefox\nfi\n" + fox.read_text())
    assert launch.is_confined(str(fox))
    opened = Opened(choose("ks-fox"), How(headless=True), lambda: SECRET)
    assert carries_on(told(bin, "ks-fox").split()[-1]).parent == home
    opened.close()
    assert list(home.iterdir()) == []


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
    opened = Opened(choose(name), How(headless=True, arguments=("--extra",)), lambda: SECRET)
    words = told(bin, name).split()
    assert "--extra" in words
    given, door = [word for word in words if "kernelscope-browser-" in word]
    profile = Path(given.removeprefix("--user-data-dir="))
    assert carries_on(door) == profile
    if name == "ks-chrome":
        opened._process.kill()  # this one does not know that its pipe closed
    opened.close()
    assert not profile.exists()
    running = [" ".join(p.info["cmdline"] or []) for p in psutil.process_iter(["cmdline"])]
    assert not [line for line in running if str(profile) in line]


@pytest.mark.skipif(os.name != "posix", reason="the browser is a shell script")
def test_the_users_own_browser_is_only_told_a_file_and_is_left_alone(bin: Path) -> None:
    opened = Opened(choose("ks-fox"), How(), lambda: SECRET)
    (door,) = told(bin, "ks-fox").split()
    folder = carries_on(door)
    opened.arrived()
    assert not folder.exists()
    opened.close()
    assert opened._process.poll() is None
    opened._process.kill()
    opened._process.wait()


@pytest.mark.skipif(os.name != "posix", reason="the browser is a shell script")
def test_a_killed_program_leaves_no_browser_behind(bin: Path) -> None:
    script = (
        "import sys, time; from app.engines.browser.find import Browser; "
        "from app.engines.browser.launch import How, Opened; "
        f"browser = Browser('F', {str(bin / 'ks-fox')!r}, 'firefox'); "
        "Opened(browser, How(headless=True), lambda: 'about:blank'); "
        "time.sleep(1000)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(bin)}
    program = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environment)
    told(bin, "ks-fox")
    (sleeper,) = [p for p in psutil.Process(program.pid).children(recursive=True) if p.name() == "sleep"]
    program.send_signal(signal.SIGKILL)
    program.wait()
    sleeper.wait(5)
