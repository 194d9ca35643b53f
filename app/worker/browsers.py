"""Browsers, seen from the parent: who was added, and the door of the server that their pages look at."""

from app.engines.browser.door import VARIABLE, Door
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
