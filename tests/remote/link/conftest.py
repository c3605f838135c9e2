"""A register on a real journal, watched over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.fakes import Bench
from support.virtual import START

from kiosk_tui.domain.outcome import PaymentOutcome
from kiosk_tui.remote.link.protocol import Holder, time
from kiosk_tui.remote.link.server import LinkServer

HOLDER = Holder(
    command="kiosk-tui run as user 7",
    pid=4711,
    version="0.1.0",
    mode="lane",
    kiosk_id="desk",
    terminal="88091105",
    demo=True,
    since=time(START),
)


class Now:
    """The machine's own clocks: sockets know no virtual time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


class Watched:
    """A register that others watch; `go_on` lets its payments be answered."""

    def __init__(self, folder: Path) -> None:
        self.bench = Bench(folder, clock=Now())
        self.journal = folder / "journal.db"
        self.link = LinkServer(self.bench.register, HOLDER)
        self.go_on = asyncio.Event()

    def slow(self, outcome: PaymentOutcome) -> None:
        async def answer() -> PaymentOutcome:
            await self.go_on.wait()
            return outcome

        self.bench.terminal.answer = answer


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    made = Watched(tmp_path)
    await made.bench.register.look()
    await made.link.start(made.journal)
    yield made
    await made.link.stop()
    await made.bench.register.close(0)
