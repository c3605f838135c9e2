"""What was found about a link: a verdict, a sentence, and what to do. Values only."""

from __future__ import annotations

from enum import StrEnum

from kiosk_tui.diagnosis.chain import TITLES, Link
from kiosk_tui.records import dataclass


class Verdict(StrEnum):
    """How a link is. `LOOK` is no fault, but somebody should know."""

    GOOD = "good"
    LOOK = "look"
    BAD = "bad"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """How a link is. `because` is the broken link that kept it from being looked at.

    `do` says what to do, and is empty where there is nothing to do. `misconfigured` tells a fault
    of the settings from one of the world. `brief` is the fact itself in a word, for where a sentence
    has no room.
    """

    link: Link
    verdict: Verdict
    text: str
    do: str = ""
    took_s: float | None = None
    because: Link | None = None
    misconfigured: bool = False
    brief: str = ""

    @property
    def broken(self) -> bool:
        """Whether what needs this link cannot work."""
        return self.verdict is Verdict.BAD or self.because is not None


def good(link: Link, text: str, brief: str = "") -> Finding:
    """Return a finding that is as it should be."""
    return Finding(link, Verdict.GOOD, text, brief=brief)


def look(link: Link, text: str, do: str = "") -> Finding:
    """Return a finding that works, and that somebody should know of."""
    return Finding(link, Verdict.LOOK, text, do)


def bad(link: Link, text: str, do: str) -> Finding:
    """Return a finding that keeps payments from working."""
    return Finding(link, Verdict.BAD, text, do)


def left_out(link: Link, text: str) -> Finding:
    """Return that there is nothing to look at, or that nobody asked for it."""
    return Finding(link, Verdict.SKIPPED, text)


def behind(link: Link, because: Link) -> Finding:
    """Return that a link was not looked at because an earlier one is broken."""
    return Finding(
        link, Verdict.SKIPPED, f"not looked at: {TITLES[because]} comes first", because=because
    )
