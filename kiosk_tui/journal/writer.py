"""The journal as the register sees it: the store, off the event loop.

Owns: one thread in which all writes happen in order. An fsync on a worn card may take a second; the
screen must not stand still for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import TypeVar, cast

from kiosk_tui.domain.identity import CallerReference, Original, Place, TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Order, Transaction
from kiosk_tui.journal.store import Store

T = TypeVar("T")

log = logging.getLogger(__name__)


class JournalWriter:
    """Implements `payment.ports.Journal` over a `Store`."""

    def __init__(
        self, store: Store, now: Callable[[], datetime], thread: Executor | None = None
    ) -> None:
        self._store = store
        self._now = now
        self._thread = thread or ThreadPoolExecutor(1, thread_name_prefix="journal")

    async def begin(
        self, order: Order, amount_sent: int, now: datetime, why: str = ""
    ) -> tuple[Transaction, Exchange]:
        return await self._run(partial(self._store.begin, order, amount_sent, now, why))

    async def begin_cancellation(self, order: Order, now: datetime) -> Transaction:
        return await self._run(partial(self._store.begin_cancellation, order, now))

    async def open_exchange(
        self, kind: ExchangeKind, place: Place, transaction_id: TransactionId, now: datetime
    ) -> Exchange:
        return await self._run(partial(self._store.open_exchange, kind, place, transaction_id, now))

    async def close_exchange(self, exchange: Exchange) -> None:
        await self._run(partial(self._store.close_exchange, exchange))

    async def record(
        self, before: State, after: Transaction, event: Event, exchange: Exchange | None = None
    ) -> None:
        await self._run(partial(self._store.record, before, after, event, exchange))

    async def transaction(self, transaction_id: TransactionId) -> Transaction | None:
        return await self._run(partial(self._store.transaction, transaction_id))

    async def in_states(self, states: Sequence[State]) -> tuple[Transaction, ...]:
        return await self._run(partial(self._store.in_states, states))

    async def by_reference(self, reference: str) -> tuple[Transaction, ...]:
        return await self._run(partial(self._store.by_reference, reference))

    async def between(self, start: datetime, end: datetime) -> tuple[Transaction, ...]:
        return await self._run(partial(self._store.between, start, end))

    async def referring_to(self, original: Original) -> tuple[Transaction, ...]:
        return await self._run(partial(self._store.referring_to, original))

    async def exchanges(self, transaction_id: TransactionId) -> tuple[Exchange, ...]:
        return await self._run(partial(self._store.exchanges, transaction_id))

    async def by_caller(self, caller_reference: CallerReference) -> Transaction | None:
        return await self._run(partial(self._store.by_caller, caller_reference))

    async def newest(self, count: int) -> tuple[Transaction, ...]:
        return await self._run(partial(self._store.newest, count))

    async def check_writable(self) -> None:
        await self._run(partial(self._store.check_writable, self._now()))

    def spare_id(self) -> TransactionId | None:
        return self._store.spare_id()

    def close(self) -> None:
        """Finish what is being written and close the file."""
        self._thread.submit(self._store.close)
        self._thread.shutdown(wait=True)

    async def _run(self, work: Callable[[], T]) -> T:
        # Shielded by nature: a write goes on to its end even when the caller is cancelled.
        loop = asyncio.get_running_loop()
        found, error = await loop.run_in_executor(self._thread, _done, work)
        if error is None:
            return cast("T", found)
        if isinstance(error, JournalUnavailableError):
            raise error
        # A fault of ours must not leave a payment in the middle: to the payment path it is a disk
        # that refuses, and that it can live with.
        log.error("the journal failed", exc_info=error)
        raise JournalUnavailableError(
            f"The journal failed inside the register ({type(error).__name__}): see the log."
        ) from error


def _done(work: Callable[[], T]) -> tuple[T | None, Exception | None]:
    """Do it, and hand an error back as a value: it is raised where somebody can be asked about it."""
    try:
        return work(), None
    except Exception as error:  # noqa: BLE001 - whoever waits decides
        return None, error
