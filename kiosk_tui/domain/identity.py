"""What names a transaction, its terminal and its order: one value for each thing, however it is spelled.

Each type can only be built in its canonical form, at the border where a text comes in, or raises
`IdentityError` with a sentence. `stored` is the one way around: what an older version has written is
taken as it stands, so that no stricter rule of today stops a journal from being read.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import field
from typing import Final, Self

from kiosk_tui.records import dataclass

MOST_ID_DIGITS: Final = 20
REFERENCE_DIGITS: Final = 9
"""A slip shows the last nine digits of an id: the time of day, to the millisecond."""
LONGEST_CALLER_REFERENCE: Final = 64
LONGEST_CARD_REFERENCE: Final = 40
_LAST_DIGITS: Final = re.compile(r"_([0-9]{4})_[0-9]{6}$", re.ASCII)

_APART: Final = re.compile(r"[\s\0]+|(?<=[0-9])\s*[\u2010-\u2015-]+\s*(?=[0-9])")
"""What people and slips put between digits."""
_TERMINAL: Final = re.compile(r"[0-9A-Za-z]{8}", re.ASCII)
_SOURCE: Final = re.compile(r"[0-9]{1,2}", re.ASCII)
_NAME: Final = re.compile(
    r"(?P<txid>TXID)?(?P<digits>[0-9]+)(?:_(?P<source>[0-9]{1,2})_(?P<terminal>[0-9A-Za-z]{8}))?",
    re.ASCII | re.IGNORECASE,
)
_CARD_REFERENCE: Final = re.compile(r"REF[!-~]{1,37}", re.ASCII)
_EXAMPLE: Final = "give its digits, like 20261123140159123"


class IdentityError(ValueError):
    """A text that names nothing; the error's own text is one sentence."""


def _text(value: object) -> str:
    # a journal whose bits were flipped gives anything
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text.")
    return value


class Canonical(str):
    """A text that has one form; see the module."""

    __slots__ = ()

    @classmethod
    def stored(cls, text: str) -> Self:
        """Take what is in a journal already, as it stands there. Raises `TypeError` for no text."""
        return str.__new__(cls, _text(text))


class TransactionId(Canonical):
    """TECS's transaction id: 1 to 20 digits, without the zeros that pad it. Raises `IdentityError`."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        if type(text) is cls:
            return text
        found = _NAME.fullmatch(_APART.sub("", text))
        digits = "" if found is None or found["source"] else found["digits"].lstrip("0")
        if not 1 <= len(digits) <= MOST_ID_DIGITS:
            raise IdentityError(f"'{text}' is not a transaction id: {_EXAMPLE}.")
        return str.__new__(cls, digits)


@dataclass(frozen=True, slots=True)
class Place:
    """A terminal (8 characters) and its source id (1 or 2 digits): `1` and `01` are the same.

    `source_id` keeps the spelling, because requests about an original repeat it; it is not compared.
    """

    terminal: str
    source_id: str = field(compare=False)
    source: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        spelled = _text(self.source_id).strip("\0 \t")
        object.__setattr__(self, "terminal", _text(self.terminal).strip("\0 \t"))
        object.__setattr__(self, "source_id", spelled)
        object.__setattr__(self, "source", spelled.lstrip("0") or spelled[:1])

    def checked(self, whose: str = "") -> Self:
        """Return this place, or raise `IdentityError` when it cannot be one."""
        if _TERMINAL.fullmatch(self.terminal) is None:
            raise IdentityError(
                f"{whose}Terminal number '{self.terminal}' is wrong: it has 8 digits, like 88091105."
            )
        if _SOURCE.fullmatch(self.source_id) is None:
            raise IdentityError(
                f"{whose}Source id '{self.source_id}' is wrong: it has one or two digits, like 1."
            )
        return self


@dataclass(frozen=True, slots=True)
class Original:
    """The earlier transaction that another one refers to: its id and its terminal together."""

    transaction_id: TransactionId
    place: Place


@dataclass(frozen=True, slots=True)
class Name:
    """What somebody calls a transaction.

    `id` is the whole id that the text may be, None for a reference of zeros only; `reference` is the
    nine digits that a slip shows, empty where the text is too long for one or says that it is whole.
    `terminal` and `source_id` are empty where the text does not tell them.
    """

    id: TransactionId | None
    reference: str = ""
    terminal: str = ""
    source_id: str = ""


def read_name(text: str) -> Name:
    """Read what names a transaction, as people, slips and machines write it. Raises `IdentityError`.

    Padded or not, with or without `TXID`, with source id and terminal behind it as in TECS's long
    form, in groups; or the short reference of a slip.
    """
    found = _NAME.fullmatch(_APART.sub("", text))
    if found is None or len(found["digits"].lstrip("0")) > MOST_ID_DIGITS:
        raise IdentityError(
            f"'{text}' is not a transaction id: {_EXAMPLE}, or the reference on its slip."
        )
    digits, terminal = found["digits"], found["terminal"] or ""
    whole = found["txid"] or terminal or len(digits) > REFERENCE_DIGITS
    number = TransactionId(digits) if digits.strip("0") else None
    if whole and number is None:
        raise IdentityError(f"'{text}' is not a transaction id: {_EXAMPLE}.")
    reference = "" if whole else digits.zfill(REFERENCE_DIGITS)
    return Name(number, reference, terminal, found["source"] or "")


class CallerReference(Canonical):
    """What other software calls its order: 1 to 64 characters, trimmed, composed (NFC).

    Raises `IdentityError`.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        if type(text) is cls:
            return text
        canonical = caller_key(text)
        if not canonical:
            raise IdentityError(
                "A caller's reference is empty: give 1 to 64 characters that name this order alone."
            )
        if len(canonical) > LONGEST_CALLER_REFERENCE:
            raise IdentityError(
                f"A caller's reference has {len(canonical)} characters: at most"
                f" {LONGEST_CALLER_REFERENCE} fit."
            )
        if not canonical.isprintable():
            raise IdentityError(
                "A caller's reference holds a character that cannot be printed: leave it out."
            )
        return str.__new__(cls, canonical)


NO_REFERENCE: Final = CallerReference.stored("")


def caller_key(text: str) -> str:
    """Return what two spellings of a caller's reference have in common. Never raises."""
    return unicodedata.normalize("NFC", text.strip().strip("\0")).strip()


class CardReference(Canonical):
    """The reference that TECS gave for a card: `REF` and up to 37 plain characters.

    Raises `IdentityError`, which never repeats the text: it may be a card number.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        if type(text) is cls:
            return text
        trimmed = text.strip()
        canonical = trimmed[:3].upper() + trimmed[3:]
        if not canonical.startswith("REF"):
            raise IdentityError(
                "This is no card reference: it begins with REF, as TECS gave it. A card number is"
                " never taken."
            )
        if _CARD_REFERENCE.fullmatch(canonical) is None:
            raise IdentityError(
                f"A card reference has 4 to {LONGEST_CARD_REFERENCE} plain"
                " characters: take the one that TECS gave."
            )
        return str.__new__(cls, canonical)

    @property
    def last_digits(self) -> str:
        """The card's last four digits, where it tells them: `REF<ref>_<YYMM>_<last 4>_<first 6>`."""
        found = _LAST_DIGITS.search(self)
        return found[1] if found else ""
