"""The dialogue in lines with the real register behind it, at both ends of a pair of pipes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from kiosk_tui.config.load import load
from kiosk_tui.plain.dialogue import converse
from kiosk_tui.plain.input import Gone, Input
from kiosk_tui.plain.line import LineTerminal
from kiosk_tui.plain.session_dialog import SessionDialog
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.register import open_register
from kiosk_tui.session.screens import screen_settings
from support.installation import Installation

DEADLINE_S = 30.0


class Counter:
    """Both ends of the line."""

    def __init__(self, dialog: SessionDialog, keys: int, paper: int) -> None:
        self.dialog = dialog
        self._keys = keys
        self._paper = paper
        self.said = ""
        os.set_blocking(paper, False)

    def types(self, text: str) -> None:
        os.write(self._keys, text.encode())

    async def hears(self, words: str) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while words not in self.said:
                await asyncio.sleep(0.01)
                try:
                    self.said += os.read(self._paper, 65536).decode()
                except BlockingIOError:
                    continue

    def forget(self) -> None:
        self.said = ""


@asynccontextmanager
async def counter(lobby: Installation, idle_s: float) -> AsyncIterator[Counter]:
    environment = lobby.environment
    launch = Launch(load(lobby.config, environment), False, "a test", environment)
    settings = replace(screen_settings(launch), idle_s=idle_s)
    (hear, keys), (paper, say) = os.pipe(), os.pipe()
    ears, line = Input(), LineTerminal(hear, say, "utf-8")
    dialog = SessionDialog(settings, line, ears, hear)
    opened = await open_register(launch)
    line.start(ears.take, lambda: ears.take(Gone()))
    talk = asyncio.create_task(converse(dialog))
    try:
        dialog.attach(opened.register)
        await opened.register.start()
        yield Counter(dialog, keys, paper)
    finally:
        os.close(keys)
        await talk
        await opened.close(0.0)
        line.close()
        for one in (hear, paper, say):
            os.close(one)
