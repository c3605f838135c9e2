"""`kiosk-tui watch`: what a running register does, live, on a line of its own; it is not disturbed.

Draws in place, and only what changes. Where nothing runs, the journal is read instead.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import shutil
import signal
import sys
import termios
import time
import tty
from collections.abc import Iterator, Sequence
from typing import Final

from kiosk_tui.cli import output
from kiosk_tui.cli.choose import choose
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import OPEN, State
from kiosk_tui.journal.lock import HiddenHolderError, held_by
from kiosk_tui.journal.reader import Reader
from kiosk_tui.remote.link import picture
from kiosk_tui.remote.link.client import LinkError, watch
from kiosk_tui.remote.link.protocol import RegisterView, write
from kiosk_tui.remote.link.status import SHOWN, brief
from kiosk_tui.remote.sockets.places import SocketError
from kiosk_tui.session.launch import Launch
from kiosk_tui.text.cells import cut, width

LOOK_AGAIN_S: Final = 2.0
TICK_S: Final = 1.0
_LEAVE: Final = frozenset("qQ\x1b\x03\x04")


def run(arguments: argparse.Namespace) -> int:
    """Watch until somebody has seen enough; return the exit code."""
    launch = choose(arguments, demo_without_config=True, says_so=True)
    try:
        if arguments.json:
            return asyncio.run(_stream(launch, once=arguments.once))
        if arguments.once or not sys.stdout.isatty():
            return asyncio.run(_once(launch))
        return asyncio.run(_Live(launch).run())
    except SocketError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error


# -- for scripts -------------------------------------------------------------------------------


async def _stream(launch: Launch, *, once: bool) -> int:
    code = Exit.UNAVAILABLE
    async with contextlib.aclosing(watch(launch.journal)) as views:
        async for view in views:
            output.say(write(view).decode("ascii").rstrip("\n"))
            code = Exit.OK
            if once or output.nobody_reads():
                break
    if code is not Exit.OK:
        raise CommandError(code, _why(launch))
    return code


async def _once(launch: Launch) -> int:
    seen, trouble = None, ""
    try:
        async with contextlib.aclosing(watch(launch.journal)) as views:
            seen = await anext(views, None)
    except LinkError as error:
        trouble = str(error)
    lines = _resting(launch, trouble) if seen is None else picture.lines(seen, 0.0, _columns())
    for drawn in lines:
        output.say(drawn)
    return Exit.UNAVAILABLE if seen is None else Exit.OK


# -- for people --------------------------------------------------------------------------------


class _Live:
    """A small screen: each line is written anew from where it differs."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._view: RegisterView | None = None
        self._told_at = 0.0
        self._resting: list[str] = []
        self._drawn: list[str] = []
        self._left = asyncio.Event()

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(number, self._left.set)
        loop.add_signal_handler(signal.SIGWINCH, self._anew)
        with _keys(), _own_screen():
            if sys.stdin.isatty():
                loop.add_reader(sys.stdin.fileno(), self._key)
            work = [asyncio.create_task(self._follow()), asyncio.create_task(self._tick())]
            leaving = asyncio.create_task(self._left.wait())
            try:
                await asyncio.wait({*work, leaving}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (*work, leaving):
                    task.cancel()
                ended = await asyncio.gather(*work, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error
        return Exit.OK

    async def _follow(self) -> None:
        while True:
            trouble = ""
            try:
                async with contextlib.aclosing(watch(self._launch.journal)) as views:
                    async for view in views:
                        self._view, self._told_at = view, time.monotonic()
                        self._draw()
            except LinkError as error:
                trouble = str(error)
            self._view = None
            self._resting = await asyncio.to_thread(_resting, self._launch, trouble)
            self._draw()
            await asyncio.sleep(LOOK_AGAIN_S)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            if self._view is not None:
                self._draw()

    def _key(self) -> None:
        pressed = os.read(sys.stdin.fileno(), 64).decode("utf-8", "replace")
        if not pressed or set(pressed) & _LEAVE:
            self._left.set()

    def _anew(self) -> None:
        self._drawn = []
        _write("\x1b[2J")
        self._draw()

    def _draw(self) -> None:
        columns, rows = shutil.get_terminal_size()
        if self._view is None:
            lines = self._resting
        else:
            lines = picture.lines(self._view, time.monotonic() - self._told_at, columns)
        lines = [*lines[: rows - 2], "", "[q] leave: whatever runs goes on"]
        lines = [cut(line, columns) for line in lines]  # a line that wraps would lie over the next
        _write(changes(self._drawn, lines))
        self._drawn = lines
        if output.nobody_reads():
            self._left.set()


def changes(before: Sequence[str], after: Sequence[str]) -> str:
    """Return what has to be written so that a terminal that shows the one shows the other."""
    written = []
    for row in range(max(len(before), len(after))):
        old = before[row] if row < len(before) else ""
        new = after[row] if row < len(after) else ""
        if old == new:
            continue
        pairs = enumerate(zip(old, new, strict=False))
        same = next((at for at, (one, two) in pairs if one != two), min(len(old), len(new)))
        if not f"{old}{new}".isascii():
            same = 0  # letters of two cells, and marks on others: a cell is no character
        rest = new[same:] + ("\x1b[K" if width(new) < width(old) else "")
        written.append(f"\x1b[{row + 1};{same + 1}H{rest}")
    return "".join(written)


def _write(text: str) -> None:
    if text:
        output.write(text)


@contextlib.contextmanager
def _own_screen() -> Iterator[None]:
    _write("\x1b[?1049h\x1b[?25l\x1b[2J")
    try:
        yield
    finally:
        _write("\x1b[?25h\x1b[?1049l")


@contextlib.contextmanager
def _keys() -> Iterator[None]:
    """Take keys as they are pressed, unseen."""
    if not sys.stdin.isatty():
        yield
        return
    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    tty.setcbreak(keyboard)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(keyboard, termios.TCSADRAIN, before)


# -- where nothing can be watched ----------------------------------------------------------------


def _why(launch: Launch) -> str:
    demo = f"{output.DEMO} " if launch.demo else ""
    try:
        holder = held_by(launch.journal)
    except HiddenHolderError as error:
        return f"{demo}{error}"
    if holder:
        return f"{demo}{launch.journal} is held by {holder}, which cannot be watched."
    return f"{demo}Nothing runs on {launch.journal}."


def _resting(launch: Launch, trouble: str) -> list[str]:
    why = _why(launch)
    more = [trouble] if trouble else []
    try:
        reader = Reader(launch.journal)
        try:
            unfinished = reader.transactions(states=[*sorted(OPEN), State.NEEDS_STAFF])
            newest = reader.transactions(limit=SHOWN)
        finally:
            reader.close()
    except JournalUnavailableError as error:
        return [why, *more, str(error)]
    counts = {
        str(state): sum(one.state is state for one in unfinished)
        for state in (*sorted(OPEN), State.NEEDS_STAFF)
    }
    last = [brief(one) for one in newest]
    first, *rest = picture.resting(why, counts, last, _columns())
    return [first, *more, *rest]


def _columns() -> int:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 200
