"""Proves a journal's chain, or names the first entry that is not as it was written.

It reads in one pass over each table, within one snapshot, while the register writes. In memory are only
the events that stand far behind their transaction's first one (a cancellation of last month), the pruned
gaps and the checkpoints.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from kiosk_tui.domain import checkpoint
from kiosk_tui.domain.checkpoint import ChainEnd, Checkpoint
from kiosk_tui.journal import chain, rows
from kiosk_tui.journal.chain_start import Groups
from kiosk_tui.journal.register_events import RegisterEvent
from kiosk_tui.records import dataclass

_MOST_AHEAD: Final = 200_000
"""Events that are read ahead of an entry before its own is believed to be gone."""

_ENTRIES: Final = (
    "SELECT seq, transaction_id, facts, last_id, last_receipt, link FROM chain ORDER BY seq"
)
_ANOTHER_KIND: Final = (AttributeError, LookupError, OverflowError, TypeError, ValueError)
"""What reading a value raises that is of another type than was written, or no JSON."""
_LATEST_REQUESTS: Final = (
    "(SELECT transaction_id, max(seq) AS seq FROM chain WHERE transaction_id IS NOT NULL"
    " GROUP BY transaction_id)"
)

Signed = Callable[[Checkpoint], bool]
"""Says whether a checkpoint's signature is its key's."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first thing that is not as it was written; `sentence` says what and where."""

    seq: int | None
    sentence: str
    transaction_id: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class ChainProof:
    """What was found: `entries` of the chain up to `head`, or what is broken.

    `checked` is the last place that a checkpoint vouches for, in the file or from outside; `keys` are the
    public keys that signed them, in the order of places.
    """

    entries: int
    head: ChainEnd
    keys: tuple[str, ...]
    checked: int | None
    broken: Broken | None


class _BrokenError(Exception):
    def __init__(self, broken: Broken) -> None:
        super().__init__(broken.sentence)
        self.broken = broken


def prove(
    connection: sqlite3.Connection, outside: Checkpoint | None = None, signed: Signed | None = None
) -> ChainProof:
    """Prove the chain, inside of the caller's read transaction. Raises `sqlite3.Error`.

    `outside` is a checkpoint that was kept elsewhere; without `signed` no signature is looked at.
    """
    walk = _Walk(connection, signed)
    broken = None
    try:
        walk.go(outside)
    except _BrokenError as error:
        broken = error.broken
    except _ANOTHER_KIND:
        seq = walk.head.seq + 1
        what = "or what it vouches for, holds what no register writes there"
        broken = Broken(seq, f"Altered: place {seq}, {what}.")
    return ChainProof(walk.entries, walk.head, tuple(walk.keys), walk.checked, broken)


class _Walk:
    """One walk along the chain."""

    def __init__(self, connection: sqlite3.Connection, signed: Signed | None) -> None:
        self._connection = connection
        self._signed = signed
        self._told = _Transactions(connection)
        self._register = _RegisterRow(connection)
        self._wanted: dict[int, list[Checkpoint]] = {}
        self._gaps: dict[int, tuple[int, bytes]] = {}
        self.head = ChainEnd(-1, chain.START)
        self.entries = 0
        self.keys: dict[str, None] = {}
        self.checked: int | None = None

    def go(self, outside: Checkpoint | None) -> None:
        """Walk to the end. Raises `_BrokenError`."""
        self._read_ahead()
        if outside is not None:
            self._want(outside)
        events = self._connection.execute(
            "SELECT seq, at, event, content FROM register_events ORDER BY seq"
        )
        waiting = next(events, None)
        for entry in self._connection.execute(_ENTRIES):
            self._reach(entry[0])
            if waiting is not None and waiting[0] < entry[0]:
                raise _inserted_register_event(waiting)
            own = waiting if waiting is not None and waiting[0] == entry[0] else None
            self._check(entry, own)
            if own is not None:
                waiting = next(events, None)
        if self.entries == 0:
            raise _broken(None, "The journal has no chain: it was removed.")
        if waiting is not None:
            raise _inserted_register_event(waiting)
        self._end(outside)

    def _read_ahead(self) -> None:
        """Read what later events say of places before them."""
        for event, content in self._connection.execute(
            "SELECT event, content FROM register_events WHERE event IN (?, ?) ORDER BY seq",
            (RegisterEvent.PRUNED, RegisterEvent.CHECKPOINT),
        ):
            told = json.loads(content)
            if event == RegisterEvent.CHECKPOINT:
                self._want(checkpoint.parsed(told["checkpoint"]))
            else:
                for first, last, link in told["gaps"]:
                    self._gaps[first] = last, bytes.fromhex(link)

    def _want(self, one: Checkpoint) -> None:
        if one.signature and self._signed is not None and not self._signed(one):
            raise _broken(one.seq, f"The checkpoint at place {one.seq} was not signed by its key.")
        if one.key:
            self.keys.setdefault(one.key)
        self._wanted.setdefault(one.seq, []).append(one)

    def _reach(self, seq: int) -> None:
        """Step over what was pruned before this place."""
        if not self.entries:
            self.head = ChainEnd(min(seq, *self._gaps, seq) - 1, chain.START)
        while self.head.seq + 1 != seq and (gap := self._gaps.get(self.head.seq + 1)) is not None:
            for within in range(self.head.seq + 1, gap[0]) if self._wanted else ():
                self._wanted.pop(within, None)  # its link went with what was pruned
            self.head = ChainEnd(*gap)
            self._compare()
        if self.head.seq + 1 != seq:
            missing = self.head.seq + 1
            what = (
                f"places {missing} to {seq - 1} are" if seq - 1 > missing else f"place {missing} is"
            )
            raise _broken(missing, f"Removed: the chain's {what} not there.")

    def _check(self, entry: Sequence[Any], own: Sequence[Any] | None) -> None:
        """Check one entry with what it vouches for."""
        seq, number, facts, last_id, last_receipt, link = entry
        what = None if own is None else own[1:]
        found = self._told.of(seq, number, alone=own is None and number is None)
        if found is not None:
            if own is not None or number is not None:
                raise _inserted(seq, found)
            what = found
        elif own is None and number is None:
            raise _broken(seq, f"Removed: the event at place {seq} is not there.")
        computed = chain.link_of(self.head.link, seq, number, facts, (last_id, last_receipt), what)
        if computed != link:
            raise _altered(seq, number, what)
        self.head, self.entries = ChainEnd(seq, link), self.entries + 1
        self._told.check(seq, facts)
        self._register.goes_on(entry, own)
        self._compare()

    def _compare(self) -> None:
        """Compare the present place with the checkpoints of it."""
        for one in self._wanted.pop(self.head.seq, ()):
            self._register.check_identity(one, self.head.seq)
            if not self.head.link.hex().startswith(one.link):
                raise _broken(
                    one.seq,
                    f"Rewritten: the checkpoint of place {one.seq} ({one.at or 'from a slip'}) names"
                    f" another link than the journal has there; up to it at least one entry is not what"
                    " it was.",
                    at=one.at or None,
                )
            self.checked = one.seq

    def _end(self, outside: Checkpoint | None) -> None:
        """Check what must not be left over."""
        self._told.end()
        self._register.check()
        for seq in sorted(self._wanted):
            one = self._wanted[seq][0]
            whose = "The checkpoint from outside" if one is outside else "A checkpoint"
            raise _broken(
                self.head.seq + 1,
                f"Cut off: {whose[0].lower()}{whose[1:]} is of place {seq}, but the journal ends at place"
                f" {self.head.seq}.",
                at=one.at or None,
            )


class _RegisterRow:
    """What entries say of the register's own row."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._rows = connection.execute(
            "SELECT last_id, last_receipt, identity, follows, pruned_before FROM register"
        ).fetchall()
        self._numbers: tuple[Any, ...] = (None, None)
        self._identity, self._follows, self._pruned = "", "", ""

    def goes_on(self, entry: Sequence[Any], own: Sequence[Any] | None) -> None:
        """Take note of an entry."""
        if entry[3] is not None:
            self._numbers = (entry[3], entry[4])
        if own is None:
            return
        told = json.loads(own[3])
        if own[2] == RegisterEvent.CHAIN_BEGUN:
            self._identity = told["identity"]
            self._follows = told.get("follows", {}).get("identity", "")
        elif own[2] == RegisterEvent.PRUNED:
            self._pruned = told["before"]

    def check_identity(self, one: Checkpoint, seq: int) -> None:
        """Refuse a checkpoint of another journal."""
        if one.identity and one.identity != self._identity:
            raise _broken(
                seq,
                f"The checkpoint of place {one.seq} is of journal {one.identity}, which is not this one"
                f" ({self._identity}) there: is it of the journal before a restore?",
            )

    def check(self) -> None:
        """Compare the row as it is with what the entries say; there is one."""
        if len(self._rows) != 1:
            raise _broken(
                None, f"Altered: the register has {len(self._rows)} rows in place of one."
            )
        told = (*self._numbers, self._identity, self._follows, self._pruned)
        names = ("last_id", "last_receipt", "identity", "follows", "pruned_before")
        for name, stored, known in zip(names, self._rows[0], told, strict=True):
            if stored != known:
                raise _broken(
                    None,
                    f"Altered: the register's {name} is {stored!r}, and the chain says {known!r}.",
                )


class _Transactions:
    """Reads transactions in the order of ids, as far as the walk needs them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._transactions: Iterator[Sequence[Any]] = connection.execute(
            f"SELECT {rows.TRANSACTION_COLUMNS} FROM transactions ORDER BY id"
        )
        self._exchanges = Groups(
            connection, rows.EXCHANGE_COLUMNS, "exchanges", "transaction_id, id", 1
        )
        events = f"{rows.EVENT_COLUMNS}, seq"
        self._events = Groups(connection, events, "events", "transaction_id, number", 0)
        self._requests = Groups(
            connection, "transaction_id, seq", _LATEST_REQUESTS, "transaction_id", 0
        )
        self._waiting: dict[int, Sequence[Any]] = {}
        self._latest: dict[int, tuple[int, bytes]] = {}
        self._last_read = -1
        self._reached = -(2**63)

    def of(self, seq: int, number: int | None, *, alone: bool) -> Sequence[Any] | None:
        """Return the event at a place; `alone`: nothing else stands there, so there must be one.

        `number` is the transaction of which requests were written there.
        """
        self._reached = seq
        while number is not None and self._last_read < number and self._read():
            pass
        if number is not None and seq < 0 and self._last_read != number:
            raise _broken(seq, f"Removed: transaction {number} is not there.", number)
        while (
            alone and seq not in self._waiting and len(self._waiting) < _MOST_AHEAD and self._read()
        ):
            pass
        return self._waiting.pop(seq, None)

    def check(self, seq: int, facts: bytes | None) -> None:
        """Compare what a transaction's latest entry vouches for with what is there."""
        number, found = self._latest.pop(seq, (0, facts))
        if found != facts:
            raise _broken(
                seq,
                f"Altered: transaction {number} or one of its requests is not what its latest entry"
                f" (place {seq}) says, or a later event of it was removed.",
                number,
            )

    def end(self) -> None:
        """See that nothing is there that the chain does not know."""
        while self._read():
            pass
        for seq in sorted(self._waiting):
            raise _inserted(seq, self._waiting[seq])

    def _read(self) -> bool:
        """Read one transaction more."""
        one = next(self._transactions, None)
        if one is None:
            return False
        number = self._last_read = one[0]
        latest = [row[1] for row in self._requests.of(number)]
        old: list[Sequence[Any]] = []
        for *event, seq in self._events.of(number):
            if seq is None:
                old.append(event)
            elif seq <= self._reached - 1 or seq in self._waiting:
                raise _inserted(seq, event)
            else:
                self._waiting[seq] = event
                latest.append(seq)
        if not latest:
            raise _broken(
                None, f"Inserted: transaction {number} is in no entry of the chain.", number
            )
        self._latest[max(latest)] = (
            number,
            chain.facts_of(one, self._exchanges.of(number), old),
        )
        return True


def _broken(
    seq: int | None, sentence: str, number: int | None = None, at: str | None = None
) -> _BrokenError:
    return _BrokenError(Broken(seq, sentence, None if number is None else str(number), at))


def _altered(seq: int, number: int | None, what: Sequence[Any] | None) -> _BrokenError:
    if what is None:
        name, at = f"the requests of transaction {number}", None
    elif len(what) == 3:  # noqa: PLR2004 - at, event, content
        name, at = f"{what[1]} of {what[0]}", what[0]
    else:
        number, at = what[0], what[2]
        name = f"event {what[1]} ({what[3]}) of transaction {number}, {at}"
    return _broken(
        seq,
        f"Altered: place {seq}, {name}, is not what was written there, or does not follow on what stands"
        " before it.",
        number,
        at,
    )


def _inserted(seq: int, event: Sequence[Any]) -> _BrokenError:
    return _broken(
        seq,
        f"Inserted: event {event[1]} ({event[3]}) of transaction {event[0]}, {event[2]}, stands at place"
        f" {seq}, for which the chain has no entry of it.",
        event[0],
        event[2],
    )


def _inserted_register_event(event: Sequence[Any]) -> _BrokenError:
    return _broken(
        event[0],
        f"Inserted: {event[2]} of {event[1]} stands at place {event[0]}, for which the chain has no entry.",
        at=event[1],
    )
