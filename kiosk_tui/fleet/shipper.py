"""Sends a journal's events to head office, and takes its commands: for ever, or once.

At least once, in order: the cursor follows only what head office has stored. Whose position is which is
head office's to say: a cursor that was lost goes forwards by its answer, and one that is ahead of a head
office that was restored goes back. No payment waits for any of this.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import random
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.fleet import cursor as cursors
from kiosk_tui.fleet.cursor import Cursor
from kiosk_tui.fleet.days import compare
from kiosk_tui.fleet.events import closed_day, given_signature, journal_event
from kiosk_tui.fleet.head_office import FleetError
from kiosk_tui.fleet.health import HealthWatch
from kiosk_tui.fleet.line import LineFailure, OfficeLine
from kiosk_tui.fleet.source import JournalSource
from kiosk_tui.fleet.wire import (
    LONGEST_WAIT_S,
    MOST_CHECKPOINTS,
    Batch,
    CommandOutcome,
    SignedCommand,
    Stored,
    places,
)
from kiosk_tui.journal.outbox_reader import OutboxDay, OutboxRow, OutboxSignature, OutboxStanding
from kiosk_tui.records import dataclass

log = logging.getLogger(__name__)

EVENTS: Final = 50
"""In one batch."""
DAYS: Final = 20
"""In one batch, some kilobytes each."""
TICK_S: Final = 1.0
"""So often the journal's files are looked at, while nothing is to be sent."""
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 300.0
RENEW_AGAIN_S: Final = 3600.0
"""After a renewal that failed."""


class OfficeOrders(Protocol):
    """What becomes of head office's commands; see `fleet.orders`. Each may raise `OSError`."""

    def take(self, command: SignedCommand) -> None:
        """Verify a command and do it, at most once."""

    def outcomes(self) -> tuple[CommandOutcome, ...]:
        """Return what came of commands and head office does not know: at most 50."""

    def told(self, told: Iterable[CommandOutcome]) -> None:
        """Forget these: head office knows them."""


class NoOrders:
    """Takes no command."""

    def take(self, command: SignedCommand) -> None:
        """Pass it over."""

    def outcomes(self) -> tuple[CommandOutcome, ...]:
        """Return none."""
        return ()

    def told(self, told: Iterable[CommandOutcome]) -> None:
        """Forget nothing."""


def system_now() -> datetime:
    """Return this machine's time: told along, and never used to order anything."""
    return datetime.now(UTC)


@dataclass
class Shipper:
    """Ships one journal. `renew` fetches a new certificate; it may raise `FleetError`."""

    source: JournalSource
    line: OfficeLine
    cursor_file: Path
    health: HealthWatch
    orders: OfficeOrders = field(default_factory=NoOrders)
    renew: Callable[[], Awaitable[None]] | None = None
    boot: str = ""
    now: Callable[[], datetime] = system_now
    chance: random.Random = field(default_factory=random.Random)
    _cursor: Cursor | None = None
    _standing: OutboxStanding | None = None
    _compared: bool = False
    _renewed_at: float | None = None
    _vouched: tuple[str, int] = "", 0
    """The place of the last checkpoint that head office has of a journal."""

    async def run(self) -> None:
        """Ship for ever. Raises `NotEnrolledError` when the kiosk has left its fleet."""
        failures = 0
        while True:
            trouble = await self._round()
            if trouble is None:
                failures = 0
                continue
            log.warning("nothing is shipped: %s", trouble)
            await asyncio.sleep(self._pause_s(failures))
            failures += 1

    async def settle(self) -> str | None:
        """Send everything that there is; return why not all could be sent, or None.

        Raises `JournalUnavailableError`, or `NotEnrolledError`.
        """
        self._compared = False
        while (batch := self._next()) is not None:
            answer = await self._ask(batch)
            trouble = (
                answer.why if isinstance(answer, LineFailure) else await self._do(batch, answer)
            )
            if trouble is not None:
                return trouble
        return None

    async def _round(self) -> str | None:
        """Send what there is, then wait for more; return what is wrong with the line."""
        try:
            trouble = await self.settle()
        except JournalUnavailableError as error:
            if self._standing is None or self._cursor is None:
                return str(error)
            log.warning("the journal is not read: %s", error)  # its health is told all the same
            trouble = None
        if trouble is not None:
            return trouble
        try:
            return await self._wait()
        except JournalUnavailableError as error:
            return str(error)

    def _pause_s(self, failures: int) -> float:
        """Return how long to wait after so many failures: a fleet must not come back all at once."""
        most = min(FIRST_PAUSE_S * 2.0 ** min(failures, 16), LONGEST_PAUSE_S)
        return most * self.chance.uniform(0.5, 1.0)

    # -- what is to be sent ------------------------------------------------------------------------

    def _next(self) -> Batch | None:
        """Return the next batch; None when everything is stored. Raises `JournalUnavailableError`."""
        self.source.look()
        reader = self.source.reader()
        standing = reader.standing()
        if not standing.ships:
            raise JournalUnavailableError(
                f"The journal {self.source.path} is not kept for a head office yet: start the register,"
                " or enrol again."
            )
        self._standing = standing
        cursor = self._known(standing.identity)
        if cursor is None:  # head office knows
            return self._batch(standing, 0, 0)
        rows = reader.rows(cursor.stored, EVENTS, days=cursor.send, compared=cursor.compared)
        upto = rows[-1].seq if rows else cursor.stored
        if len(rows) < EVENTS:
            upto = max(upto, standing.newest)
        days = reader.days(cursor.stored, DAYS) if upto > cursor.stored else ()
        signed = reader.signatures(cursor.stored, DAYS) if upto > cursor.stored else ()
        for found in (days, signed):
            if len(found) == DAYS:
                upto = min(upto, found[-1].seq)
        if upto == cursor.stored and not self.orders.outcomes():
            return None
        return self._batch(standing, cursor.stored, upto, rows, days=days, signed=signed)

    def _batch(
        self,
        standing: OutboxStanding,
        after: int,
        upto: int,
        rows: Sequence[OutboxRow] = (),
        *,
        days: Sequence[OutboxDay] = (),
        signed: Sequence[OutboxSignature] = (),
    ) -> Batch:
        events = tuple(journal_event(one.seq, one.told) for one in rows if one.seq <= upto)
        closed = tuple(closed_day(one.seq, one.day) for one in days if one.seq <= upto)
        signatures = tuple(given_signature(one) for one in signed if one.seq <= upto)
        compared = 0 if self._cursor is None else self._cursor.compared
        return Batch(
            epoch=standing.identity,
            follows=standing.follows,
            boot=self.boot,
            now=self.now(),
            after=after,
            upto=upto,
            gone=_gone(max(after, compared), upto, places(events, closed, signatures)),
            events=events,
            days=closed,
            signatures=signatures,
            outcomes=self.orders.outcomes(),
            checkpoints=self._checkpoints(standing),
        )

    def _checkpoints(self, standing: OutboxStanding) -> tuple[str, ...]:
        """Return what head office does not have; none until it has said what that is."""
        epoch, place = self._vouched
        if epoch != standing.identity or standing.checkpoint <= place:
            return ()
        return self.source.reader().checkpoints(place, MOST_CHECKPOINTS)

    def _known(self, epoch: str) -> Cursor | None:
        if self._cursor is None or self._cursor.epoch != epoch:
            self._cursor = cursors.read(self.cursor_file, epoch)
        return self._cursor

    # -- what head office says ---------------------------------------------------------------------

    async def _ask(self, batch: Batch, wait_s: float = 0.0) -> Stored | LineFailure:
        """Send a batch, with this kiosk's health."""
        newest = 0 if self._standing is None else self._standing.newest
        health = await self.health.take(max(newest - batch.after, 0), newest)
        sent = batch.model_copy(update={"health": health, "wait_s": wait_s})
        return await self.line.post("/v1/ingest", sent, Stored, wait_s)

    async def _do(self, batch: Batch, answer: Stored) -> str | None:
        """Do what an answer says; return what is wrong, or None."""
        trouble = await self._follow(batch, answer)
        try:
            self.orders.told(batch.outcomes)
            for command in answer.commands:
                self.orders.take(command)
        except OSError as error:
            trouble = f"A command of head office cannot be kept: {error.strerror}."
        if answer.renew:
            await self._renew()
        return trouble

    async def _follow(self, batch: Batch, answer: Stored) -> str | None:
        """Put the cursor where head office says that it is."""
        standing = self._standing
        if standing is None or standing.identity != batch.epoch:
            return None
        if answer.checkpoint is not None:
            self._vouched = batch.epoch, answer.checkpoint
        if answer.compare and not self._compared:
            return await self._compare(standing, answer.stored)
        if answer.compare and answer.stored < batch.upto:
            return "Head office asks for the same comparison again and again, and takes nothing."
        stored = answer.stored
        if stored > standing.newest:
            # of what was just sent it has taken note; what it knows beyond is not ours
            log.warning(
                "head office has %d events of this journal, and there are only %d: it was set back,"
                " or another machine uses our certificate",
                stored,
                standing.newest,
            )
            stored = batch.upto
        before = self._cursor or Cursor(batch.epoch, 0)
        if stored < before.stored:
            log.warning("head office went back from event %d to %d", before.stored, stored)
        return self._keep(replace(before, stored=stored))

    def _keep(self, cursor: Cursor) -> str | None:
        if cursor == self._cursor:
            return None
        try:
            cursors.write(self.cursor_file, cursor)
        except OSError as error:
            return f"{self.cursor_file} cannot be written: {error.strerror}."
        self._cursor = cursor
        return None

    async def _compare(self, standing: OutboxStanding, stored: int) -> str | None:
        self._compared = True
        found = await compare(self.line, self.source.reader(), standing, stored)
        return found.why if isinstance(found, LineFailure) else self._keep(found)

    async def _renew(self) -> None:
        at = asyncio.get_running_loop().time()
        due = self._renewed_at is None or at - self._renewed_at >= RENEW_AGAIN_S
        if self.renew is None or not due:
            return
        self._renewed_at = at
        try:
            await self.renew()
        except FleetError as error:
            log.warning("the certificate was not renewed: %s", error)

    # -- nothing to send ---------------------------------------------------------------------------

    async def _wait(self) -> str | None:
        """Let head office hold a request open until it has a command or the journal something new."""
        standing, cursor = self._standing, self._cursor
        if standing is None or cursor is None:
            return None
        batch = self._batch(standing, cursor.stored, cursor.stored)
        # head office's answer says which checkpoints come next
        wait_s = 0.0 if batch.checkpoints else LONGEST_WAIT_S
        poll = asyncio.create_task(self._ask(batch, wait_s))
        look = asyncio.create_task(self._changes(batch.outcomes))
        least = asyncio.create_task(asyncio.sleep(TICK_S))  # however fast head office answers
        try:
            await asyncio.wait({poll, look}, return_when=asyncio.FIRST_COMPLETED)
            await least
            if not poll.done():
                return None
        finally:
            for task in (poll, look, least):
                task.cancel()
            await asyncio.gather(poll, look, least, return_exceptions=True)
        answer = await poll
        return answer.why if isinstance(answer, LineFailure) else await self._do(batch, answer)

    async def _changes(self, told: Sequence[CommandOutcome]) -> None:
        """Return once the journal has something new, or the register an outcome that is not `told`."""
        while (  # noqa: ASYNC110 - other processes write them
            not self.source.changed() and self.orders.outcomes() == told
        ):
            await asyncio.sleep(TICK_S)


def _gone(reached: int, upto: int, told: Sequence[int]) -> bool:
    """Say whether the outbox lacks a place: commits fill it without gaps, so it is there no more."""
    places = (reached, *(one for one in told if one > reached), max(upto, reached))
    return any(after - before > 1 for before, after in itertools.pairwise(places))


def boot_id() -> str:
    """Return what tells one run of one machine from all others; empty where nobody says.

    The unit hides what the kernel says of it, and tells it in `BOOT_ID`.
    """
    told = os.environ.get("BOOT_ID", "")
    with contextlib.suppress(OSError):
        told = told or Path("/proc/sys/kernel/random/boot_id").read_text("ascii")
    plain = told.strip().replace("-", "").lower()
    return plain if re.fullmatch("[0-9a-f]{32}", plain) else ""
