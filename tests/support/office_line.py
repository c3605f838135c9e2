"""A head office on a real socket that keeps what it is sent as the real one does, by positions.

It hears every byte, and fails in each way that it is told to.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import queue
import ssl
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx

from kiosk_tui.domain.checkpoint import parsed
from kiosk_tui.fleet.line import OfficeLine, new_client
from kiosk_tui.fleet.wire import (
    Batch,
    ClosedDay,
    CommandOutcome,
    JournalEvent,
    SignedCommand,
    Stored,
    Wire,
    day_of,
    digest,
)
from kiosk_tui.fleet.wire_days import DayContents, Days, DaysWanted, Lost

Fault = Callable[[bytes], bytes | None]
"""Makes of the answer's bytes what is sent; None sends nothing. Then the line is closed, if they differ."""
Name = tuple[str, int]
NOW: Final = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@dataclass
class KnownJournal:
    stored: int = 0
    compared: int = 0
    compare: bool = False
    unlisted: set[str] = field(default_factory=set)
    checkpoints: list[str] = field(default_factory=list)


@dataclass
class FakeOffice:
    """What it has. `heard` are the requests' bytes; `faults` are used up by one request each."""

    journals: dict[str, KnownJournal] = field(default_factory=dict)
    events: dict[Name, JournalEvent] = field(default_factory=dict)
    arrived: list[tuple[str, int]] = field(default_factory=list)
    again: list[Name] = field(default_factory=list)
    conflicts: list[Name] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    closed: dict[str, ClosedDay] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    outcomes: list[CommandOutcome] = field(default_factory=list)
    commands: list[SignedCommand] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    deaf: bool = False
    """Refused each request before it was looked at."""
    renew: bool = False
    holds: bool = True
    """Holds a request open as it is asked to."""

    @property
    def names(self) -> list[Name]:
        return sorted(self.events)

    def restored(self, upto: int) -> None:
        """Forget everything beyond a place, as a database does that was restored."""
        for known in self.journals.values():
            known.stored = min(known.stored, upto)
        self.events = {name: one for name, one in self.events.items() if one.seq <= upto}

    # -- as `office.ingest` does ---------------------------------------------------------------------

    def ingest(self, batch: Batch) -> Stored:
        self.batches.append(batch)
        fresh = KnownJournal(compare=bool(self.journals))
        known = self.journals.setdefault(batch.epoch, fresh)
        reached = max(known.stored, known.compared)
        gaps = []
        for seq in (*batch.places(), batch.upto + 1):
            if seq > reached + 1:
                gaps.append((reached + 1, seq - 1))
            reached = max(reached, seq)
        if not gaps or batch.gone:
            self.gaps += gaps
            for one in batch.events:
                self._store(batch.epoch, one)
            self.closed |= {one.fingerprint(): one for one in batch.days}
            known.stored = max(known.stored, batch.upto)
        elif batch.after <= max(known.stored, known.compared):
            raise ValueError(f"missing in between: {gaps}")
        self.outcomes += batch.outcomes
        known.checkpoints += (one for one in batch.checkpoints if one not in known.checkpoints)
        commands, self.commands = tuple(self.commands), []
        return Stored(
            stored=known.stored,
            now=NOW,
            compare=known.compare,
            renew=self.renew,
            commands=commands,
            checkpoint=parsed(known.checkpoints[-1]).seq if known.checkpoints else 0,
        )

    def _store(self, epoch: str, one: JournalEvent) -> None:
        name = (one.transaction_id, one.number)
        before = self.events.get(name)
        if before is None:
            self.events[name] = one
            self.arrived.append((epoch, one.seq))
        elif before.fingerprint() == one.fingerprint():
            self.again.append(name)
        else:
            self.conflicts.append(name)

    def days(self, told: Days) -> DaysWanted:
        here = dict(_digests(self.events.values()))
        there = {one.day: one.sha256 for one in told.days}
        known = self.journals[told.epoch]
        known.compared = told.upto
        known.unlisted = {day for day, one in here.items() if there.get(day) != one}
        known.compare = bool(known.unlisted)
        return DaysWanted(
            send=tuple(day for day, one in there.items() if here.get(day) != one),
            list=tuple(sorted(known.unlisted)),
        )

    def day(self, told: DayContents) -> Lost:
        known = self.journals[told.epoch]
        known.unlisted.discard(told.day)
        known.compare = bool(known.unlisted)
        ours = {number for number, _ in self.events if day_of(number) == told.day}
        lost = sorted(ours - told.transactions.keys())
        self.lost += lost
        return Lost(transactions=len(lost))

    # -- the socket ----------------------------------------------------------------------------------

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._serve_one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        fields = {one.partition(":")[0].lower(): one.partition(":")[2].strip() for one in lines[1:]}
        body = await reader.readexactly(int(fields.get("content-length", 0)))
        self.heard.append(head + body)
        self.at.append(asyncio.get_running_loop().time())
        if self.deaf:
            writer.write(answer(503, b'{"why": "not now"}'))
            await writer.drain()
            return False
        told = await self._answer(lines[0].split(" ")[1], body, reader)
        if not self.faults:
            writer.write(answer(200, told.model_dump_json().encode()))
            await writer.drain()
            return True
        whole = answer(200, told.model_dump_json().encode())
        made = self.faults.popleft()(whole)
        if made is None:
            await reader.read()  # until the other side has had enough
        else:
            writer.write(made)
            with contextlib.suppress(ConnectionError):
                await writer.drain()
        return made is whole

    async def _answer(self, path: str, body: bytes, reader: asyncio.StreamReader) -> Wire:
        if path == "/v1/days":
            return self.days(Days.model_validate_json(body))
        if path == "/v1/day":
            return self.day(DayContents.model_validate_json(body))
        batch = Batch.model_validate_json(body)
        found = self.ingest(batch)
        waited = 0.0
        while self.holds and waited < batch.wait_s and not (self.commands or reader.at_eof()):
            await asyncio.sleep(1)
            waited += 1
        if self.commands:
            found, self.commands = found.model_copy(update={"commands": tuple(self.commands)}), []
        return found


def answer(status: int, body: bytes, *fields: str) -> bytes:
    """Return the bytes of an HTTP answer."""
    head = (f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *fields)
    return "\r\n".join((*head, "", "")).encode() + body


def _digests(events: Iterable[JournalEvent]) -> Iterable[tuple[str, str]]:
    days: dict[str, list[JournalEvent]] = {}
    for one in events:
        days.setdefault(day_of(one.transaction_id), []).append(one)
    for day, found in days.items():
        found.sort(key=lambda one: (int(one.transaction_id), one.number))
        yield day, digest(one.fingerprint() for one in found)


@contextlib.asynccontextmanager
async def talking(office: FakeOffice, folder: Path) -> AsyncIterator[OfficeLine]:
    """Yield a line to an office, over a unix socket without TLS."""
    path = folder / "office.sock"
    server = await asyncio.start_unix_server(office.serve, path)
    line = OfficeLine(
        lambda: new_client("http://office.example", httpx.AsyncHTTPTransport(uds=str(path)))
    )
    try:
        yield line
    finally:
        await line.close()
        server.close()
        path.unlink()


@contextlib.asynccontextmanager
async def on_port(office: FakeOffice, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Yield the port of loopback that an office listens on."""
    server = await asyncio.start_server(office.serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@contextlib.contextmanager
def in_a_thread(office: FakeOffice, tls: ssl.SSLContext) -> Iterator[int]:
    """Let another process talk to an office; yield its port."""
    ports: queue.Queue[int] = queue.Queue()
    ended = asyncio.Event()

    async def serve() -> None:
        async with on_port(office, tls) as port:
            ports.put(port)
            await ended.wait()

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        yield ports.get()
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(_end(left))
        loop.close()


async def _end(left: Iterable[asyncio.Task[None]]) -> None:
    await asyncio.gather(*left, return_exceptions=True)


def refused(status: int, why: str = "") -> Fault:
    """Refuse, after it was looked at."""
    return lambda _: answer(status, json.dumps({"why": why}).encode())
