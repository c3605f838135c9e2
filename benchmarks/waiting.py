"""What a register writes to its disk while a customer takes their time, and while nobody comes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.disk import ANSWER, ORDER, to_device
from benchmarks.result import Result
from kiosk_tui.domain.outcome import Answer, Approved, Probe, StatusOutcome, TerminalState
from kiosk_tui.journal.store import Store
from kiosk_tui.journal.writer import JournalWriter
from kiosk_tui.payment.clock import SystemClock
from kiosk_tui.payment.policy import Timeouts
from kiosk_tui.payment.register import Register

POLLS, READ_AT = 20, 17
"""Polls of a wait; from that one on the terminal has read a card, before it waits for one."""


def waiting(folder: Path, payments: int) -> Iterator[Result]:
    """Count bytes: polled every 10 ms they are the same as every 3 s in a minute."""
    folder.mkdir()
    yield Result("a wait with 20 polls", asyncio.run(_waits(folder, payments)) / 1000, "kB")
    with closing(Store(folder / "rest.db")) as store:
        store.check_writable(datetime.now(UTC))
        before = to_device()
        for look in range(120):  # an hour of them
            store.check_disk() if look % 4 else store.check_writable(datetime.now(UTC))
        yield Result("an hour at rest", (to_device() - before) / 1000, "kB")


async def _waits(folder: Path, payments: int) -> float:
    asked: list[object] = []

    async def status(exchange: object) -> StatusOutcome:
        asked.append(exchange)
        read = len(asked) >= READ_AT
        state = TerminalState.CARD_READ if read else TerminalState.WAITING_FOR_CARD
        why = f"TECS answered the status query with code {8019 + read}."
        return StatusOutcome(state, why, Answer(str(8019 + read), state.value))

    async def pay(*_: object) -> Approved:
        asked.clear()
        while len(asked) < POLLS:  # noqa: ASYNC110 - a customer
            await asyncio.sleep(0.002)
        return Approved(ANSWER)

    async def probe() -> Probe:
        return Probe(reachable=True, why="")

    terminal: Any = SimpleNamespace(check=lambda _: None, amount_sent=lambda _: 1380)
    terminal.pay, terminal.status, terminal.probe = pay, status, probe
    times = Timeouts(status_every_s=0.01)
    journal = JournalWriter(Store(folder / "waits.db"))
    register = Register(journal=journal, terminal=terminal, clock=SystemClock(), timeouts=times)
    await register.look()
    await register.pay(ORDER)  # makes the tables
    before = to_device()
    for _ in range(payments):
        await register.pay(ORDER)
    found = (to_device() - before) / payments
    await register.close(0)
    journal.close()
    return found
