"""The full-screen app in a real terminal, seen through a terminal emulator, several at a time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import signal
import struct
import termios
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from fcntl import ioctl
from pathlib import Path
from typing import Final

import pyte

from kiosk_tui.lab.drill.child import UnexpectedError
from proofs.fingers import strokes
from proofs.large import stands_on

LONGEST_S: Final = 90.0
"""How long anything may take on the slowest machine."""

_COLUMNS, _ROWS = 100, 30
_DEAF_S: Final = 0.4
"""A fresh screen hears no keys for a moment."""


class Screen:
    """One run of the app. Use `shown`."""

    def __init__(self, process: asyncio.subprocess.Process, terminal: int) -> None:
        self._process = process
        self._terminal = terminal
        self._screen = pyte.Screen(_COLUMNS, _ROWS)
        self._stream = pyte.ByteStream(self._screen)
        asyncio.get_running_loop().add_reader(terminal, self._read)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(self._screen.display)

    def has(self, words: str) -> bool:
        """Whether words stand on the screen now, in plain characters or in large ones."""
        return stands_on(self._screen, words)

    async def shows(self, words: str) -> None:
        """Wait until words stand on the screen. Raises `UnexpectedError` when they never do."""
        await self.until(lambda: self.has(words), words)

    async def pay(self) -> None:
        """Type a payment of 12.55 without a tip, as soon as the app is open."""
        for words, keys in (("Pay by card", "1"), ("How much", "255\r"), ("add a tip", "0")):
            await self.shows(words)
            await asyncio.sleep(_DEAF_S)
            await self._type(keys)

    async def type(self, keys: str) -> None:
        """Type when a fresh screen hears keys again, whether anybody sees it or not."""
        await asyncio.sleep(_DEAF_S)
        await self._type(keys)

    def send(self, data: bytes) -> None:
        """Send bytes in one piece, as a terminal or a line does."""
        if data:
            os.write(self._terminal, data)

    async def type_away(self) -> None:
        """Leave the result that is shown now."""
        await self.shows("Approved")
        await asyncio.sleep(_DEAF_S)
        os.write(self._terminal, b"\r")

    async def _type(self, keys: str) -> None:
        for stroke, pause_s in strokes(keys):
            os.write(self._terminal, stroke)
            await asyncio.sleep(pause_s)

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for a condition. Raises `UnexpectedError` when it does not come."""
        try:
            async with asyncio.timeout(LONGEST_S):
                while not condition():
                    if self._process.returncode is not None:
                        raise UnexpectedError(f"The app ended before '{what}':\n{self.text}")
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise UnexpectedError(f"'{what}' never came:\n{self.text}") from None

    def freeze(self) -> None:
        """Let the terminal take nothing, as Scroll Lock and Ctrl+S do."""
        self._let_flow(termios.TCOOFF)

    async def leave_unread(self) -> None:
        """Read nothing any more, as a client that is stopped; the line holds as much as it can."""
        asyncio.get_running_loop().remove_reader(self._terminal)
        with contextlib.suppress(OSError):  # it has ended
            line = os.open(self._draws_on, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
            try:
                for _ in range(20):  # the kernel carries bytes to the other end in its own time
                    with contextlib.suppress(BlockingIOError):
                        while True:
                            os.write(line, b"\0")  # a terminal passes over it
                    await asyncio.sleep(0.01)
            finally:
                os.close(line)

    def thaw(self) -> None:
        """Let the terminal take everything again."""
        self._let_flow(termios.TCOON)
        if self._terminal >= 0:
            self._set_size(_COLUMNS)
            asyncio.get_running_loop().add_reader(self._terminal, self._read)

    @property
    def _draws_on(self) -> str:
        """The terminal's other end."""
        return f"/proc/{self._process.pid}/fd/2"

    def _let_flow(self, how: int) -> None:
        try:
            line = os.open(self._draws_on, os.O_RDWR | os.O_NOCTTY)
        except OSError:  # it has ended
            return
        with contextlib.suppress(termios.error):
            termios.tcflow(line, how)
        os.close(line)

    def _set_size(self, columns: int) -> None:
        with contextlib.suppress(OSError):
            ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, columns, 0, 0))

    def strike(self, how: signal.Signals | None) -> None:
        """Send a signal to its whole process group; None takes the terminal away."""
        if how is None:
            self._hang_up()
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, how)

    async def ended(self) -> int:
        """Wait for its end; return the exit code, or minus the signal."""
        try:
            async with asyncio.timeout(LONGEST_S):
                return await self._process.wait()
        except TimeoutError:
            raise UnexpectedError(f"The app never ended:\n{self.text}") from None

    async def close(self) -> None:
        """Leave nothing behind."""
        self.strike(signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        self._hang_up()

    def _read(self) -> None:
        try:
            self._stream.feed(os.read(self._terminal, 65536))
        except OSError:  # the other end is gone
            asyncio.get_running_loop().remove_reader(self._terminal)

    def _hang_up(self) -> None:
        if self._terminal >= 0:
            asyncio.get_running_loop().remove_reader(self._terminal)
            os.close(self._terminal)
            self._terminal = -1


@contextlib.asynccontextmanager
async def shown(program: Sequence[str], folder: Path) -> AsyncIterator[Screen]:
    """Run the app with the configuration of a folder, in a terminal and a session of its own."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "TERM": "linux",
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "STATE_DIRECTORY": str(folder),
    }
    command = (*program, "--config", str(folder / "config.toml"))
    async with in_a_terminal(command, environment) as screen:
        yield screen


@contextlib.asynccontextmanager
async def in_a_terminal(
    command: Sequence[str], environment: Mapping[str, str]
) -> AsyncIterator[Screen]:
    """Run a command that shows the app, in a terminal and a session of its own."""
    ours, its = pty.openpty()
    try:
        ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0))
        # setsid forks only where it leads a group already, which a plain child does not
        process = await asyncio.create_subprocess_exec(
            *("setsid", "--ctty", *command),
            env=environment,
            stdin=its,
            stdout=its,
            stderr=its,
        )
    except BaseException:
        os.close(ours)
        raise
    finally:
        os.close(its)
    screen = Screen(process, ours)
    try:
        # its session begins inside it, and a group that does not exist yet hears nothing
        while process.returncode is None and os.getpgid(process.pid) != process.pid:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        yield screen
    finally:
        await screen.close()
