"""Where the money of a case went, in words."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.simulator.ledger import HostLedger


class LedgerEnd(StrEnum):
    """What TECS's ledger says at the end."""

    UNMOVED = "nothing moved"
    STAYED = "charged, and it stayed"
    REVERSED = "charged, and reversed"


def moved(ledger: HostLedger) -> LedgerEnd:
    """Return what happened to money."""
    if not ledger.movements:
        return LedgerEnd.UNMOVED
    return LedgerEnd.STAYED if sum(one.minor for one in ledger.movements) else LedgerEnd.REVERSED


def in_words(ledger: HostLedger, recorded: Sequence[Transaction]) -> str:
    """Say what TECS booked and what the journal says about it."""
    booked = [
        f"{'charged' if one.minor > 0 else 'reversed'} {one.minor / 100:.2f}"
        for one in ledger.movements
    ]
    states = " and ".join(one.state for one in recorded)
    return ", ".join([*(booked or [LedgerEnd.UNMOVED]), f"recorded {states or 'nothing'}"])
