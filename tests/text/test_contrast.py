"""Every pair of colours can be read on every terminal, whatever a brand's colour is."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style
from support.legible import sights
from support.snapshots import RENDERINGS

from kiosk_tui.text.colours import cubed, hexed
from kiosk_tui.text.looks import CONSOLE, RICH, Rendering
from kiosk_tui.text.themes import NO_TEXT, THEMES, Look, Theme, drawn

COLOURED = tuple(name for name in THEMES if name != "mono")
LOOKS = (CONSOLE, RICH, "cube")
EVERY = pytest.mark.parametrize("theme", COLOURED)


def faults(rendering: Rendering, theme: Theme) -> list[str]:
    found = []
    for role in theme.keys() - NO_TEXT:
        look, drawn_in_it = theme[role], "──" if role == "line" else "text"
        style = Style.parse(f"{'bold ' * look.bold}{look.front} on {look.back}")
        for sight in sights(rendering, theme):
            found += [f"{role}: {why}" for why in sight.weaknesses(Segment(drawn_in_it, style))]
    return found


@EVERY
@pytest.mark.parametrize("look", LOOKS)
def test_every_pair_can_be_read(theme: str, look: str) -> None:
    assert not faults(RENDERINGS[look], drawn(THEMES[theme], RENDERINGS[look]))


def test_a_pair_that_cannot_be_read_is_found() -> None:
    for look, pair in ((CONSOLE, Look("white", "cyan")), (RICH, Look("#808080", "#606060"))):
        theme = {**drawn(THEMES["standard"], RENDERINGS[look]), "dim": pair}
        assert any(one.startswith("dim: ") for one in faults(RENDERINGS[look], theme))


@given(red=st.integers(0, 255), green=st.integers(0, 255), blue=st.integers(0, 255))
def test_256_colours_are_those_that_are_drawn(red: int, green: int, blue: int) -> None:
    chosen = Color.from_rgb(red, green, blue).downgrade(ColorSystem.EIGHT_BIT)
    assert cubed((red, green, blue)) == tuple(chosen.get_truecolor())


@EVERY
@pytest.mark.parametrize("look", LOOKS)
@given(red=st.integers(0, 255), green=st.integers(0, 255), blue=st.integers(0, 255))
@example(red=0, green=0, blue=0)
@example(red=255, green=255, blue=255)
@example(red=11, green=18, blue=32)
@example(red=0, green=0, blue=255)
@example(red=255, green=0, blue=0)
def test_any_colour_of_a_brand_can_be_read(
    theme: str, look: str, red: int, green: int, blue: int
) -> None:
    accent = hexed((red, green, blue))
    assert not faults(RENDERINGS[look], drawn(THEMES[theme], RENDERINGS[look], accent))
