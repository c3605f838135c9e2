"""What really happened to money: the judge of every test.

Append-only movements per transaction id. A sale charges, a preauthorization holds (which is no
money yet), a completion charges what was held, a refund pays back, a cancellation takes back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class EntryKind(StrEnum):
    """What an entry is."""

    CHARGE = "charge"
    HOLD = "hold"
    COMPLETION = "completion"
    REFUND = "refund"


class Status(StrEnum):
    """Where an entry stands."""

    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"


@dataclass(slots=True)
class Entry:
    """One transaction at the host. Amounts are in minor units."""

    transaction_id: str
    terminal: str
    source_id: str
    kind: EntryKind
    amount_minor: int
    tip_minor: int
    currency: str
    status: Status
    original_id: str | None = None
    refunded_minor: int = 0
    completed_minor: int = 0

    @property
    def total_minor(self) -> int:
        """Amount and tip."""
        return self.amount_minor + self.tip_minor


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that moved from the customer (positive) or back to him (negative)."""

    transaction_id: str
    minor: int


@dataclass(frozen=True, slots=True)
class ArrivedRequest:
    """One request that arrived whole."""

    message_type: str
    identifier: str
    transaction_id: str
    refers_to: str | None


@dataclass(slots=True)
class HostLedger:
    """Everything, in the order in which it happened."""

    entries: dict[str, Entry] = field(default_factory=dict)
    movements: list[Movement] = field(default_factory=list)
    requests: list[ArrivedRequest] = field(default_factory=list)
    changed: Callable[[Entry], None] = field(default=lambda _entry: None, repr=False, compare=False)
    """Told of each entry that was booked, declined or cancelled."""

    def entry(self, transaction_id: str) -> Entry | None:
        """Return the entry of an id, padded or not."""
        return self.entries.get(transaction_id.lstrip("0"))

    def net_minor(self, transaction_id: str) -> int:
        """Return the money of a transaction that moved and stayed."""
        wanted = transaction_id.lstrip("0")
        return sum(one.minor for one in self.movements if one.transaction_id == wanted)

    def approve(self, entry: Entry) -> None:
        """Take a transaction into the books."""
        entry.transaction_id = entry.transaction_id.lstrip("0")
        self.entries[entry.transaction_id] = entry
        if entry.kind in (EntryKind.CHARGE, EntryKind.COMPLETION):
            self._move(entry, entry.total_minor)
        elif entry.kind is EntryKind.REFUND:
            self._move(entry, -entry.total_minor)
        self.changed(entry)

    def decline(self, entry: Entry) -> None:
        """Note a transaction that was declined: no money moved."""
        entry.transaction_id = entry.transaction_id.lstrip("0")
        entry.status = Status.DECLINED
        self.entries[entry.transaction_id] = entry
        self.changed(entry)

    def cancel(self, entry: Entry) -> None:
        """Undo an approved transaction, whole."""
        if entry.status is not Status.APPROVED:
            raise ValueError(f"{entry.transaction_id} is {entry.status}: it cannot be cancelled")
        entry.status = Status.CANCELLED
        undone = -self.net_minor(entry.transaction_id)
        if undone:
            self._move(entry, undone)
        if entry.kind is EntryKind.COMPLETION and entry.original_id:
            self.entries[entry.original_id].completed_minor -= entry.total_minor
        if entry.kind is EntryKind.REFUND and entry.original_id:
            self.entries[entry.original_id].refunded_minor -= entry.total_minor
        self.changed(entry)

    def _move(self, entry: Entry, minor: int) -> None:
        self.movements.append(Movement(entry.transaction_id, minor))
