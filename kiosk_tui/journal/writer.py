"""The journal as the payment path uses it: each method of the store, in one thread of its own.

An fsync on a worn card may take a second, and the event loop must not stand still for it. One thread
also keeps the writes in the order in which they were asked for.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal.store import Store

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


class _InThread(Generic[P, T]):
    """Makes a coroutine function of the store's method of the same name, with its signature."""

    def __init__(self, method: Callable[Concatenate[Store, P], T]) -> None:
        self.__doc__ = method.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, writer: JournalWriter, owner: type) -> Callable[P, Coroutine[Any, Any, T]]:
        return partial(writer.call, self._name)


class JournalWriter:
    """Implements `payment.ports.JournalWrites` and `JournalQueries` over a `Store`."""

    def __init__(self, store: Store, thread: Executor | None = None) -> None:
        self._store = store
        self._thread = thread or ThreadPoolExecutor(1, thread_name_prefix="journal")

    begin = _InThread(Store.begin)
    begin_cancellation = _InThread(Store.begin_cancellation)
    open_exchange = _InThread(Store.open_exchange)
    close_exchange = _InThread(Store.close_exchange)
    record = _InThread(Store.record)
    keep_use = _InThread(Store.keep_use)
    commit = _InThread(Store.commit)
    check_writable = _InThread(Store.check_writable)
    check_disk = _InThread(Store.check_disk)

    transaction = _InThread(Store.transaction)
    in_states = _InThread(Store.in_states)
    by_reference = _InThread(Store.by_reference)
    by_caller = _InThread(Store.by_caller)
    use_of = _InThread(Store.use_of)
    referring_to = _InThread(Store.referring_to)
    between = _InThread(Store.between)
    newest = _InThread(Store.newest)
    exchanges = _InThread(Store.exchanges)

    def reserved_id(self, transaction_id: TransactionId) -> TransactionId | None:
        """Return the next id that a payment's own commit has set aside; None: used up, or another's."""
        return self._store.reserved_id(transaction_id)

    def spare_id(self) -> TransactionId | None:
        """Return an id that no later process will use; None when all are used. Needs no disk."""
        return self._store.spare_id()

    def close(self) -> None:
        """Finish what is being written and close the file."""
        self._thread.submit(self._store.close)
        self._thread.shutdown(wait=True)

    async def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Return what `query` reads. Raises `JournalUnavailableError`."""
        found: T = await self.call("read", query)
        return found

    async def call(self, name: str, *values: Any, **named: Any) -> Any:
        """Call a method of the store in the thread. Raises `JournalUnavailableError`.

        It goes on to its end even when the caller is cancelled.
        """
        work = partial(getattr(self._store, name), *values, **named)
        loop = asyncio.get_running_loop()
        found, error = await loop.run_in_executor(self._thread, _done, work)
        if error is None:
            return found
        if isinstance(error, JournalUnavailableError):
            raise error
        # A fault of ours must not end a payment halfway: the payment path handles a disk that refuses.
        log.error("the journal failed", exc_info=error)
        raise JournalUnavailableError(
            f"The journal failed inside the register ({type(error).__name__}): see the log."
        ) from error


def _done(work: Callable[[], Any]) -> tuple[Any, Exception | None]:
    """Do the work; return an error as a value, so that it is raised in the caller's task."""
    try:
        return work(), None
    except Exception as error:  # noqa: BLE001 - the caller decides
        return None, error
