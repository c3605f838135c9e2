"""Slips as text files in a folder: for a till that prints them, or for an archive."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from kiosk_tui.domain.slip import Condition, NotPrinted, Printed, PrinterState, PrintOutcome
from kiosk_tui.files.writing import GROUP_READS, write
from kiosk_tui.receipt.lines import Spell
from kiosk_tui.receipt.printer_thread import HangsError, PrinterThread

MOST_S = 5.0


class TextFiles:
    """Writes `<name>.txt`, each whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._patience = PrinterThread(MOST_S)

    async def state(self) -> PrinterState:
        """See whether the folder takes files."""
        try:
            await self._patience.run(self._check)
        except (OSError, HangsError) as error:
            return PrinterState(Condition.OFFLINE, self._sentence(error))
        return PrinterState(Condition.READY)

    async def spelling(self) -> Spell:
        """Leave a text as it is: a file has every letter."""
        return str

    async def print(self, name: str, lines: Sequence[str]) -> PrintOutcome:
        """Write a file."""
        try:
            await self._patience.run(lambda: self._write(name, lines))
        except (OSError, HangsError) as error:
            return NotPrinted(self._sentence(error))
        return Printed()

    def _check(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(self._folder, os.W_OK | os.X_OK):
            raise PermissionError(13, os.strerror(13))

    def _write(self, name: str, lines: Sequence[str]) -> None:
        self._check()
        part = self._folder / f".{name}.part"
        write(part, "\n".join(lines) + "\n", GROUP_READS, durable=True)
        part.replace(self._folder / f"{name}.txt")

    def _sentence(self, error: OSError | HangsError) -> str:
        why = error.strerror if isinstance(error, OSError) else "it does not answer"
        return f"The folder {self._folder} takes no slips: {why}."
