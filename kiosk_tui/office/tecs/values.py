"""One value of TECS's word, read as a person would read it; what could be a card number is none.

Invariant: an error's sentence names the field and never repeats what stood there.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Final

from kiosk_tui.domain.card_number import is_card_number
from kiosk_tui.domain.money import MAX_MINOR, MoneyError
from kiosk_tui.tecs.spelling import BLANKS, digits
from kiosk_tui.text.currencies import currency, numbered


class EntryError(ValueError):
    """A word of TECS that cannot be used; the text is a sentence that quotes nothing of it."""


class AmountUnit(StrEnum):
    """What an amount without decimals counts."""

    MINOR = "minor"
    MAJOR = "major"


_MOST_ID_DIGITS: Final = 20
_DATED: Final = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_TXID: Final = re.compile(
    r"(?:TXID)?(?P<digits>[0-9]+)(?:_[0-9]{1,2}_(?P<terminal>[0-9A-Za-z]{8}))?", re.IGNORECASE
)
_TERMINAL: Final = re.compile(r"[0-9A-Za-z]{1,8}", re.ASCII)
_WORD: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z ._:/+-]{0,19}", re.ASCII)
_BRAND: Final = re.compile(r"[A-Za-z][0-9A-Za-z ._+-]{0,19}", re.ASCII)
_SHORTEST_CARD, _LONGEST_CARD = 13, 19
_MOST_SEQUENCE_DIGITS: Final = 12
_AMOUNT: Final = re.compile(
    r"(?P<sign>[+-]?) ?(?P<whole>[0-9]{1,3}(?:(?P<group>[.,'\u2019 ])[0-9]{3})(?:(?P=group)[0-9]{3})*|[0-9]+)"
    r"(?:(?P<mark>[.,])(?P<part>[0-9]{1,4}))?(?P<behind>-?)",
    re.ASCII,
)
_GROUP: Final = 3
_MONEY_SIGNS: Final = re.compile(r"^(?:[A-Z]{3}|[€$£])\s*|\s*(?:[A-Z]{3}|[€$£])$")


def text(value: object) -> str:
    """Return a value as a text without blanks around it; what is no text or number is empty."""
    return value.strip(BLANKS) if isinstance(value, str) else ""


def transaction_id(value: object, what: str = "transaction id") -> str:
    """Return the canonical id: digits without zeros in front. Raises `EntryError`."""
    found = _TXID.fullmatch(text(value))
    number = found["digits"].lstrip("0") if found else ""
    if not 1 <= len(number) <= _MOST_ID_DIGITS:
        raise EntryError(f"The {what} is missing or is not 1 to 20 digits.")
    if holds_card(number):
        raise EntryError(f"The {what} looks like a card number.")
    return number


def holds_card(number: str) -> bool:
    """Say whether digits are a card number, or begin with one. Ids begin with a date, which none does."""
    longest = min(len(number), _LONGEST_CARD)
    if longest < _SHORTEST_CARD or _DATED.match(number):
        return False
    return any(is_card_number(number[:size]) for size in range(_SHORTEST_CARD, longest + 1))


def terminal(value: object) -> str:
    """Return the terminal: 8 characters, a number without its zeros gets them back. Raises `EntryError`."""
    number = text(value)
    if _TERMINAL.fullmatch(number) is None:
        raise EntryError("The terminal is missing or is not up to 8 digits.")
    return number.zfill(8) if number.isdigit() else number


def source(value: object) -> str:
    """Return the source id without zeros in front; empty for none."""
    number = digits(text(value)).lstrip("0")
    return number if len(number) <= 2 else ""  # noqa: PLR2004 - the field's length


def sequence(value: object) -> int:
    """Return TECS's count; 0 where there is none, or none that can be one."""
    number = digits(text(value))
    return int(number) if 0 < len(number) <= _MOST_SEQUENCE_DIGITS else 0


def word(value: object, most: int = 20) -> str:
    """Return a short word; empty for anything that is longer, or that may hold a card number."""
    found = text(value)
    if len(found) > most or _WORD.fullmatch(found) is None:
        return ""
    if len(found) < _SHORTEST_CARD:
        return found
    number = re.sub(r"[^0-9]", "", found)
    return "" if any(holds_card(number[start:]) for start in range(len(number))) else found


def brand(value: object) -> str:
    """Return a card's brand, which begins with a letter; of `Acquirer;BRAND` the part behind."""
    found = text(value).rpartition(";")[2].strip()
    plain = _BRAND.fullmatch(found) is not None and not any(one.isdigit() for one in found[4:])
    return found if plain else ""


def code(value: object) -> str:
    """Return a response code without zeros in front; empty for none."""
    found = text(value)
    if not found or len(found) > 6 or not (found.isascii() and found.isalnum()):  # noqa: PLR2004
        return ""
    return found.lstrip("0") or "0"


def money_of(value: object) -> str:
    """Return a currency's three letters, also of its ISO number; empty for none. Raises `EntryError`."""
    found = text(value).upper()
    if not found:
        return ""
    try:
        return numbered(found).code if found.isdigit() else currency(found).code
    except MoneyError:
        raise EntryError("The currency is none of ISO 4217.") from None


def has_decimals(value: object) -> bool:
    """Say whether an amount is written with a decimal point or comma, and so in major units."""
    found = _AMOUNT.fullmatch(_MONEY_SIGNS.sub("", text(value)))
    return found is not None and found["mark"] is not None


def amount(value: object, code: str, unit: AmountUnit, what: str = "amount") -> int | None:
    """Return minor units, below zero with a sign; None for none. Raises `EntryError`.

    With decimals it is in major units whatever `unit` says. `1.234` may be either and is refused, but for a
    currency with three decimals.
    """
    written = _MONEY_SIGNS.sub("", text(value)).replace("\u00a0", " ").replace("\u202f", " ")
    if not written:
        return None
    found = _AMOUNT.fullmatch(written)
    if found is None or (found["sign"] and found["behind"]):
        raise EntryError(f"The {what} is no amount.")
    whole, mark, part = found["whole"], found["mark"], found["part"] or ""
    group = found["group"]
    if mark is not None and mark == group:
        raise EntryError(f"The {what} is no amount.")
    plain = re.sub(r"[^0-9]", "", whole)
    if mark is None and group in (".", ",") and whole.count(group) == 1:
        # `1.234` or `1,234`: grouped, or a currency with three decimals
        if not code or currency(code).exponent != _GROUP:
            raise EntryError(
                f"The {what} may be thousands or have three decimals: write it plainly."
            )
        plain, _, part = whole.partition(group)
        mark = group
    if mark is None and group is None and (unit is AmountUnit.MINOR):
        minor = int(plain)
    else:
        if not code:
            raise EntryError(f"The {what} has no currency, so nobody knows its decimals.")
        exponent = currency(code).exponent
        if part[exponent:].strip("0"):
            raise EntryError(f"The {what} has more decimals than its currency.")
        minor = int(plain + part[:exponent].ljust(exponent, "0"))
    if minor > 2 * MAX_MINOR:
        raise EntryError(f"The {what} is higher than any can be.")
    return -minor if "-" in (found["sign"], found["behind"]) else minor


_FORMS: Final = (
    "%Y%m%d%H%M%S",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%Y%m%d",
)
_MILLISECONDS: Final = re.compile(r"1[0-9]{12}", re.ASCII)
_FROM_ID: Final = re.compile(r"(20[0-9]{12})[0-9]{0,6}", re.ASCII)
_TOO_EARLY: Final = datetime(2000, 1, 1, tzinfo=UTC)


def moment(value: object, zone: tzinfo) -> datetime | None:
    """Return a moment; one without a zone is in `zone`. None for none. Raises `EntryError`."""
    written = text(value)
    if not written:
        return None
    found: datetime | None = None
    if _MILLISECONDS.fullmatch(written):
        found = datetime.fromtimestamp(int(written) / 1000, UTC)
    for form in () if found else _FORMS:
        try:
            found = datetime.strptime(written, form)  # noqa: DTZ007 - the zone comes below
            break
        except ValueError:
            continue
    if found is None:
        try:
            found = datetime.fromisoformat(written)
        except ValueError:
            raise EntryError("A time cannot be read.") from None
    whole = found if found.tzinfo else found.replace(tzinfo=zone)
    whole = whole.astimezone(UTC)
    return whole if whole > _TOO_EARLY else None


def moment_of_id(number: str, zone: tzinfo) -> datetime | None:
    """Return the moment that an id of ours begins with; None for another's."""
    found = _FROM_ID.fullmatch(number)
    try:
        return moment(found[1], zone) if found else None
    except EntryError:
        return None


_TRUE: Final = frozenset({"true", "yes", "y", "1", "ja", "j", "x"})
_FALSE: Final = frozenset({"false", "no", "n", "0", "nein"})


def flag(value: object) -> bool | None:
    """Return yes or no; None where neither is said."""
    if isinstance(value, bool):
        return value
    said = text(value).lower()
    return True if said in _TRUE else False if said in _FALSE else None
