"""Kiosks that wait for a command, all of one process on one connection to PostgreSQL.

`NOTIFY kiosk` (a trigger of the tables) names the kiosk that a command is there for, or whose
certificate was revoked. Every quarter of a minute one query looks after all that wait, in case that a
notice was missed. The connection is held only while somebody waits.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
from starlette.requests import Request

from kiosk_tui.office.database import Connection, Pool
from kiosk_tui.office.ingest.commands import DELIVERABLE

LOOK_S: Final = 15.0
CHANNEL: Final = "kiosk"

_CHANGED: Final = f"""
    SELECT waiting.kiosk_id FROM unnest($1::text[], $2::text[]) AS waiting(kiosk_id, serial)
    LEFT JOIN certificate USING (serial)
    WHERE revoked_at IS NOT NULL OR not_after IS NULL OR not_after <= now()
        OR EXISTS (SELECT FROM command WHERE command.kiosk_id = waiting.kiosk_id AND {DELIVERABLE})
"""  # noqa: S608 - our own words


@dataclass(eq=False, slots=True)
class Waiter:
    """A request that is held open; `woken` is set when there is something to look at."""

    kiosk_id: str
    serial: str
    woken: asyncio.Event = field(default_factory=asyncio.Event)


class Waiters:
    """Those of one process."""

    def __init__(self, pool: Pool, ending: asyncio.Event, look_s: float = LOOK_S) -> None:
        self._pool = pool
        self._ending = ending
        self._look_s = look_s
        self._waiting: dict[str, set[Waiter]] = {}
        self._watch: asyncio.Task[None] | None = None
        self._listening = asyncio.Event()

    @contextlib.contextmanager
    def entered(self, kiosk_id: str, serial: str) -> Iterator[Waiter]:
        """Be one of those that wait."""
        waiter = Waiter(kiosk_id, serial)
        self._waiting.setdefault(kiosk_id, set()).add(waiter)
        try:
            yield waiter
        finally:
            self._leave(waiter)

    async def listening(self) -> None:
        """Return when notices are heard: what is there now is to be looked for after this."""
        if self._watch is None or self._watch.done():
            self._listening = asyncio.Event()
            self._watch = asyncio.create_task(self._look_after())
        heard = asyncio.ensure_future(self._listening.wait())
        try:
            await asyncio.wait({heard, self._watch}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            heard.cancel()

    def _leave(self, waiter: Waiter) -> None:
        others = self._waiting[waiter.kiosk_id]
        others.discard(waiter)
        if not others:
            del self._waiting[waiter.kiosk_id]
        if not self._waiting and self._watch is not None:
            self._watch.cancel()
            self._watch = None

    async def _look_after(self) -> None:
        """Listen until nobody waits, this process ends, or the connection is gone: all are woken then."""
        try:
            async with self._pool.acquire() as connection, self._heard(connection):
                self._listening.set()
                while not await self._ends():
                    await self._look(connection)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            pass  # whoever is woken asks the database himself, and meets what is wrong
        finally:
            self._wake_all()

    async def _ends(self) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._look_s):
                await self._ending.wait()
        return self._ending.is_set()

    @contextlib.asynccontextmanager
    async def _heard(self, connection: Connection) -> AsyncIterator[None]:
        await connection.add_listener(CHANNEL, self._told)
        connection.add_termination_listener(self._ended)
        try:
            yield
        finally:
            if not connection.is_closed():
                connection.remove_termination_listener(self._ended)
                await connection.remove_listener(CHANNEL, self._told)

    async def _look(self, connection: Connection) -> None:
        all_of_them = [one for some in self._waiting.values() for one in some]
        rows = await connection.fetch(
            _CHANGED, [one.kiosk_id for one in all_of_them], [one.serial for one in all_of_them]
        )
        for row in rows:
            self._wake(row["kiosk_id"])

    def _told(self, _connection: Any, _pid: int, _channel: str, kiosk_id: object) -> None:
        self._wake(str(kiosk_id))

    def _ended(self, _connection: Any) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        self._wake_all()

    def _wake(self, kiosk_id: str) -> None:
        for one in self._waiting.get(kiosk_id, ()):
            one.woken.set()

    def _wake_all(self) -> None:
        for kiosk_id in self._waiting:
            self._wake(kiosk_id)


def of(request: Request) -> Waiters:
    """Return those of the process that answers this request."""
    state = request.app.state
    if not hasattr(state, "waiters"):
        state.waiters = Waiters(state.pool, state.ending)
    waiters: Waiters = state.waiters
    return waiters
