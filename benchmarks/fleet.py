"""What a fleet costs a payment: each event is written to the outbox too, whether or not head office is there.

A register that is enrolled beside one that is not, payment by payment in turns, on the same disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from statistics import median

from benchmarks.disk import EUR, new_bench
from benchmarks.result import Result
from kiosk_tui.config.load import load
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.session.launch import Launch, place
from kiosk_tui.session.register import OpenRegister, open_register
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.server import served
from kiosk_tui.simulator.tecs import Simulator

_CONFIGURATION = """\
[terminal]
url = "{url}"
number = "{number}"
status_query = false

[auth]
key_file = "{folder}/authkey"

[journal]
path = "{folder}/journal.db"
"""
WARM = 20


def outbox(folder: Path, payments: int) -> Iterator[Result]:
    """Time the two commits of a payment, and whole payments, with an outbox against without one."""
    with (
        closing(new_bench(folder / "commits-alone")) as alone,
        closing(new_bench(folder / "commits-enrolled", ships=True)) as enrolled,
    ):
        for _ in range(200):
            for bench in (alone, enrolled):
                bench.record(*bench.begin())
        times = _in_turns(
            payments,
            lambda: alone.record(*alone.begin()),
            lambda: enrolled.record(*enrolled.begin()),
        )
    yield _result("two commits, enrolled", times)
    yield _result("a payment, enrolled", asyncio.run(_payments(folder, payments)))


Times = tuple[list[float], list[float]]


def _result(name: str, times: Times) -> Result:
    alone, enrolled = (median(one) * 1e3 for one in times)
    return Result(name, enrolled, "ms", alone)


def _in_turns(count: int, alone: Callable[[], None], enrolled: Callable[[], None]) -> Times:
    times: Times = ([], [])
    for number in range(count):
        for which in (0, 1) if number % 2 else (1, 0):
            start = time.perf_counter()
            (alone, enrolled)[which]()
            times[which].append(time.perf_counter() - start)
    return times


async def _payments(folder: Path, count: int) -> Times:
    times: Times = ([], [])
    async with contextlib.AsyncExitStack() as stack:
        pay = (
            await _register(folder / "alone", "88091105", stack),
            await _register(folder / "enrolled", "88091106", stack),
        )
        for number in range(-WARM, count):
            for which in (0, 1) if number % 2 else (1, 0):
                start = time.perf_counter()
                await pay[which]()
                if number >= 0:
                    times[which].append(time.perf_counter() - start)
    return times


async def _register(
    folder: Path, number: str, stack: contextlib.AsyncExitStack
) -> Callable[[], Awaitable[None]]:
    # one for each: two registers may give the same id in the same millisecond
    url = await stack.enter_async_context(served(Simulator(Options(card_s=0, host_s=0))))
    launch = _launch(folder, url, number)
    opened = await open_register(launch)
    stack.push_async_callback(opened.close, 10.0)
    await opened.register.start()
    order = Order(Operation.SALE, Money(1255, EUR), place(launch))
    return lambda: _pay(opened, order)


def _launch(folder: Path, url: str, number: str) -> Launch:
    folder.mkdir()
    key = folder / "authkey"
    key.write_text("benchmark\n", encoding="ascii")
    key.chmod(0o600)
    file = folder / "config.toml"
    file.write_text(_CONFIGURATION.format(url=url, number=number, folder=folder), encoding="utf-8")
    launch = Launch(load(file, {}), False, "benchmarks", {})
    if folder.name == "enrolled":
        fleet = FleetFolder.beside(launch.journal)
        fleet.path.mkdir()
        fleet.office.write_text("{}", encoding="ascii")
    return launch


async def _pay(opened: OpenRegister, order: Order) -> None:
    ended = await opened.register.pay(order)
    if not isinstance(ended, Transaction) or ended.state is not State.APPROVED:
        raise OSError(f"a payment was not approved: {ended}")
