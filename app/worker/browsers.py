"""Browsers, seen from the parent: who was added, and the door of the server that their pages look at."""

from app.engines.browser.door import VARIABLE, Door, word_of
from app.engines.browser.find import Browser
from app.engines.browser.launch import How, Opened

BROWSER = "browser"
"""The engine behind every page."""


class Browsers:
    """The browsers that were opened, and the door of the server that they look at."""

    def __init__(self) -> None:
        self._door: Door | None = None
        self._opened: list[Opened] = []

    @property
    def used(self) -> bool:
        """Whether any was asked for."""
        return self._door is not None

    def ticket(self) -> str:
        """A new address of the page, which answers once; the first to ask for one makes the engine run."""
        self._door = self._door or Door.choose()
        return self._door.ticket()

    def spend(self, ticket: str) -> None:
        """A worker that starts from now on lets nobody in with ``ticket``."""
        if self._door:
            self._door = self._door.without(word_of(ticket))

    def environment(self, engine: str) -> dict[str, str]:
        """What the worker of ``engine`` has to know besides."""
        return {VARIABLE: str(self._door)} if engine == BROWSER and self._door else {}

    def open(self, browser: Browser, how: How) -> Opened:
        """Start ``browser`` at the page. Raises KernelscopeError when it does not start."""
        opened = Opened(browser, how, self.ticket)
        self._opened.append(opened)
        return opened

    def give_up(self, opened: Opened) -> None:
        """Leave a browser alone whose page did not come; end it if it is ours alone."""
        self._opened.remove(opened)
        opened.close()

    def restart(self) -> None:
        """Start those anew that are ours alone."""
        for opened in self._opened:
            opened.again()

    def close(self) -> None:
        """End those that are ours alone."""
        for opened in self._opened:
            opened.close()
        self._opened.clear()
