"""Hands the register over to another session of the same user, when its holder allows it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from kiosk_tui.remote.link.view import Denial
from kiosk_tui.remote.sockets.lines import LineTooLongError, line
from kiosk_tui.remote.sockets.objects import read_object
from kiosk_tui.remote.sockets.places import SocketError, listening, peer

log = logging.getLogger(__name__)

LONGEST: Final = 1024
ASK_S: Final = 10.0
MOST_ASKING: Final = 4

Decide = Callable[[str, str], Awaitable[Denial | None]]
"""Told who asks and the service PIN that was given; says why not, or None: then it is theirs."""


def control_socket(journal: Path) -> Path:
    """Return where a register on this journal is asked for."""
    return journal.with_name(journal.name + ".control")


class Handover:
    """Listens for one who wants the register. `given` is called once, after that one was told."""

    def __init__(self, decide: Decide, given: Callable[[str], None]) -> None:
        self._decide = decide
        self._given = given
        self._asking: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._server: asyncio.Server | None = None

    async def open(self, journal: Path) -> None:
        """Let others ask from now on. Failing to do so is logged, and nothing else."""
        try:
            made = listening(control_socket(journal))
        except SocketError as error:
            log.warning("nobody can take over: %s", error)
            return
        # Not start_unix_server: since Python 3.13 that looks the socket's name up, which holds the
        # number of a folder that is closed by now.
        self._server = await asyncio.start_server(self._accept, sock=made, limit=LONGEST)

    async def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
        me = asyncio.current_task()
        asking = [task for task in self._asking if task is not me]
        for task in asking:
            self._asking[task].transport.abort()
        await asyncio.gather(*asking, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        _, user = peer(writer.get_extra_info("socket"))
        if task is None or len(self._asking) >= MOST_ASKING or user not in (0, os.geteuid()):
            writer.transport.abort()
            return
        self._asking[task] = writer
        try:
            with contextlib.suppress(ConnectionError, TimeoutError, LineTooLongError):
                async with asyncio.timeout(ASK_S):
                    told = await line(reader)
                if told is not None:
                    await self._answer(told, writer)
        finally:
            del self._asking[task]
            writer.transport.abort()

    async def _answer(self, told: bytes, writer: asyncio.StreamWriter) -> None:
        by, pin = _read(told)
        why_not = await self._decide(by, pin) if by else Denial.SILENT
        answer = {"granted": why_not is None, "why": why_not}
        with contextlib.suppress(ConnectionError):
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        if why_not is None:
            log.info("the register is handed over to %s", by)
            self._given(by)


def _read(told: bytes) -> tuple[str, str]:
    """Return who asks, and with which PIN; nobody when it is no such request."""
    try:
        asked = read_object(told)
        if asked.get("do") != "take_over":
            return "", ""
        by = "".join(one for one in str(asked.get("by", "")) if one.isprintable())
        return by[:200], str(asked.get("pin", ""))
    except ValueError:
        return "", ""
