"""Draws what the screens draw, for the eye to judge: colours, lines, shades, a figure, letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kiosk_tui.diagnosis.console.facts import ConsoleFacts
from kiosk_tui.diagnosis.console.judgement import Fit, advise
from kiosk_tui.text import colours, glyphs
from kiosk_tui.text.colours import CONSOLE_PALETTE

_NAMES: Final = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_FIGURE: Final = (
    *("######      ##", "    ##    ####", "######      ##", "##          ##", "######      ##"),
)


def sample(facts: ConsoleFacts) -> Iterator[str]:
    """Yield the picture. A terminal that is dumb, or none, gets no escape sequence."""
    styled = advise(facts).fit is not Fit.PLAIN or (facts.terminal and facts.moves_cursor is True)
    if styled and (facts.colours or 0) >= len(_NAMES):
        yield from _swatches()
    if styled and facts.reverse:
        yield from _figure()
    yield "┌──┬──┐  ╔════╗  ├──┼──┤"
    yield "│  │  │  ║    ║  shades: ░ ▒  signs: • € £"
    yield "└──┴──┘  ╚════╝"
    for name, letters in glyphs.LETTERS.items():
        if letters:
            yield f"{name}: {letters}"


def contrast(number: int) -> float:
    """Return the contrast of one of the 16 colours on black (WCAG), by the Linux console's palette."""
    return colours.contrast(CONSOLE_PALETTE[number], CONSOLE_PALETTE[0])


def _swatches() -> Iterator[str]:
    for number, name in enumerate(_NAMES):
        yield f"{_swatch(number, name)}  {_swatch(number + 8, f'bright {name}')}"


def _swatch(number: int, name: str) -> str:
    code = 30 + number if number < len(_NAMES) else 82 + number
    told = f"{name} {contrast(number):.1f}:1"
    return f"{told:<22}\x1b[{code}mText\x1b[7m      \x1b[0m"


def _figure() -> Iterator[str]:
    """Draw 21 in reverse-video spaces, as amounts are."""
    for row in _FIGURE:
        yield re.sub("#+", lambda run: f"\x1b[7m{run[0]}\x1b[0m", row).replace("#", " ").rstrip()
