"""From the facts about a console to one piece of advice. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from kiosk_tui.diagnosis.console.facts import ConsoleFacts
from kiosk_tui.records import dataclass
from kiosk_tui.start.abilities import DUMB

LEAST_COLOURS: Final = 8
SMALLEST: Final = (80, 24)
_REPLACEMENT: Final = "\ufffd"


class Fit(StrEnum):
    """What fits: a theme of the full screen, or plain mode."""

    STANDARD = "standard"
    MONO = "mono"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Advice:
    """What fits, and one sentence that says so."""

    fit: Fit
    sentence: str


def advise(facts: ConsoleFacts) -> Advice:
    """Recommend what this console can show."""
    if not facts.terminal:
        return _plain("standard output is no terminal")
    if facts.term in DUMB:
        return _plain(f"TERM is '{facts.term}'")
    if facts.moves_cursor is False:
        return _plain(f"a '{facts.term}' cannot place its cursor")
    columns, rows = SMALLEST
    if (facts.columns or columns) < columns or (facts.rows or rows) < rows:
        return _plain(
            f"{facts.columns} x {facts.rows} is too small for the full screen,"
            f" which needs {columns} x {rows}"
        )
    if not _coloured(facts):
        return Advice(Fit.MONO, 'Use the theme "mono": this terminal has no colours to speak of.')
    return Advice(
        Fit.STANDARD,
        'Use the theme "standard"; "high-contrast" for people who see badly or no colours.',
    )


def missing(facts: ConsoleFacts, characters: str) -> str:
    """Return which characters would not be shown, as far as anybody can tell."""
    return "".join(one for one in characters if not _shown(facts, one))


def instead(facts: ConsoleFacts) -> str:
    """Say what is seen in place of a missing character."""
    if not _encodes(facts, "€─"):
        return "a question mark, because the program does not write UTF-8 here (see LANG)"
    if facts.mapped is None:
        return "nobody can tell"
    if _REPLACEMENT in facts.mapped:
        return "the font's replacement mark"
    return "a question mark in reverse video"


def _shown(facts: ConsoleFacts, one: str) -> bool:
    return _encodes(facts, one) and (facts.mapped is None or one in facts.mapped)


def _encodes(facts: ConsoleFacts, text: str) -> bool:
    try:
        text.encode(facts.encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _coloured(facts: ConsoleFacts) -> bool:
    if facts.colours is None:  # terminfo does not know it: the terminal's own word counts
        return bool(facts.colorterm)
    return facts.colours >= LEAST_COLOURS


def _plain(why: str) -> Advice:
    return Advice(Fit.PLAIN, f"Use `kiosk-tui --plain`: {why}.")
