"""Money as integer minor units of an ISO 4217 currency.

Owns: `Currency`, `Money` (one amount), `Total` (what many come to) and the plain machine form ``12.55``.
Refuses to know: which currencies exist (`kiosk_tui.text.currencies` reads ISO's list) and how a
country writes an amount (`kiosk_tui.text.amounts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from kiosk_tui.records import dataclass

MAX_MINOR = 99_999_999_999
"""Largest amount in minor units: TECS's amount field has 11 digits (API definition)."""

MOST_DECIMALS = 4
_CODE = re.compile(r"[A-Z]{3}", re.ASCII)
_PLAIN = re.compile(r"(?P<whole>[0-9]{1,11})(?:\.(?P<part>[0-9]{1,4}))?", re.ASCII)


class MoneyError(ValueError):
    """An amount that cannot be; its text is one sentence for the person who gave it."""


@dataclass(frozen=True, slots=True)
class Currency:
    """An ISO 4217 currency: three letters and the ISO exponent, its count of decimals (0 to 4)."""

    code: str
    exponent: int

    def __post_init__(self) -> None:
        if _CODE.fullmatch(self.code) is None:
            raise MoneyError(f"'{self.code}' is not a currency: write three letters such as EUR.")
        if not 0 <= self.exponent <= MOST_DECIMALS:
            raise MoneyError(
                f"{self.code} cannot have {self.exponent} decimals: ISO 4217 has 0 to 4."
            )


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of `minor` units (0 to `MAX_MINOR`) of one currency.

    Raises `MoneyError` for a negative or too large amount, and when currencies are mixed.
    """

    minor: int
    currency: Currency

    def __post_init__(self) -> None:
        if not 0 <= self.minor <= MAX_MINOR:
            raise MoneyError(
                f"{self.minor} minor units is out of range: an amount has at most 11 digits."
            )

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same_currency(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same_currency(other)
        return self.minor <= other.minor

    def __bool__(self) -> bool:
        return self.minor > 0

    def __str__(self) -> str:
        return f"{plain(self)} {self.currency.code}"

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact."""
        return _decimal(self.minor, self.currency)

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise MoneyError(
                f"{self.currency.code} and {other.currency.code} cannot be put together."
            )


@dataclass(frozen=True, slots=True)
class Total:
    """What amounts come to: `minor` units of one currency, as many as there are, or less than none.

    TECS's 11 digits limit one payment, never a day's payments.
    """

    minor: int
    currency: Currency

    def __str__(self) -> str:
        return f"{plain(self)} {self.currency.code}"

    @property
    def decimal(self) -> Decimal:
        """The sum in major units, exact."""
        return _decimal(self.minor, self.currency)


def zero(currency: Currency) -> Money:
    """Return nothing, in that currency."""
    return Money(0, currency)


def by_currency(amounts: Iterable[Money]) -> Mapping[Currency, Total]:
    """Add amounts up, each currency for itself, in the order in which they come."""
    sums: dict[Currency, int] = {}
    for one in amounts:
        sums[one.currency] = sums.get(one.currency, 0) + one.minor
    return {currency: Total(minor, currency) for currency, minor in sums.items()}


def plain(money: Money | Total) -> str:
    """Write an amount the way machines exchange it: ``12.55``, ``500``, ``1.250``, ``-3.00``."""
    return f"{money.decimal:f}"


def _decimal(minor: int, currency: Currency) -> Decimal:
    # read, not computed: arithmetic rounds what is longer than the context's precision
    return Decimal(f"{minor}E-{currency.exponent}")


def example_of(currency: Currency) -> Money:
    """Return an amount that shows how amounts of a currency are written."""
    return Money(1255 if currency.exponent else 12, currency)


def parse_plain(text: str, currency: Currency) -> Money:
    """Read ``12.55`` (ASCII digits, a point, no more decimals than the currency has).

    Fewer decimals are filled up: ``12.5`` EUR is 12.50. Raises `MoneyError`.
    """
    found = _PLAIN.fullmatch(text)
    example = plain(example_of(currency))
    if found is None:
        raise MoneyError(f"'{text}' is not an amount in {currency.code}: write it like {example}.")
    part = found["part"] or ""
    if len(part) > currency.exponent:
        raise MoneyError(
            f"'{text}' has {len(part)} decimals, but {currency.code} has {currency.exponent}:"
            f" write it like {example}."
        )
    return Money(int(found["whole"] + part.ljust(currency.exponent, "0")), currency)


def type_digit(money: Money, digit: int) -> Money:
    """Push one digit in from the right, as on a cash register; full means unchanged."""
    minor = money.minor * 10 + digit
    return money if minor > MAX_MINOR else Money(minor, money.currency)


def type_run(money: Money, digits: str, most: Money) -> Money | None:
    """Push digits that came in one piece in from the right: all of them, or none at all.

    None for anything but ASCII digits, and for more of them than the largest amount has: a scan.
    """
    if len(digits) > len(str(most.minor)) or (digits and not _is_digits(digits)):
        return None
    typed = int(f"{money.minor}{digits}")
    if len(str(typed)) > len(str(most.minor)):
        return None
    return Money(typed, money.currency)


def within_digits(money: Money, most: Money) -> bool:
    """Say whether an amount has at most as many digits as the largest one: a field has no more room."""
    return len(str(money.minor)) <= len(str(most.minor))


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def take_digit(money: Money) -> Money:
    """Take the last typed digit away."""
    return Money(money.minor // 10, money.currency)
