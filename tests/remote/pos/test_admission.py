"""Connections that never say who they are, over real sockets: they keep nobody out, and are closed."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from support.installation import installed
from support.pos import Connection, eventually, serving

from kiosk_tui.remote.pos.admission import MOST_CONNECTIONS, MOST_UNKNOWN
from kiosk_tui.remote.pos.dispatcher import Dispatcher, Tell
from kiosk_tui.remote.pos.protocol import Request, Tag, answer
from kiosk_tui.remote.pos.server import GREET_S, MOST_WAITING, PosServer, PosSocket
from kiosk_tui.remote.sockets.places import listening

pytestmark = pytest.mark.journey

TOKEN = "0123456789abcdef"
HELLO = b'{"do": "hello", "token": "0123456789abcdef"}\n'
NEVER_S = 3600.0


class Echo:
    """A till that answers everything at once."""

    async def take(self, _request: Request, tag: Tag, tell: Tell) -> None:
        tell(answer("hello", tag))

    def forget(self, _tell: Tell) -> None:
        pass


class Peer:
    """One connection to the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def told(self) -> dict[str, Any]:
        """Return the next line; nothing at the end."""
        async with asyncio.timeout(30):
            line = await self.reader.readline()
        return cast("dict[str, Any]", json.loads(line or b"{}"))

    async def hello(self) -> dict[str, Any]:
        self.writer.write(HELLO)
        return await self.told()


class Doors:
    """A server with a Unix socket and a TCP port that asks for the token."""

    def __init__(self, path: Path, port: int) -> None:
        self._path = path
        self._port = port
        self._peers: list[Peer] = []

    async def unix(self) -> Peer:
        return self._keep(Peer(*await asyncio.open_unix_connection(self._path)))

    async def tcp(self, first: bytes = b"") -> Peer:
        peer = self._keep(Peer(*await asyncio.open_connection("127.0.0.1", self._port)))
        peer.writer.write(first)
        return peer

    def _keep(self, peer: Peer) -> Peer:
        self._peers.append(peer)
        return peer

    async def close(self) -> None:
        for peer in self._peers:
            peer.writer.close()
        await asyncio.gather(
            *(peer.writer.wait_closed() for peer in self._peers), return_exceptions=True
        )


@asynccontextmanager
async def doors(folder: Path, greet_s: float = NEVER_S) -> AsyncIterator[Doors]:
    server = PosServer(cast("Dispatcher", Echo()), greet_s)
    path = folder / "s"
    await server.listen(PosSocket(listening(path)))
    tcp = socket.create_server(("127.0.0.1", 0))
    await server.listen(PosSocket(tcp, TOKEN))
    opened = Doors(path, tcp.getsockname()[1])
    try:
        yield opened
    finally:
        await server.close("It ends.")
        await opened.close()


async def test_silent_connections_at_one_door_keep_nobody_out_of_the_other(tmp_path: Path) -> None:
    async with doors(tmp_path) as opened:
        silent = [await opened.tcp() for _ in range(MOST_CONNECTIONS)]
        assert (await (await opened.unix()).hello())["answer"] == "hello"
        many = [await opened.unix() for _ in range(MOST_CONNECTIONS)]
        told = await many[-1].told()
        assert f"{MOST_CONNECTIONS} connections are open" in told["why"]
        assert (await (await opened.tcp()).hello())["answer"] == "hello"
        assert len(silent) == 16


async def test_who_has_been_silent_longest_makes_room_and_is_told_why(tmp_path: Path) -> None:
    async with doors(tmp_path) as opened:
        silent = [await opened.tcp() for _ in range(MOST_UNKNOWN)]
        assert (await (await opened.unix()).hello())["answer"] == "hello"  # so all have been seen
        for before in silent[:3]:
            await opened.tcp()
            told = await before.told()
            assert told["answer"] == "bye"
            assert told["why"].startswith("8 connections have not said their token")
            assert await before.told() == {}
        assert (await silent[-1].hello())["answer"] == "hello"  # this one was not too late


async def test_those_that_said_the_token_are_bounded_too(tmp_path: Path) -> None:
    async with doors(tmp_path) as opened:
        many: list[Peer] = []
        for _ in range(MOST_CONNECTIONS):
            many.append(await opened.tcp())
            assert (await many[-1].hello())["answer"] == "hello"
        late = await opened.tcp()
        assert "16 connections are open already" in (await late.hello())["why"]
        many.pop(0).writer.close()
        told: dict[str, Any] = {}
        while told.get("answer") != "hello":  # until the server has seen that one go
            told = await (await opened.tcp()).hello()


@pytest.mark.parametrize(
    "first",
    [b"", b'{"do": "hel', b"{}\n{}\n{}\n", HELLO[:-1], b" " * 1000],
    ids=["nothing", "half a line", "nonsense", "no end of the line", "blanks"],
)
async def test_who_does_not_say_the_token_in_time_is_closed_with_a_sentence(
    tmp_path: Path, first: bytes
) -> None:
    async with doors(tmp_path, greet_s=0.05) as opened:
        peer = await opened.tcp(first)
        told = await peer.told()
        while told["answer"] == "error":
            told = await peer.told()
        assert told["why"] == "No token came within 0.05 seconds: say hello first."
        assert await peer.told() == {}


async def test_bytes_that_keep_trickling_in_do_not_put_the_deadline_off(tmp_path: Path) -> None:
    async with doors(tmp_path, greet_s=0.2) as opened:
        peer = await opened.tcp()

        async def trickle() -> None:
            while True:
                peer.writer.write(b" ")
                await asyncio.sleep(0.01)

        trickling = asyncio.create_task(trickle())
        assert "No token came" in (await peer.told())["why"]
        trickling.cancel()


async def test_a_line_without_end_is_closed_before_its_deadline(tmp_path: Path) -> None:
    async with doors(tmp_path) as opened:
        peer = await opened.tcp(b"x" * 20_000)
        assert "longer than 16384 bytes" in (await peer.told())["why"]


async def test_who_said_the_token_may_be_silent_for_as_long_as_he_likes(tmp_path: Path) -> None:
    async with doors(tmp_path, greet_s=0.05) as opened:
        known, silent = await opened.tcp(), await opened.tcp()
        assert (await known.hello())["answer"] == "hello"
        assert "No token came" in (await silent.told())["why"]  # that long has passed
        assert (await known.hello())["answer"] == "hello"


async def test_who_never_reads_is_dropped_and_holds_up_nobody(tmp_path: Path) -> None:
    async with doors(tmp_path) as opened:
        deaf = await opened.tcp(HELLO)
        deaf.writer.transport.set_write_buffer_limits(high=1_000_000_000)
        deaf.reader._transport.pause_reading()  # type: ignore[attr-defined]
        while not deaf.writer.transport.is_closing():
            deaf.writer.write(b'{"do": "register", "id": "%s"}\n' % (b"x" * 60) * MOST_WAITING)
            assert (await (await opened.unix()).hello())["answer"] == "hello"
            await asyncio.sleep(0)


def test_sixteen_strangers_at_the_port_and_the_socket_serves_at_once(tmp_path: Path) -> None:
    """The same with the whole program."""
    token = tmp_path / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    with (
        installed(tmp_path) as shop,
        serving(shop, "--tcp", "127.0.0.1:0", "--token-file", str(token)) as served,
    ):
        port = int(served.said.rpartition("port ")[2].strip(". \n"))
        strangers = [Connection(port=port) for _ in range(16)]
        with served.connect() as pos:
            assert pos.ask(do="hello")["answer"] == "hello"
        with Connection(port=port) as pos:
            assert pos.ask(do="hello", token=TOKEN)["answer"] == "hello"
        for one in strangers:
            assert one.answer()["answer"] == "bye"
            eventually(lambda one=one: one.socket.recv(1) == b"", "the end of a stranger")
            one.close()
    assert GREET_S <= 5
