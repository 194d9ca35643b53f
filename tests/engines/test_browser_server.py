"""The page's server: it is there for its own page and for nobody else, whatever they send."""

import asyncio
import http.client
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import aiohttp
import numpy as np
import psutil
import pytest

from app.core.errors import TargetLost
from app.core.target import Runtime, Target
from app.engines.browser.door import Door
from app.engines.browser.messages import LONGEST_MESSAGE, Request
from app.engines.browser.page import GONE
from app.engines.browser.server import Server

TARGET = Target("chrome-gpu", "gpu (Chrome)", "browser", Runtime.WGSL, "gpu", "WebGPU", "Chrome 1", "GPU")
HELLO = {
    "type": "hello",
    "tab": "a",
    "browser": "Chrome",
    "version": "1",
    "targets": [
        {
            name: getattr(TARGET, name)
            for name in ("id", "label", "engine", "runtime", "name", "backend", "driver", "kind")
        }
    ],
}


@pytest.fixture(scope="module")
def door() -> Door:
    return Door.choose()


@pytest.fixture(scope="module")
def server(door: Door) -> Server:
    return Server(door.port, door.token)


def get(door: Door, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=10)
    connection.request(
        "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    return connection.getresponse()


def test_the_page_reaches_nothing_else_and_is_isolated(door: Door, server: Server) -> None:
    response = get(door, f"/{door.token}/")
    assert response.status == 200
    assert b"socket.js" in response.read()
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == f"'self' ws://127.0.0.1:{door.port}"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert len(json.loads(get(door, f"/{door.token}/setup.json").read())["proposals"]) > 10


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/socket",
        "/{wrong}/",
        "/{wrong}/page.js",
        "/{token}/nothing.js",
        "/{token}/../setup.py",
        "/{token}/%2e%2e/session.schema.json",
    ],
)
def test_strangers_learn_nothing(path: str, door: Door, server: Server) -> None:
    wrong = door.token[:-1] + ("a" if door.token[-1] != "a" else "b")
    response = get(door, path.format(wrong=wrong, token=door.token))
    assert (response.status, response.read()) == (404, b"")


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.example"},
        {"Host": "localhost"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
    ids=str,
)
def test_other_pages_are_turned_away(headers: dict[str, str], door: Door, server: Server) -> None:
    assert get(door, f"/{door.token}/", **headers).status == 404


def test_only_loopback_listens(door: Door, server: Server) -> None:
    own = [
        a.address
        for addresses in psutil.net_if_addrs().values()
        for a in addresses
        if a.family == socket.AF_INET
    ]
    elsewhere = [address for address in own if not address.startswith("127.")]
    for address in elsewhere:
        with pytest.raises(OSError, match=r"refused|unreachable"):
            socket.create_connection((address, door.port), timeout=2)


@asynccontextmanager
async def page(door: Door, origin: str | None = "") -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A socket like a page's; with another ``origin``, or none."""
    headers = {"Origin": origin or f"http://127.0.0.1:{door.port}"} if origin is not None else {}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{door.address}socket".replace("http", "ws", 1), headers=headers) as connection,
    ):
        yield connection


@pytest.mark.parametrize("origin", [None, "https://evil.example", "http://127.0.0.1:1"])
def test_a_socket_from_elsewhere_is_refused(origin: str | None, door: Door, server: Server) -> None:
    async def connect() -> None:
        async with page(door, origin):
            pass

    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        asyncio.run(connect())
    assert refused.value.status == 404


@pytest.mark.parametrize("first", ["no json", '{"type":"answer","id":1}', "{}", '{"type":"hello","tab":1}'])
def test_who_does_not_introduce_itself_is_hung_up_on(first: str, door: Door, server: Server) -> None:
    async def introduce() -> aiohttp.WSMsgType:
        async with page(door) as connection:
            await connection.send_str(first)
            return (await connection.receive(10)).type

    assert asyncio.run(introduce()) is aiohttp.WSMsgType.CLOSE


@pytest.mark.parametrize(
    "sent",
    [
        "no json",
        json.dumps(HELLO),
        '{"type":"answer","id":77,"hidden":false,"value":1,"bytes":0}',
        b"unasked",
        "x" * (LONGEST_MESSAGE + 1),
    ],
    ids=["no JSON", "a second hello", "an unasked answer", "unasked bytes", "too long"],
)
def test_a_page_that_misbehaves_is_gone(sent: str | bytes, door: Door, server: Server) -> None:
    async def misbehave() -> TargetLost:
        async with page(door) as connection:
            await connection.send_str(json.dumps(HELLO))
            await asyncio.to_thread(server.wait_for, lambda: bool(server.pages()), 10)
            (there,) = server.pages()
            asked = asyncio.create_task(
                asyncio.to_thread(there.ask, Request(there.number(), "time", 1, repeats=1))
            )
            assert json.loads((await connection.receive(10)).data)["task"] == "time"
            with suppress(ConnectionError):  # the server may hang up in the middle of it
                await (connection.send_bytes(sent) if isinstance(sent, bytes) else connection.send_str(sent))
            with pytest.raises(TargetLost) as lost:
                await asked
            return lost.value

    assert "page" in str(asyncio.run(misbehave()))


def test_a_page_that_goes_away_while_operands_are_sent_is_lost(door: Door, server: Server) -> None:
    """It is gone in the middle of an upload, before it could answer anything."""

    async def leave() -> TargetLost:
        async with page(door) as connection:
            await connection.send_str(json.dumps(HELLO))
            await asyncio.to_thread(server.wait_for, lambda: bool(server.pages()), 10)
            (there,) = server.pages()
            operands = [np.zeros(64 << 20, np.uint8)]
            asked = asyncio.create_task(
                asyncio.to_thread(there.ask, Request(there.number(), "load", 1), operands)
            )
            assert json.loads((await connection.receive(60)).data)["bytes"] == [64 << 20]
            transport = connection.get_extra_info("socket")
            transport.shutdown(socket.SHUT_RDWR)
            with pytest.raises(TargetLost) as lost:
                await asked
            return lost.value

    assert str(asyncio.run(leave())) == GONE


def test_two_of_a_kind_are_told_apart_and_a_tab_takes_its_place_again(door: Door, server: Server) -> None:
    async def ids() -> tuple[list[str], list[str]]:
        async with page(door) as first, page(door) as second:
            await first.send_str(json.dumps(HELLO))
            await asyncio.to_thread(server.wait_for, lambda: len(server.pages()) == 1, 10)
            await second.send_str(json.dumps({**HELLO, "tab": "b"}))
            await asyncio.to_thread(server.wait_for, lambda: len(server.pages()) == 2, 10)
            both = [target.id for one in server.pages() for target in one.targets]
            async with page(door) as again:
                await again.send_str(json.dumps({**HELLO, "tab": "b"}))
                closed = await second.receive(10)
                assert (closed.type, closed.data) == (aiohttp.WSMsgType.CLOSE, 4000)
                return both, [target.id for one in server.pages() for target in one.targets]

    both, after = asyncio.run(ids())
    assert both == after == ["chrome-gpu", "chrome-gpu-2"]


def test_bytes_come_in_pieces_and_no_more_than_announced(door: Door, server: Server) -> None:
    async def answer() -> bytes:
        async with page(door) as connection:
            await connection.send_str(json.dumps(HELLO))
            await asyncio.to_thread(server.wait_for, lambda: bool(server.pages()), 10)
            (there,) = server.pages()
            number = there.number()
            asked = asyncio.create_task(
                asyncio.to_thread(there.ask, Request(number, "load", 1), [np.arange(9, dtype=np.uint8)])
            )
            assert json.loads((await connection.receive(10)).data)["bytes"] == [9]
            assert (await connection.receive(10)).data == bytes(range(9))
            await connection.send_str(
                json.dumps({"type": "answer", "id": number, "hidden": True, "value": None, "bytes": 5})
            )
            for piece in (b"ab", b"cde"):
                await connection.send_bytes(piece)
            told, received = await asked
            assert told.hidden
            return received

    assert asyncio.run(answer()) == b"abcde"


@pytest.fixture(autouse=True)
def _nobody_stays(server: Server) -> Iterator[None]:
    yield
    assert server.wait_for(lambda: not server.pages(), 5)
