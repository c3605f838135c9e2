"""The write log of a block device, and what a power cut leaves of the device.

Owns: the format of QEMU's `blklogwrites` (that of Linux's dm-log-writes), and the rule that only what
came before a completed flush is safe.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from proofs.power.files import SECTOR, Fate, Loss

CHUNK: Final = 64 * 1024

_MAGIC: Final = 0x6A736677736872
_SUPER: Final = struct.Struct("<QQQL")
_ENTRY: Final = struct.Struct("<QQQQ")
_FLUSH: Final = 1
_FUA: Final = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """One write or flush; `end` is where the log ended with it, in bytes."""

    end: int
    flush: bool
    fua: bool
    offset: int
    data: bytes


def read(path: Path) -> list[Entry]:
    """Read a log. Raises ValueError when it is none, or holds what is not known here."""
    return list(_entries(path.read_bytes()))


def _entries(log: bytes) -> Iterator[Entry]:
    magic, _version, count, sector = _SUPER.unpack_from(log)
    if magic != _MAGIC:
        raise ValueError("This is no write log.")
    at = sector
    for _ in range(count):
        start, sectors, flags, _length = _ENTRY.unpack_from(log, at)
        if flags & ~(_FLUSH | _FUA):
            raise ValueError(f"A write log entry has flags {flags}: a discard cannot be replayed.")
        at += sector
        length = sectors * sector
        data = log[at : at + length]
        at += length
        yield Entry(at, bool(flags & _FLUSH), bool(flags & _FUA), start * sector, data)


class Device:
    """A device's content while its log is replayed, in chunks; what is in none is zero.

    With `lag`, so many flushes were answered too soon: the control.
    """

    def __init__(self, chunks: dict[int, bytes], *, lag: int = 0) -> None:
        self.safe = {at: bytearray(data) for at, data in chunks.items()}
        self._epochs: list[list[Entry]] = [[]]
        self._lag = lag

    def take(self, entry: Entry) -> None:
        """Do what the next entry says."""
        if entry.data:
            self._epochs[-1].append(entry)
        if entry.flush or entry.fua:
            self._epochs.append([])
            while len(self._epochs) > 1 + self._lag:
                for one in self._epochs.pop(0):
                    self._write(one.offset, one.data)

    @property
    def unsafe(self) -> bool:
        """Whether a cut can lose anything."""
        return any(self._epochs)

    def survivors(self, fate: Fate, seed: int) -> dict[int, bytes]:
        """Return what a power cut leaves of the unsafe: sectors by their offset in bytes."""
        versions: dict[int, list[tuple[int, bytes]]] = {}
        order = 0
        for one in (entry for epoch in self._epochs for entry in epoch):
            for at in range(0, len(one.data), SECTOR):
                whole = one.data[at : at + SECTOR]
                versions.setdefault(one.offset + at, []).append((order, whole))
                order += 1
        loss = Loss(fate, seed, range(order))
        found = {}
        for offset, changes in versions.items():
            reached = loss.reached([number for number, _ in changes])
            if reached:
                found[offset] = changes[reached - 1][1]
        return found

    def _write(self, offset: int, data: bytes) -> None:
        while data:
            at, inside = offset - offset % CHUNK, offset % CHUNK
            part, data = data[: CHUNK - inside], data[CHUNK - inside :]
            chunk = self.safe.setdefault(at, bytearray(CHUNK))
            chunk[inside : inside + len(part)] = part
            offset = at + CHUNK


def chunks(image: Path) -> dict[int, bytes]:
    """Return an image's content by offset, without what is zero."""
    whole, nothing = image.read_bytes(), bytes(CHUNK)
    found = ((at, whole[at : at + CHUNK]) for at in range(0, len(whole), CHUNK))
    return {at: data for at, data in found if data != nothing}
