"""Which characters a Linux console's font has. Every screen asks that, so this loads next to nothing.

The numbers and structs are those of linux/kd.h; any other terminal refuses them, which is an answer.
"""

from __future__ import annotations

import fcntl
import struct
from array import array
from collections.abc import Callable
from typing import Final

_KDGKBTYPE: Final = 0x4B33
_GIO_UNIMAP: Final = 0x4B66
_MOST_PAIRS: Final = 65535
_MAP: Final = struct.Struct("@HP")

Ask = Callable[[int, int, bytes], bytes]
"""`ioctl`: file, request, a struct; returns the struct as the kernel left it."""


def characters(fd: int, ask: Ask = fcntl.ioctl) -> frozenset[str] | None:
    """Return which characters a Linux console's font has; None is "nobody can tell"."""
    if not is_console(ask, fd):
        return None  # before half a megabyte is set aside for the answer
    return mapped(ask, fd) or None


def is_console(ask: Ask, fd: int) -> bool:
    """Whether it is a Linux console: nothing else tells which keyboard it has."""
    return answer(ask, fd, _KDGKBTYPE, b"\0") is not None


def mapped(ask: Ask, fd: int) -> frozenset[str] | None:
    """Read which characters the font has; None where there is none to ask."""
    pairs = array("H", bytes(_MOST_PAIRS * 4))  # a character and a glyph each
    told = answer(ask, fd, _GIO_UNIMAP, _MAP.pack(_MOST_PAIRS, pairs.buffer_info()[0]))
    if told is None:
        return None
    count = _MAP.unpack(told)[0]
    return frozenset(map(chr, pairs[: 2 * count : 2]))


def answer(ask: Ask, fd: int, request: int, given: bytes) -> bytes | None:
    """Ask the kernel; None where it refuses."""
    try:
        return ask(fd, request, given)
    except OSError:
        return None
