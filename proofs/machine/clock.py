"""A clock that is set a year back or forward, or to 1970: ids never repeat, and what is due is asked."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk_tui.domain.identity import Place
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import OPEN, State
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import ExchangeKind, Order
from kiosk_tui.journal.store import Store
from kiosk_tui.lab.drill.child import PROGRAM
from kiosk_tui.lab.drill.judge import judge
from kiosk_tui.lab.drill.sandbox import sandbox
from proofs.machine import altered
from proofs.machine.cut_short import cut_short
from proofs.proof import Row

_YEAR_S: Final = 365 * 86_400
_BATTERY_EMPTY_S: Final = -56 * _YEAR_S
_SET: Final = (_YEAR_S, -_YEAR_S, _BATTERY_EMPTY_S, 30 * _YEAR_S)
_ORDER: Final = Order(Operation.SALE, Money(1255, Currency("EUR", 2)), Place("88091105", "1"))


class _ByTheClock(Store):
    """The control: whatever was used before, the time is the id."""

    _next_numbers = altered.by_the_clock  # type: ignore[assignment]


async def changed(folder: Path) -> Row:
    """Die in the middle of a sale; then sell under another clock, and with one that is set meanwhile.

    A clock that is not TECS's closes the register to payments, never to cancellations.
    """
    violations = []
    async with sandbox(folder, PROGRAM) as built:
        for ahead_s in _SET:
            built.program = PROGRAM
            await cut_short(built)
            for clock, code in ((f"clock:{ahead_s}", 69), (f"jumps:{ahead_s}", 0)):
                built.program = altered.program(clock)
                ended = await built.sold()
                if ended != code:
                    violations.append(f"{clock}: a sale ended with {ended}, not {code}")
                left = [one for one in built.transactions() if one.state in OPEN]
                violations += [f"{clock}: {one.id} is still {one.state}" for one in left]
        violations += judge(built.evidence()) + built.damage()
        sold = sum(one.state is State.APPROVED for one in built.transactions())
    fault = "the clock is set a year ahead or back, to 1970 or to 2056, between or in payments"
    return Row(fault, 2 * len(_SET), violations, note=f"{sold} sold, {len(_SET)} cut short")


def jumping(folder: Path, times: int, chance: random.Random, *, sabotaged: bool = False) -> Row:
    """Draw ids for payments, cancellations and emergencies, by clocks that jump, in new processes."""
    folder.mkdir()
    make = _ByTheClock if sabotaged else Store
    path, used, violations = folder / "journal.db", [0], []
    now = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    store = make(path, synchronous="OFF")
    for _ in range(times):
        now = _jump(now, chance)
        if chance.random() < 0.05:
            store.close()
            store = make(path, synchronous="OFF")
        try:
            drawn = _draw(store, now, chance)
        except JournalUnavailableError as error:
            violations.append(f"at {now}: {error.__cause__ or error}")
            continue
        if any(one <= used[-1] for one in drawn):
            violations.append(f"at {now}: {drawn} after {used[-1]}")
        used += drawn
    store.close()
    violations += [] if len(set(used)) == len(used) else ["an id was drawn twice"]
    fault = "ids under a clock that jumps" + ", made of the clock alone" * sabotaged
    return Row(fault, times, violations, control=sabotaged)


def _draw(store: Store, now: datetime, chance: random.Random) -> Sequence[int]:
    begun, _ = store.begin(_ORDER, 1255, now)
    again = store.open_exchange(ExchangeKind.CANCELLATION, _ORDER.place, begun.id, now)
    spare = [store.spare_id() for _ in range(chance.randrange(4))]
    return [int(one) for one in (begun.id, again.id, *spare) if one is not None]


def _jump(now: datetime, chance: random.Random) -> datetime:
    far = chance.choice((0, 0, 1, 60_000, 86_400_000, _YEAR_S * 1000))
    moved = now + timedelta(milliseconds=chance.choice((-1, 1)) * far)
    return moved if 1970 < moved.year < 2100 else now
