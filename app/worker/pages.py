"""Pages in browsers, as targets that come, go and come back."""

import time
from collections.abc import Callable, Generator, Iterator
from threading import Event

from app.core.errors import KernelscopeError
from app.core.events import Log, TargetsFound
from app.core.target import Target
from app.engines.browser.find import Browser
from app.engines.browser.launch import How, Opened
from app.worker.browsers import BROWSER
from app.worker.workers import Workers

OPEN_SECONDS = 45.0
"""How long a browser may take to show the page: a first start on a slow machine."""

PAGE_SECONDS = 180.0
"""How long a run waits for a page that is gone."""

RESTART_SECONDS = 4.0
"""How long a page of a browser of ours may be gone before the browser is started anew."""

POLL = 0.25


def add_browser(
    workers: Workers,
    browser: Browser | None,
    how: How = How(),  # noqa: B008
    seconds: float = OPEN_SECONDS,
    cancelled: Callable[[], bool] = lambda: False,
    ticket: str = "",
) -> Iterator[TargetsFound | Log]:
    """Open the page in ``browser`` and wait for it; the last event lists the targets of all pages.

    Without a browser somebody else opens the address that ``ticket`` is.

    Raises:
        KernelscopeError: the browser does not start, or no page came in so many seconds.
    """
    browsers = workers.browsers
    ticket = ticket or browsers.ticket()
    before: set[str] = set()
    for event in workers.find_targets((BROWSER,)):
        if isinstance(event, TargetsFound):
            if event.reason and event.reason != "none":
                raise KernelscopeError(event.reason)
            before = {target.id for target in event.targets}
        yield event
    opened = browsers.open(browser, how) if browser else None
    came = None
    try:
        came = yield from _coming(workers, before, opened, time.monotonic() + seconds, cancelled)
        if not came and not cancelled():
            who, advice = (browser.name, f"; {opened.advice}") if browser and opened else ("any browser", "")
            raise KernelscopeError(f"{who} did not open the page in {seconds:g} s{advice}")
    finally:
        if opened and not came:
            browsers.give_up(opened)
    if came:
        browsers.spend(opened.address if opened else ticket)
        if opened:
            opened.arrived()
        yield came


def _coming(
    workers: Workers,
    before: set[str],
    opened: Opened | None,
    deadline: float,
    cancelled: Callable[[], bool],
) -> Generator[Log, None, TargetsFound | None]:
    """Wait for a page with targets other than those of ``before``; None when it did not come."""
    while time.monotonic() < deadline and not cancelled():
        time.sleep(POLL)
        for event in workers.find_targets((BROWSER,)):
            if isinstance(event, Log):
                yield event
            elif {target.id for target in event.targets} - before:
                return event
        if opened and opened.ended:
            raise KernelscopeError(opened.ended)
    return None


def returning(workers: Workers, target: Target, stop: Event) -> Generator[Log, None, bool]:
    """Wait until the page of ``target`` is back, or until ``stop``; whether it came."""
    yield Log("warning", f"{target.label} is gone; the run goes on when its page is open again")
    start = restarted = time.monotonic()
    while not stop.is_set() and (now := time.monotonic()) < start + PAGE_SECONDS:
        for event in workers.find_targets((BROWSER,)):
            if isinstance(event, Log):
                yield event
            elif any(one.id == target.id for one in event.targets):
                yield Log("warning", f"{target.label} is back")
                return True
        if now > restarted + RESTART_SECONDS:
            workers.browsers.restart()
            restarted = now + OPEN_SECONDS
        time.sleep(POLL)
    return False
