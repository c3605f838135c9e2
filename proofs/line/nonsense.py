"""A server that speaks HTTP oddly: TECS did its work truly, and its answer comes back as nonsense.

No oddity tells a lie about money: each is what a broken server, a gateway or a line makes of the true
answer, or says something that answers nothing. Whatever the register makes of it has to be true.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

from kiosk_tui.simulator.answers import Effect, HostReply
from kiosk_tui.simulator.tecs import Simulator
from proofs.line.peers import listening

Oddity = Callable[[bytes], bytes]
"""Makes what is sent of a true answer's body."""


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Write an answer as TECS does."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _headed(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Write an answer with these headers and no others."""
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


def _long(body: bytes, by: int) -> bytes:
    return _headed(body, f"Content-Length: {len(body) + by}")


def _chunks(body: bytes, *, end: bytes = b"0\r\n\r\n", says: int = 0) -> bytes:
    half = len(body) // 2
    pieces = [b"%x\r\n%s\r\n" % (len(one) + says, one) for one in (body[:half], body[half:])]
    return _headed(b"".join(pieces) + end, "Transfer-Encoding: chunked")


def _changed(body: bytes, **fields: object) -> bytes:
    return answer(json.dumps(json.loads(body) | fields).encode())


def _moved(status: str) -> Oddity:
    """Return a redirect to the very same service: whoever follows it pays twice."""
    return lambda _: answer(b"", "Location: /tecsclientrest/makeTransaction", status=status)


def _preceded(status: str) -> Oddity:
    return lambda body: f"HTTP/1.1 {status}\r\n\r\n".encode() + answer(body)


ODDITIES: Final[dict[str, Oddity]] = {
    "answered twice": lambda body: answer(body) * 2,
    "another transaction's answer first": lambda body: (
        _changed(body, transaction_id="20200101000000001", response_code="0") + answer(body)
    ),
    "another transaction's approval": lambda body: _changed(
        body, transaction_id="20200101000000001", response_code="0"
    ),
    "another transaction's decline": lambda body: _changed(
        body, transaction_id="20200101000000001", response_code="51"
    ),
    "no transaction": lambda body: _changed(body, transaction_id=None),
    "the id as a number": lambda body: _changed(
        body, transaction_id=int(json.loads(body)["transaction_id"])
    ),
    "the id with spaces": lambda body: _changed(
        body, transaction_id=f" {json.loads(body)['transaction_id']} "
    ),
    "the code as a number": lambda body: _changed(
        body, response_code=int(json.loads(body)["response_code"])
    ),
    "nothing as a code, with a fraction": lambda body: _changed(body, response_code=0.0),
    "nothing as a code, with a sign": lambda body: _changed(body, response_code="-0"),
    "no as a code": lambda body: _changed(body, response_code=False),
    "no code": lambda body: _changed(body, response_code=""),
    "a request's message type": lambda body: _changed(body, message_type="0001"),
    "the code twice": lambda body: answer(body[:-1] + b', "response_code": "0"}'),
    "a list around it": lambda body: answer(b"[" + body + b"]"),
    "bytes behind it": lambda body: answer(body + b"\x00{}"),
    "a byte order mark": lambda body: answer(b"\xef\xbb\xbf" + body),
    "UTF-16": lambda body: answer(body.decode().encode("utf-16")),
    "nested without end": lambda _: answer(b"[" * 60_000),
    "length one short": lambda body: _long(body, -1),
    "length far too short": lambda body: _long(body, -300),
    "length one long": lambda body: _long(body, 1),
    "length far too long": lambda body: _long(body, 10**9),
    "length zero": lambda body: _headed(body, "Content-Length: 0"),
    "length negative": lambda body: _headed(body, "Content-Length: -1"),
    "length no number": lambda body: _headed(body, "Content-Length: many"),
    "two lengths": lambda body: answer(body, "Content-Length: 5"),
    "length and chunks": lambda body: answer(body, "Transfer-Encoding: chunked"),
    "no length, ended by FIN": _headed,
    "no length, cut": lambda body: _headed(body[:-1]),
    "HTTP/1.0": lambda body: _headed(body).replace(b"HTTP/1.1", b"HTTP/1.0", 1),
    "whole chunks": _chunks,
    "chunks without an end": lambda body: _chunks(body, end=b""),
    "chunks that say too much": lambda body: _chunks(body, says=1),
    "chunks that say too little": lambda body: _chunks(body, says=-1),
    "chunks of a size that is no number": lambda body: _chunks(body).replace(
        b"\r\n\r\n", b"\r\n\r\nz", 1
    ),
    "100 first": _preceded("100 Continue"),
    "102 first": _preceded("102 Processing"),
    "103 first": _preceded("103 Early Hints"),
    "1xx without end": lambda _: b"HTTP/1.1 100 Continue\r\n\r\n" * 500,
    "101": _preceded("101 Switching Protocols"),
    "204": lambda body: answer(body, status="204 No Content"),
    "205": lambda body: answer(body, status="205 Reset Content"),
    "206": lambda body: answer(body, status="206 Partial Content"),
    "304": lambda body: answer(body, status="304 Not Modified"),
    "400 with the true answer": lambda body: answer(body, status="400 Bad Request"),
    "401 with the true answer": lambda body: answer(body, status="401 Unauthorized"),
    "407": lambda body: answer(body, status="407 Proxy Authentication Required"),
    "429": lambda body: answer(body, "Retry-After: 0", status="429 Too Many Requests"),
    "500 with the true answer": lambda body: answer(body, status="500 Oops"),
    "503 that asks to try again": lambda _: answer(b"", "Retry-After: 0", status="503 Busy"),
    "504 with the true answer": lambda body: answer(body, status="504 Gateway Timeout"),
    "status 999": lambda body: answer(body, status="999 What"),
    "no status": lambda body: answer(body, status=""),
    "301": _moved("301 Moved Permanently"),
    "302": _moved("302 Found"),
    "303": _moved("303 See Other"),
    "307": _moved("307 Temporary Redirect"),
    "308": _moved("308 Permanent Redirect"),
    "a megabyte of blanks": lambda body: answer(b" " * 1_000_000 + body),
    "a megabyte behind it": lambda body: answer(body + b" " * 1_000_000),
    "10,000 headers": lambda body: answer(body, *(f"X-{n}: {n}" for n in range(10_000))),
    "a header of a megabyte": lambda body: answer(body, "X: " + "x" * 1_000_000),
    "a header without a colon": lambda body: answer(body, "nonsense"),
    "a header with a zero byte": lambda body: answer(body, "X: \x00"),
    "cookies": lambda body: answer(body, "Set-Cookie: a=b; Path=/"),
    "gzip": lambda body: answer(gzip.compress(body), "Content-Encoding: gzip"),
    "gzip that is none": lambda body: answer(body, "Content-Encoding: gzip"),
    "gzip that is cut": lambda body: answer(gzip.compress(body)[:-9], "Content-Encoding: gzip"),
    "gzip of ten megabytes": lambda body: answer(
        gzip.compress(body + b" " * 10_000_000), "Content-Encoding: gzip"
    ),
    "an encoding that nobody knows": lambda body: answer(body, "Content-Encoding: snake"),
    "HTTP/2": lambda _: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": lambda _: b"\x15\x03\x01\x00\x02\x02\x28",
    "the body alone": lambda body: body,
    "blank lines first": lambda body: b"\r\n\r\n" + answer(body),
    "nothing": lambda _: b"",
    "a page that says approved": lambda _: answer(b"<html>response_code 0 APPROVED</html>"),
}

DRIPPED: Final = "byte by byte"
EARLY: Final[dict[str, bytes]] = {
    "400 before the request is complete": answer(b"{}", status="400 Bad Request"),
    "200 before the request is complete": answer(b'{"response_code": "0"}'),
    "401 before the request is complete": answer(b"", status="401 Unauthorized"),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """What one POST meets: an oddity, an answer before its body is read, or a drip."""

    odd: Oddity = answer
    early: bytes | None = None
    drip: bool = False


def turns() -> dict[str, Turn]:
    """Return every oddity by name."""
    found = {name: Turn(odd) for name, odd in ODDITIES.items()}
    found |= {name: Turn(early=said) for name, said in EARLY.items()}
    return found | {DRIPPED: Turn(drip=True)}


LOST: Final = Turn(lambda _: b"")


class Odd:
    """The server. `next` holds what the next POSTs meet; every later one is answered well."""

    def __init__(self, simulator: Simulator) -> None:
        self.next: deque[Turn] = deque()
        self._simulator = simulator

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection, and end it with FIN."""
        head = await reader.readuntil(b"\r\n\r\n")
        turn = self.next.popleft() if head.startswith(b"POST") and self.next else Turn()
        said = turn.early or turn.odd((await self._true(head, reader)).body)
        for piece in (said[at : at + 1] for at in range(len(said))) if turn.drip else (said,):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        writer.write_eof()
        await reader.read()  # until the client closes

    async def _true(self, head: bytes, reader: asyncio.StreamReader) -> HostReply:
        fields = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head.decode().split("\r\n"))
        }
        if head.startswith(b"GET"):
            return self._simulator.version()
        body = await reader.readexactly(int(fields["content-length"]))
        reply = await self._simulator.make_transaction(fields.get("authorization"), body)
        return reply if reply.effect is Effect.SEND else HostReply(504, b"{}")


@contextlib.asynccontextmanager
async def oddly_served(simulator: Simulator) -> AsyncIterator[tuple[Odd, int]]:
    """Serve oddities until the block ends; yields the server and its port."""
    odd = Odd(simulator)
    async with listening(odd.serve) as port:
        yield odd, port
