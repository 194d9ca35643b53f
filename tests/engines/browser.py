"""What the tests of browsers share: a Chromium without a window, on SwiftShader."""

import asyncio
import socket

import aiohttp
import pytest
from msgspec import structs

from app.core.errors import KernelscopeError
from app.engines.browser.find import CHROMIUM, Browser, find_browsers
from app.engines.browser.launch import How

SWIFTSHADER = How(headless=True, arguments=("--use-webgpu-adapter=swiftshader",))


class Remote:
    """A Chromium's own remote control, to do to its tabs what users do."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]

    @property
    def how(self) -> How:
        """SwiftShader, and the remote control."""
        port = f"--remote-debugging-port={self.port}"
        return structs.replace(SWIFTSHADER, arguments=(*SWIFTSHADER.arguments, port))

    def tell(self, method: str, **parameters: object) -> None:
        """Send one command to the page's tab, without waiting for an answer."""
        asyncio.run(self._tell(method, parameters))

    async def _tell(self, method: str, parameters: dict[str, object]) -> None:
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{self.port}/json/list") as answer:
                tabs = await answer.json()
            tab = next(tab for tab in tabs if tab["type"] == "page" and "127.0.0.1" in tab["url"])
            async with session.ws_connect(tab["webSocketDebuggerUrl"]) as connection:
                await connection.send_json({"id": 1, "method": method, "params": parameters})
                await connection.receive(5)


def a_chromium() -> Browser:
    """An installed browser of Chrome's family; the test is skipped where there is none."""
    for browser in find_browsers():
        if browser.kind == CHROMIUM:
            return browser
    pytest.skip("no Chromium is installed: run.py test --browser installs one")
    raise KernelscopeError("unreachable")
