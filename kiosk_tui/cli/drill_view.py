"""What is seen while a drill runs: the rows in the order of the table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kiosk_tui.cli import output
from kiosk_tui.cli.json_output import say_json

if TYPE_CHECKING:
    from kiosk_tui.lab.drill.drill import CaseResult


class DrillView:
    """Prints for people, or JSON lines for programs; a row waits for those that stand before it."""

    def __init__(self, *, json_wanted: bool) -> None:
        self._json = json_wanted
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
        while (following := self._known.get(self._told + 1)) is not None:
            self._told += 1
            self.lines(report.lines(following))
            self.json(report.described(following))
