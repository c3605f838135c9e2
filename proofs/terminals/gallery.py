"""The app with its real driver on a real terminal, showing whichever of the tests' screens is asked for.

A process of its own; the terminal is its stdin and stderr, and the socket whose number is its first
argument says what to show (`show NAME`) and asks what came of it (`tell`). The second argument says whose
reader hears the keyboard.
"""

from __future__ import annotations

import asyncio
import codecs
import json
import select
import socket
import sys
from typing import Any, Final

from support.showcase import SETTINGS, SHOWCASE
from textual import events
from textual._xterm_parser import XTermParser

from kiosk_tui.ui.app import KioskApp
from kiosk_tui.ui.driver import listening
from kiosk_tui.ui.driver.listening import Listening
from kiosk_tui.ui.driver.typed import Burst
from kiosk_tui.ui.messages import GaveUp

TEXTUALS: Final = "textuals"


class Gallery(KioskApp):
    """Shows screens, and notes what arrives at them."""

    def __init__(self, line: socket.socket) -> None:
        super().__init__()
        self._guide = line
        self._buffer = b""
        self._forget()

    def _forget(self) -> None:
        self._seen: dict[str, Any] = {"keys": [], "bursts": [], "gave_up": 0, "faults": []}

    def on_ready(self) -> None:
        super().on_ready()
        self.configure(SETTINGS)
        asyncio.get_running_loop().add_reader(self._guide, self._hear)
        self._say({"screens": list(SHOWCASE)})

    def _hear(self) -> None:
        data = self._guide.recv(4096)
        if not data:
            super().exit(0)
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for one in lines:
            what, _, name = one.decode().partition(" ")
            if what == "show":
                self.call_later(self._show, name)
            else:
                self._say(self._seen)

    def _show(self, name: str) -> None:
        self.show(SHOWCASE[name](SETTINGS))
        self.call_after_refresh(self.call_later, self._is_shown, name)

    def _is_shown(self, name: str) -> None:
        self._forget()  # what the screen did by itself to look as it does
        self._say({"shown": name})

    def _say(self, what: dict[str, Any]) -> None:
        self._guide.sendall(json.dumps(what).encode() + b"\n")

    # -- what arrives ------------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key):
            self._seen["keys"].append(event.key)
        await super().on_event(event)

    def on_burst(self, event: Burst) -> None:
        self._seen["bursts"].append(event.text)
        super().on_burst(event)

    def on_gave_up(self, _event: GaveUp) -> None:
        self._seen["gave_up"] += 1

    def exit(self, *_arguments: Any, **_named: Any) -> None:
        """Stay: one Escape leaves some screens, as their lines of keys say; nobody pays there."""

    def _handle_exception(self, error: Exception) -> None:
        self._seen["faults"].append(repr(error))


class TextualsListening(Listening):
    """Hears the keyboard as Textual's own driver does."""

    def _listen(self) -> bool:
        parser = XTermParser()
        decode = codecs.getincrementaldecoder("utf-8")().decode
        while True:
            ready, _, _ = select.select([self._file, self._stopped], [], [], 0.1)
            if self._stopped in ready:
                return True
            if self._file in ready:
                data = self._read()
                if data is None:
                    return False
                for told in parser.feed(text) if (text := decode(data)) else ():
                    self._hear(told)
            for told in parser.tick():
                self._hear(told)


def start() -> None:
    """Show until the line ends."""
    line = socket.socket(fileno=int(sys.argv[1]))
    if sys.argv[2] == TEXTUALS:
        vars(listening)["Listening"] = TextualsListening
    sys.exit(Gallery(line).run())
