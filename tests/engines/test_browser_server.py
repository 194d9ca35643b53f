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
from app.engines.browser.door import Door, word_of
from app.engines.browser.messages import LONGEST_MESSAGE, PageRequest
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
    return Server(door)


def get(door: Door, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=10)
    connection.request(
        method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    return connection.getresponse()


def seat(door: Door) -> str:
    """The way of a page to a seat of its own, without the ticket."""
    return f"/{door.seat(word_of(door.ticket()))}/"


def test_the_page_reaches_nothing_else_and_is_isolated(door: Door, server: Server) -> None:
    response = get(door, seat(door))
    assert response.status == 200
    assert b"socket.js" in response.read()
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == f"'self' ws://127.0.0.1:{door.port}"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert len(json.loads(get(door, f"{seat(door)}setup.json").read())["proposals"]) > 10


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "//",
        "*",
        "/socket",
        "/%ff/",
        "/%00",
        "http://127.0.0.1/",
        "/{wrong}/",
        "/{wrong}/page.js",
        "/{key}/",
        "/{ticket}",
        "/{ticket}/page.html",
        "/{ticket}/socket",
        "/{ticket}/?",
        "/{seat}/nothing.js",
        "/{seat}/../setup.py",
        "/{seat}/%2e%2e/session.schema.json",
    ],
)
def test_strangers_learn_nothing(path: str, door: Door, server: Server) -> None:
    ticket = word_of(door.ticket())
    taken = door.seat(ticket)
    wrong = taken[:-1] + ("a" if taken[-1] != "a" else "b")
    response = get(door, path.format(wrong=wrong, key=door.key, ticket=ticket, seat=taken))
    assert (response.status, response.read()) == (404, b"")


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "OPTIONS", "CONNECT", "TRACE", "PROPFIND", "X"])
def test_nothing_but_get_is_answered(method: str, door: Door, server: Server) -> None:
    for path in (f"127.0.0.1:{door.port}", "/", seat(door), f"/{word_of(door.ticket())}/"):
        response = get(door, path, method)
        assert (response.status, response.read()) == (404, b"")


def test_a_ticket_answers_once_whoever_comes_first(door: Door, server: Server) -> None:
    """A file of the user's is another site; a browser that only looks ahead does not use the ticket up."""
    word = word_of(door.ticket())
    tab = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
    for strange in ({"Sec_Purpose": "prefetch"}, {"Sec_Fetch_Mode": "no-cors"}, {"Sec_Fetch_Dest": "iframe"}):
        assert get(door, f"/{word}/", **{**tab, **strange}).status == 404
    response = get(door, f"/{word}/", **tab)
    assert response.status == 200
    assert f"url=/{door.seat(word)}/" in response.read().decode()
    assert get(door, f"/{word}/", **tab).status == 404


def test_a_worker_that_follows_knows_the_tickets_and_those_that_are_spent(door: Door) -> None:
    used, other = word_of(door.ticket()), word_of(door.ticket())
    following = Door.parse(str(door.without(used)))
    assert not following.admits(used)
    assert following.admits(other)
    assert following.seats(door.seat(used))
    assert not Door.choose().seats(door.seat(used))


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
    for path in (seat(door), f"/{word_of(door.ticket())}/socket"):
        assert get(door, path, **headers).status == 404
    if "Sec_Fetch_Site" not in headers:
        assert get(door, f"/{word_of(door.ticket())}/", **headers).status == 404


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
async def page(
    door: Door, origin: str | None = "", at: str = ""
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A socket like that of the page ``at`` a seat, else at a new one; with another ``origin``, or none."""
    address = f"ws://127.0.0.1:{door.port}{at or seat(door)}socket"
    headers = {"Origin": origin or f"http://127.0.0.1:{door.port}"} if origin is not None else {}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(address, headers=headers) as connection,
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
                asyncio.to_thread(there.ask, PageRequest(there.number(), "time", 1, repeats=1))
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
                asyncio.to_thread(there.ask, PageRequest(there.number(), "load", 1), operands)
            )
            assert json.loads((await connection.receive(60)).data)["bytes"] == [64 << 20]
            connection._response.connection.transport.abort()  # as the system does for a page that crashed
            with pytest.raises(TargetLost) as lost:
                await asked
            return lost.value

    assert str(asyncio.run(leave())) == GONE


def test_two_of_a_kind_are_told_apart_and_a_tab_takes_its_place_again(door: Door, server: Server) -> None:
    place = seat(door)

    async def ids() -> tuple[list[str], list[str]]:
        async with page(door) as first, page(door, at=place) as second:
            await first.send_str(json.dumps(HELLO))
            await asyncio.to_thread(server.wait_for, lambda: len(server.pages()) == 1, 10)
            await second.send_str(json.dumps({**HELLO, "tab": "b"}))
            await asyncio.to_thread(server.wait_for, lambda: len(server.pages()) == 2, 10)
            both = [target.id for one in server.pages() for target in one.targets]
            async with page(door, at=place) as again:
                await again.send_str(json.dumps({**HELLO, "tab": "b"}))
                closed = await second.receive(10)
                assert (closed.type, closed.data) == (aiohttp.WSMsgType.CLOSE, 4000)
                return both, [target.id for one in server.pages() for target in one.targets]

    both, after = asyncio.run(ids())
    assert both == after == ["chrome-gpu", "chrome-gpu-2"]


def test_a_second_page_at_a_seat_is_refused_until_the_first_is_gone(door: Door, server: Server) -> None:
    place = seat(door)

    async def words() -> tuple[object, ...]:
        async with page(door, at=place) as first:
            await first.send_str(json.dumps(HELLO))
            await asyncio.to_thread(server.wait_for, lambda: len(server.pages()) == 1, 10)
            async with page(door, at=place) as second:
                await second.send_str(json.dumps({**HELLO, "tab": "b"}))
                refused = await second.receive(10)
            assert len(server.pages()) == 1
        await asyncio.to_thread(server.wait_for, lambda: not server.pages(), 10)
        async with page(door, at=place) as third:
            await third.send_str(json.dumps({**HELLO, "tab": "b"}))
            await asyncio.to_thread(server.wait_for, lambda: bool(server.pages()), 10)
            return refused.type, refused.data, refused.extra, len(server.pages())

    *refused, pages = asyncio.run(words())
    assert refused[:2] == [aiohttp.WSMsgType.CLOSE, 4000]
    assert "open in another tab" in str(refused[2])
    assert pages == 1


def test_bytes_come_in_pieces_and_no_more_than_announced(door: Door, server: Server) -> None:
    async def answer() -> bytes:
        async with page(door) as connection:
            await connection.send_str(json.dumps(HELLO))
            await asyncio.to_thread(server.wait_for, lambda: bool(server.pages()), 10)
            (there,) = server.pages()
            number = there.number()
            asked = asyncio.create_task(
                asyncio.to_thread(there.ask, PageRequest(number, "load", 1), [np.arange(9, dtype=np.uint8)])
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
