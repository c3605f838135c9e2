"""Asks the terminal, terminfo and the kernel. Changes nothing, and writes nothing.

The numbers and structs are those of linux/kd.h; any other terminal refuses them, which is an answer.
"""

from __future__ import annotations

import contextlib
import curses
import fcntl
import os
import struct
import termios
from collections.abc import Mapping
from typing import Final

from kiosk_tui.diagnosis.console.facts import ConsoleFacts, Font
from kiosk_tui.diagnosis.console.font_map import Ask, answer, is_console, mapped
from kiosk_tui.records import dataclass

_KDGKBLED: Final = 0x4B64
_KDFONTOP: Final = 0x4B72
_FONT_GET: Final = 1
_NUM_LOCK: Final = 0x02
_IUTF8: Final = 0o040000
_FONT_OP: Final = struct.Struct("@5IP")


@dataclass(frozen=True, slots=True)
class _Terminfo:
    colours: int | None = None
    moves_cursor: bool | None = None
    reverse: bool | None = None


def gather(
    fd: int, encoding: str, environment: Mapping[str, str], ask: Ask = fcntl.ioctl
) -> ConsoleFacts:
    """Find out what is behind a file."""
    term, colorterm = environment.get("TERM", ""), environment.get("COLORTERM", "")
    if not os.isatty(fd):
        return ConsoleFacts(terminal=False, term=term, encoding=encoding, colorterm=colorterm)
    columns, rows = _size(fd)
    linux = is_console(ask, fd)
    known = _terminfo(term, fd)
    return ConsoleFacts(
        terminal=True,
        term=term,
        encoding=encoding,
        columns=columns,
        rows=rows,
        linux_console=linux,
        font=_font(ask, fd) if linux else None,
        mapped=mapped(ask, fd) if linux else None,
        utf8_line=_utf8_line(fd),
        colours=known.colours,
        moves_cursor=known.moves_cursor,
        reverse=known.reverse,
        colorterm=colorterm,
        num_lock=_num_lock(ask, fd),
    )


def _size(fd: int) -> tuple[int | None, int | None]:
    with contextlib.suppress(OSError):
        size = os.get_terminal_size(fd)
        return size.columns or None, size.lines or None
    return None, None


def _utf8_line(fd: int) -> bool | None:
    """Say whether the line discipline erases whole UTF-8 letters; a UTF-8 console sets that."""
    with contextlib.suppress(termios.error):
        return bool(termios.tcgetattr(fd)[0] & _IUTF8)
    return None


def _terminfo(term: str, fd: int) -> _Terminfo:
    try:
        curses.setupterm(term or "unknown", fd)
    except curses.error:
        return _Terminfo()
    return _Terminfo(
        colours=max(0, curses.tigetnum("colors")),
        moves_cursor=curses.tigetstr("cup") is not None,
        reverse=curses.tigetstr("rev") is not None,
    )


def _font(ask: Ask, fd: int) -> Font | None:
    """Read the font's measures; without room for its data the kernel tells only these."""
    told = answer(ask, fd, _KDFONTOP, _FONT_OP.pack(_FONT_GET, 0, 32, 32, 512, 0))
    if told is None:
        return None
    _op, _flags, width, height, count, _data = _FONT_OP.unpack(told)
    return Font(glyphs=count, width=width, height=height)


def _num_lock(ask: Ask, fd: int) -> bool | None:
    told = answer(ask, fd, _KDGKBLED, b"\0")
    return None if told is None else bool(told[0] & _NUM_LOCK)
