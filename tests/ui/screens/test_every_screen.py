"""Every screen in every size, theme and language: nothing cut or broken, all to be read, as accepted.

One walk for all of it: to draw a hundred screens takes ten seconds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from rich.segment import Segment
from rich.style import Style
from support.legible import Sight, coloured, sights, unwhole, without_cards
from support.pictures import Gallery
from support.showcase import SETTINGS, SHOWCASE
from support.snapshots import (
    ALBUMS,
    FOLDER,
    RENDERINGS,
    SIZES,
    WIDEST,
    Album,
    draw,
    picture,
    read,
    use_utc,
    write,
)
from textual.widgets import Static

from kiosk_tui.text.looks import CONSOLE, RICH
from kiosk_tui.text.themes import THEMES, Look, drawn
from kiosk_tui.text.translations import NAMES
from kiosk_tui.ui.widgets.word import Word

HOW = "look at both; when the new one is better: PYTHONPATH=tests:. python -m support.snapshots"


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as zone:
        zone.setenv("TZ", "UTC")
        use_utc()
        yield
    time.tzset()


QUICK = {
    "80x24-standard-en",
    "80x24-standard-de",
    "120x40-standard-en",
    "120x40-dark-calm-en-rich",
}
"""The albums that are walked through before each commit; the others, before anything lands."""


@pytest.mark.parametrize(
    "album",
    [pytest.param(one, marks=[] if str(one) in QUICK else pytest.mark.journey) for one in ALBUMS],
    ids=str,
)
async def test_every_screen_is_whole_can_be_read_and_looks_as_it_was_accepted(album: Album) -> None:
    seen, faults = {}, []
    seen_as = sights(album.rendering, album.settings.theme)
    async with Gallery(album.size, album.settings).opened() as gallery:
        for name in SHOWCASE:
            strips = await gallery.show(name)
            assert len(strips) == album.size[1]
            found = unwhole(album.language, strips, gallery, rich=album.rendering.rich)
            for sight in seen_as:
                found += sight.unreadable(without_cards(strips, gallery))
            if album.theme == "mono" and name != "starting":
                found += coloured(strips)
            faults += [f"{name}: {fault}" for fault in found]
            seen[name] = picture(strips)
    assert not faults, "\n".join(faults)
    if album.kept:
        accepted = read(album)
        assert list(seen) == list(accepted), HOW
        changed = [name for name in seen if seen[name] != accepted[name]]
        told = "\n".join(
            f"{name}, accepted, then now:\n{accepted[name]}{seen[name]}" for name in changed
        )
        assert not changed, f"{told}\x1b[m\n{', '.join(changed)}: {HOW}"


def test_every_size_theme_and_language_is_walked_through() -> None:
    assert {str(album) for album in ALBUMS} > QUICK
    assert {album.size for album in ALBUMS} > set(SIZES)
    assert {album.language for album in ALBUMS if album.size == SIZES[0]} == set(NAMES)
    assert {album.theme for album in ALBUMS if album.size == SIZES[0]} == set(THEMES)
    for size in (*SIZES, WIDEST):
        walked = [album for album in ALBUMS if album.size == size]
        assert {album.rendering.rich for album in walked} == {False, True}
        assert {album.theme for album in walked} >= {"standard", "dark-calm", "high-contrast"}


def test_no_picture_is_kept_that_nobody_compares() -> None:
    kept = {one.path.name for one in ALBUMS if one.kept}
    assert {one.name for one in FOLDER.iterdir()} == kept


async def test_a_picture_tells_colours_apart_and_is_read_back_as_it_was_written() -> None:
    pictures = await draw(ALBUMS[0], "welcome")
    assert pictures["welcome"] != pictures["welcome_due"]
    assert "\x1b[" in pictures["welcome"]
    assert write(pictures).count("=== ") == len(pictures)


async def test_the_walk_sees_what_is_cut_broken_or_unsafe() -> None:
    async with Gallery((80, 24), SETTINGS).opened() as gallery:
        await gallery.show("amount")
        note = gallery.screen.query_one("#note", Static)
        note.update("x" * 100 + " \u2713 and\u2026 " + "\n" * 30 + "end")
        told = " ".join(unwhole("en", await gallery.redrawn(), gallery))
        await gallery.show("approved")
        gallery.screen.query_one("#flood Word", Word).show("\u03a9")
        told += " ".join(unwhole("en", await gallery.redrawn(), gallery))
    for what in ("is cut", "is broken", "no character", "ellipsis", "not written large"):
        assert what in told


@pytest.mark.parametrize(
    ("style", "told"),
    [
        ("black on green", None),
        ("bold black on green", "hard to read"),  # bold black is grey on this console
        ("white on bright_blue", "no bright backgrounds"),
        ("white", "half a pair"),
        ("default on blue", "half a pair"),
        ("#102030 on blue", "another colour"),
    ],
)
def test_the_yardstick_knows_what_cannot_be_read(style: str, told: str | None) -> None:
    found = " ".join(Sight("VGA").weaknesses(Segment("x", Style.parse(style))))
    assert (told in found) if told else not found


STANDARD = THEMES["standard"]


@pytest.mark.parametrize(
    ("look", "sight", "text", "style", "readable"),
    [
        (CONSOLE, "VGA", "text", "bright_white on green", False),
        (CONSOLE, "VGA", "██", "bright_white on green", True),  # 3.1
        (CONSOLE, "tuned", "text", "white on cyan", False),
        (CONSOLE, "VGA", "██", "bright_black on black", True),  # what is not lit, and is no text
        (CONSOLE, "VGA", "0", "bright_black on black", False),
        (RICH, "true colour", "text", "#F5F8FC on #2FBF77", False),
        (RICH, "true colour", "text", "#04170D on #2FBF77", True),
        (RICH, "true colour", "▀▄", "#3D5480 on #0B1220", True),
        (RICH, "true colour", "▀▄", "#3D5480 on #182642", False),
        (RICH, "256 colours", "text", "#5F7194 on #0B1220", False),
        (RICH, "256 colours", "text", "#B4C2D9 on #0B1220", True),
    ],
)
def test_the_yardstick_knows_each_palette_and_shape(
    look: str, sight: str, text: str, style: str, *, readable: bool
) -> None:
    rendering = RENDERINGS[look]
    found = {one.name: one for one in sights(rendering, drawn(STANDARD, rendering))}
    assert readable is not bool([*found[sight].weaknesses(Segment(text, Style.parse(style)))])


def test_the_yardstick_looks_at_both_ends_of_a_ground_that_changes() -> None:
    theme = {**STANDARD.gentle, "ok": Look("#04170D", "#2FBF77", below="#0B3A20")}
    part = Segment("text", Style.parse("#04170D on #2FBF77"))
    assert not [*sights(RENDERINGS[RICH], STANDARD.gentle)[0].weaknesses(part)]
    assert [*sights(RENDERINGS[RICH], theme)[0].weaknesses(part)]


async def test_the_walk_sees_what_a_terminal_of_one_colour_cannot_show() -> None:
    async with Gallery((80, 24), SETTINGS).opened() as gallery:
        assert coloured(await gallery.show("approved"))


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_screen_that_moves_against_burn_in_stays_whole(size: tuple[int, int]) -> None:
    settings = replace(SETTINGS, languages=("de", *NAMES), locale="de")
    async with Gallery(size, settings).opened() as gallery:
        for name in ("welcome_full", "welcome_full_price", "closed_clock"):
            rest = await gallery.show(name)
            pictures = set()
            for _ in range(6):
                strips = await gallery.moved()
                pictures.add("\n".join(strip.text for strip in strips))
                assert not unwhole("de", strips, gallery)
            assert len(pictures) >= 4
            assert "\n".join(strip.text for strip in rest) in pictures
