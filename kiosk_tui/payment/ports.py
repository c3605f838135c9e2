"""What the payment path needs of a terminal, a journal and a clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from kiosk_tui.domain.identity import CallerReference, Original, Place, TransactionId
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.domain.outcome import (
    AbortOutcome,
    CancelOutcome,
    PaymentOutcome,
    Probe,
    StatusOutcome,
)
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Order, Transaction


class Terminal(Protocol):
    """The other side: TECS and the card terminal behind it. No method raises for a bad line."""

    def check(self, order: Order) -> None:
        """Raise `OrderError` when a field breaks TECS's limits. Sends nothing."""

    def amount_sent(self, order: Order) -> int:
        """Return the amount field of that order's request, in minor units."""

    async def pay(self, order: Order, exchange: Exchange) -> PaymentOutcome:
        """Send a payment request once and wait for its answer, however long the line is held."""

    async def cancel(self, transaction: Transaction, exchange: Exchange) -> CancelOutcome:
        """Ask to cancel a transaction."""

    async def abort(self, transaction: Transaction, exchange: Exchange) -> AbortOutcome:
        """Ask the terminal to stop a transaction's card flow."""

    async def status(self, exchange: Exchange) -> StatusOutcome:
        """Ask the terminal what it is doing."""

    async def probe(self) -> Probe:
        """Look whether the server answers, for free."""


class JournalWrites(Protocol):
    """What the payment path commits.

    A method that returns has committed: the change survives a power cut from then on. Every method that
    touches the disk raises `JournalUnavailableError` when the disk does not do its part.
    """

    async def begin(  # noqa: PLR0917
        self,
        order: Order,
        amount_sent: int,
        now: datetime,
        why: str = "",
        reserve: int = 0,
        token: str | None = None,
    ) -> tuple[Transaction, Exchange]:
        """Commit a new transaction together with its payment's exchange.

        A payment without a receipt number gets the register's next one in the same commit. `why` is
        kept in the event log: what was special about its beginning. `reserve` ids are set aside for
        `reserved_id`. A signer's `token` is kept with it.
        """

    async def begin_cancellation(self, order: Order, now: datetime) -> Transaction:
        """Commit a cancellation of another terminal's transaction; it is due at once."""

    async def open_exchange(
        self,
        kind: ExchangeKind,
        place: Place,
        transaction_id: TransactionId,
        now: datetime,
        reserved: TransactionId | None = None,
    ) -> Exchange:
        """Commit one more request that is about to leave, under a `reserved` id or the next one."""

    async def close_exchange(self, *exchanges: Exchange) -> None:
        """Commit how requests ended that change no state (status, abort, a late decline)."""

    async def record(
        self,
        before: State,
        after: Transaction,
        event: Event,
        exchange: Exchange | None = None,
        polls: Sequence[Exchange] = (),
    ) -> None:
        """Commit an event, the state that it led to and the exchange that told it, in one.

        `polls` are status polls that go on disk in the same commit.
        The same change again does nothing: a commit whose answer was an error may have reached the
        disk all the same. Raises `JournalConflictError` when the state on disk is not `before`.
        """

    async def keep_use(self, caller_reference: CallerReference, use: str, at: datetime) -> None:
        """Commit what a caller's reference is used for, beside orders, which hold their own."""

    async def check_writable(self, now: datetime) -> None:
        """Commit something harmless, to see that the disk still takes it."""

    async def check_disk(self) -> None:
        """See that the disk answers, has room and does not say that it is read-only; write nothing."""

    def reserved_id(self, transaction_id: TransactionId) -> TransactionId | None:
        """Return the next id that a payment's own commit has set aside; None: used up, or another's.

        Nobody else uses it, also no later process. Needs no disk.
        """

    def spare_id(self) -> TransactionId | None:
        """Return an id that no later process will use; None when all are used. Needs no disk."""


class JournalQueries(Protocol):
    """What is read of the journal, by the payment path and by everybody who asks the register.

    Every method raises `JournalUnavailableError` when the journal cannot be read.
    """

    async def transaction(self, transaction_id: TransactionId) -> Transaction | None:
        """Return one transaction, or None."""

    async def in_states(self, states: Sequence[State]) -> tuple[Transaction, ...]:
        """Return the transactions in these states that are not final, oldest first."""

    async def by_reference(self, nine_digits: str) -> tuple[Transaction, ...]:
        """Return the transactions whose id ends with these nine digits, the newest first."""

    async def by_caller(self, caller_reference: CallerReference) -> Transaction | None:
        """Return the transaction that other software began under its reference, in any spelling.

        The oldest, where an older version's journal has it in two spellings.
        """

    async def use_of(self, caller_reference: CallerReference) -> str | None:
        """Return what a caller's reference was used for that is no order of its own."""

    async def referring_to(self, original: Original) -> tuple[Transaction, ...]:
        """Return the completions, refunds and cancellations of a transaction, oldest first.

        The original is its id and its terminal together; another terminal's may have the same id.
        """

    async def between(self, start: datetime, end: datetime) -> tuple[Transaction, ...]:
        """Return the transactions that were begun from `start` on and before `end`, oldest first."""

    async def newest(self, count: int) -> tuple[Transaction, ...]:
        """Return the newest transactions, the newest first."""

    async def exchanges(self, transaction_id: TransactionId) -> tuple[Exchange, ...]:
        """Return what went over the wire for a transaction, in the order of sending."""


class Journal(JournalWrites, JournalQueries, Protocol):
    """A journal that its one writer has opened."""


class Clock(Protocol):
    """Time, so that a simulation can own it."""

    def now(self) -> datetime:
        """Return the wall clock, UTC, aware. It may jump."""

    def monotonic(self) -> float:
        """Return seconds that never go backwards; meaningless after a restart."""
