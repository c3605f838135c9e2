"""A watermark beside the journal: that there was one, and how far it had come.

Owns: one line in `<journal>.mark`: the journal's identity, and the highest id and the last receipt
number that it had committed. By it a journal is recognised that is gone, another one, or truncated. The
file is synced once, when the journal is new; after each commit it is overwritten without a sync, so it
may be behind the journal (by what the kernel keeps in memory: half a minute) and is never ahead of it.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

from kiosk_tui.files.reading import read
from kiosk_tui.records import dataclass

LONGEST: Final = 200
"""Bytes of a line; a longer one is not read."""

_FEWEST_FIELDS: Final = 2
"""Older versions kept no receipt number."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of a journal. `last_id` is a number, as ids are ordered."""

    identity: str
    last_id: int
    last_receipt: int = 0

    def is_ahead_of(self, other: Known) -> bool:
        """Whether the other one is known to have come less far than this."""
        return self.last_id > other.last_id or self.last_receipt > other.last_receipt


class WatermarkLine:
    """One line in a file of its own, synced once and then overwritten in place."""

    def __init__(self, path: Path, tail: str = "") -> None:
        self.path = path
        self._tail = tail
        self._file: int | None = None
        self._identity = ""

    def make(self, known: Known) -> None:
        """Write and sync the line. Raises `OSError`."""
        draft = self.path.with_name(self.path.name + ".new")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        file = os.open(draft, flags, 0o600)
        try:
            os.write(file, self._line(known))
            os.fsync(file)
        finally:
            os.close(file)
        draft.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def follow(self, identity: str) -> None:
        """Open the file, to note how far this journal comes."""
        self.close()
        self._identity = identity
        try:
            # O_NONBLOCK: no waiting for a pipe's other end
            flags = os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            self._file = os.open(self.path, flags)
        except OSError as error:
            self._failed(error)

    def note(self, last_id: int, last_receipt: int) -> None:
        """Overwrite the line in place: one short write within one sector, without a sync."""
        if self._file is not None:
            try:
                os.pwrite(self._file, self._line(Known(self._identity, last_id, last_receipt)), 0)
            except OSError as error:
                self._failed(error)

    def ask(self) -> None:
        """Let the disk answer without writing anything to it. Raises `OSError`.

        A write of no bytes waits where the file system is frozen; a sync with nothing to write has the
        device flush what it still keeps in memory.
        """
        if self._file is not None:
            os.pwrite(self._file, b"", 0)
            os.fdatasync(self._file)

    def close(self) -> None:
        """Stop following."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _line(self, known: Known) -> bytes:
        return (
            f"{known.identity} {known.last_id:020d} {known.last_receipt:020d}{self._tail}\n"
        ).encode()

    def _failed(self, error: OSError) -> None:
        """Ignore it: nothing here may stop a payment."""


class Watermark(WatermarkLine):
    """The watermark of one journal. Nothing raises when it cannot be kept up to date."""

    def __init__(self, journal: Path) -> None:
        super().__init__(journal.with_name(journal.name + ".mark"))

    def read(self) -> Known | None:
        """Return what it says; None when there is no watermark, or none that can be read."""
        with contextlib.suppress(OSError, ValueError):
            return parse(read(self.path, LONGEST).decode("ascii").split())
        return None

    def exists(self) -> bool:
        """Whether there is a watermark, readable or not."""
        return self.path.exists()


def parse(fields: list[str]) -> Known:
    """Read the first fields of a line. Raises `ValueError`."""
    if len(fields) < _FEWEST_FIELDS:
        raise ValueError("This is no watermark.")
    identity, *numbers = fields[:3]
    return Known(identity, *(int(one) for one in numbers))
