"""Amounts as a locale writes them, with ISO's decimals and a console's characters."""

from __future__ import annotations

import contextlib
import re
from typing import NamedTuple

from kiosk_tui.domain.money import Currency, Money, MoneyError, Total, example_of, parse_plain
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.text.conventions import conventions
from kiosk_tui.text.glyphs import drawable

_SPACES = re.compile(r"[\u00a0\u202f\u2009]")
_MARKS = re.compile(r"[\u200e\u200f\u061c]")
_WAYS_TO_WRITE = ("en", "de", "de_CH", "fr")
"""A point or a comma before the decimals; a comma, a point, an apostrophe or a blank between groups."""
_SYMBOLS = {"€", "£", "$"}
"""Currency symbols that console fonts have; every other currency is written by its code."""


def check_locale(name: str) -> str:
    """Return a locale's name as it was given. Raises `LocaleError`."""
    conventions(name)
    return name


def format_number(money: Money | Total, locale: str) -> str:
    """Write an amount without its currency: `1.234,50`; a sum below nothing with a sign in front."""
    known = conventions(locale)
    written = f"{money.decimal.copy_abs():,.{money.currency.exponent}f}"
    return _sign(money) + plain(written.translate({ord(","): known.group, ord("."): known.decimal}))


class AmountText(NamedTuple):
    """An amount in its parts, for whoever draws them: `-`, `1.234,50`, `€`, and where that stands.

    `symbol` is the currency's sign, or its code where consoles have none.
    """

    sign: str
    number: str
    symbol: str
    symbol_first: bool

    def __str__(self) -> str:
        if not self.symbol_first:
            return f"{self.sign}{self.number} {self.symbol}"
        gap = "" if self.symbol in _SYMBOLS else " "
        return f"{self.sign}{self.symbol}{gap}{self.number}"


def amount_text(money: Money | Total, locale: str) -> AmountText:
    """Return an amount's parts as the locale writes them."""
    known, code = conventions(locale), money.currency.code
    symbol = known.symbols.get(code, code)
    shown = symbol in _SYMBOLS and drawable(symbol) == symbol
    name = symbol if shown else code
    sign = _sign(money)
    number = format_number(money, locale).removeprefix(sign)
    return AmountText(sign, number, name, known.symbol_first)


def format_amount(money: Money | Total, locale: str) -> str:
    """Write an amount with its currency, on the side where the locale writes it."""
    return str(amount_text(money, locale))


def _sign(money: Money | Total) -> str:
    """Return the sign that every console and printer has; the locales' own signs are many."""
    return "-" if money.minor < 0 else ""


def format_percent(percent: int, locale: str) -> str:
    """Write a percentage: `5%`, or `5 %` where a space belongs."""
    return plain(conventions(locale).percent.format(percent))


def parse_amount(text: str, currency: Currency, locale: str) -> Money:
    """Read an amount as the locale writes it, strictly. Raises `MoneyError`."""
    known = conventions(locale)
    decimal, group = plain(known.decimal), plain(known.group)
    compact = plain(text).strip()
    whole, _, part = compact.partition(decimal)
    if group in whole and not _grouped(whole, group):
        raise _no_amount(text, currency, locale)
    try:
        written = whole.replace(group, "") + (f".{part}" if part or decimal in compact else "")
        return parse_plain(written, currency)
    except MoneyError:
        raise _no_amount(text, currency, locale) from None


def read_pasted(text: str, currency: Currency, locale: str) -> Money:
    """Read an amount that is one without doubt, however its country writes it. Raises `MoneyError`.

    The currency may stand beside it; the decimals must be there, or `1234` could be 12.34 as well. What
    two countries read as two amounts (`1.234` dinars), or one of them as none (`1.234` euros), is none.
    """
    bare = _without_currency(one_line(text).strip(), currency, locale)
    if not _ends_like_an_amount(bare, currency):
        raise _no_amount(text, currency, locale)
    read = set()
    for country in _WAYS_TO_WRITE:
        with contextlib.suppress(MoneyError):
            read.add(parse_amount(bare, currency, country))
    if len(read) != 1:
        raise _no_amount(text, currency, locale)
    return read.pop()


def _without_currency(text: str, currency: Currency, locale: str) -> str:
    if text[:1].isdigit() and text[-1:].isdigit():
        return text
    from kiosk_tui.text.unicode_locales import symbol  # noqa: PLC0415 - Babel: somebody pasted a sign

    shown = {symbol(currency.code, one) for one in (locale, "en")}
    for name in (currency.code, currency.code.lower(), *shown):
        if text.startswith(name) != text.endswith(name):
            return text.removeprefix(name).removesuffix(name).strip()
    return text


def _ends_like_an_amount(text: str, currency: Currency) -> bool:
    if not currency.exponent:
        return True
    return re.search(rf"[0-9][.,][0-9]{{1,{currency.exponent}}}$", text, re.ASCII) is not None


def _grouped(whole: str, group: str) -> bool:
    """Say whether groups stand where some country puts them: 1.234.567 or 12,34,567."""
    first, *rest = whole.split(group)
    right = 1 <= len(first) <= 3 and len(rest[-1]) == 3  # noqa: PLR2004
    return right and all(len(one) in (2, 3) for one in rest)


def _no_amount(text: str, currency: Currency, locale: str) -> MoneyError:
    example = format_number(example_of(currency), locale)
    return MoneyError(f"'{text}' is not an amount in {currency.code}: write it like {example}.")


def plain(text: str) -> str:
    """Replace what a console font lacks: special spaces, apostrophes, direction marks."""
    return _MARKS.sub("", _SPACES.sub(" ", text)).replace("\u2019", "'")
