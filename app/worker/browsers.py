"""Browsers, seen from the parent: who was added, and how a run waits for a page that is gone."""

import time
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING

from app.core.errors import KernelscopeError
from app.core.events import Log, TargetsFound
from app.core.target import Target
from app.engines.browser.door import VARIABLE, Door
from app.engines.browser.find import Browser
from app.engines.browser.launch import How, Opened

if TYPE_CHECKING:
    from app.worker.supervisor import Supervisor

BROWSER = "browser"
"""The engine behind every page."""

OPEN_SECONDS = 45.0
"""How long a browser may take to show the page: a first start on a slow machine."""

PAGE_SECONDS = 180.0
"""How long a run waits for a page that is gone."""

RESTART_SECONDS = 4.0
"""How long a page of a browser of ours may be gone before the browser is started anew."""

POLL = 0.25


class Browsers:
    """The browsers that were opened, and the door of the server that they look at."""

    def __init__(self) -> None:
        self._door: Door | None = None
        self._opened: list[Opened] = []

    @property
    def used(self) -> bool:
        """Whether any was asked for."""
        return self._door is not None

    @property
    def address(self) -> str:
        """The page's address; the first to ask for it makes the engine run."""
        self._door = self._door or Door.choose()
        return self._door.address

    def environment(self, engine: str) -> dict[str, str]:
        """What the worker of ``engine`` has to know besides."""
        return {VARIABLE: str(self._door)} if engine == BROWSER and self._door else {}

    def open(self, browser: Browser, how: How) -> None:
        """Start ``browser`` at the page. Raises KernelscopeError when it does not start."""
        self._opened.append(Opened(browser, how, self.address))

    def restart(self) -> None:
        """Start those anew that are ours alone."""
        for opened in self._opened:
            opened.again()

    def close(self) -> None:
        """End those that are ours alone."""
        for opened in self._opened:
            opened.close()
        self._opened.clear()


def add_browser(
    supervisor: "Supervisor",
    browser: Browser | None,
    how: How = How(),  # noqa: B008
    seconds: float = OPEN_SECONDS,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[TargetsFound | Log]:
    """Open the page in ``browser`` and wait for it; the last event lists the targets of all pages.

    Without a browser somebody else opens the address.

    Raises:
        KernelscopeError: the browser does not start, or no page came in so many seconds.
    """
    address = supervisor.browsers.address
    before: set[str] = set()
    for event in supervisor.find_targets((BROWSER,)):
        if isinstance(event, TargetsFound):
            if event.reason and event.reason != "none":
                raise KernelscopeError(event.reason)
            before = {target.id for target in event.targets}
        yield event
    if browser:
        supervisor.browsers.open(browser, how)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not cancelled():
        time.sleep(POLL)
        for event in supervisor.find_targets((BROWSER,)):
            if isinstance(event, Log):
                yield event
            elif {target.id for target in event.targets} - before:
                yield event
                return
    if cancelled():
        return
    who = browser.name if browser else "any browser"
    raise KernelscopeError(f"{who} did not open {address} in {seconds:g} s")


def returning(supervisor: "Supervisor", target: Target) -> Generator[Log, None, bool]:
    """Wait until the page of ``target`` is back; whether it came."""
    yield Log(
        "warning", f"{target.label} is gone; the run goes on when {supervisor.browsers.address} is open again"
    )
    start = restarted = time.monotonic()
    while not supervisor.stopping and (now := time.monotonic()) < start + PAGE_SECONDS:
        for event in supervisor.find_targets((BROWSER,)):
            if isinstance(event, Log):
                yield event
            elif any(one.id == target.id for one in event.targets):
                yield Log("warning", f"{target.label} is back")
                return True
        if now > restarted + RESTART_SECONDS:
            supervisor.browsers.restart()
            restarted = now + OPEN_SECONDS
        time.sleep(POLL)
    return False
