"""How far the terminal says that it is with the running payment. Never a step that nobody told."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.records import dataclass

STEPS: Final = (TerminalState.WAITING_FOR_CARD, TerminalState.CARD_READ)
"""What a terminal tells of a payment (TECS answers 8019 and 8020 to a status query), in their order."""


@dataclass(frozen=True, slots=True)
class TerminalProgress:
    """The steps that were told, and the present one; `asked` says whether the terminal is asked at all.

    Where it is not asked, or does not answer, there is nothing but the wait.
    """

    asked: bool = True
    told: frozenset[TerminalState] = frozenset()
    now: TerminalState | None = None

    def after(self, state: TerminalState) -> TerminalProgress:
        """Return the progress once the terminal has told this; what is no step changes nothing."""
        if state not in STEPS:
            return self
        return replace(self, told=self.told | {state}, now=state)
