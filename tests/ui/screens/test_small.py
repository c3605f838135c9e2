"""A small display, or a window that was made smaller: an amount is seen whole, or not at all."""

from __future__ import annotations

import re

import pytest
from support.large import in_figures, shows
from support.pictures import Gallery
from support.showcase import SETTINGS, SHOWCASE
from textual.strip import Strip

SMALL = ((40, 15), (60, 20), (100, 16))
MUST = {
    "amount": "999.99",
    "amount_refused": "0.01",
    "more_time": "",
    "tip_typed": "0.00",
    "tip": "€999.99",
    "tip_fixed": "€12.55",
    "presets": "€100.00",
    "welcome_price": "4.00",
    "waiting": "1,234.56",
    "waiting_card_read": "1,234.56",
    "waiting_asked": "1,234.56",
    "approved": "12.55",
    "meanwhile": "12.55",
    "lane_busy": "€12.55",
    "lane_asked": "€12.55",
    "lane_tip": "1.25",
    "lane_refund": "12.55",
    "lane_approved": "€12.55",
    "lane": "0.00",
}
"""What must be read in whatever room there is."""


NUMBER = re.compile(r"(?<![0-9.,])[0-9][0-9,]*\.[0-9][0-9](?![0-9.])")


def _lines(strips: list[Strip]) -> list[str]:
    return [strip.text for strip in strips]


def _numbers(lines: list[str]) -> set[str]:
    """Return what may be amounts, without currency: a list has it in the head of a column."""
    return set(NUMBER.findall(" ".join((*lines, *in_figures(lines)))))


def _text(strips: list[Strip]) -> str:
    return "\n".join(_lines(strips))


@pytest.mark.timeout(400)  # every screen in every language
@pytest.mark.parametrize(
    "size",
    [SMALL[0], *(pytest.param(one, marks=pytest.mark.journey) for one in SMALL[1:])],
    ids=str,
)
async def test_no_amount_is_cut_and_the_one_that_counts_is_seen(size: tuple[int, int]) -> None:
    whole: dict[str, set[str]] = {}
    for roomy in ((80, 24), (120, 40)):
        async with Gallery(roomy, SETTINGS).opened() as gallery:
            for name in SHOWCASE:
                whole.setdefault(name, set()).update(_numbers(_lines(await gallery.show(name))))
    faults = []
    async with Gallery(size, SETTINGS).opened() as gallery:
        for name in SHOWCASE:
            lines = _lines(await gallery.show(name))
            wrong = _numbers(lines) - whole[name]
            text = "\n".join(lines)
            faults += [f"{name}: {wrong} is cut:\n{text}"] * bool(wrong)
            must = MUST.get(name, "")
            faults += [f"{name}: no {must}:\n{text}"] * (not shows(lines, must))
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("name", ["waiting", "tip", "approved", "lane_busy", "amount", "presets"])
async def test_a_window_that_is_made_smaller_and_large_again_shows_the_same(name: str) -> None:
    async with Gallery((80, 24), SETTINGS).opened() as gallery:
        before = _text(await gallery.show(name))
        small = _text(await gallery.resized(40, 15))
        assert shows(small.split("\n"), MUST[name])
        assert "DEMO" in small
        assert _text(await gallery.resized(80, 24)) == before


async def test_figures_that_fit_in_no_way_are_no_figures() -> None:
    async with Gallery((40, 15), SETTINGS).opened() as gallery:
        await gallery.show("waiting")
        figures = gallery.screen.query_one("#sum Figures")
        figures.styles.max_width = 5
        text = _text(await gallery.redrawn())
        assert "#####" in text
        assert "1,234" not in text


async def test_in_a_demo_a_small_display_says_so_too() -> None:
    async with Gallery((40, 15), SETTINGS).opened() as gallery:
        text = _text(await gallery.show("tip"))
        assert text.startswith("DEMO. ")
        assert "80 x 24 (now 40 x 15)" in " ".join(text.split())
