"""What is wrong with a screen that is shown: cut, broken, not to be read, no character of a console."""

from __future__ import annotations

from collections.abc import Iterator

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widgets import Static

from kiosk_tui.text.colours import COLOURS
from kiosk_tui.text.glyphs import ASCII, DRAWN, LETTERS
from kiosk_tui.text.themes import LEAST_CONTRAST, Look
from kiosk_tui.text.translations import NAMES
from kiosk_tui.ui.widgets.word import Word
from support.pictures import Gallery

SAFE = ASCII | DRAWN


def unwhole(language: str, strips: list[Strip], gallery: Gallery) -> list[str]:
    """Tell what is cut, broken, or no character of a console."""
    lines = [strip.text for strip in strips]
    shown = " ".join(" ".join(lines).split())
    found = [f"{widget!r} is cut" for widget in gallery.cut()]
    names = "".join(NAMES.values())  # each by its own name, in its own letters
    unsafe = {one for line in lines for one in line} - SAFE - set(LETTERS[language] + names)
    found += [f"{one!r} is no character of a console" for one in sorted(unsafe)]
    found += ["there is an ellipsis"] * ("..." in shown or "\u2026" in shown)
    for word in gallery.screen.query(Word):
        plain = not word.is_large and word.is_on_screen
        found += [f"{word.text!r} is not written large"] * plain
    for one in gallery.screen.query(Static):
        text = str(one.render())
        if one.is_on_screen and one.region.area:
            found += [f"{word!r} is broken" for word in text.split() if word not in shown]
    return found


def unreadable(strips: list[Strip]) -> list[str]:
    """Tell what has less contrast than 4.5 on the Linux console, or other colours than its 16."""
    seen = [part for strip in strips for part in strip if _seen(part)]
    return [why for part in seen for why in weaknesses(part)] if seen else ["nothing is to be seen"]


def weaknesses(part: Segment) -> Iterator[str]:
    """Tell why a piece of a row can not be read."""
    style, what = part.style, repr(part.text.strip())
    if style is None:
        yield f"{what} has no style at all"
        return
    pair = [None if one is None or one.is_default else one for one in (style.color, style.bgcolor)]
    front, back = (one.number if one else None for one in pair)
    if pair == [None, None]:
        return  # as the terminal has it
    if None in pair:
        yield f"{what} has half a pair of colours"
    elif front is None or back is None:
        yield f"{what} has another colour than the 16 of the console"
    elif back >= 8:
        yield f"{what}: the console has no bright backgrounds"
    elif Look(COLOURS[front], COLOURS[back], bold=bool(style.bold)).contrast < LEAST_CONTRAST:
        yield f"{what} is hard to read"


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
