"""A transaction as a QR code, by `segno`: pure Python, nothing behind it, 40 ms when it is needed."""

from __future__ import annotations

from kiosk_tui.domain.money import plain
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.text.times import local

_MOST = 53
"""Bytes that a code of version 3, level L, holds: 33 rows with the light ones around it."""

QUIET = 2
"""Light modules around it: the standard wants four, every reader is content with two."""


def text(one: Transaction, url: str) -> str:
    """Return what the code says: the merchant's address for it, or the payment in short."""
    if url:
        return url.format(reference=one.reference.replace(" ", ""), id=one.id)
    charged = one.charged
    told = (
        f"{local(one.created_at):%Y-%m-%d %H:%M}",
        f"{plain(charged)} {charged.currency.code}",
        str(one.state),
        one.reference.replace(" ", ""),
    )
    return " ".join(told)[:_MOST]


def modules(content: str) -> list[list[bool]]:
    """Return the code's rows; True is dark. Level L: a screen has no scratches."""
    import segno  # noqa: PLC0415 - only where a code is shown

    code = segno.make(content, error="l", micro=False, boost_error=False)
    return [[bool(cell) for cell in row] for row in code.matrix_iter(border=QUIET)]
