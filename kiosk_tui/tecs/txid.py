"""How TECS's fields refer to a transaction: `TXID` and 20 digits.

A transaction of another terminal has its source id (2 digits) and terminal (8) behind it. What people
type and slips show is read by `domain.identity.read_name`.
"""

from __future__ import annotations

from typing import Final

from kiosk_tui.domain.identity import MOST_ID_DIGITS, Original

PATTERN: Final = r"TXID(?P<digits>[0-9]{20})(?:_[0-9]{2}_[0-9A-Za-z]{8})?"
"""A whole reference, short or long."""


def reference(transaction_id: str) -> str:
    """Write a transaction id as TECS refers to it: `TXID` and 20 digits."""
    return f"TXID{transaction_id.zfill(MOST_ID_DIGITS)}"


def long_reference(original: Original) -> str:
    """Write the reference together with the source id (2 digits) and terminal (8)."""
    source, terminal = original.place.source_id.zfill(2), original.place.terminal
    return f"{reference(original.transaction_id)}_{source}_{terminal}"
