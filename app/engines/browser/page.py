"""One browser page: requests to it, one after the other, and what becomes of them when it goes away."""

import asyncio
import itertools
from collections.abc import Iterable, Sequence

import numpy as np
from aiohttp import WSMsgType, web
from msgspec import DecodeError, structs

from app.core.errors import KernelError, KernelscopeError, LimitError, TargetLost, UnsupportedError
from app.core.target import Target
from app.engines.browser.messages import CHUNK, Answer, Hello, PageRequest, Refusal, decode, encode

SUPERSEDED = 4000
"""A close code of our own."""

GONE = "the page was closed, reloaded or crashed"

_ERRORS = {
    "limit": LimitError,
    "unsupported": UnsupportedError,
    "failed": KernelscopeError,
    "lost": TargetLost,
}


class Trapped(KernelscopeError):
    """A trap at ``byte`` of its module."""

    def __init__(self, message: str, byte: int) -> None:
        super().__init__(message)
        self.byte = byte


class Page:
    """A page that has introduced itself. ``ask`` is for the measuring thread, all else for the server's."""

    def __init__(self, socket: web.WebSocketResponse, hello: Hello, targets: tuple[Target, ...]) -> None:
        self.tab, self.browser, self.version, self.targets = hello.tab, hello.browser, hello.version, targets
        self._socket = socket
        self._loop = asyncio.get_running_loop()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[tuple[Answer, bytes]]] = {}
        self._incoming: tuple[Answer, bytearray] | None = None
        self.gone = ""

    def number(self) -> int:
        """A number that no other request or kernel of this page has."""
        return next(self._numbers)

    def ask(self, request: PageRequest, buffers: Sequence[np.ndarray] = ()) -> tuple[Answer, bytes]:
        """Send ``request`` with its buffers (contiguous bytes) and wait for the answer.

        Raises:
            TargetLost: the page is gone, or will be of no use until it has started anew.
            Trapped: the kernel trapped, and the browser says where.
            KernelscopeError: the page refuses, for the reason that the kind of error tells.
        """
        return asyncio.run_coroutine_threadsafe(self._ask(request, buffers), self._loop).result()

    async def _ask(self, request: PageRequest, buffers: Sequence[np.ndarray]) -> tuple[Answer, bytes]:
        if self.gone:
            raise TargetLost(self.gone)
        answer: asyncio.Future[tuple[Answer, bytes]] = self._loop.create_future()
        self._waiting[request.id] = answer
        request = structs.replace(request, bytes=tuple(buffer.nbytes for buffer in buffers))
        try:
            await self._socket.send_str(encode(request).decode())
            for buffer in buffers:
                for start in range(0, buffer.nbytes, CHUNK):
                    await self._socket.send_bytes(buffer[start : start + CHUNK].tobytes())
        except ConnectionError as error:
            raise TargetLost(GONE) from error
        return await answer

    async def listen(self) -> None:
        """Take answers in until the socket closes."""
        async for message in self._socket:
            try:
                if message.type is WSMsgType.TEXT:
                    self._take(message.data)
                elif message.type is WSMsgType.BINARY:
                    self._fill(message.data)
            except (DecodeError, KeyError, ValueError) as error:
                self.leave(f"the page sent what nobody asked for ({error})")
                await self._socket.close()
        self.leave(GONE)

    async def supersede(self) -> None:
        """Tell the page that its place is taken, so that it does not come back by itself."""
        self.leave("the page was opened a second time")
        await self._socket.close(code=SUPERSEDED, message=b"This page was opened a second time.")

    def leave(self, why: str) -> None:
        """Whoever waits for an answer gets none."""
        self.gone = self.gone or why
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(TargetLost(self.gone))
        self._waiting.clear()

    def _take(self, text: str) -> None:
        message = decode(text)
        if isinstance(message, Answer):
            self._incoming = (message, bytearray())
            self._fill(b"")
        elif isinstance(message, Refusal):
            self._waiting.pop(message.id).set_exception(_error(message))
        else:
            raise ValueError("a second hello")

    def _fill(self, chunk: bytes) -> None:
        if self._incoming is None:
            raise ValueError("bytes without an announcement")
        answer, received = self._incoming
        received += chunk
        if len(received) > answer.bytes:
            raise ValueError("more bytes than announced")
        if len(received) == answer.bytes:
            self._incoming = None
            self._waiting.pop(answer.id).set_result((answer, bytes(received)))


def _error(refusal: Refusal) -> KernelscopeError:
    if refusal.kind == "kernel":
        return KernelError(refusal.message, refusal.line, refusal.column)
    if refusal.byte is not None:
        return Trapped(refusal.message, refusal.byte)
    return _ERRORS[refusal.kind](refusal.message)


def named(targets: Iterable[Target], others: Iterable[Page]) -> tuple[Target, ...]:
    """``targets`` with the ids and labels that no other page has: a second Chrome's end in 2."""
    taken = {target.id for page in others for target in page.targets}
    return tuple(_named(target, taken) for target in targets)


def _named(target: Target, taken: set[str]) -> Target:
    if target.id not in taken:
        return target
    number = 2
    while f"{target.id}-{number}" in taken:
        number += 1
    return structs.replace(target, id=f"{target.id}-{number}", label=f"{target.label} #{number}")
