"""The journal as the payment path uses it: each method of the store, in one thread of its own.

An fsync on a worn card may take a second, and the event loop must not stand still for it. One thread
also keeps the writes in the order in which they were asked for.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal.store import Store

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


def _in_thread(
    method: Callable[Concatenate[Store, P], T],
) -> Callable[Concatenate[JournalWriter, P], Coroutine[Any, Any, T]]:
    """Return a coroutine function that calls this method of the store in the journal's thread."""
    name = method.__name__

    async def call(self: JournalWriter, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._run(partial(getattr(self._store, name), *args, **kwargs))

    return call


class JournalWriter:
    """Implements `payment.ports.JournalWrites` and `JournalQueries` over a `Store`."""

    def __init__(self, store: Store, thread: Executor | None = None) -> None:
        self._store = store
        self._thread = thread or ThreadPoolExecutor(1, thread_name_prefix="journal")

    begin = _in_thread(Store.begin)
    begin_cancellation = _in_thread(Store.begin_cancellation)
    open_exchange = _in_thread(Store.open_exchange)
    close_exchange = _in_thread(Store.close_exchange)
    record = _in_thread(Store.record)
    check_writable = _in_thread(Store.check_writable)

    transaction = _in_thread(Store.transaction)
    in_states = _in_thread(Store.in_states)
    by_reference = _in_thread(Store.by_reference)
    by_caller = _in_thread(Store.by_caller)
    referring_to = _in_thread(Store.referring_to)
    between = _in_thread(Store.between)
    newest = _in_thread(Store.newest)
    exchanges = _in_thread(Store.exchanges)

    def spare_id(self) -> TransactionId | None:
        """Return an id that no later process will use; None when all are used. Needs no disk."""
        return self._store.spare_id()

    def close(self) -> None:
        """Finish what is being written and close the file."""
        self._thread.submit(self._store.close)
        self._thread.shutdown(wait=True)

    async def _run(self, work: Callable[[], T]) -> T:
        # a write in the thread goes on to its end even when the caller is cancelled
        loop = asyncio.get_running_loop()
        found, error = await loop.run_in_executor(self._thread, _done, work)
        if error is None:
            return cast("T", found)
        if isinstance(error, JournalUnavailableError):
            raise error
        # A fault of ours must not end a payment halfway: the payment path handles a disk that refuses.
        log.error("the journal failed", exc_info=error)
        raise JournalUnavailableError(
            f"The journal failed inside the register ({type(error).__name__}): see the log."
        ) from error


def _done(work: Callable[[], T]) -> tuple[T | None, Exception | None]:
    """Do the work; return an error as a value, so that it is raised in the caller's task."""
    try:
        return work(), None
    except Exception as error:  # noqa: BLE001 - the caller decides
        return None, error
