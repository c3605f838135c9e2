"""Listens to a register that somebody else holds, and asks for it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Final

from kiosk_tui.remote.link.handover import control_socket
from kiosk_tui.remote.link.publisher import BEAT_S, watch_socket
from kiosk_tui.remote.link.view import Denial
from kiosk_tui.remote.sockets.lines import LineTooLongError, line
from kiosk_tui.remote.sockets.objects import read_object
from kiosk_tui.remote.sockets.places import SocketError, connected

LONGEST: Final = 64 * 1024
ASK_S: Final = 10.0
FIRST_S: Final = 5.0
"""A register that lives tells how it stands as soon as somebody looks."""
SILENT_S: Final = 3 * BEAT_S


class SilentError(SocketError):
    """Who holds the register takes connections and says nothing; the text is a sentence."""


async def pictures(journal: Path) -> AsyncGenerator[bytes, None]:
    """Yield what the holder tells, line by line, until it is gone; nothing when nobody tells.

    Raises `SocketError` when it does not let us in, `SilentError` when it stands still.
    """
    made = connected(watch_socket(journal))
    if made is None:
        return
    reader, writer = await asyncio.open_unix_connection(sock=made, limit=LONGEST)
    try:
        timeouts = FIRST_S
        with contextlib.suppress(LineTooLongError):
            while (told := await _heard(reader, timeouts)) is not None:
                timeouts = SILENT_S
                yield told
    finally:
        writer.transport.abort()


async def _heard(reader: asyncio.StreamReader, patience_s: float) -> bytes | None:
    try:
        async with asyncio.timeout(patience_s):
            return await line(reader)
    except TimeoutError:
        raise SilentError(
            f"It has said nothing for {patience_s:g} s: its process stands still, or was stopped"
            " (`kill -CONT` lets it go on)."
        ) from None


async def ask_for_it(journal: Path, by: str, pin: str = "") -> Denial | None:
    """Ask the holder to hand the register over; None when it does."""
    try:
        made = connected(control_socket(journal))
        if made is None:
            return Denial.SILENT
        reader, writer = await asyncio.open_unix_connection(sock=made, limit=LONGEST)
        try:
            asked = {"do": "take_over", "by": by, "pin": pin}
            writer.write(json.dumps(asked).encode() + b"\n")
            async with asyncio.timeout(ASK_S):
                told = await line(reader)
        finally:
            writer.transport.abort()
        answer = read_object(told or b"{}")
        return None if answer.get("granted") is True else Denial(answer.get("why", ""))
    except (SocketError, LineTooLongError, OSError, TimeoutError, ValueError):
        return Denial.SILENT
