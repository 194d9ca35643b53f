"""Starting a browser at the page's address: the user's own, or one with a throw-away profile.

Everybody on a machine may read what a program was told, so a browser is told of a file in a folder that is
the user's alone, and the file carries it on to the address.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
from msgspec import Struct

from app.core.errors import KernelscopeError
from app.engines.browser.find import FIREFOX, NAMES, Browser

END_SECONDS = 5.0
POLL = 0.02

LINUX = sys.platform.startswith("linux")


class Switch(Struct, frozen=True):
    """An argument for a browser, and what it switches on."""

    argument: str
    meaning: str


EXPERIMENTAL = (
    Switch(
        "--enable-unsafe-webgpu", "WebGPU on every adapter, experimental features such as subgroup matrices"
    ),
    Switch(
        "--enable-webgpu-developer-features", "adapters told by name, time stamps in their full resolution"
    ),
    # The last --js-flags is the only one that counts, so one has them all.
    Switch(
        "--js-flags=--experimental-wasm-fp16 --experimental-wasm-revectorize",
        "half-precision arithmetic in WebAssembly, and pairs of 128-bit operations joined to 256 bits",
    ),
)
"""Switches of browsers of Chrome's family for what they do not offer of themselves."""

VULKAN = Switch("--enable-features=Vulkan", "WebGPU through Vulkan")
"""What Chrome on Linux needs besides; without a window it has no WebGPU otherwise."""

FIREFOX_PREFERENCES = {
    "dom.webgpu.enabled": "true",
    "gfx.webgpu.ignore-blocklist": "true",
    "datareporting.policy.dataSubmissionEnabled": "false",
    "browser.shell.checkDefaultBrowser": "false",
    "browser.aboutwelcome.enabled": "false",
    "toolkit.telemetry.reportingpolicy.firstRun": "false",
}


class How(Struct, frozen=True):
    """How to start a browser; ``arguments`` are handed over as they are."""

    headless: bool = False
    experimental: bool = False
    arguments: tuple[str, ...] = ()

    @property
    def users_own(self) -> bool:
        """Whether it is the browser as the user has it, with their profile."""
        return not (self.headless or self.experimental or self.arguments)


def switches(browser: Browser, how: How) -> tuple[Switch, ...]:
    """What is switched on beyond the browser's usual behaviour."""
    if how.users_own or browser.kind == FIREFOX:
        return ()
    unsafe = EXPERIMENTAL if how.experimental else EXPERIMENTAL[:1] if how.headless and LINUX else ()
    return (*unsafe, *((VULKAN,) if LINUX else ()))


DOOR = '<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">' \
    '<meta http-equiv="refresh" content="0; url={address}"><title>Kernelscope</title>'  # fmt: skip


class Opened:
    """A browser that was started at the page; ``close`` ends it if it is ours alone.

    Each start asks for an address of its own.
    """

    def __init__(self, browser: Browser, how: How, address: Callable[[], str]) -> None:
        self.browser, self.how, self._new_address = browser, how, address
        self._folder: str | None = None
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self.address = self._new_address()
        command = [self.browser.path]
        try:
            folder = self._folder = tempfile.mkdtemp(prefix="kernelscope-browser-", dir=_place(self.browser))
            if not self.how.users_own:
                command += _arguments(self.browser, self.how, folder)
            door = Path(folder, "open.html")
            with open(
                os.open(door, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
            ) as file:
                file.write(DOOR.format(address=self.address))
            return subprocess.Popen(
                [*_leash(self.browser, self.how), *command, door.as_uri()],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=os.name == "posix",
            )
        except OSError as error:
            self._forget_folder()
            raise KernelscopeError(f"{self.browser.name} does not start: {error}") from error

    @property
    def ended(self) -> str:
        """Why the page cannot come any more, in words; empty while it may.

        A browser that runs already opens the page itself, and what was started ends well at once.
        """
        code = self._process.poll()
        if code is None or (code == 0 and self.how.users_own and _some_browser_runs()):
            return ""
        return f"{self.browser.name} ended at once (exit code {code}) and did not open the page"

    @property
    def advice(self) -> str:
        """What to try where the page did not come."""
        if self.how.users_own:
            return f"if it may not read {self._folder}, open the address by hand (--browser any)"
        return "its graphics driver or its sandbox may hold it up: try it with a window, or --browser any"

    def arrived(self) -> None:
        """The page came: a browser of the user's own needs the folder no more."""
        if self.how.users_own:
            self._forget_folder()

    def again(self) -> None:
        """Start anew what has crashed; a browser of the user's own is left alone."""
        if not self.how.users_own:
            self.close()
            self._process = self._start()

    def close(self) -> None:
        """End the browser, unless it is the user's own, and remove its folder."""
        if not self.how.users_own:
            self._end()
        self._forget_folder()

    def _end(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        if os.name != "posix":
            self._process.terminate()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _forget_folder(self) -> None:
        """Remove the folder; a browser's children may still be writing to its profile as they leave."""
        if self._folder:
            deadline = time.monotonic() + END_SECONDS
            while os.path.exists(self._folder) and time.monotonic() < deadline:
                shutil.rmtree(self._folder, ignore_errors=True)
                time.sleep(POLL)
            self._folder = None


def _place(browser: Browser) -> str | None:
    """Where a browser reads files: a confined one neither among temporary files nor in a hidden folder."""
    return str(Path.home()) if is_confined(browser.path) else None


def is_confined(program: str) -> bool:
    """Whether ``program`` is a snap or a Flatpak, or a script that starts one."""
    real = os.path.realpath(program)
    if "/snap/" in program or "/flatpak/" in real or os.path.basename(real) in ("snap", "flatpak"):
        return True
    try:
        with open(real, "rb") as file:
            start = file.read(4096)
    except OSError:
        return False
    return start.startswith(b"#!") and (b"/snap/" in start or b"flatpak run" in start)


def _some_browser_runs() -> bool:
    """Whether any browser of a name that we know is running, which could have been handed the page."""
    programs = {program for _, names in NAMES.values() for program in names}
    running = (process.info["name"] or "" for process in psutil.process_iter(["name"]))
    return any(
        name.lower().removesuffix(".exe") in programs | {"firefox-bin", "google chrome"} for name in running
    )


def _leash(browser: Browser, how: How) -> list[str]:
    """What ends a browser of ours with this process, however that ends: its standard input closes then.

    Chrome leaves when its debugging pipe closes; a shell watches for others.
    """
    if how.users_own or os.name != "posix":
        return []
    if browser.kind == FIREFOX:
        watch = 'exec 3<&0; "$@" </dev/null 3<&- & cat <&3 >/dev/null; kill $!; wait'
        return ["/bin/sh", "-c", watch, "sh"]
    return ["/bin/sh", "-c", 'exec "$@" --remote-debugging-pipe 3<&0 4>/dev/null 0</dev/null', "sh"]


def _arguments(browser: Browser, how: How, profile: str) -> Sequence[str]:
    told = [*(switch.argument for switch in switches(browser, how)), *how.arguments]
    if browser.kind == FIREFOX:
        lines = [f'user_pref("{name}", {value});' for name, value in FIREFOX_PREFERENCES.items()]
        (Path(profile) / "user.js").write_text("\n".join(lines) + "\n", "utf-8")
        return ["--no-remote", "--profile", profile, *(["--headless"] if how.headless else []), *told]
    quiet = ["--no-first-run", "--no-default-browser-check", f"--user-data-dir={profile}"]
    if how.headless:
        quiet.append("--headless=new")
    if LINUX and os.geteuid() == 0:
        quiet.append("--no-sandbox")  # Chrome refuses to run as root otherwise
    return [*quiet, *told]
