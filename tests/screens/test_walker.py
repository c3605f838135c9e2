"""Every screen, size and language: only characters that a console has, nothing cut, nothing broken."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.pictures import Gallery
from support.showcase import SETTINGS, SHOWCASE
from textual.strip import Strip
from textual.widgets import Static

from kiosk_tui.locales.glyphs import ASCII, DRAWN, LETTERS
from kiosk_tui.locales.texts import NAMES
from kiosk_tui.screens.themes import THEMES
from kiosk_tui.widgets.lettering import Lettering, rows

SIZES = ((80, 24), (100, 30), (120, 40), (200, 60))
SAFE = ASCII | DRAWN


def _faults(language: str, strips: list[Strip], gallery: Gallery) -> list[str]:
    lines = [strip.text for strip in strips]
    shown = " ".join(" ".join(lines).split())
    found = [f"{widget!r} is cut" for widget in gallery.cut()]
    names = gallery.screen.languages()  # each by its own name, in its own letters
    unsafe = {one for line in lines for one in line} - SAFE - set(LETTERS[language] + names)
    found += [f"{one!r} is no character of a console" for one in sorted(unsafe)]
    found += ["there is an ellipsis"] * ("..." in shown or "\u2026" in shown)
    for word in gallery.screen.query(Lettering):
        drawn = "".join(rows(word._text, word.size.width))
        found += [f"{word._text!r} is not written large"] * (word.is_on_screen and "█" not in drawn)
    for one in gallery.screen.query(Static):
        text = str(one.render())
        if one.is_on_screen and one.region.area:
            found += [f"{word!r} is broken" for word in text.split() if word not in shown]
    return found


@pytest.mark.parametrize(
    ("language", "size", "theme"),
    [
        *((language, SIZES[0], "standard") for language in NAMES),  # where it is tight
        *((language, size, "standard") for language in ("en", "de") for size in SIZES[1:]),
        *(("de", SIZES[0], theme) for theme in THEMES if theme != "standard"),
    ],
    ids=str,
)
async def test_every_screen_is_whole_in_every_size_theme_and_language(
    language: str, size: tuple[int, int], theme: str
) -> None:
    settings = replace(SETTINGS, languages=(language, *NAMES), locale=language, theme=THEMES[theme])
    faults = []
    async with Gallery(size, settings).opened() as gallery:
        for name in SHOWCASE:
            strips = await gallery.show(name)
            assert len(strips) == size[1]
            faults += [f"{name}: {fault}" for fault in _faults(language, strips, gallery)]
    assert not faults, "\n".join(faults)


async def test_the_walker_sees_what_is_cut_broken_or_unsafe() -> None:
    async with Gallery((80, 24), SETTINGS).opened() as gallery:
        await gallery.show("amount")
        note = gallery.screen.query_one("#note", Static)
        note.update("x" * 100 + " \u2713 and\u2026 " + "\n" * 30 + "end")
        await gallery._pilot.pause()
        strips = gallery.screen._compositor.render_strips()
        told = " ".join(_faults("en", list(strips), gallery))
        await gallery.show("approved")
        gallery.screen.query_one(Lettering).show("\u03a9")
        told += " ".join(_faults("en", await gallery.redrawn(), gallery))
    for what in ("is cut", "is broken", "no character", "ellipsis", "not written large"):
        assert what in told


@pytest.mark.parametrize("size", SIZES[:3], ids=str)
async def test_a_screen_that_moves_against_burn_in_stays_whole(size: tuple[int, int]) -> None:
    settings = replace(SETTINGS, languages=("de", *NAMES), locale="de")
    async with Gallery(size, settings).opened() as gallery:
        for name in ("welcome_full", "welcome_full_price", "closed_clock"):
            rest = await gallery.show(name)
            pictures = set()
            for _ in range(6):
                strips = await gallery.moved()
                pictures.add("\n".join(strip.text for strip in strips))
                assert not _faults("de", strips, gallery)
            assert len(pictures) == 6
            assert "\n".join(strip.text for strip in rest) in pictures
