"""What a printer can say of itself and of a slip: values, because no printer may cost a payment.

Owns: the port that `receipts` prints through. Concrete printers stand beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Condition(StrEnum):
    """How a printer is."""

    READY = "ready"
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


PRINTS = frozenset({Condition.READY, Condition.PAPER_LOW, Condition.UNKNOWN})
"""A printer that cannot say how it is, is believed to print."""


@dataclass(frozen=True, slots=True)
class PrinterState:
    """How a printer is, with a sentence for staff."""

    condition: Condition
    why: str = ""

    @property
    def prints(self) -> bool:
        """Whether a slip can be expected of it."""
        return self.condition in PRINTS


@dataclass(frozen=True, slots=True)
class Printed:
    """The printer has taken the slip."""


@dataclass(frozen=True, slots=True)
class NotPrinted:
    """It has not. `why` is a sentence for the log; what people are told follows from the condition."""

    why: str
    condition: Condition = field(default=Condition.OFFLINE, compare=False)


PrintOutcome = Printed | NotPrinted


class Pending(StrEnum):
    """What is known of a slip before there is an outcome, or where there will be none."""

    PRINTING = "printing"
    NO_PRINTER = "no_printer"


Slip = PrintOutcome | Pending
"""How it stands with a slip: every screen tells it from here, so that there is one truth."""


class Printer(Protocol):
    """A printer. Neither method raises, nor takes longer than a few seconds."""

    async def state(self) -> PrinterState:
        """Ask how it is."""

    async def print(self, name: str, lines: Sequence[str]) -> PrintOutcome:
        """Print lines; `name` says which slip it is, where there are files."""
