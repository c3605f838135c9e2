"""Every character and every block can be read on the Linux console: contrast of at least 4.5."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.segment import Segment
from rich.style import Style
from support.pictures import Gallery
from support.showcase import SETTINGS, SHOWCASE

from kiosk_tui.screens.themes import COLOURS, LEAST_CONTRAST, THEMES, Look


def _contrast(segment: Segment) -> float:
    style = segment.style
    assert style is not None
    if style.color is None or style.color.is_default:
        assert style.bgcolor is None or style.bgcolor.is_default, "half a pair"
        return 21.0
    assert style.bgcolor is not None
    front, back = style.color.number, style.bgcolor.number
    assert front is not None, "only the 16 colours of the console"
    assert back is not None, "only the 16 colours of the console"
    assert back < 8, "the console has no bright backgrounds"
    return Look(COLOURS[front], COLOURS[back], bold=bool(style.bold)).contrast


def _seen(part: Segment) -> bool:
    return bool(part.text.strip()) or bool(part.style and part.style.reverse)


@pytest.mark.parametrize("theme", THEMES)
async def test_every_character_can_be_read_in_every_theme(theme: str) -> None:
    async with Gallery((80, 24), replace(SETTINGS, theme=THEMES[theme])).opened() as gallery:
        for name in SHOWCASE:
            picture = await gallery.show(name)
            seen = [part for strip in picture for part in strip if _seen(part)]
            assert seen
            for part in seen:
                told = f"{name}: {part.text.strip()!r} is hard to read"
                assert _contrast(part) >= LEAST_CONTRAST, told


async def test_mono_needs_no_colour_at_all() -> None:
    async with Gallery((80, 24), replace(SETTINGS, theme=THEMES["mono"])).opened() as gallery:
        for name in SHOWCASE:
            if name == "starting":
                continue
            for strip in await gallery.show(name):
                for part in strip:
                    assert part.style is not None
                    for colour in (part.style.color, part.style.bgcolor):
                        assert colour is None or colour.is_default, (name, part)


def test_the_yardstick_knows_what_cannot_be_read() -> None:
    assert _contrast(Segment("x", Style.parse("black on green"))) > LEAST_CONTRAST
    assert _contrast(Segment("x", Style.parse("bold black on green"))) < LEAST_CONTRAST
