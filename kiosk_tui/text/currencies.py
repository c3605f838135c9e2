"""ISO 4217's currencies, by a table that was made from ISO's own published list."""

from __future__ import annotations

from functools import cache

from kiosk_tui.domain.money import Currency, MoneyError
from kiosk_tui.text.iso4217 import CURRENCIES


@cache
def currency(code: str) -> Currency:
    """Return a currency by its three letters. Raises `MoneyError`."""
    if code not in CURRENCIES:
        raise MoneyError(f"'{code}' is not an ISO 4217 currency: give three letters such as EUR.")
    _, exponent = CURRENCIES[code]
    if exponent is None:
        raise MoneyError(f"{code} is no money that a customer can pay with: give one such as EUR.")
    return Currency(code, exponent)


@cache
def numbered(number: str) -> Currency:
    """Return a currency by its ISO number, such as 978. Raises `MoneyError`."""
    for code, (known, _) in CURRENCIES.items():
        if known == number.zfill(3):
            return currency(code)
    raise MoneyError(f"'{number}' is no number of an ISO 4217 currency.")
