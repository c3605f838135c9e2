"""Plays bytes with pauses to a reader, in a time of its own: nothing sleeps."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol
from unittest import mock

from textual import _parser, events
from textual._xterm_parser import XTermParser

from kiosk_tui.ui.keyboard.reader import KeyboardReader
from kiosk_tui.ui.keyboard.tokens import Press, Rush, Token

Pieces = Sequence[tuple[bytes, float]]
"""What comes in one read, and how many seconds pass after it."""

PAUSES: Final = (0.0, 0.01, 0.05, 0.15, 1.0, 4.0)
"""Seconds: within one read, on a slow serial line, a person's, and lines that stall."""


_EIGHT_BITS: Final = range(0x80, 0xA0)


class Plays(Protocol):
    """A reader to be tried."""

    def __call__(self, pieces: Pieces) -> Iterator[Token]:
        """Return what it makes of it."""


def ours(pieces: Pieces) -> Iterator[Token]:
    """Return what our reader makes of it; it is woken when it asks for it."""
    reader, now = KeyboardReader(), 1000.0
    for data, pause_s in pieces:
        yield from reader.feed(data, now)
        until = now + pause_s
        while reader.deadline is not None and reader.deadline <= until:
            now = reader.deadline
            yield from reader.tick(now)
        now = until


def textuals(pieces: Pieces) -> Iterator[Token]:
    """Return what Textual's own reader makes of it, woken every tenth of a second as by its driver."""
    now = 1000.0

    def clock() -> float:
        return now

    with mock.patch.object(_parser, "get_time", clock):
        parser = XTermParser()
        decode = codecs.getincrementaldecoder("utf-8")().decode
        for data, pause_s in pieces:
            yield from _keys(parser.feed(text) if (text := decode(data)) else ())
            until = now + pause_s
            while now < until:
                now = min(now + 0.1, until)
                yield from _keys(parser.tick())


def _keys(told: Iterable[object]) -> Iterator[Token]:
    for one in told:
        if isinstance(one, events.Key):
            visible = one.is_printable and one.character
            yield Press(one.character if visible and one.character else one.key, one.character)


def cut(answer: bytes, seed: int = 0) -> Iterator[Pieces]:
    """Yield an answer whole, cut at every byte with every pause, byte by byte, and cut at two places.

    An 8-bit control is not cut from what follows: alone it may be any character of another encoding.
    """
    head = 1 + int(answer[0] in _EIGHT_BITS)
    yield [(answer, 0.0)]
    for pause_s in PAUSES:
        for place in range(head, len(answer)):
            yield [(answer[:place], pause_s), (answer[place:], 0.0)]
        rest = [(bytes((byte,)), pause_s) for byte in answer[head:]]
        yield [(answer[:head], pause_s), *rest]
    for place in range(head + 1, len(answer)):
        first, pause_s = (
            head + (seed + place) % (place - head),
            PAUSES[(seed + place) % len(PAUSES)],
        )
        yield [(answer[:first], pause_s), (answer[first:place], pause_s), (answer[place:], 0.0)]


def wrong(play: Plays, pieces: Pieces, typed: bytes = b"5") -> str:
    """Return what is wrong with how an answer is read before a person types a digit; empty: nothing.

    No key that is visible, no Enter, and no rush may come out of it, at most one Escape where ESC was
    cut off; and the digit must arrive.
    """
    try:
        told = list(play([*pieces, (b"", 0.5), (typed, 0.5)]))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is wrong
        return f"{pieces}: it raised {error!r}"
    keys = [one for one in told if isinstance(one, Press | Rush)]
    if not keys or keys[-1] != Press("5", "5"):
        return f"{pieces}: what was typed afterwards came as {keys[-1:]}"
    escapes = [one for one in keys[:-1] if isinstance(one, Press) and one.key == "escape"]
    others = [one for one in keys[:-1] if one not in escapes and not _does_nothing(one)]
    if others or len(escapes) > int(pieces[0][0][:2] == b"\x1b"):
        return f"{pieces}: came as {others or escapes}"
    return ""


def _does_nothing(one: Press | Rush) -> bool:
    return isinstance(one, Press) and one.key.startswith("ctrl+")
