"""The reader: bytes and times in, tokens out. It never waits, and it never raises."""

from __future__ import annotations

from kiosk_tui.ui.keyboard.rhythm import Rhythm
from kiosk_tui.ui.keyboard.sequences import Sequences
from kiosk_tui.ui.keyboard.tokens import Token


class KeyboardReader:
    """Reads what one terminal sends. Times are seconds of one clock that never goes back."""

    def __init__(self) -> None:
        self._out: list[Token] = []
        self._rhythm = Rhythm(self._out)
        self._sequences = Sequences(self._rhythm.take)

    @property
    def pointing(self) -> bool:
        """Whether the mouse was asked for; otherwise what it says cannot be read."""
        return self._sequences.pointing

    @pointing.setter
    def pointing(self, wanted: bool) -> None:
        self._sequences.pointing = wanted

    @property
    def deadline(self) -> float | None:
        """When `tick` has something to tell, if nothing comes before; None: never."""
        times = (self._rhythm.deadline, self._sequences.deadline)
        return min((one for one in times if one is not None), default=None)

    def feed(self, data: bytes, now: float) -> list[Token]:
        """Take bytes that came now, together; return what is known of them, and of earlier ones."""
        self._pass_time(now)
        for byte in data:
            self._sequences.take(byte, now)
        return self._told()

    def feed_waiting(self, data: bytes, now: float) -> list[Token]:
        """Take bytes that were sent some time before: each is a key of its own."""
        self._rhythm.waited = True
        try:
            return self.feed(data, now)
        finally:
            self._rhythm.waited = False

    def tick(self, now: float) -> list[Token]:
        """Return what has become clear because nothing came."""
        self._pass_time(now)
        return self._told()

    def _pass_time(self, now: float) -> None:
        self._sequences.tick(now)
        self._rhythm.tick(now)

    def _told(self) -> list[Token]:
        told = self._out[:]
        self._out.clear()
        return told
