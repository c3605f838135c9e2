"""A transaction as a QR code, by `segno`: pure Python, nothing behind it, 40 ms when it is needed."""

from __future__ import annotations

import unicodedata
from typing import Final

from kiosk_tui.domain.money import plain
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.text.times import local
from kiosk_tui.text.wording.states import standing

_VERSIONS: Final = ((21, 25, 17), (25, 47, 32), (29, 77, 53), (33, 114, 78))
"""Versions 1 to 4 at level L: modules at a side, capitals and digits that fit, bytes that fit (ISO/IEC
18004, table 7)."""
_MOST: Final = _VERSIONS[2][2]
"""Characters of a payment in short."""
_CAPITALS: Final = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
"""The alphanumeric set of QR codes: almost half as many modules a character as other text."""


def text(one: Transaction, url: str) -> str:
    """Return what the code says: the merchant's address for it, or the payment in short."""
    if url:
        return _in_capitals(url.format(reference=one.reference.replace(" ", ""), id=one.id))
    charged = one.charged
    told = (
        f"{local(one.created_at):%Y-%m-%d %H:%M}",
        f"{plain(charged)} {charged.currency.code}",
        _plainly(standing(one.state).word),
        one.reference.replace(" ", ""),
    )
    return " ".join(told)[:_MOST]


def _plainly(word: str) -> str:
    """Write a word in capitals without accents, which are in the alphanumeric set."""
    bare = word.upper().replace("\u0141", "L").replace("\u1e9e", "SS")
    return unicodedata.normalize("NFD", bare).encode("ascii", "ignore").decode()


def _in_capitals(url: str) -> str:
    """Write scheme and host in capitals where all of it is then in the alphanumeric set.

    Case means nothing in these two (RFC 3986, 6.2.2.1), but it may in what follows.
    """
    scheme, mark, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    capitals = f"{scheme}{mark}{host}".upper() + slash + path
    return capitals if mark and _CAPITALS.issuperset(capitals) else url


def side(content: str) -> int:
    """Return how many modules a code of this has at a side, without its quiet zone.

    Raises `ValueError` for a text that fits into no code.
    """
    capitals = _CAPITALS.issuperset(content)
    length = len(content) if capitals else len(content.encode())
    for modules_at_side, in_capitals, in_bytes in _VERSIONS:
        if length <= (in_capitals if capitals else in_bytes):
            return modules_at_side
    return len(modules(content))


def modules(content: str) -> list[list[bool]]:
    """Return the code's rows without its quiet zone; True is dark. Level L: a screen has no scratches.

    Raises `ValueError` for a text that is too long.
    """
    import segno  # noqa: PLC0415 - only where a code is shown

    code = segno.make(content, error="l", micro=False, boost_error=False)
    return [[bool(cell) for cell in row] for row in code.matrix_iter(border=0)]
