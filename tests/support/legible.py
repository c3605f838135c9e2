"""What is wrong with a screen that is shown: cut, broken, not to be read, no character of a console."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widgets import Static

from kiosk_tui.start.abilities import TUNED
from kiosk_tui.text.colours import CONSOLE_PALETTE, DARK, RGB, contrast, rgb
from kiosk_tui.text.glyphs import ASCII, BLOCKS, DOUBLE_LINES, DRAWN, LETTERS, LINES, RICH, SHADES
from kiosk_tui.text.looks import CUBE, Rendering
from kiosk_tui.text.themes import LEAST_CONTRAST, Theme
from kiosk_tui.text.translations import NAMES
from kiosk_tui.ui.screens.lane.lane import LaneScreen
from kiosk_tui.ui.screens.staffed import StaffedScreen
from kiosk_tui.ui.widgets.card import Card
from kiosk_tui.ui.widgets.word import Word
from support.pictures import Gallery

SAFE = ASCII | DRAWN


def unwhole(
    language: str, strips: list[Strip], gallery: Gallery, *, rich: bool = False
) -> list[str]:
    """Tell what is cut, broken, or no character that the look may draw."""
    lines = [strip.text for strip in strips]
    shown = " ".join(" ".join(lines).split())
    found = [f"{widget!r} is cut" for widget in gallery.cut()]
    names = "".join(NAMES.values())  # each by its own name, in its own letters
    may = SAFE | set(LETTERS[language] + names) | (RICH if rich else set())
    unsafe = {one for line in lines for one in line} - may
    found += [f"{one!r} is no character of this look" for one in sorted(unsafe)]
    cut_is_told = isinstance(
        gallery.screen, StaffedScreen | LaneScreen
    )  # lists, where the whole is a key away
    told = "..." in shown or "\u2026" in shown
    found += ["there is an ellipsis"] * (told and not cut_is_told)
    for word in gallery.screen.query(Word):
        plain = not word.is_large and word.is_on_screen
        found += [f"{word.text!r} is not written large"] * plain
    for one in gallery.screen.query(Static):
        text = str(one.render())
        if one.is_on_screen and one.region.area:
            found += [f"{word!r} is broken" for word in text.split() if word not in shown]
    return found


def without_cards(strips: list[Strip], gallery: Gallery) -> list[Strip]:
    """Return what is to be read: the picture of a card in its gradient is none of it."""
    rest = list(strips)
    for card in gallery.screen.query(Card):
        if card.is_on_screen:
            place = card.region
            for row in range(max(0, place.y), min(place.bottom, len(rest))):
                parts = rest[row].crop(0, place.x), rest[row].crop(place.right)
                rest[row] = Strip.join(parts)
    return rest


LEAST_OF_SHAPES: Final = 3.0
"""WCAG 2.1, 1.4.11: figures, signs, frames and large letters."""
_SHAPES: Final = frozenset(
    " " + BLOCKS + LINES + DOUBLE_LINES + SHADES + "▀▄▌▐▘▝▖▗▚▞▛▜▙▟▁▂▃▅▆▇━╭╮╰╯●○•"
)
_UNREAD: Final = ("track", "gold")
"""Roles that nothing is told by alone: what is drawn in their colours is no text, and may be faint."""


@dataclass(frozen=True)
class Sight:
    """How colours look on a terminal: in its palette, or in as many as it has."""

    name: str
    palette: tuple[RGB, ...] = CONSOLE_PALETTE
    console: bool = True
    """Whether it has sixteen colours, and only the first eight for a ground."""
    cube: bool = False
    """Whether it has 256 colours."""
    grounds: Mapping[RGB, RGB] = field(default_factory=dict)
    """Where a ground goes to, from row to row."""
    faint: frozenset[tuple[RGB, RGB]] = frozenset()
    """Pairs of what is no text, and may be faint."""

    def unreadable(self, strips: list[Strip]) -> list[str]:
        """Tell what cannot be read."""
        seen = {part for strip in strips for part in strip if _seen(part)}
        if not seen:
            return ["nothing is to be seen"]
        return [f"{why} ({self.name})" for part in seen for why in self.weaknesses(part)]

    def weaknesses(self, part: Segment) -> Iterator[str]:
        """Tell why a piece of a row cannot be read."""
        style, what = part.style, repr(part.text.strip())
        if style is None:
            yield f"{what} has no style at all"
            return
        pair = [
            None if one is None or one.is_default else one for one in (style.color, style.bgcolor)
        ]
        if pair == [None, None]:
            return  # as the terminal has it
        front, back = pair
        if front is None or back is None:
            yield f"{what} has half a pair of colours"
            return
        if style.reverse:
            front, back = back, front
        if self.console and (front.number is None or back.number is None):
            yield f"{what} has another colour than the 16 of the console"
        elif self.console and (back.number or 0) >= DARK:
            yield f"{what}: the console has no bright backgrounds"
        else:
            yield from self._too_faint(part, front, back, bold=bool(style.bold))

    def _too_faint(self, part: Segment, front: Color, back: Color, *, bold: bool) -> Iterator[str]:
        ink, ground = self._seen_as(front, bold=bold), self._seen_as(back)
        is_shape = _SHAPES.issuperset(part.text)
        if is_shape and (ink, ground) in self.faint:
            return
        least = LEAST_OF_SHAPES if is_shape else LEAST_CONTRAST
        found = min(contrast(ink, one) for one in {ground, self.grounds.get(ground, ground)})
        if found < least:
            yield f"{part.text.strip()!r} is hard to read: {found:.1f}"

    def _seen_as(self, colour: Color, *, bold: bool = False) -> RGB:
        if self.cube:
            colour = colour.downgrade(ColorSystem.EIGHT_BIT)
        number = colour.number
        if self.console and number is not None:
            # the console shows bold dark colours as bright ones
            return self.palette[number + DARK if bold and number < DARK else number]
        red, green, blue = colour.get_truecolor()
        return red, green, blue


def sights(rendering: Rendering, theme: Theme) -> list[Sight]:
    """Return every way in which a look may be seen."""
    if not rendering.gentle:
        looks = (("VGA", CONSOLE_PALETTE), ("tuned", tuple(rgb(f"#{one}") for one in TUNED)))
        return [Sight(name, palette, faint=_faint(theme, palette)) for name, palette in looks]
    grounds = {rgb(one.back): rgb(one.below) for one in theme.values() if one.below}
    cube = Sight("256 colours", console=False, cube=True)
    faint = frozenset(
        (
            cube._seen_as(Color.parse(theme[role].front)),
            cube._seen_as(Color.parse(theme[role].back)),
        )
        for role in _UNREAD
    )
    return [
        Sight("true colour", console=False, grounds=grounds, faint=_faint(theme, CONSOLE_PALETTE)),
        replace(cube, faint=faint),
    ][rendering.colours == CUBE :]


def _faint(theme: Theme, palette: tuple[RGB, ...]) -> frozenset[tuple[RGB, RGB]]:
    looks = (theme[role] for role in _UNREAD)
    return frozenset(
        (rgb(one.front, palette), rgb(one.back, palette)) for one in looks if one.front != "default"
    )


def coloured(strips: list[Strip]) -> list[str]:
    """Tell what has a colour of its own, which a terminal of one colour need not have."""
    return [
        f"{part.text.strip()!r} needs a colour"
        for strip in strips
        for part in strip
        if part.style is None or not _plain(part.style)
    ]


def _plain(style: Style) -> bool:
    return all(one is None or one.is_default for one in (style.color, style.bgcolor))


def _seen(part: Segment) -> bool:
    return bool(part.text.strip()) or bool(part.style and part.style.reverse)
