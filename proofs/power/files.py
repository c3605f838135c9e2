"""A folder of files that forgets what was not synced.

Owns: what a power cut leaves. The unit that a disk writes whole is a sector; of each sector any version
since the last sync may be what remains, whatever became of the others. File sizes and names, too, are
only promised once they were synced: a name by syncing the folder, as POSIX has it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final

SECTOR: Final = 512
"""Bytes that are written whole or not at all: the least that disks and their makers promise."""


class Fate(StrEnum):
    """What becomes of everything that was not synced."""

    GONE = "gone"
    KEPT = "kept"
    IN_ORDER = "in-order"
    ONE_LOST = "one-lost"
    ANY_ORDER = "any-order"


class Loss:
    """Decides, for each sector, size and name, how many of its unsynced versions were reached."""

    def __init__(self, fate: Fate, seed: int, orders: Sequence[int]) -> None:
        self._fate = fate
        self._chance = random.Random(seed)
        self._at = self._chance.choice(orders) if orders else 0
        self._likely = self._chance.choice((0.1, 0.5, 0.9))
        self._junk = self._chance.random() < 0.5

    def reached(self, orders: Sequence[int]) -> int:
        """Return how many of these changes (the numbers of their calls, ascending) are on the disk."""
        if self._fate is Fate.GONE:
            return 0
        if self._fate is Fate.IN_ORDER:
            return sum(order < self._at for order in orders)
        if self._fate is Fate.ONE_LOST and self._at in orders:
            return orders.index(self._at)
        if self._fate is Fate.ANY_ORDER and self._chance.random() >= self._likely:
            return self._chance.randrange(len(orders))
        return len(orders)

    def never_written(self) -> bytes:
        """Return a sector that belongs to the file, but that nothing was ever written to."""
        return self._chance.randbytes(SECTOR) if self._junk else bytes(SECTOR)


_Version = tuple[int, bytes]
"""The number of the change, and what the sector holds after it."""


class File:
    """One file's bytes: those that programs read, those that are safe, and what came between."""

    def __init__(self, safe: bytes = b"") -> None:
        self.now = bytearray(safe)
        self._safe = safe
        self._changes: dict[int, list[_Version]] = {}
        self._sizes: list[tuple[int, int]] = []

    def write(self, order: int, offset: int, data: bytes) -> int:
        """Write without syncing; each sector is a change of its own. Return the next order."""
        now, end = self.now, offset + len(data)
        if end > len(now):
            now.extend(bytes(end - len(now)))
            self._sizes.append((order, end))
        now[offset:end] = data
        return self._note(order, range(offset // SECTOR, (end - 1) // SECTOR + 1))

    def truncate(self, order: int, size: int) -> int:
        """Shorten without syncing. Return the next order."""
        old = len(self.now)
        del self.now[size:]
        self._sizes.append((order, size))
        return self._note(order + 1, range(size // SECTOR, -(-old // SECTOR)))

    def sync(self) -> None:
        """Make everything safe."""
        self._safe = bytes(self.now)
        self._changes.clear()
        self._sizes.clear()

    @property
    def orders(self) -> list[int]:
        """The numbers of what is not safe."""
        changed = [order for versions in self._changes.values() for order, _ in versions]
        return changed + [order for order, _ in self._sizes]

    def survivor(self, loss: Loss) -> bytes:
        """Return what a power cut leaves."""
        found = bytearray(self._safe)
        for sector, versions in self._changes.items():
            at, reached = sector * SECTOR, loss.reached([order for order, _ in versions])
            if at + SECTOR > len(found):
                found.extend(bytes(at + SECTOR - len(found)))
            if reached:
                found[at : at + SECTOR] = versions[reached - 1][1]
            elif at >= len(self._safe):
                found[at : at + SECTOR] = loss.never_written()
        size = len(self._safe)
        if self._sizes:
            reached = loss.reached([order for order, _ in self._sizes])
            size = self._sizes[reached - 1][1] if reached else size
        found.extend(bytes(max(0, size - len(found))))
        return bytes(found[:size])

    def _note(self, order: int, sectors: range) -> int:
        now, changes = self.now, self._changes
        for sector in sectors:
            whole = bytes(now[sector * SECTOR : (sector + 1) * SECTOR]).ljust(SECTOR, b"\0")
            changes.setdefault(sector, []).append((order, whole))
            order += 1
        return order


class Folder:
    """Files by name. Every call that asks something of the disk is counted; one of them is the last.

    At call number `cut_at` (the first is 1) `on_cut` is called: a write is under way then, a sync has
    not done anything yet. With `lies`, syncing does nothing: a disk that answers before it has written;
    with `keeps_names` off, that is so for names alone.
    """

    def __init__(
        self,
        safe: dict[str, bytes] | None = None,
        *,
        lies: bool = False,
        keeps_names: bool = True,
    ) -> None:
        self._names = {name: File(data) for name, data in (safe or {}).items()}
        self._safe_names = dict(self._names)
        self._renamed: list[tuple[int, str, File | None]] = []
        self._lies = lies
        self._keeps_names = keeps_names and not lies
        self._order = 0
        self.calls = 0
        self.cut_at = 0
        self.on_cut: Callable[[str], None] = lambda _: None

    def get(self, name: str) -> File | None:
        """Return the file of that name."""
        return self._names.get(name)

    def create(self, name: str) -> File:
        """Make an empty file; its name is not safe before `sync_names`."""
        file = self._names[name] = File()
        self._rename(name, file)
        self._call(f"create {name}")
        return file

    def delete(self, name: str) -> None:
        """Take a name away; not safe before `sync_names`."""
        del self._names[name]
        self._rename(name, None)
        self._call(f"delete {name}")

    def write(self, file: File, offset: int, data: bytes) -> None:
        """Write at `offset`."""
        self._order = file.write(self._order, offset, data)
        self._call(f"write {len(data)} bytes at {offset}")

    def truncate(self, file: File, size: int) -> None:
        """Shorten to `size` bytes."""
        self._order = file.truncate(self._order, size)
        self._call(f"truncate to {size} bytes")

    def sync(self, file: File) -> None:
        """Make a file's bytes and size safe."""
        self._call("sync")
        if not self._lies:
            file.sync()

    def sync_names(self) -> None:
        """Make the names safe."""
        self._call("sync the folder")
        if self._keeps_names:
            self._safe_names = dict(self._names)
            self._renamed.clear()

    def survivors(self, fate: Fate, seed: int) -> dict[str, bytes]:
        """Return what a power cut leaves, now."""
        files = {*self._names.values(), *self._safe_names.values()}
        orders = [order for file in files for order in file.orders]
        loss = Loss(fate, seed, sorted(orders + [order for order, _, _ in self._renamed]))
        names = dict(self._safe_names)
        for name in dict.fromkeys(name for _, name, _ in self._renamed):
            changes = [(order, file) for order, changed, file in self._renamed if changed == name]
            reached = loss.reached([order for order, _ in changes])
            if reached:
                file = changes[reached - 1][1]
                names.pop(name, None)
                if file is not None:
                    names[name] = file
        return {name: file.survivor(loss) for name, file in names.items()}

    def everything(self) -> dict[str, bytes]:
        """Return what programs see."""
        return {name: bytes(file.now) for name, file in self._names.items()}

    def _rename(self, name: str, file: File | None) -> None:
        self._renamed.append((self._order, name, file))
        self._order += 1

    def _call(self, what: str) -> None:
        self.calls += 1
        if self.calls == self.cut_at:
            self.on_cut(what)
