"""The open transactions in memory, and the only way to change their state.

Owns: the order of changes. The disk comes first; only when a request has already been sent and the disk
then refuses, memory keeps what happened until the disk takes it (`behind`).
Invariant: changes reach the journal in the order in which they happened, each exactly once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from kiosk_tui.domain import lifecycle
from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.journal_errors import JournalConflictError, JournalUnavailableError
from kiosk_tui.domain.lifecycle import Command, Event, State
from kiosk_tui.domain.transaction import Exchange, Order, Transaction
from kiosk_tui.payment.ports import Clock, Journal
from kiosk_tui.records import dataclass

log = logging.getLogger(__name__)

Announce = Callable[[Transaction], None]


@dataclass(frozen=True, slots=True)
class Edit:
    """What a change writes beside the state. None leaves a value as it is."""

    why: str | None = None
    note: str | None = None
    attempts: int | None = None
    next_attempt_at: datetime | None = None
    polls: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    before: State
    after: Transaction
    event: Event
    exchange: Exchange | None
    polls: tuple[Exchange, ...]


class TransactionLedger:
    """Every change of a transaction's state goes through `change` or `hold`."""

    def __init__(self, journal: Journal, clock: Clock, announce: Announce) -> None:
        self._journal = journal
        self._clock = clock
        self._announce = announce
        self._live: dict[TransactionId, Transaction] = {}
        self._kept: set[TransactionId] = set()
        self._unwritten: deque[_Entry] = deque()
        self._doubtful: set[TransactionId] = set()
        """Transactions whose last write was answered with an error: it may be on disk or not."""
        self._one_at_a_time = asyncio.Lock()

    @property
    def behind(self) -> bool:
        """Whether something has happened that is not on disk."""
        return bool(self._unwritten)

    def due(self) -> tuple[Transaction, ...]:
        """Return the transactions that must be cancelled, oldest first."""
        return self._in(lifecycle.DUE)

    def goods_due(self) -> tuple[Transaction, ...]:
        """Return the transactions whose goods are waited for, oldest first."""
        return self._in(lifecycle.AWAITING_GOODS)

    def _in(self, states: frozenset[State]) -> tuple[Transaction, ...]:
        found = (one for one in self._live.values() if one.state in states)
        return tuple(sorted(found, key=lambda one: int(one.id)))

    def live(self, transaction_id: TransactionId) -> Transaction | None:
        """Return an open transaction."""
        return self._live.get(transaction_id)

    def keep(self, transaction_id: TransactionId) -> None:
        """Remember a transaction beyond its end: its line is still open, an answer may come late."""
        self._kept.add(transaction_id)

    def release(self, transaction_id: TransactionId) -> None:
        """Undo `keep`."""
        self._kept.discard(transaction_id)
        known = self._live.get(transaction_id)
        if known is not None and not self._worth_knowing(known):
            del self._live[transaction_id]

    async def begin(
        self,
        order: Order,
        amount_sent: int,
        why: str = "",
        reserve: int = 0,
        token: str | None = None,
    ) -> tuple[Transaction, Exchange]:
        """Put a new payment on disk, so that its request may leave; `why` is for the event log.

        `reserve` ids are set aside for requests about it while its answer is awaited. A signer's `token` is
        kept with it.
        """
        async with self._one_at_a_time:
            await self._write_unwritten()
            now = self._clock.now()
            begun = await self._journal.begin(order, amount_sent, now, why, reserve, token)
            _log(begun[0], "BEGUN", begun[1])
            self._know(begun[0])
            return begun

    async def begin_cancellation(self, order: Order) -> Transaction:
        """Put the cancellation of another terminal's transaction on disk: due at once."""
        async with self._one_at_a_time:
            await self._write_unwritten()
            begun = await self._journal.begin_cancellation(order, self._clock.now())
            _log(begun, "BEGUN")
            self._know(begun)
            return begun

    async def open_ones(self) -> tuple[Transaction, ...]:
        """Read what an earlier process left open."""
        async with self._one_at_a_time:
            return await self._journal.in_states(sorted(lifecycle.OPEN))

    async def change(
        self,
        transaction_id: TransactionId,
        event: Event,
        exchange: Exchange | None = None,
        edit: Edit | None = None,
    ) -> tuple[Transaction, Command] | None:
        """Commit what happened, then tell.

        Returns None, and changes nothing, when it cannot happen in the present state.
        Raises `JournalUnavailableError` when it could not be written; nothing has changed then.
        """
        async with self._one_at_a_time:
            await self._write_unwritten()
            prepared = await self._next(transaction_id, event, exchange, edit)
            if prepared is None:
                return None
            entry, command = prepared
            await self._record(entry)
            _log(entry.after, event, exchange)
            self._know(entry.after)
            return entry.after, command

    async def hold(
        self,
        transaction_id: TransactionId,
        event: Event,
        exchange: Exchange | None = None,
        edit: Edit | None = None,
        *,
        judged_in: State | None = None,
    ) -> tuple[Transaction, Command] | None:
        """Like `change`, but what has happened on the wire counts even when the disk refuses.

        Only for events that lead away from money: never for an approval. Returns None also when
        the state is no longer the one in which it was judged (`judged_in`): of two things that
        happened at once, the first one to be written counts.
        """
        async with self._one_at_a_time:
            prepared = await self._next(transaction_id, event, exchange, edit, judged_in)
            if prepared is None:
                return None
            entry, command = prepared
            self._unwritten.append(entry)
            with contextlib.suppress(JournalUnavailableError):
                await self._write_unwritten()
            _log(entry.after, event, exchange)
            self._know(entry.after)
            return entry.after, command

    async def catch_up(self) -> None:
        """Write what the disk refused before. Raises `JournalUnavailableError`."""
        async with self._one_at_a_time:
            await self._write_unwritten()

    async def _write_unwritten(self) -> None:
        while self._unwritten:
            await self._record(self._unwritten[0])
            self._unwritten.popleft()

    async def _record(self, entry: _Entry) -> None:
        number = entry.after.id
        try:
            await self._write(entry, entry.before)
        except JournalConflictError:
            if number not in self._doubtful:
                raise
            await self._record_from_disk(entry)
        except JournalUnavailableError:
            self._doubtful.add(number)
            raise
        self._doubtful.discard(number)

    async def _record_from_disk(self, entry: _Entry) -> None:
        """Write an event to the state that a refused write left on the disk after all."""
        found = await self._journal.transaction(entry.after.id)
        if found is None or not _leads_to(found.state, entry.event, entry.after.state):
            raise JournalConflictError(
                f"Transaction {entry.after.id} is not {entry.before} in the journal."
            )
        await self._write(entry, found.state)

    async def _write(self, entry: _Entry, before: State) -> None:
        await self._journal.record(before, entry.after, entry.event, entry.exchange, entry.polls)

    async def _next(
        self,
        transaction_id: TransactionId,
        event: Event,
        exchange: Exchange | None,
        edit: Edit | None,
        judged_in: State | None = None,
    ) -> tuple[_Entry, Command] | None:
        current = self._live.get(transaction_id) or self.last_unwritten(transaction_id)
        if current is None:
            current = await self._journal.transaction(transaction_id)
        if current is None or not lifecycle.allows(current.state, event):
            return None
        if judged_in is not None and current.state is not judged_in:
            return None
        after, command = current.after(event, self._clock.now())
        polls = () if edit is None else edit.polls
        after = _edited(after, exchange, edit)
        return _Entry(current.state, after, event, exchange, polls), command

    def last_unwritten(self, transaction_id: TransactionId) -> Transaction | None:
        """Return a transaction as it stands, where the disk does not know that yet."""
        mine = (one.after for one in reversed(self._unwritten) if one.after.id == transaction_id)
        return next(mine, None)

    def _worth_knowing(self, transaction: Transaction) -> bool:
        return transaction.state in lifecycle.OPEN or transaction.id in self._kept

    def _know(self, transaction: Transaction) -> None:
        if self._worth_knowing(transaction):
            self._live[transaction.id] = transaction
        else:
            self._live.pop(transaction.id, None)
        self._announce(transaction)


def _log(after: Transaction, event: str, exchange: Exchange | None = None) -> None:
    """Write that it happened, with the facts as fields; amounts and answers stay in the journal."""
    log.info(
        "transaction %s is %s",
        after.id,
        after.state,
        extra={
            "transaction_id": after.id,
            "event": str(event),
            "state": str(after.state),
            "exchange": exchange and exchange.id,
            "kind": exchange and str(exchange.kind),
            "verdict": exchange and str(exchange.verdict),
            "attempts": after.attempts or None,
        },
    )


def _leads_to(before: State, event: Event, after: State) -> bool:
    return lifecycle.allows(before, event) and lifecycle.step(before, event)[0] is after


def _edited(after: Transaction, exchange: Exchange | None, edit: Edit | None) -> Transaction:
    if edit is not None:
        after = replace(
            after,
            why=after.why if edit.why is None else edit.why,
            note=after.note if edit.note is None else edit.note,
            attempts=after.attempts if edit.attempts is None else edit.attempts,
            next_attempt_at=edit.next_attempt_at,
        )
    if exchange is not None and exchange.id == after.id and exchange.answer is not None:
        after = replace(after, answer=exchange.answer)
    return after
