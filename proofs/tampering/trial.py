"""One byte of a journal's file is another one, and it is looked whether that is seen where it matters."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal import chain, chain_proof, rows
from kiosk_tui.journal.reader import Reader

Facts = tuple[tuple[Any, ...], ...]

_FACTS: Final = (
    f"SELECT {rows.TRANSACTION_COLUMNS} FROM transactions NOT INDEXED ORDER BY id",
    f"SELECT {rows.EXCHANGE_COLUMNS} FROM exchanges ORDER BY transaction_id, id",
    f"SELECT {rows.EVENT_COLUMNS}, seq FROM events ORDER BY transaction_id, number",
    "SELECT seq, at, event, content FROM register_events ORDER BY seq",
    "SELECT last_id, last_receipt, identity, follows, pruned_before FROM register",
)
"""What is a fact. None are keys and checksums, which are made of facts, and what is no one's word:
when a look at the disk was, and what a head office is still to be told."""


@dataclass(frozen=True, slots=True)
class Change:
    """The byte at `offset` becomes `value`."""

    offset: int
    value: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What a change did. `fact`: it changed one, or made the file unreadable; `told`: what verify says."""

    change: Change
    fact: bool
    told: str
    crashed: str

    @property
    def violation(self) -> str:
        """A sentence, if a changed fact is not seen."""
        if not self.crashed and (self.told or not self.fact):
            return ""
        which = f"byte {self.change.offset} as {self.change.value:#04x}"
        if self.crashed:
            return f"{which} ends the proof with {self.crashed}"
        return f"{which} changes a fact, and nothing says so"


def facts(path: Path) -> Facts | None:
    """Return every fact in a journal; None where they cannot be read."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as raw:
            return tuple(tuple(raw.execute(text)) for text in _FACTS)
    except (sqlite3.Error, ValueError, OverflowError):
        return None


def told(path: Path) -> str:
    """Return what the chain's proof says is wrong; nothing if it finds all in order.

    Only the chain is asked: checksums and the comparison of states find more than half of it as well.
    """
    try:
        with closing(Reader(path)) as reader:
            proof = reader.prove()
    except JournalUnavailableError as error:
        return str(error)
    if proof is None:
        return "It has no chain."
    return "" if proof.broken is None else proof.broken.sentence


def tried(whole: bytes, before: Facts, scratch: Path, change: Change) -> Seen:
    """Change a byte and look."""
    changed = bytearray(whole)
    changed[change.offset] = change.value
    scratch.write_bytes(changed)
    fact = facts(scratch) != before
    try:
        return Seen(change, fact, told(scratch), "")
    except Exception as error:  # noqa: BLE001 - an auditor would see a traceback
        return Seen(change, fact, "", repr(error))


_FACTS_OF: Final[Callable[..., bytes]] = chain.facts_of
_LINK_OF: Final[Callable[..., bytes]] = chain.link_of


def _less(place: int) -> Callable[..., bytes]:
    def facts_of(transaction: Sequence[Any], exchanges: Any, old: Any) -> bytes:
        left = [*transaction]
        del left[place]
        return _FACTS_OF(left, exchanges, old)

    return facts_of


def _without_requests(transaction: Any, _exchanges: Any, old: Any) -> bytes:
    return _FACTS_OF(transaction, (), old)


def _without_the_last(*entry: Any) -> bytes:
    *more, what = entry
    return _LINK_OF(*more, what and what[:-1])


_COLUMNS: Final = rows.TRANSACTION_COLUMNS.replace(" ", "").split(",")

CONTROLS: Final[Mapping[str, tuple[Any, str, Any]]] = {
    "the amount is not in the digest": (chain, "facts_of", _less(_COLUMNS.index("amount_minor"))),
    "the answer is not in the digest": (chain, "facts_of", _less(_COLUMNS.index("answer"))),
    "requests are not in the digest": (chain, "facts_of", _without_requests),
    "an event's last column is not in the link": (chain, "link_of", _without_the_last),
    "present rows are not compared": (
        chain_proof._Transactions, "check", lambda *_: None
    ),
    "the register's row is not compared": (
        chain_proof._RegisterRow, "check", lambda *_: None
    ),
}  # fmt: skip
"""Faults in what the chain is made of, each of which must let a changed byte pass."""


@contextlib.contextmanager
def sabotaged(control: str) -> Iterator[None]:
    """Plant a fault in this process; nothing where there is none to plant."""
    if not control:
        yield
        return
    with patch.object(*CONTROLS[control]):
        yield
