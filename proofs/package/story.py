"""What happens to the package, and what must have come of it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable
from pathlib import Path
from typing import Final

from kiosk_tui.lab.drill.child import UnexpectedError
from kiosk_tui.lab.drill.line import RequestKind
from proofs.package.machine import STATE, Machine

_SALE: Final = ("sale", "--amount", "12.55", "--json")
_LONGEST_S: Final = 60.0


async def installs(one: Machine) -> list[str]:
    """Install it; a payment is taken by its own user."""
    one.install(one.first)
    one.configure()
    code, said = await one.call(*_SALE)
    found = [] if code == 0 else [f"a sale ended with {code}: {said}"]
    mode = (one.root / STATE).stat().st_mode & 0o7777
    return found + ([] if mode == 0o700 else [f"{STATE} has the mode {mode:o}"])


async def upgrades_with_one_due(one: Machine) -> list[str]:
    """Upgrade while a cancellation is due: the new version has it answered."""
    before = len(await one.journal())
    await _leave_one_due(one)
    one.install(one.second)
    return await _recovers(one, before + 1)


async def upgrades_the_debian(old: Machine, new: Machine) -> list[str]:
    """Upgrade a whole Debian while a cancellation is due: the next one's package has it answered."""
    found = await installs(old)
    await _leave_one_due(old)
    new.inherit(old)
    new.install(new.first)
    found += await _recovers(new, 2)
    code, said = await new.call(*_SALE)
    found += [] if code == 0 else [f"a sale on the new one ended with {code}: {said}"]
    return found + _stays(new, 2510)


async def _leave_one_due(one: Machine) -> None:
    """Cut the power in the middle of a payment."""
    held = one.sandbox.line.hold_answer(RequestKind.PAYMENT)
    sale = await one.start(*_SALE)
    await _reached(held.reached(), "the sale at TECS")
    _kill(one)
    await sale.wait()
    held.let_go()


async def _recovers(one: Machine, count: int) -> list[str]:
    """See that what was due is cancelled, among so many transactions, the first of them approved."""
    code, said = await one.call("recover")
    found = [] if code == 0 else [f"recover ended with {code}: {said}"]
    rows = await one.journal()
    if len(rows) != count:
        return [*found, f"the journal has {len(rows)} transactions, not {count}"]
    return found + _stays(one, 1255) + _settled(rows[0], "CANCELLED")


async def upgrades_in_a_payment(one: Machine) -> list[str]:
    """Upgrade (here: back) while a payment is under way: refused, and nothing is changed."""
    held = one.sandbox.line.hold_answer(RequestKind.PAYMENT)
    sale = await one.start(*_SALE)
    await _reached(held.reached(), "the sale at TECS")
    before = one.version()
    said = await asyncio.to_thread(one.install, one.first, fails=True)
    found = [] if one.version() == before else [f"{before} became {one.version()}"]
    if "a payment is under way" not in said:
        found.append(f"it did not say why: {said}")
    held.let_go()
    code = await sale.wait()
    found += [] if code == 0 else [f"the payment ended with {code}"]
    one.install(one.first)
    return found + _stays(one, 2510)


async def removed(one: Machine) -> list[str]:
    """Remove and purge: the journal and the configuration stay."""
    rows = await one.journal()
    one.dpkg("--remove", "kiosk-tui")
    one.dpkg("--purge", "kiosk-tui")
    left = (one.root / "usr/lib/kiosk-tui/lib", one.root / "usr/bin/kiosk-tui")
    found = [f"{path} is still there" for path in left if path.exists()]
    kept = (one.root / STATE / "journal.db", one.root / "etc/kiosk-tui/config.toml")
    found += [f"{path} is gone" for path in kept if not path.exists()]
    one.install(one.second)
    return found + ([] if await one.journal() == rows else ["the journal has changed"])


async def upgrades_hastily(one: Machine) -> list[str]:
    """Upgrade from a version that does not wait while a payment is under way."""
    (one.root / "var/lib/dpkg/info/kiosk-tui.prerm").write_text("#!/bin/sh\n")
    held = one.sandbox.line.hold_answer(RequestKind.PAYMENT)
    sale = await one.start(*_SALE)
    await _reached(held.reached(), "the sale at TECS")
    before = one.version()
    await asyncio.to_thread(one.install, one.first)
    hasty = one.version() != before
    held.let_go()
    await sale.wait()
    return ["it was upgraded in the middle of a payment"] if hasty else []


def _kill(one: Machine) -> None:
    """Kill every process that runs from the tree, as a power cut would."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "root").readlink() == one.root.resolve():
                os.kill(int(process.name), signal.SIGKILL)


def _stays(one: Machine, minor: int) -> list[str]:
    ledger = one.sandbox.simulator.ledger
    net = sum(ledger.net_minor(number) for number in ledger.entries)
    return [] if net == minor else [f"at TECS {net} stayed, not {minor}"]


def _settled(row: dict[str, object], state: str) -> list[str]:
    return [] if row["state"] == state else [f"the payment is {row['state']}, not {state}"]


async def _reached(moment: Awaitable[object], what: str) -> None:
    try:
        async with asyncio.timeout(_LONGEST_S):
            await moment
    except TimeoutError:
        raise UnexpectedError(f"It never came so far: {what}.") from None
