"""The promise, as a pure function: the journal held against what really happened to money.

For every transaction: if money moved and stayed, the journal says APPROVED (or NEEDS_STAFF, loudly);
if the journal says anything else, nothing moved or everything was reversed. No id was used twice, no
payment was sent twice, no approval was shown that is not on disk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kiosk_tui.domain.lifecycle import OPEN, State
from kiosk_tui.domain.transaction import Transaction

BY_PEOPLE: Final = frozenset({State.NEEDS_STAFF, State.SETTLED})
"""States in which a person answers for the money, whichever way it went."""


@dataclass(frozen=True, slots=True)
class Booked:
    """What TECS's ledger holds for one transaction id.

    `net_minor` is the money that moved and stayed (negative: to the customer); `stands` says whether
    the entry is approved and not cancelled, which a hold is without any money.
    """

    net_minor: int
    stands: bool


@dataclass(frozen=True, slots=True)
class Arrived:
    """One request as it reached TECS; `payment` is False for a cancellation, abort or status."""

    id: str
    payment: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the judge may look at.

    `ledger` is keyed by transaction id without leading zeros. `shown` are the ids that somebody was
    told to be approved. `ended` says that the register had all the time and luck that it needed: then
    nothing may be open any more.
    """

    transactions: Collection[Transaction]
    ledger: Mapping[str, Booked]
    arrived: Iterable[Arrived] = ()
    shown: Collection[str] = ()
    ended: bool = True


def judge(evidence: Evidence) -> list[str]:
    """Return what is wrong, a sentence each; an empty list means that the promise was kept."""
    return [
        *_unknown_to_the_journal(evidence),
        *(wrong for one in evidence.transactions for wrong in _against_ledger(one, evidence)),
        *_twice(evidence),
        *_shown(evidence),
    ]


def _unknown_to_the_journal(evidence: Evidence) -> Iterator[str]:
    known = {one.id for one in evidence.transactions}
    for number, booked in evidence.ledger.items():
        if number not in known and (booked.stands or booked.net_minor):
            yield f"TECS booked {booked.net_minor} for {number}, which the journal does not know."


def _against_ledger(one: Transaction, evidence: Evidence) -> Iterator[str]:
    booked = evidence.ledger.get(one.id, Booked(0, stands=False))
    if one.state in OPEN:
        if evidence.ended:
            yield f"{one.id} is still {one.state}; TECS holds {booked.net_minor}."
        return
    if one.state in BY_PEOPLE:
        return
    if one.state is State.APPROVED:
        if not booked.stands and one.order.operation.has_amount:
            yield f"{one.id} is APPROVED, but nothing stands at TECS."
        elif booked.net_minor != _expected(one):
            yield f"{one.id} is APPROVED over {_expected(one)}, but TECS holds {booked.net_minor}."
    elif booked.net_minor or booked.stands:
        yield f"{one.id} is {one.state}, but TECS holds {booked.net_minor}."


def _expected(one: Transaction) -> int:
    return one.order.operation.direction * one.charged.minor


def _twice(evidence: Evidence) -> Iterator[str]:
    arrived = list(evidence.arrived)
    for number, times in Counter(one.id for one in arrived).items():
        if times > 1:
            yield f"Id {number} arrived {times} times at TECS."
    known = {one.id for one in evidence.transactions}
    for one in arrived:
        if one.payment and one.id not in known:
            yield f"Payment {one.id} arrived at TECS, but is not in the journal."


def _shown(evidence: Evidence) -> Iterator[str]:
    approved = {one.id for one in evidence.transactions if _holds_approval(one)}
    for number in evidence.shown:
        if number not in approved:
            yield f"{number} was shown as approved, but the journal holds no approval."


def _holds_approval(one: Transaction) -> bool:
    # a decline is an answer, too; TECS pads its codes with zeros
    return one.answer is not None and set(one.answer.response_code) == {"0"}
