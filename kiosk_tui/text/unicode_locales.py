"""How a locale writes numbers, days and times, as Babel has it from Unicode (CLDR).

Loaded at a kiosk only for a locale that the table does not have; the table is made by this.
"""

from __future__ import annotations

from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import tokenize_pattern
from babel.numbers import get_currency_symbol, list_currencies

from kiosk_tui.text.conventions import Conventions, LocaleError

_SIGNS: Final = ("€", "£", "$")


def conventions(name: str) -> Conventions:
    """Return a locale's. Raises `LocaleError`."""
    try:
        locale = Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        raise LocaleError(f"'{name}' is not a language: give one such as en or de_AT.") from None
    symbols = locale.number_symbols["latn"]
    money = locale.currency_formats["standard"].pattern.split(";")[0]
    percent = locale.percent_formats[None]
    signs = {one: get_currency_symbol(one, locale) for one in sorted(list_currencies())}
    skeletons, halves = locale.datetime_skeletons, locale.day_periods["format"]["abbreviated"]
    return Conventions(
        decimal=symbols["decimal"],
        group=symbols["group"],
        symbol_first=money.index("¤") < money.index("0"),
        percent=f"{percent.prefix[0]}{{}}{percent.suffix[0]}".replace(
            "%", symbols.get("percentSign", "%")
        ),
        symbols={code: sign for code, sign in signs.items() if sign in _SIGNS},
        day=_template(str(skeletons["yMMMEd"])),
        short_day=_template(str(skeletons["MMMEd"])),
        time=_template(locale.time_formats["short"].pattern),
        months=[locale.months["format"]["abbreviated"][month] for month in range(1, 13)],
        weekdays=[locale.days["format"]["abbreviated"][day] for day in range(7)],
        halves=[halves["am"], halves["pm"]],
    )


def symbol(code: str, locale: str) -> str:
    """Return a currency's sign, or its code where the locale has none."""
    return str(get_currency_symbol(code, locale.replace("-", "_")))


def _template(pattern: str) -> str:
    """Return Unicode's pattern as a template of Python; E to EEE are the same name."""
    told = []
    for _, value in tokenize_pattern(pattern):
        if isinstance(value, str):
            told.append(value)
        else:
            letter, count = value
            told.append(f"{{{'E' if letter in 'Ec' else letter.replace('L', 'M') * count}}}")
    return "".join(told)
