"""The server of the page: on loopback only, for whoever was given a ticket, and for nobody's other pages."""

import asyncio
import logging
import socket
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from importlib.resources import files

from aiohttp import WSMsgType, web
from msgspec import DecodeError

from app.engines.browser import packages
from app.engines.browser.door import Door
from app.engines.browser.messages import LONGEST_MESSAGE, Hello, decode
from app.engines.browser.page import SUPERSEDED, Page, named
from app.engines.browser.peers import peers_of
from app.engines.browser.setup import setup

log = logging.getLogger(__name__)

FILES = files("resources") / "web"
TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
LIBRARY_TYPES = {"js": "text/javascript", "mjs": "text/javascript", "wasm": "application/wasm"}
PAGE_FILES = {file.name: file for file in FILES.iterdir() if file.name.rpartition(".")[2] in TYPES}

HELLO_SECONDS = 60.0

ON = '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=/{seat}/">'
"""What a ticket answers: the page goes on to its seat by itself, so that it comes there from nowhere else."""

TAKEN = "This page is open in another tab. Add this browser in Kernelscope to measure in both."

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Protocol(web.RequestHandler):
    """Answers what is no HTTP as it answers strangers, and keeps no log of it."""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("a request failed", exc_info=exc)
        response = web.Response(status=404)
        response.force_close()
        return response


class Server:
    """Runs in a thread of its own until the process ends."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._host = f"127.0.0.1:{door.port}"
        self._origin = f"http://{self._host}"
        self._headers = _headers(self._host)
        self._loop = asyncio.new_event_loop()
        self._changed = threading.Condition()
        self._pages: dict[str, Page] = {}
        listening = _listen(door.port)
        self._thread = threading.Thread(target=self._run, args=(listening,), name="browser", daemon=True)
        self._thread.start()

    def _run(self, listening: socket.socket) -> None:
        asyncio.set_event_loop(self._loop)

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._guard(request, handler)

        app = web.Application(middlewares=[guard], client_max_size=1024)
        app.router.add_get("/{word}/socket", self._socket)
        app.router.add_get("/{word}/setup.json", self._setup)
        app.router.add_get("/{word}/{name:.*}", self._file)
        runner = web.AppRunner(app)
        self._loop.run_until_complete(runner.setup())
        assert runner.server
        # The log of requests, which this turns off, would have the seats in it.
        speak = partial(_Protocol, runner.server, loop=self._loop, access_log=None)  # type: ignore[arg-type]
        self._loop.run_until_complete(self._loop.create_server(speak, sock=listening))
        self._loop.run_forever()

    def pages(self) -> list[Page]:
        """The pages that are there now."""
        with self._changed:
            return [page for page in self._pages.values() if not page.gone]

    def wait_for(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Whether ``ready`` becomes true within so many seconds; asked anew when a page comes or goes."""
        with self._changed:
            return self._changed.wait_for(ready, seconds)

    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Strangers learn nothing, not even whether the path exists."""
        response = await (handler(request) if self._may_enter(request) else self._ticket(request))
        if not response.prepared:
            response.headers.update(self._headers)
        return response

    def _may_enter(self, request: web.Request) -> bool:
        """Whether a page asks from its seat."""
        site = request.headers.get("Sec-Fetch-Site", "none")
        return (
            self._is_plain(request)
            and self._door.seats(request.match_info.get("word", ""))
            and site in ("none", "same-origin")
        )

    def _is_plain(self, request: web.Request) -> bool:
        headers = request.headers
        return (
            request.method == "GET"
            and headers.get("Host") == self._host
            and headers.get("Origin", self._origin) == self._origin
        )

    async def _ticket(self, request: web.Request) -> web.Response:
        """Send whoever comes with a ticket on to the seat, once; a browser that only looks ahead comes again.

        The file that carries a browser here is another site to it, so a tab may come from anywhere.
        """
        word = request.raw_path.strip("/")
        headers = request.headers
        tab = headers.get("Sec-Fetch-Mode", "navigate"), headers.get("Sec-Fetch-Dest", "document")
        if (
            not self._is_plain(request)
            or request.raw_path != f"/{word}/"
            or tab != ("navigate", "document")
            or "Sec-Purpose" in headers
            or not self._door.admits(word)
        ):
            return web.Response(status=404)
        self._door = self._door.without(word)
        return web.Response(text=ON.format(seat=self._door.seat(word)), content_type="text/html")

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name.startswith(LIBRARIES):
            return await asyncio.to_thread(_library, name.removeprefix(LIBRARIES))
        file = PAGE_FILES.get(name or "page.html")
        if file is None:
            return web.Response(status=404)
        kind = TYPES[file.name.rpartition(".")[2]]
        return web.Response(body=file.read_bytes(), content_type=kind, charset="utf-8")

    async def _setup(self, request: web.Request) -> web.Response:
        body = await asyncio.to_thread(setup)
        return web.Response(body=body, content_type="application/json")

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Origin") != self._origin:
            return web.Response(status=404)  # a browser always sends one with a socket
        connection = web.WebSocketResponse(max_msg_size=LONGEST_MESSAGE, compress=False)
        await connection.prepare(request)
        hello = await self._introduction(connection)
        if hello is None:
            await connection.close()
            return connection
        seat = request.match_info["word"]
        page = await self._admit(connection, hello, seat)
        if page is None:
            await connection.close(code=SUPERSEDED, message=TAKEN.encode())
            return connection
        log.info("%s %s is connected", page.browser, page.version)
        await page.listen()
        self._dismiss(seat, page)
        log.info("%s %s is gone", page.browser, page.version)
        return connection

    @staticmethod
    async def _introduction(connection: web.WebSocketResponse) -> Hello | None:
        try:
            message = await asyncio.wait_for(connection.receive(), HELLO_SECONDS)
            hello = decode(message.data) if message.type is WSMsgType.TEXT else None
        except (DecodeError, TimeoutError) as error:
            log.warning("a browser's page did not introduce itself: %s", str(error) or "no answer")
            return None
        return hello if isinstance(hello, Hello) else None

    async def _admit(self, connection: web.WebSocketResponse, hello: Hello, seat: str) -> Page | None:
        """A tab takes its seat again, and another one that of a page that is gone; None while it is there."""
        with self._changed:
            before = self._pages.get(seat)
            if before and not before.gone and before.tab != hello.tab:
                return None
            others = [page for taken, page in self._pages.items() if taken != seat and not page.gone]
            found = (*hello.targets, *peers_of(hello.targets))
            page = self._pages[seat] = Page(connection, hello, named(found, others))
            self._changed.notify_all()
        if before:
            await before.supersede()
        return page

    def _dismiss(self, seat: str, page: Page) -> None:
        with self._changed:
            if self._pages.get(seat) is page:
                del self._pages[seat]
            self._changed.notify_all()


def _listen(port: int) -> socket.socket:
    """A socket on loopback; a port that an ended worker has just left is taken again at once."""
    return socket.create_server(("127.0.0.1", port))


LIBRARIES, TEXTS = "peers/", "texts/"


def _library(name: str) -> web.Response:
    """A file of an installed package as it was pinned, or the text of a call."""
    kind = LIBRARY_TYPES.get(name.rpartition(".")[2], "")
    if name.startswith(TEXTS):
        text = packages.published(name.removeprefix(TEXTS).removesuffix(".js"))
        data = text.encode() if text else None
    else:
        data = packages.read(name)
    return web.Response(body=data, content_type=kind) if data and kind else web.Response(status=404)


def _headers(host: str) -> dict[str, str]:
    """Cross-origin isolated, so that memory may be shared; and no way to anywhere but this server."""
    policy = (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; "
        f"connect-src 'self' ws://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
