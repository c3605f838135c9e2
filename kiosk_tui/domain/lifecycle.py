"""What may happen to a transaction: one table.

The promise "nobody is charged without a record, and nothing stays charged that was not completed"
is kept here. Read `TABLE` as: in this state, when this has happened, the transaction is in that
state, and this is to be done next.

- `AUTHORIZING` and `GIVEN_UP` are states in which a card may be charged at any moment. Only a clear
  answer, or the proof that no byte of the request left, ends them without a cancellation.
- `CANCEL_DUE` means that the answer is missing: the charge may or may not exist. "Original not
  found" is believed only after the settle window, because a cancellation can overtake its sale.
- `VOID_DUE` means that TECS said "approved" and the charge must go: "not found" or "was declined"
  contradict what we know, so a person has to look.
- A restart is an event like any other. Recovery has no logic of its own.
- `APPROVAL_NOT_RECORDED` means that the disk answered an approval with an error: nobody was told,
  so the charge must go, even when the approval is found on the disk later.
- `GOODS_DUE` means approved, but goods are still to be handed over: the charge stands only when that
  was said within its time. Silence and failure cancel it. A restart gives the time anew, once
  (`GOODS_DUE_AGAIN`); the second one cancels.
- A late approval may come in on a line that was held open after the register stopped waiting. It
  reopens what "not found" had closed.

A pair that is not in the table raises `IllegalEventError` and changes nothing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a transaction stands. The values are stored in the journal: never rename one."""

    AUTHORIZING = "AUTHORIZING"
    GIVEN_UP = "GIVEN_UP"
    GOODS_DUE = "GOODS_DUE"
    GOODS_DUE_AGAIN = "GOODS_DUE_AGAIN"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"
    NOT_SENT = "NOT_SENT"
    CANCEL_DUE = "CANCEL_DUE"
    VOID_DUE = "VOID_DUE"
    CANCELLED = "CANCELLED"
    NOTHING_TO_CANCEL = "NOTHING_TO_CANCEL"
    NEEDS_STAFF = "NEEDS_STAFF"
    SETTLED = "SETTLED"


class Event(StrEnum):
    """What has happened: facts in the past tense. Stored in the journal: never rename one."""

    APPROVED = "APPROVED"
    APPROVED_UNTIL_GOODS = "APPROVED_UNTIL_GOODS"
    GOODS_HANDED_OVER = "GOODS_HANDED_OVER"
    GOODS_FAILED = "GOODS_FAILED"
    GOODS_UNCONFIRMED = "GOODS_UNCONFIRMED"
    DECLINED = "DECLINED"
    NOT_SENT = "NOT_SENT"
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"
    APPROVAL_NOT_RECORDED = "APPROVAL_NOT_RECORDED"
    GAVE_UP = "GAVE_UP"
    RESTARTED = "RESTARTED"
    LATE_APPROVAL = "LATE_APPROVAL"
    CANCEL_REQUESTED = "CANCEL_REQUESTED"
    CANCEL_CONFIRMED = "CANCEL_CONFIRMED"
    CANCEL_UNANSWERED = "CANCEL_UNANSWERED"
    CANCEL_REFUSED = "CANCEL_REFUSED"
    ORIGINAL_NOT_FOUND_YET = "ORIGINAL_NOT_FOUND_YET"
    ORIGINAL_NOT_FOUND = "ORIGINAL_NOT_FOUND"
    ORIGINAL_DECLINED = "ORIGINAL_DECLINED"
    SETTLED_BY_STAFF = "SETTLED_BY_STAFF"


class Command(StrEnum):
    """What is to be done next, after the new state is on disk."""

    NOTHING = "NOTHING"
    ABORT = "ABORT"
    ABORT_THEN_CANCEL = "ABORT_THEN_CANCEL"
    CANCEL = "CANCEL"
    CANCEL_LATER = "CANCEL_LATER"
    AWAIT_GOODS = "AWAIT_GOODS"


class IllegalEventError(Exception):
    """An event that cannot happen in that state. A fault of ours; nothing has changed."""


S, E, C = State, Event, Command

TABLE: Final[dict[tuple[State, Event], tuple[State, Command]]] = {
    (S.AUTHORIZING, E.APPROVED): (S.APPROVED, C.NOTHING),
    (S.AUTHORIZING, E.APPROVED_UNTIL_GOODS): (S.GOODS_DUE, C.AWAIT_GOODS),
    (S.AUTHORIZING, E.DECLINED): (S.DECLINED, C.NOTHING),
    (S.AUTHORIZING, E.NOT_SENT): (S.NOT_SENT, C.NOTHING),
    (S.AUTHORIZING, E.OUTCOME_UNKNOWN): (S.CANCEL_DUE, C.ABORT_THEN_CANCEL),
    (S.AUTHORIZING, E.APPROVAL_NOT_RECORDED): (S.VOID_DUE, C.CANCEL),
    (S.AUTHORIZING, E.RESTARTED): (S.CANCEL_DUE, C.ABORT_THEN_CANCEL),
    (S.AUTHORIZING, E.GAVE_UP): (S.GIVEN_UP, C.ABORT),
    (S.GIVEN_UP, E.APPROVED): (S.VOID_DUE, C.CANCEL),
    (S.GIVEN_UP, E.APPROVED_UNTIL_GOODS): (S.VOID_DUE, C.CANCEL),
    (S.GIVEN_UP, E.DECLINED): (S.DECLINED, C.NOTHING),
    (S.GIVEN_UP, E.NOT_SENT): (S.NOT_SENT, C.NOTHING),
    (S.GIVEN_UP, E.OUTCOME_UNKNOWN): (S.CANCEL_DUE, C.ABORT_THEN_CANCEL),
    (S.GIVEN_UP, E.RESTARTED): (S.CANCEL_DUE, C.ABORT_THEN_CANCEL),
    (S.GOODS_DUE, E.GOODS_HANDED_OVER): (S.APPROVED, C.NOTHING),
    (S.GOODS_DUE, E.GOODS_FAILED): (S.VOID_DUE, C.CANCEL),
    (S.GOODS_DUE, E.GOODS_UNCONFIRMED): (S.VOID_DUE, C.CANCEL),
    (S.GOODS_DUE, E.CANCEL_REQUESTED): (S.VOID_DUE, C.CANCEL),
    (S.GOODS_DUE, E.APPROVAL_NOT_RECORDED): (S.VOID_DUE, C.CANCEL),
    (S.GOODS_DUE, E.RESTARTED): (S.GOODS_DUE_AGAIN, C.AWAIT_GOODS),
    (S.GOODS_DUE_AGAIN, E.GOODS_HANDED_OVER): (S.APPROVED, C.NOTHING),
    (S.GOODS_DUE_AGAIN, E.GOODS_FAILED): (S.VOID_DUE, C.CANCEL),
    (S.GOODS_DUE_AGAIN, E.GOODS_UNCONFIRMED): (S.VOID_DUE, C.CANCEL),
    (S.GOODS_DUE_AGAIN, E.CANCEL_REQUESTED): (S.VOID_DUE, C.CANCEL),
    (S.GOODS_DUE_AGAIN, E.APPROVAL_NOT_RECORDED): (S.VOID_DUE, C.CANCEL),
    (S.GOODS_DUE_AGAIN, E.RESTARTED): (S.VOID_DUE, C.CANCEL),
    (S.APPROVED, E.APPROVAL_NOT_RECORDED): (S.VOID_DUE, C.CANCEL),
    (S.APPROVED, E.CANCEL_REQUESTED): (S.VOID_DUE, C.CANCEL),
    (S.CANCEL_DUE, E.CANCEL_CONFIRMED): (S.CANCELLED, C.NOTHING),
    (S.CANCEL_DUE, E.CANCEL_UNANSWERED): (S.CANCEL_DUE, C.CANCEL_LATER),
    (S.CANCEL_DUE, E.CANCEL_REFUSED): (S.NEEDS_STAFF, C.NOTHING),
    (S.CANCEL_DUE, E.ORIGINAL_NOT_FOUND_YET): (S.CANCEL_DUE, C.CANCEL_LATER),
    (S.CANCEL_DUE, E.ORIGINAL_NOT_FOUND): (S.NOTHING_TO_CANCEL, C.NOTHING),
    (S.CANCEL_DUE, E.ORIGINAL_DECLINED): (S.NOTHING_TO_CANCEL, C.NOTHING),
    (S.CANCEL_DUE, E.LATE_APPROVAL): (S.VOID_DUE, C.CANCEL),
    (S.CANCEL_DUE, E.RESTARTED): (S.CANCEL_DUE, C.CANCEL),
    (S.VOID_DUE, E.CANCEL_CONFIRMED): (S.CANCELLED, C.NOTHING),
    (S.VOID_DUE, E.CANCEL_UNANSWERED): (S.VOID_DUE, C.CANCEL_LATER),
    (S.VOID_DUE, E.CANCEL_REFUSED): (S.NEEDS_STAFF, C.NOTHING),
    (S.VOID_DUE, E.ORIGINAL_NOT_FOUND_YET): (S.VOID_DUE, C.CANCEL_LATER),
    (S.VOID_DUE, E.ORIGINAL_NOT_FOUND): (S.NEEDS_STAFF, C.NOTHING),
    (S.VOID_DUE, E.ORIGINAL_DECLINED): (S.NEEDS_STAFF, C.NOTHING),
    (S.VOID_DUE, E.RESTARTED): (S.VOID_DUE, C.CANCEL),
    (S.NOTHING_TO_CANCEL, E.LATE_APPROVAL): (S.VOID_DUE, C.CANCEL),
    (S.CANCELLED, E.LATE_APPROVAL): (S.CANCELLED, C.NOTHING),
    (S.NEEDS_STAFF, E.LATE_APPROVAL): (S.NEEDS_STAFF, C.NOTHING),
    (S.NEEDS_STAFF, E.SETTLED_BY_STAFF): (S.SETTLED, C.NOTHING),
    (S.SETTLED, E.LATE_APPROVAL): (S.NEEDS_STAFF, C.NOTHING),
}

IN_FLIGHT: Final = frozenset({S.AUTHORIZING, S.GIVEN_UP})
"""A request may be under way: a card may be charged at any moment."""

DUE: Final = frozenset({S.CANCEL_DUE, S.VOID_DUE})
"""A cancellation is owed to somebody."""

AWAITING_GOODS: Final = frozenset({S.GOODS_DUE, S.GOODS_DUE_AGAIN})
"""Approved, but only until goods are handed over: not paid yet."""

RUNNING: Final = IN_FLIGHT | AWAITING_GOODS
"""The payment goes on: nobody knows yet how it ends."""

OPEN: Final = IN_FLIGHT | AWAITING_GOODS | DUE
"""What a restart takes up again."""


def step(state: State, event: Event) -> tuple[State, Command]:
    """Return the state after `event` and the command that follows. Raises `IllegalEventError`."""
    found = TABLE.get((state, event))
    if found is None:
        raise IllegalEventError(f"{event} cannot happen to a transaction that is {state}.")
    return found


def allows(state: State, event: Event) -> bool:
    """Say whether `event` can happen in `state`."""
    return (state, event) in TABLE
