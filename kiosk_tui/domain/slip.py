"""How it stands with a slip, and with the printer: values, because no printer may cost a payment."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from kiosk_tui.records import dataclass


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
    """It has not. `why` is a sentence for the log; what people are told follows from the condition.

    `begun` says whether a part of it may be on paper: all of it, where a printer only never said so.
    """

    why: str
    condition: Condition = field(default=Condition.OFFLINE, compare=False)
    begun: bool = field(default=True, compare=False)


PrintOutcome = Printed | NotPrinted


class Pending(StrEnum):
    """What is known of a slip before there is an outcome, or where there will be none."""

    PRINTING = "printing"
    NO_PRINTER = "no_printer"


Slip = PrintOutcome | Pending
"""How it stands with a slip: every screen tells it from here, so that there is one truth."""
