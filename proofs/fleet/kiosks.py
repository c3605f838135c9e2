"""Kiosks that exist in memory only, and ship as `kiosk_tui.fleet` does.

They forget what head office says is stored, at once: whoever says so too early loses it for good.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kiosk_tui.fleet.wire import Batch, JournalEvent, Stored
from proofs.fleet.journals import Journal
from proofs.fleet.line import BROKEN, Line

BATCH: Final = 50
OK: Final = 200


@dataclass
class Kiosk:
    """One: `journal` is all that will happen, `arrives` when (seconds after the start) each event does."""

    kiosk_id: str
    serial: str
    journal: Journal
    arrives: Sequence[float]
    doors: Sequence[Path]
    rng: random.Random
    longest_pause_s: float = 1.0
    repeats: float = 0.05
    """How often it forgets how far it was, and sends once more what was taken."""
    forgotten: int = 0
    """Events up to here are on this kiosk no more."""
    delays: list[float] = field(default_factory=list)
    """Seconds from each event until it was known to be stored."""
    errors: int = 0
    line: Line = field(init=False)

    def __post_init__(self) -> None:
        self.line = Line(self.serial)

    async def ship(self, began: float) -> None:
        """Ship everything; `began` is on the clock of the loop."""
        cursor, gone, pause = 0, False, 0.05
        kept: tuple[int, tuple[JournalEvent, ...]] | None = None
        door = self.rng.choice(self.doors)
        while cursor < len(self.journal.events):
            last = await self._due(cursor, began)
            batch = self._batch(cursor, last, gone=gone)
            if kept is not None and self.rng.random() < self.repeats:
                batch = batch.model_copy(
                    update={"after": kept[0], "events": kept[1], "upto": kept[0] + len(kept[1])}
                )
            try:
                status, body = await self.line.post(
                    door, "/v1/ingest", batch.model_dump_json().encode()
                )
                if status != OK:
                    raise OSError(body)
            except BROKEN:
                self.errors += 1
                self.line.cut()
                door = self.rng.choice(self.doors)
                await asyncio.sleep(self.rng.uniform(0, pause))
                pause = min(pause * 2, self.longest_pause_s)
                continue
            pause = 0.05
            stored = Stored.model_validate_json(body).stored
            if batch.after == cursor:
                kept = (batch.after, batch.events)
            self._note(cursor, stored, began)
            self.forgotten = max(self.forgotten, stored)
            gone = stored < self.forgotten
            cursor = max(stored, self.forgotten)
        self.line.cut()

    async def _due(self, cursor: int, began: float) -> int:
        """Return up to which place there are events, waiting for the next one where there is none."""
        now = time.monotonic() - began
        if self.arrives[cursor] > now:
            await asyncio.sleep(self.arrives[cursor] - now)
            now = self.arrives[cursor]
        last = cursor + 1
        while last < min(len(self.arrives), cursor + BATCH) and self.arrives[last] <= now:
            last += 1
        return last

    def _batch(self, after: int, upto: int, *, gone: bool) -> Batch:
        return Batch(
            epoch=self.journal.epoch,
            boot=self.kiosk_id,
            now=datetime.now(UTC),
            after=after,
            upto=upto,
            gone=gone,
            events=tuple(self.journal.events[after:upto]),
        )

    def _note(self, cursor: int, stored: int, began: float) -> None:
        now = time.monotonic() - began
        self.delays.extend(now - self.arrives[place] for place in range(cursor, stored))


def fleet(
    kiosks: int, events: int, seconds: float, doors: Sequence[Path], rng: random.Random
) -> list[Kiosk]:
    """Return kiosks that have about `events` events each, spread by chance over `seconds`."""
    made = []
    for number in range(kiosks):
        journal = Journal(f"{number:08x}", terminal=f"{number:08d}").pay_many(events // 2, rng)
        arrives = sorted(rng.uniform(0, seconds) for _ in journal.events)
        its_own = random.Random(rng.random())
        made.append(Kiosk(f"k-{number}", f"{number + 1:x}", journal, arrives, doors, its_own))
    return made
