"""Starting a browser at the page's address: the user's own, or one with a throw-away profile."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from app.core.errors import KernelscopeError
from app.engines.browser.find import FIREFOX, Browser

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
    Switch("--js-flags=--experimental-wasm-fp16", "half-precision arithmetic in WebAssembly"),
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


class Opened:
    """A browser that was started at an address; ``close`` ends it if it is ours alone."""

    def __init__(self, browser: Browser, how: How, address: str) -> None:
        self.browser, self.how, self.address = browser, how, address
        self._profile: str | None = None
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [self.browser.path]
        if not self.how.users_own:
            self._profile = tempfile.mkdtemp(prefix="kernelscope-browser-")
            command += _arguments(self.browser, self.how, self._profile)
        try:
            return subprocess.Popen(
                [*_leash(self.browser, self.how), *command, self.address],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=os.name == "posix",
            )
        except OSError as error:
            self._forget_profile()
            raise KernelscopeError(f"{self.browser.name} does not start: {error}") from error

    def again(self) -> None:
        """Start anew what has crashed; a browser of the user's own is left alone."""
        if not self.how.users_own:
            self.close()
            self._process = self._start()

    def close(self) -> None:
        """End the browser and remove its profile, unless it is the user's own."""
        if self.how.users_own:
            return
        assert self._process.stdin
        self._process.stdin.close()
        if os.name != "posix":
            self._process.terminate()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._forget_profile()

    def _forget_profile(self) -> None:
        """Remove the profile; a browser's children may still be writing to it as they leave."""
        if self._profile:
            deadline = time.monotonic() + END_SECONDS
            while os.path.exists(self._profile) and time.monotonic() < deadline:
                shutil.rmtree(self._profile, ignore_errors=True)
                time.sleep(POLL)
            self._profile = None


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
