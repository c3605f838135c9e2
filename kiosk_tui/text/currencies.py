"""ISO 4217's currencies, from the `iso4217` package: ISO's own published list, kept up to date."""

from __future__ import annotations

from functools import cache

import iso4217

from kiosk_tui.domain.money import Currency, MoneyError

iso4217.raw_xml.clear()  # ISO's list as XML, half a megabyte: it was read at the import, and is kept


@cache
def currency(code: str) -> Currency:
    """Return a currency by its three letters. Raises `MoneyError`."""
    try:
        found = iso4217.Currency(code)
    except ValueError:
        raise MoneyError(
            f"'{code}' is not an ISO 4217 currency: give three letters such as EUR."
        ) from None
    if found.exponent is None:
        raise MoneyError(f"{code} is no money that a customer can pay with: give one such as EUR.")
    return Currency(found.value, found.exponent)


@cache
def numbered(number: str) -> Currency:
    """Return a currency by its ISO number, such as 978. Raises `MoneyError`."""
    for one in iso4217.Currency:
        if str(one.number).zfill(3) == number.zfill(3):
            return currency(one.value)
    raise MoneyError(f"'{number}' is no number of an ISO 4217 currency.")
