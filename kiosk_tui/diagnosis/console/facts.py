"""What is known about a console. Values only; None is "nobody can tell"."""

from __future__ import annotations

from kiosk_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Font:
    """A Linux console's font."""

    glyphs: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ConsoleFacts:
    """What was found out.

    `mapped` are the characters that the Linux console's font has a glyph for; `colours`,
    `moves_cursor` and `reverse` are what terminfo says, and unknown for a `TERM` that it lacks.
    """

    terminal: bool
    term: str
    encoding: str
    columns: int | None = None
    rows: int | None = None
    linux_console: bool = False
    font: Font | None = None
    mapped: frozenset[str] | None = None
    utf8_line: bool | None = None
    colours: int | None = None
    moves_cursor: bool | None = None
    reverse: bool | None = None
    colorterm: str = ""
    num_lock: bool | None = None
