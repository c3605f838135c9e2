"""From the simulator's ledger to what the judge looks at."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.lab.drill.judge import Arrived, Booked, Evidence
from kiosk_tui.simulator.ledger import HostLedger, Status

_NO_PAYMENTS: Final = {("0013", "2"), ("0017", "1"), ("9043", "1")}
"""Message type and identifier of a cancellation, an abort and a status query."""


def evidence(
    ledger: HostLedger, transactions: Collection[Transaction], shown: Collection[str] = ()
) -> Evidence:
    """Return what TECS booked and what arrived there, beside what the journal holds."""
    return Evidence(
        transactions=transactions,
        ledger={number: booked(ledger, number) for number in ledger.entries},
        arrived=[
            Arrived(
                one.transaction_id.lstrip("0"),
                (one.message_type, one.identifier) not in _NO_PAYMENTS,
            )
            for one in ledger.requests
        ],
        shown=shown,
    )


def booked(ledger: HostLedger, transaction_id: str) -> Booked:
    """Return what TECS holds for one transaction."""
    entry = ledger.entry(transaction_id)
    stands = entry is not None and entry.status is Status.APPROVED
    return Booked(ledger.net_minor(transaction_id), stands)
