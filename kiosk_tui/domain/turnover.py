"""A closed day beside what TECS says of it: to the cent, each difference named.

What is compared is what customers paid less what they were paid back, by currency and, where the other side
tells them, by card brand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kiosk_tui.domain.days import DayReport
from kiosk_tui.domain.money import Currency, MoneyError, Total
from kiosk_tui.domain.totals import Sum, brand_named
from kiosk_tui.records import dataclass

_TOTAL: Final = re.compile(r"([-+\u2212]?)([0-9]{1,15})(?:[.,]([0-9]{1,4}))?", re.ASCII)
_BLANKS: Final = str.maketrans("", "", " '\u2019\u00a0\u202f")

ALL: Final = ""
"""The brand of a line that is about all cards."""


def parse_total(text: str, currency: Currency) -> Total:
    """Read a sum that people or tables write: `1255.00`, `-12,55`, `1.255,00`, `1'255.00`.

    Of two kinds of signs the last one is the decimal sign; where it is not clear which it is (`1.255`), the
    sum is refused. Raises `MoneyError`.
    """
    bare = text.translate(_BLANKS)
    last = max(bare.rfind("."), bare.rfind(","))
    sign = bare[last] if last >= 0 else ""
    grouping = {".": ",", ",": "."}.get(sign, "")
    plain = bare.replace(grouping, "") if grouping else bare
    found = _TOTAL.fullmatch(plain)
    if found is None or len(found[3] or "") > currency.exponent:
        raise MoneyError(f"'{text}' is no amount in {currency.code}")
    minor = int(found[2] + (found[3] or "").ljust(currency.exponent, "0"))
    return Total(-minor if found[1] in {"-", "\u2212"} else minor, currency)


@dataclass(frozen=True, slots=True)
class Turnover:
    """One line of the other side's: `count` is None where it does not tell how many."""

    total: Total
    count: int | None = None
    brand: str = ALL


@dataclass(frozen=True, slots=True)
class TurnoverDifference:
    """Where both do not agree. `ours` or `theirs` is None where that side says nothing of it."""

    currency: Currency
    brand: str
    ours: Sum | None
    theirs: Turnover | None

    @property
    def minor(self) -> int:
        """What the other side has more than the register, in minor units; less is negative."""
        theirs = 0 if self.theirs is None else self.theirs.total.minor
        return theirs - (0 if self.ours is None else self.ours.minor)


def differences(day: DayReport, told: Sequence[Turnover]) -> tuple[TurnoverDifference, ...]:
    """Return every difference, in the order of currencies and brands; none where all agrees.

    Only what the other side tells is compared: all cards together, by brand, or both. A currency of which
    it says nothing at all is a difference, too, unless nothing was moved in it. Lines of one brand, in
    whatever spelling, are added up.
    """
    return tuple(_differences(day, _added(told)))


_Lines = Mapping[Currency, Mapping[str, Turnover]]


def _added(told: Sequence[Turnover]) -> _Lines:
    found: dict[Currency, dict[str, Turnover]] = {}
    for one in told:
        name = brand_named(one.brand)
        lines = found.setdefault(one.total.currency, {})
        before = lines.get(name)
        if before is None:
            lines[name] = Turnover(one.total, one.count, name)
            continue
        counts = (before.count, one.count)
        count = None if None in counts else sum(filter(None, counts))
        total = Total(before.total.minor + one.total.minor, one.total.currency)
        lines[name] = Turnover(total, count, name)
    return found


def _differences(day: DayReport, told: _Lines) -> Iterator[TurnoverDifference]:
    sheets = {one.currency: one for one in day.currencies}
    for currency in sorted({*sheets, *told}, key=lambda one: one.code):
        sheet, theirs = sheets.get(currency), told.get(currency, {})
        net = Sum() if sheet is None else sheet.net
        ours = dict(sheet.brands) if sheet is not None else {}
        if ALL in theirs or not theirs:
            yield from _compared(currency, ALL, net, theirs.get(ALL))
        if set(theirs) - {ALL}:
            for brand in sorted({*ours, *theirs} - {ALL}):
                yield from _compared(currency, brand, ours.get(brand), theirs.get(brand))
            if (
                ALL not in theirs
            ):  # cards whose brand the register was not told are in no line of theirs
                yield from _compared(currency, ALL, ours.get(ALL), None)


def _compared(
    currency: Currency, brand: str, ours: Sum | None, theirs: Turnover | None
) -> Iterator[TurnoverDifference]:
    mine, other = ours or Sum(), theirs or Turnover(Total(0, currency), 0)
    counts = other.count is None or other.count == mine.count
    if mine.minor != other.total.minor or not counts:
        yield TurnoverDifference(currency, brand, ours, theirs)
