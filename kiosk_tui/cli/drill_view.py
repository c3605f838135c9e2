"""What is seen while a drill runs: the rows in their order, and a progress bar on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from kiosk_tui.cli import output
from kiosk_tui.cli.json_output import say_json

if TYPE_CHECKING:
    from kiosk_tui.lab.drill.drill import CaseResult

_BAR: Final = 40
_CLEAR: Final = "\r\x1b[K"


class DrillView:
    """Prints for people, or JSON lines for programs; a row waits for those that stand before it."""

    def __init__(self, cases: int, *, json_wanted: bool) -> None:
        self._cases = cases
        self._json = json_wanted
        self._bar = sys.stdout.isatty() and not json_wanted
        self._began = time.monotonic()
        self._known: dict[int, CaseResult] = {}
        self._told = 0

    def lines(self, lines: Iterable[str]) -> None:
        """Print lines for people."""
        if not self._json:
            for line in lines:
                output.say(line)

    def json(self, value: Any) -> None:
        """Print a value for programs."""
        if self._json:
            say_json(value)

    def row(self, row: CaseResult) -> None:
        """Take note of a row, and print what can be printed in the order of the table."""
        from kiosk_tui.lab.drill import report  # noqa: PLC0415 - an extra

        self._known[row.number] = row
        self._draw("")
        while (following := self._known.get(self._told + 1)) is not None:
            self._told += 1
            self.lines(report.lines(following))
            self.json(report.described(following))
        self.progress(len(self._known))

    def progress(self, done: int) -> None:
        """Draw the bar; it is gone when all is done."""
        if done == self._cases:
            return
        filled = _BAR * done // self._cases
        minutes, seconds = divmod(int(time.monotonic() - self._began), 60)
        bar = f"[{'#' * filled}{'.' * (_BAR - filled)}]"
        self._draw(f"{bar} {done} of {self._cases}  {minutes}:{seconds:02}")

    def _draw(self, bar: str) -> None:
        if self._bar:
            output.write(_CLEAR + bar)
