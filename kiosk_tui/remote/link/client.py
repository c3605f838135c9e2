"""Listens to a register that somebody else holds, and asks for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Final

from kiosk_tui import __version__
from kiosk_tui.remote.link import older
from kiosk_tui.remote.link.protocol import (
    BEAT_S,
    LINK,
    Denial,
    Do,
    LinkRequest,
    Message,
    MessageError,
    RegisterView,
    TakeoverAnswer,
    link_socket,
    read,
    write,
)
from kiosk_tui.remote.sockets.lines import LineTooLongError, line
from kiosk_tui.remote.sockets.objects import NotAnObjectError, TwiceError, read_object
from kiosk_tui.remote.sockets.places import SocketError, connected

LONGEST: Final = 64 * 1024
ANSWER_S: Final = 10.0
"""A PIN is checked before a take-over is answered."""
FIRST_S: Final = 5.0
"""A register that lives speaks as soon as somebody connects."""
SILENT_S: Final = 3 * BEAT_S


class LinkError(SocketError):
    """Who holds the register takes connections and cannot be understood; the text is a sentence."""


class OtherVersionError(LinkError):
    """It runs another version of this program."""


async def watch(journal: Path) -> AsyncGenerator[RegisterView, None]:
    """Yield how the register stands, at each change, until its holder is gone; nothing without one.

    Raises `SocketError` when it does not let us in, `LinkError` when it stands still or is of
    another version.
    """
    async with _linked(journal, LinkRequest(Do.WATCH)) as link:
        timeout_s = FIRST_S
        while link is not None and (view := await link.read(RegisterView, timeout_s)) is not None:
            timeout_s = SILENT_S
            yield view


async def take_over(journal: Path, by: str, pin: str = "") -> Denial | None:
    """Ask the holder to hand the register over; None when it does."""
    try:
        async with _linked(journal, LinkRequest(Do.TAKE_OVER, by, pin)) as link:
            answer = None if link is None else await link.read(TakeoverAnswer, ANSWER_S)
    except (SocketError, OSError):
        return Denial.UNAVAILABLE
    if answer is None:
        return Denial.UNAVAILABLE
    return None if answer.granted else answer.why or Denial.UNAVAILABLE


class _Link:
    """A connection to whoever holds the register."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader

    async def read(self, kind: type[Message], timeout_s: float) -> Message | None:
        """Return the next message; None at the end. Raises `LinkError`."""
        told = await self.line(timeout_s)
        try:
            return None if told is None else read(kind, told)
        except MessageError as error:
            raise LinkError(f"It says what cannot be read. {error}") from error

    async def line(self, timeout_s: float) -> bytes | None:
        """Return the next line; None at the end. Raises `LinkError`."""
        try:
            async with asyncio.timeout(timeout_s):
                return await line(self._reader)
        except LineTooLongError:
            raise LinkError(f"It says a line of more than {LONGEST} bytes.") from None
        except TimeoutError:
            raise LinkError(
                f"It has said nothing for {timeout_s:g} s: its process stands still, or was"
                " stopped (`kill -CONT` lets it go on)."
            ) from None


@contextlib.asynccontextmanager
async def _linked(journal: Path, request: LinkRequest) -> AsyncIterator[_Link | None]:
    """Connect, see that it is of our version, and ask; None when nobody listens."""
    made = connected(link_socket(journal))
    if made is None:
        if older.listens(journal):
            raise _other("an older version")
        yield None
        return
    reader, writer = await asyncio.open_unix_connection(sock=made, limit=LONGEST)
    try:
        link = _Link(reader)
        greeting = await link.line(FIRST_S)
        if greeting is not None:
            _check(greeting)
            writer.write(write(request))
        yield link
    finally:
        writer.transport.abort()


def _check(greeting: bytes) -> None:
    """Raise `LinkError` unless the other one speaks as we do."""
    try:
        told = read_object(greeting)
    except (NotAnObjectError, TwiceError):
        told = {}
    if told.get("link") != LINK:
        version = "".join(one for one in str(told.get("version", "")) if one.isprintable())
        raise _other(f"version {version[:40]}" if version else "another version")


def _other(version: str) -> OtherVersionError:
    return OtherVersionError(
        f"It runs {version} of this program and this is version {__version__}: it cannot be watched or"
        " taken over from here until both are the same."
    )
