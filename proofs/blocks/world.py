"""The far end of the line, as facts with the place in the write log at which each came about.

Owns: what TECS did, up to any moment. A cut of the power is a moment of the write log; the world at
that moment is what goes on when the machine comes back.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum, auto

from kiosk_tui.domain.outcome import (
    AbortOutcome,
    AbortVerdict,
    Answer,
    Approved,
    CancelOutcome,
    CancelVerdict,
    Declined,
    OutcomeUnknown,
    PaymentOutcome,
    Probe,
    StatusOutcome,
    TerminalState,
)
from kiosk_tui.domain.transaction import Exchange, Order, Transaction
from kiosk_tui.lab.drill.judge import Arrived, Booked

CARD_S = 4.0
HOST_S = 1.5


class Kind(StrEnum):
    """What can have come about."""

    LEFT = auto()
    ASKED = auto()
    BOOKED = auto()
    DECLINED = auto()
    REVERSED = auto()
    SHOWN = auto()


@dataclass(frozen=True, slots=True)
class Fact:
    """`at` is how many bytes the write log had then; `minor` is the money of a request that left."""

    at: int
    kind: Kind
    id: str
    minor: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """What the journal's anchor said from this place in the write log on; `durable` if it was synced."""

    at: int
    text: bytes
    durable: bool


class Luck(StrEnum):
    """What a payment meets."""

    APPROVED = "approved"
    DECLINED = "declined"
    LOST = "charged, answer lost"
    GIVES_UP = "customer gives up"
    CANCELLED_BY_STAFF = "approved, then cancelled by staff"


class World:
    """Implements `payment.ports.Terminal`; `position` tells the length of the write log."""

    def __init__(
        self, position: Callable[[], int] = lambda: 0, before: Iterable[Fact] = ()
    ) -> None:
        self.facts = list(before)
        self.luck = Luck.APPROVED
        self.position = position

    def go_on(self, chance: random.Random) -> None:
        """Let what is under way come to its end, one way or the other."""
        for number, minor in list(self._under_way()):
            ended = chance.choice((Kind.BOOKED, Kind.BOOKED, Kind.DECLINED, None))
            if ended is not None:
                self.note(ended, number, minor)

    def note(self, kind: Kind, number: str, minor: int = 0) -> None:
        """Write down that something came about now."""
        self.facts.append(Fact(self.position(), kind, number, minor))

    # -- what the judge asks --------------------------------------------------------------------

    def ledger(self) -> dict[str, Booked]:
        """Return what is booked, by transaction id."""
        return {
            one.id: Booked(0, stands=False)
            if self._was(Kind.REVERSED, one.id)
            else Booked(one.minor, stands=True)
            for one in self.facts
            if one.kind is Kind.BOOKED
        }

    def arrived(self) -> list[Arrived]:
        """Return every request that left; at the worst each of them arrives."""
        return [
            Arrived(one.id, payment=one.kind is Kind.LEFT)
            for one in self.facts
            if one.kind in (Kind.LEFT, Kind.ASKED)
        ]

    def shown(self) -> set[str]:
        """Return the transactions that somebody was told to be approved."""
        return {one.id for one in self.facts if one.kind is Kind.SHOWN}

    # -- the terminal ---------------------------------------------------------------------------

    def check(self, order: Order) -> None:
        """Take every order."""

    def amount_sent(self, order: Order) -> int:
        return order.amount.minor

    async def pay(self, order: Order, exchange: Exchange) -> PaymentOutcome:
        number, luck = exchange.id, self.luck
        self.note(Kind.LEFT, number, order.charged.minor)
        await asyncio.sleep(CARD_S)
        if luck is Luck.DECLINED and not self._was(Kind.DECLINED, number):
            self.note(Kind.DECLINED, number)
        if self._was(Kind.DECLINED, number):
            return Declined(Answer("51", "NOT ENOUGH", reason="funds"))
        self.note(Kind.BOOKED, number, order.charged.minor)
        await asyncio.sleep(HOST_S)
        if luck is Luck.LOST:
            return OutcomeUnknown("The line broke.")
        return Approved(Answer("0", "APPROVED", fields={"authorization_number": "123456"}))

    async def cancel(self, transaction: Transaction, exchange: Exchange) -> CancelOutcome:
        self.note(Kind.ASKED, exchange.id)
        await asyncio.sleep(0.1)
        verdict = self._cancelled(transaction.id)
        return CancelOutcome(verdict, f"TECS says {verdict}.", Answer("0"))

    async def abort(self, _transaction: Transaction, exchange: Exchange) -> AbortOutcome:
        self.note(Kind.ASKED, exchange.id)
        for number, _ in list(self._under_way()):
            self.note(Kind.DECLINED, number)
        return AbortOutcome(AbortVerdict.ACCEPTED, "Accepted.")

    async def status(self, exchange: Exchange) -> StatusOutcome:
        self.note(Kind.ASKED, exchange.id)
        return StatusOutcome(TerminalState.READY, "The terminal says so.")

    async def probe(self) -> Probe:
        return Probe(reachable=True, why="TECS answers.")

    def _cancelled(self, number: str) -> CancelVerdict:
        if self._was(Kind.DECLINED, number):
            return CancelVerdict.ORIGINAL_DECLINED
        if not self._was(Kind.BOOKED, number):
            return CancelVerdict.ORIGINAL_NOT_FOUND
        if not self._was(Kind.REVERSED, number):
            self.note(Kind.REVERSED, number)
        return CancelVerdict.CONFIRMED

    def _under_way(self) -> Iterator[tuple[str, int]]:
        for one in self.facts:
            if one.kind is Kind.LEFT and not (
                self._was(Kind.BOOKED, one.id) or self._was(Kind.DECLINED, one.id)
            ):
                yield one.id, one.minor

    def _was(self, kind: Kind, number: str) -> bool:
        return any(one.kind is kind and one.id == number for one in self.facts)
