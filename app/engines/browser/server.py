"""The server of the page: on loopback only, for whoever knows its token, and for nobody's other pages."""

import asyncio
import logging
import secrets
import socket
import threading
from collections.abc import Awaitable, Callable
from importlib.resources import files

from aiohttp import WSMsgType, web
from msgspec import DecodeError

from app.engines.browser.messages import LONGEST_MESSAGE, Hello, decode
from app.engines.browser.page import Page, named
from app.engines.browser.setup import setup

log = logging.getLogger(__name__)

FILES = files("resources") / "web"
TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
PAGE_FILES = {file.name: file for file in FILES.iterdir() if file.name.rpartition(".")[2] in TYPES}

HELLO_SECONDS = 60.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Runs in a thread of its own until the process ends."""

    def __init__(self, port: int, token: str) -> None:
        self._token = token
        self._host = f"127.0.0.1:{port}"
        self._origin = f"http://{self._host}"
        self._headers = _headers(self._host)
        self._loop = asyncio.new_event_loop()
        self._changed = threading.Condition()
        self._pages: dict[str, Page] = {}
        listening = _listen(port)
        self._thread = threading.Thread(target=self._run, args=(listening,), name="browser", daemon=True)
        self._thread.start()

    def _run(self, listening: socket.socket) -> None:
        asyncio.set_event_loop(self._loop)

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._guard(request, handler)

        app = web.Application(middlewares=[guard], client_max_size=1024)
        app.router.add_get("/{token}/socket", self._socket)
        app.router.add_get("/{token}/setup.json", self._setup)
        app.router.add_get("/{token}/{name:.*}", self._file)
        runner = web.AppRunner(app, access_log=None)
        self._loop.run_until_complete(runner.setup())
        self._loop.run_until_complete(web.SockSite(runner, listening).start())
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
        token = request.path.split("/")[1]
        site = request.headers.get("Sec-Fetch-Site", "none")
        if (
            not secrets.compare_digest(token.encode(), self._token.encode())
            or request.headers.get("Host") != self._host
            or request.headers.get("Origin", self._origin) != self._origin
            or site not in ("none", "same-origin")
        ):
            return web.Response(status=404)
        response = await handler(request)
        if not response.prepared:
            response.headers.update(self._headers)
        return response

    async def _file(self, request: web.Request) -> web.Response:
        file = PAGE_FILES.get(request.match_info["name"] or "page.html")
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
        page = await self._admit(connection, hello)
        log.info("%s %s is connected", page.browser, page.version)
        await page.listen()
        self._dismiss(hello.tab, page)
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

    async def _admit(self, connection: web.WebSocketResponse, hello: Hello) -> Page:
        """A tab takes its own place again; a new one that of a page that is gone, else one of its own."""
        others = [page for tab, page in self._pages.items() if tab != hello.tab and not page.gone]
        page = Page(connection, hello, named(hello.targets, others))
        with self._changed:
            before = self._pages.get(hello.tab)
            self._pages[hello.tab] = page
            self._changed.notify_all()
        if before:
            await before.supersede()
        return page

    def _dismiss(self, tab: str, page: Page) -> None:
        with self._changed:
            if self._pages.get(tab) is page:
                del self._pages[tab]
            self._changed.notify_all()


def _listen(port: int) -> socket.socket:
    """A socket on loopback; a port that an ended worker has just left is taken again at once."""
    return socket.create_server(("127.0.0.1", port))


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
