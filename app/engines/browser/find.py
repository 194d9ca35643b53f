"""The browsers of this machine, by the names and in the places where their installers put them."""

import os
import platform
import shutil
from pathlib import Path

from msgspec import Struct

from app.core.errors import KernelscopeError


class Browser(Struct, frozen=True):
    """A program that shows the page; ``kind`` tells how it is started."""

    name: str
    path: str
    kind: str


CHROMIUM, FIREFOX = "chromium", "firefox"

NAMES = {
    "Chrome": (CHROMIUM, ("google-chrome", "google-chrome-stable", "chrome")),
    "Chromium": (CHROMIUM, ("chromium", "chromium-browser")),
    "Edge": (CHROMIUM, ("microsoft-edge", "microsoft-edge-stable", "msedge")),
    "Brave": (CHROMIUM, ("brave-browser", "brave")),
    "Firefox": (FIREFOX, ("firefox", "firefox-esr")),
    "Firefox Nightly": (FIREFOX, ("firefox-nightly",)),
}
"""Program names on the PATH, best first."""

WINDOWS = {
    "Chrome": "Google/Chrome/Application/chrome.exe",
    "Chromium": "Chromium/Application/chrome.exe",
    "Edge": "Microsoft/Edge/Application/msedge.exe",
    "Brave": "BraveSoftware/Brave-Browser/Application/brave.exe",
    "Firefox": "Mozilla Firefox/firefox.exe",
    "Firefox Nightly": "Firefox Nightly/firefox.exe",
}
"""Programs of browsers on Windows, below the folders of programs."""

MAC = {
    "Chrome": "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium": "Chromium.app/Contents/MacOS/Chromium",
    "Edge": "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "Brave": "Brave Browser.app/Contents/MacOS/Brave Browser",
    "Firefox": "Firefox.app/Contents/MacOS/firefox",
    "Firefox Nightly": "Firefox Nightly.app/Contents/MacOS/firefox",
}
"""Programs of browsers on macOS, below the folders of applications."""


def find_browsers() -> list[Browser]:
    """Every browser that is installed, each once."""
    found = [
        Browser(name, path, kind)
        for name, (kind, programs) in NAMES.items()
        if (path := _path(name, programs))
    ]
    return list({os.path.realpath(browser.path): browser for browser in reversed(found)}.values())[::-1]


def _path(name: str, programs: tuple[str, ...]) -> str | None:
    for program in programs:
        if path := shutil.which(program):
            return path
    return next((str(place) for place in _places(name, platform.system()) if place.exists()), None)


def _places(name: str, system: str) -> list[Path]:
    """The places where installers of ``system`` put a browser that is not on the PATH."""
    if system == "Windows":
        variables = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
        return [Path(os.environ[v]) / WINDOWS[name] for v in variables if v in os.environ]
    if system == "Darwin":
        return [folder / MAC[name] for folder in (Path("/Applications"), Path.home() / "Applications")]
    return []


def choose(wanted: str) -> Browser:
    """The browser called ``wanted``, or the program of that path.

    Raises:
        KernelscopeError: there is none; the message lists what there is.
    """
    found = find_browsers()
    for browser in found:
        if wanted.lower() in (browser.name.lower(), Path(browser.path).stem.lower()):
            return browser
    if os.sep in wanted and os.access(wanted, os.X_OK) and not os.path.isdir(wanted):
        kind = FIREFOX if "firefox" in Path(wanted).name.lower() else CHROMIUM
        return Browser(Path(wanted).name, wanted, kind)
    known = ", ".join(browser.name.lower() for browser in found) or "none"
    raise KernelscopeError(
        f"no browser {wanted!r} is installed; there are: {known} (or give a program's path)"
    )
