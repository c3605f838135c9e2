"""What a kiosk and head office say of a journal under a new identity: its days compared, and what it has lost named."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kiosk_tui.fleet.wire import Count, Epoch, Id, Moment, Seq, Sha256, Wire

Day = Annotated[str, Field(pattern=r"^[0-9]{8,11}$")]


class DayDigest(Wire):
    """One day (UTC, by the transactions' ids) of a journal: the SHA-256 of its events' fingerprints.

    In the order of (transaction_id as a number, number), one hex fingerprint after the other: `day_of`,
    `JournalEvent.fingerprint` and `digest`.
    """

    day: Day
    events: Count
    sha256: Sha256


class Days(Wire):
    """`POST /v1/days`: what a journal under a new identity holds, up to outbox place `upto`.

    A day that began before `pruned_before` is not whole any more and proves no loss.
    """

    v: Literal[1] = 1
    epoch: Epoch
    follows: Annotated[str, Field(pattern=r"^[0-9a-f]{0,40}$")] = ""
    upto: Seq
    pruned_before: Moment | None = None
    days: Annotated[tuple[DayDigest, ...], Field(max_length=4000)] = ()


class DaysWanted(Wire):
    """Which of the days head office does not have exactly so: their events are to be sent.

    `list` are the days of which it wants to know each transaction, also those that the journal has none
    of: some may be lost.
    """

    send: tuple[str, ...] = ()
    list: tuple[str, ...] = ()


class DayContents(Wire):
    """`POST /v1/day`: every transaction of one day with its number of events, so that a loss has a name."""

    v: Literal[1] = 1
    epoch: Epoch
    day: Day
    transactions: dict[Id, Count]


class Lost(Wire):
    """How many transactions of that day head office knows and the journal does not."""

    transactions: int
