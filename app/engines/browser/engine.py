"""The engine: serves the page, and finds the targets of every browser that shows it."""

import os
from functools import cached_property

from app.core.errors import TargetLost
from app.core.target import Target
from app.engines import Device
from app.engines.browser import packages
from app.engines.browser.device import BrowserDevice
from app.engines.browser.door import VARIABLE, Door
from app.engines.browser.page import Page
from app.engines.browser.peers import PeerDevice
from app.engines.browser.server import Server

COMING_SECONDS = 10.0
"""How long a page may take to come back: they try again all the time."""


class _Engine:
    @cached_property
    def _server(self) -> Server:
        """The server, behind the door that the parent chose; it opens with the first question."""
        return Server(Door.parse(os.environ.pop(VARIABLE)))

    def targets(self) -> list[Target]:
        return [target for page in self._server.pages() for target in page.targets]

    def versions(self) -> dict[str, str]:
        pages = {page.browser.lower(): page.version for page in self._server.pages()}
        libraries = {name: packages.version(name) for name in packages.LIBRARIES if packages.installed(name)}
        return {**pages, **libraries}

    def open(self, target: Target) -> Device:
        self._server.wait_for(lambda: self._page(target) is not None, COMING_SECONDS)
        page = self._page(target)
        if page is None:
            raise TargetLost(f"no page of {target.label} is open")
        return PeerDevice(page, target) if target.is_peer else BrowserDevice(page, target.runtime)

    def _page(self, target: Target) -> Page | None:
        for page in self._server.pages():
            if any(one.id == target.id for one in page.targets):
                return page
        return None


ENGINE = _Engine()
