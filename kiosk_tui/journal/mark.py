"""A mark beside the journal that remembers that there was one, and how far it had come.

Owns: one line in `<journal>.mark`: the journal's identity and the highest id that it had committed.
A journal that is gone, another one, or one that has lost its end is known by it. The mark is made
durable once, when the journal is new; after each commit it is overwritten without waiting for the
disk, so it may lag behind the journal and never runs ahead of it.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LENGTH: Final = 16 + 1 + 20 + 1


@dataclass(frozen=True, slots=True)
class Known:
    """What the mark says. `last_id` is a number, as ids are ordered."""

    identity: str
    last_id: int


class Mark:
    """The mark of one journal. Nothing here raises when the mark cannot be kept up to date."""

    def __init__(self, journal: Path) -> None:
        self.path = journal.with_name(journal.name + ".mark")
        self._file: int | None = None
        self._identity = ""

    def read(self) -> Known | None:
        """Return what is remembered; None when there is no mark, or none that can be read."""
        try:
            text = self.path.read_bytes()[:_LENGTH].decode("ascii")
            identity, number = text.split()
            return Known(identity, int(number))
        except (OSError, ValueError):
            return None

    def exists(self) -> bool:
        """Whether there is a mark, readable or not."""
        return self.path.exists()

    def make(self, known: Known) -> None:
        """Write the mark so that it survives a power cut. Raises `OSError`."""
        draft = self.path.with_name(self.path.name + ".new")
        file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(file, _line(known))
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
        """Open the mark, to note how far the journal comes."""
        self.close()
        self._identity = identity
        with contextlib.suppress(OSError):
            self._file = os.open(self.path, os.O_WRONLY | os.O_CLOEXEC)

    def note(self, last_id: int) -> None:
        """Overwrite the mark in place: one short write, in one sector, never waited for."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.pwrite(self._file, _line(Known(self._identity, last_id)), 0)

    def close(self) -> None:
        """Stop following."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _line(known: Known) -> bytes:
    return f"{known.identity} {known.last_id:020d}\n".encode("ascii")
