"""Whatever an amount is, it is read from the cells as it was meant: never cut, never missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from support.large import amounts, figures_in
from support.pictures import Gallery
from support.showcase import SETTINGS
from support.snapshots import RENDERINGS
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.text.amounts import amount_text
from kiosk_tui.text.looks import CONSOLE, RICH
from kiosk_tui.ui.screens.frame import Frame
from kiosk_tui.ui.widgets.figures import Figures, Use
from kiosk_tui.ui.widgets.room import step_of

CURRENCIES = tuple(
    Currency(code, exponent)
    for code, exponent in (
        *(("EUR", 2), ("GBP", 2), ("USD", 2), ("CHF", 2)),
        *(("JPY", 0), ("TND", 3)),
    )
)
LOCALES = ("en", "de", "fr", "de_CH", "pl")
SIZES = ((40, 12), (60, 20), (80, 24), (100, 30), (120, 40), (200, 60))
LOOKS = (CONSOLE, RICH)
LIMIT = 99_999_999
"""Minor units: far beyond what any kiosk takes."""
EDGES = (
    1,
    9,
    10,
    99,
    100,
    101,
    999,
    1_000,
    9_999,
    10_000,
    11_111,
    99_999,
    100_000,
    123_456_78,
    LIMIT,
)
USES: tuple[Use, ...] = ("entry", "result", "tile")

Key = tuple[Use | str, Currency, str]


class Fields(Frame):
    """Figures of every use, currency and locale below each other, as wide as a screen's column."""

    figures: ClassVar[dict[Key, Figures]] = {}

    def compose(self) -> ComposeResult:
        column = self.app.size.width - 2 * step_of(self.app.size).margin
        with VerticalScroll():
            for currency, locale in product(CURRENCIES, LOCALES):
                for use in (*USES, "still"):
                    yield self._made(use, currency, locale, column)

    def _made(self, use: Use | str, currency: Currency, locale: str, column: int) -> Figures:
        widest = amount_text(Money(LIMIT, currency), locale)
        if use in ("entry", "still"):
            made = Figures(widest, use="entry", widest=widest, still=use == "still")
        else:
            made = Figures(widest, use="result" if use == "result" else "tile")
        made.styles.width = column
        self.figures[use, currency, locale] = made
        return made


def read(figures: Figures) -> list[str]:
    """Return the rows of a widget as it draws them now."""
    size = figures.size
    high = figures.get_content_height(size, size, size.width)
    return [figures.render_line(row).text for row in range(high)]


def wrong(lines: Sequence[str], money: Money, locale: str) -> str:
    """Say what is wrong with an amount that is drawn; "" where it is read as it was meant."""
    wanted = str(amount_text(money, locale)).replace(" ", "")
    found = amounts(lines)
    return "" if found == [wanted] else f"{wanted} is read as {found}:\n" + "\n".join(lines)


def places(lines: Sequence[str]) -> tuple[int, ...]:
    """Return where the number ends and where the currency stands; nothing where all is plain."""
    found = list(figures_in(lines))
    ends = [one.right for one in found if any(map(str.isdigit, one.text))]
    return (*ends, *(one.left for one in found if one.text[0] not in "-0123456789"))


@pytest.mark.parametrize(("size", "look"), product(SIZES, LOOKS), ids=str)
async def test_every_amount_is_read_as_it_was_meant(size: tuple[int, int], look: str) -> None:
    settings = replace(SETTINGS, rendering=RENDERINGS[look])
    edges: dict[tuple[Currency, str], set[tuple[int, ...]]] = {}

    @effort(max_examples=120, deadline=None)
    @given(
        currency=st.sampled_from(CURRENCIES),
        locale=st.sampled_from(LOCALES),
        use=st.sampled_from((*USES, "still")),
        minor=st.one_of(st.integers(1, LIMIT), st.integers(1, 99_999)),
    )
    def holds(currency: Currency, locale: str, use: str, minor: int) -> None:
        one = Fields.figures[use, currency, locale]
        money = Money(minor, currency)
        one.show(amount_text(money, locale))
        assert one.size.width > 0
        lines = read(one)
        assert not wrong(lines, money, locale)
        if use == "entry":
            edges.setdefault((currency, locale), set()).add(places(lines))

    async with Gallery(size, settings).opened() as gallery:
        await gallery.build(lambda _: Fields())
        holds()
        for use, currency, locale in Fields.figures:
            for minor in EDGES:
                one = Fields.figures[use, currency, locale]
                one.show(amount_text(Money(minor, currency), locale))
                assert not wrong(read(one), Money(minor, currency), locale)
    moved = {key: found for key, found in edges.items() if len(found) > 1}
    assert not moved, "the right edge or the currency moves while one types"


@pytest.mark.parametrize("look", LOOKS)
async def test_the_reading_sees_what_is_cut_missing_or_another_amount(look: str) -> None:
    settings = replace(SETTINGS, rendering=RENDERINGS[look])
    currency, locale = CURRENCIES[0], "de"
    money = Money(1255, currency)
    async with Gallery((120, 40), settings).opened() as gallery:
        await gallery.build(lambda _: Fields())
        one = Fields.figures["result", currency, locale]
        one.show(amount_text(money, locale))
        lines = read(one)
        assert not wrong(lines, money, locale)
        edge = next(figures_in(lines))
        for spoilt in (
            [line[edge.left + 2 :] for line in lines],
            [line[: edge.right - 2] for line in lines],
            lines[1:],
            [line.replace("█", " ", 1) for line in lines],
            [],
        ):
            assert wrong(spoilt, money, locale)
        assert wrong(lines, Money(1256, currency), locale)
        one.show(amount_text(money, locale)._replace(symbol="$"))
        assert wrong(read(one), money, locale)
