"""What a printer does. Concrete printers stand beside it.

Owns: the port that `receipts` prints through.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kiosk_tui.domain.slip import PrinterState, PrintOutcome
from kiosk_tui.receipt.lines import Spell


class Printer(Protocol):
    """A printer. No method raises, nor takes longer than a few seconds."""

    async def state(self) -> PrinterState:
        """Ask how it is."""

    async def spelling(self) -> Spell:
        """Return what writes a text in its letters."""

    async def print(self, name: str, lines: Sequence[str]) -> PrintOutcome:
        """Print lines; `name` says which slip it is, where there are files."""
