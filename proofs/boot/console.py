"""The console of a container: a pseudo terminal of ours that is its /dev/tty1, with eyes and fingers."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import struct
import termios
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

import pyte

from kiosk_tui.lab.drill.child import UnexpectedError
from proofs.fingers import strokes
from proofs.large import stands_on

LONGEST_S: Final = 120.0
"""How long anything may take on the slowest machine."""

_LOOK_S: Final = 0.02
_DEAF_S: Final = 0.4
"""A fresh screen hears no keys for a moment."""
_CTRL_S: Final = b"\x13"
_COLUMNS, _ROWS = 80, 24


class Console:
    """What stands on the screen, and who types. Use `console`."""

    def __init__(self, ours: int, its: int) -> None:
        self._ours, self._its = ours, its
        self._screen = pyte.Screen(_COLUMNS, _ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self.device = os.ttyname(its)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(self._screen.display)

    async def pay(self) -> None:
        """Type a payment of 12.55 without a tip, as soon as the kiosk is open."""
        for words, keys in (("Pay by card", "1"), ("How much", "255\r"), ("add a tip", "0")):
            await self.shows(words)
            await asyncio.sleep(_DEAF_S)
            await self._type(keys)

    async def _type(self, keys: str) -> None:
        for stroke, pause_s in strokes(keys):
            os.write(self._ours, stroke)
            await asyncio.sleep(pause_s)

    async def shows(self, words: str) -> None:
        """Wait until these words stand on the screen. Raises `UnexpectedError` when they never do."""
        await until(lambda: self.has(words), f"'{words}' on the console", lambda: self.text)

    def has(self, words: str) -> bool:
        """Whether words stand on the screen now, in plain characters or in large ones."""
        return stands_on(self._screen, words)

    def stop(self) -> None:
        """Stop its output, as Scroll Lock does: what is written waits."""
        line = os.open(self.device, os.O_RDWR | os.O_NOCTTY)
        mode = termios.tcgetattr(line)
        termios.tcsetattr(line, termios.TCSANOW, [mode[0] | termios.IXON, *mode[1:]])
        os.close(line)
        os.write(self._ours, _CTRL_S)

    async def forget(self) -> None:
        """Wipe what stood there, once all of it has been taken: what comes now is new."""
        await asyncio.sleep(5 * _LOOK_S)
        self._screen.reset()

    async def read(self) -> None:
        """Take what is written, for ever: a console that nobody reads stands still."""
        while True:
            # between two processes the line is hung up, and that reads as an error
            with contextlib.suppress(OSError):
                while data := os.read(self._ours, 65536):
                    self._stream.feed(data)
            await asyncio.sleep(_LOOK_S)


@contextlib.asynccontextmanager
async def console() -> AsyncIterator[Console]:
    """Open a console; our own hold on it keeps it there between two processes."""
    ours, its = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0))
    os.set_blocking(ours, False)
    built = Console(ours, its)
    reading = asyncio.create_task(built.read())
    try:
        yield built
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        os.close(ours)
        os.close(its)


async def until(
    condition: Callable[[], bool | Awaitable[bool]],
    what: str,
    saw: Callable[[], str] = lambda: "",
) -> None:
    """Wait for a condition. Raises `UnexpectedError` when it does not come."""
    try:
        async with asyncio.timeout(LONGEST_S):
            while True:
                holds = condition()
                if await holds if isinstance(holds, Awaitable) else holds:
                    return
                await asyncio.sleep(_LOOK_S)
    except TimeoutError:
        raise UnexpectedError(f"Never came: {what}\n{saw()}".rstrip()) from None
