"""What the tests of browsers share: a Chromium without a window, on SwiftShader."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from msgspec import structs

from app.core.errors import KernelscopeError
from app.engines.browser.find import CHROMIUM, Browser, find_browsers
from app.engines.browser.launch import How, Opened

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

    def tell(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send one command to the page's tab; what it answers within five seconds."""
        return asyncio.run(self._tell([(method, parameters)]))

    def download(self, folder: Path, expression: str, pattern: str) -> Path:
        """The file that evaluating ``expression`` downloads."""
        return asyncio.run(
            self._download(
                folder,
                pattern,
                [
                    ("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)}),
                    ("Runtime.evaluate", {"expression": expression}),
                ],
            )
        )

    async def _tell(self, commands: list[tuple[str, dict[str, object]]]) -> dict[str, Any]:
        async with self._tab() as connection:
            return await _ask(connection, commands)

    async def _download(
        self, folder: Path, pattern: str, commands: list[tuple[str, dict[str, object]]]
    ) -> Path:
        async with self._tab() as connection:  # what it allows ends with the connection
            await _ask(connection, commands)
            async with asyncio.timeout(15):
                while not (found := list(folder.glob(pattern))):
                    await asyncio.sleep(0.1)
            return found[0]

    @asynccontextmanager
    async def _tab(self) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{self.port}/json/list") as answer:
                tabs = await answer.json()
            tab = next(tab for tab in tabs if tab["type"] == "page" and "127.0.0.1" in tab["url"])
            async with session.ws_connect(tab["webSocketDebuggerUrl"], max_msg_size=0) as connection:
                yield connection

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        said = self.tell("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        return said["result"]["result"].get("value")

    def until(self, condition: str, seconds: float = 60) -> None:
        """Wait until a JavaScript condition holds in the page."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if self.evaluate(condition):
                    return
            except (OSError, StopIteration, RuntimeError):  # the browser is still starting
                pass
            time.sleep(0.2)
        pytest.fail(f"not within {seconds:g} s: {condition}; {self.evaluate('document.body.innerText')}")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def looked_at(folder: Path) -> Iterator[Remote]:
    """A Chromium that looks at ``folder``, served as any static server would."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    remote = Remote()
    browser = Opened(a_chromium(), remote.how, lambda: f"http://127.0.0.1:{server.server_port}/")
    try:
        yield remote
    finally:
        browser.close()
        server.shutdown()
        server.server_close()


async def _ask(
    connection: aiohttp.ClientWebSocketResponse, commands: list[tuple[str, dict[str, object]]]
) -> dict[str, Any]:
    """Send the commands one after the other; what the last one answers, nothing if the tab died of it."""
    said: dict[str, Any] = {}
    for number, (method, parameters) in enumerate(commands):
        await connection.send_json({"id": number, "method": method, "params": parameters})
        message = await connection.receive(5)
        said = json.loads(message.data) if message.type is aiohttp.WSMsgType.TEXT else {}
    return said


def a_chromium() -> Browser:
    """An installed browser of Chrome's family; the test is skipped where there is none."""
    for browser in find_browsers():
        if browser.kind == CHROMIUM:
            return browser
    pytest.skip("no Chromium is installed: run.py test --browser installs one")
    raise KernelscopeError("unreachable")
