"""How lines of a slip are laid out: pairs to both edges, centred text, nothing longer than the paper."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk_tui.domain.one_line import one_line
from kiosk_tui.text import cells


def pair(name: str, value: str | None, columns: int) -> Iterator[str]:
    """Yield a name at the left and its value at the right; on two lines where one is too short."""
    name, value = one_line(name), one_line(value or "").strip()
    if not value:
        return
    room = columns - cells.width(name)
    if cells.width(value) < room:
        yield name + cells.rjust(value, room)
        return
    yield from wrapped(name, columns)
    for piece in wrapped(value, columns):
        yield cells.rjust(piece, columns)


def centred(text: str | None, columns: int) -> Iterator[str]:
    """Yield text in the middle, as many lines as it needs."""
    for line in (text or "").split("\n"):
        for piece in wrapped(line, columns):
            yield cells.centre(piece, columns)


def wrapped(line: str, columns: int) -> list[str]:
    """Break a line between words; a word that is longer than the paper is broken, never cut."""
    return cells.wrap(one_line(line), columns)
