"""From what somebody calls an earlier transaction to the one that is meant.

Owns: the rule. A whole id wins over the short reference of a slip; a reference is a time of day and
comes again on other days, so where it fits several transactions none is taken; a transaction is its id
and its terminal together.
Refuses to know: where transactions are kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kiosk_tui.domain.identity import (
    REFERENCE_DIGITS,
    IdentityError,
    Name,
    Original,
    Place,
    read_name,
)
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.records import dataclass

_MOST_LISTED: Final = 8
_NAMED: Final = re.compile(
    r"(?<![0-9.,])(?<![0-9][ -])"
    r"(?:[0-9]{17,20}|[0-9]{3}(?P<apart>[ \u00a0-]?)[0-9]{3}(?P=apart)[0-9]{3})"
    r"(?![0-9]|[ .,-][0-9])"
)
"""A whole id, as long as ours and TECS's are, or a reference, among other words: never a barcode."""


class AmbiguousError(IdentityError):
    """A reference that fits several transactions (`found`); the text lists each, day and amount."""

    def __init__(self, text: str, found: Sequence[Transaction]) -> None:
        super().__init__(text)
        self.found = tuple(found)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: the name, and the terminal where one was told; `own` is this register's."""

    text: str
    name: Name
    place: Place | None
    own: Place

    def fits(self, one: Transaction) -> bool:
        """Say whether the terminal that was told is this transaction's, or this register's own."""
        return self.place is None or self.place in (one.order.place, self.own)


def wanted(text: str, own: Place, terminal: str = "", source_id: str = "") -> Wanted:
    """Read what names a transaction, and where it was made. Raises `IdentityError`."""
    name = read_name(text)
    told = _place(name.terminal, name.source_id, own)
    given = _place(terminal, source_id, own)
    if told is not None and given is not None and told != given:
        raise IdentityError(
            f"'{text}' names terminal {told.terminal}, source id {told.source_id}, but"
            f" {given.terminal}, source id {given.source_id} was given: leave one of them out."
        )
    return Wanted(text, name, given or told, own)


def named_in(text: str) -> str:
    """Return the digits of the one transaction that a scanned or pasted text names, else nothing.

    A code on our slips and screens is the merchant's address with the reference or the id in it, or
    the payment in a few words with the reference at their end.
    """
    found = ["".join(filter(str.isdigit, one[0])) for one in _NAMED.finditer(text)]
    if len({one[-REFERENCE_DIGITS:] for one in found}) != 1:
        return ""
    longest = max(found, key=len)
    return longest if len(longest) == REFERENCE_DIGITS else longest.lstrip("0")


def reference_in(text: str) -> str:
    """Return the nine digits of the reference that a scanned or pasted text names, else nothing."""
    return named_in(text)[-REFERENCE_DIGITS:]


def name_of(text: str) -> str:
    """Return what a scanned or pasted text calls a transaction: itself, or the one name in it."""
    try:
        read_name(text)
    except IdentityError:
        return named_in(text)
    return text


def candidates(
    asked: Wanted, whole: Transaction | None, short: Sequence[Transaction]
) -> tuple[Transaction, ...]:
    """Return what a name may mean, of the one with that whole id and those with that reference."""
    if whole is not None and asked.fits(whole):
        return (whole,)
    return tuple(one for one in short if asked.fits(one))


def chosen(asked: Wanted, found: Sequence[Transaction]) -> Transaction | None:
    """Return the one that is meant; None when none is known. Raises `AmbiguousError`."""
    if len(found) > 1:
        listed = ", ".join(f"{one.id} over {one.charged}" for one in found[:_MOST_LISTED])
        more = ", ..." if len(found) > _MOST_LISTED else ""
        raise AmbiguousError(
            f"'{asked.text.strip()}' is the reference of {len(found)} transactions ({listed}{more}):"
            " nothing was done, name one by its whole id.",
            found,
        )
    return found[0] if found else None


def original(asked: Wanted, found: Sequence[Transaction]) -> Original:
    """Return what a refund, completion or cancellation refers to.

    One that is not in our journal is TECS's to judge, but a short reference means nothing to TECS.
    Raises `IdentityError`.
    """
    one = chosen(asked, found)
    if one is not None:
        return Original(one.id, one.order.place)
    elsewhere = asked.place is not None and asked.place != asked.own
    if asked.name.id is None or (asked.name.reference and not elsewhere):
        raise IdentityError(
            f"'{asked.text.strip()}' is the reference of no transaction in this journal: give the"
            " whole id."
        )
    return Original(asked.name.id, asked.place or asked.own)


def _place(terminal: str, source_id: str, own: Place) -> Place | None:
    if not terminal.strip() and not source_id.strip():
        return None
    return Place(terminal.strip() or own.terminal, source_id.strip() or own.source_id).checked(
        "The original: "
    )
