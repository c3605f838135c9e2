"""Giving up a payment takes two acts: one asks, another answers while the question stands.

Owns: the rule, for screens and for lines. A line that is cut sends an Esc of its own, a scanner types
what it likes: so asking twice means to go on waiting, and whatever is no answer takes the question back.
Refuses to know: keys, words, clocks (each moment is told in seconds), the payment: its answer decides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kiosk_tui.records import dataclass

WITHIN_S: Final = 8.0
"""So long the question stands on a screen, in seconds."""


@dataclass(frozen=True, slots=True)
class GivingUp:
    """Whether somebody gives up: `asked_until_s` is when an open question lapses, `done` is for good."""

    within_s: float = WITHIN_S
    asked_until_s: float | None = None
    done: bool = False

    def asks(self, now_s: float) -> bool:
        """Whether the question stands."""
        return self.asked_until_s is not None and now_s < self.asked_until_s

    def ask(self, now_s: float) -> GivingUp:
        """Ask; asked again while the question stands, it goes away: to go on waiting."""
        if self.done or self.asks(now_s):
            return self.void()
        return replace(self, asked_until_s=now_s + self.within_s)

    def answer(self, now_s: float) -> GivingUp:
        """Give up where the question stands; an answer that nobody asked for, or a late one, is none."""
        return replace(self.void(), done=self.done or self.asks(now_s))

    def at_once(self) -> GivingUp:
        """Give up without a question: a command is deliberate by itself."""
        return replace(self.void(), done=True)

    def void(self) -> GivingUp:
        """Take the question back: what came was no answer."""
        return replace(self, asked_until_s=None)
