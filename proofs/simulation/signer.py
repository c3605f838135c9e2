"""A signer that fails in every way until all is well, and what it must see of a register."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import datetime

from kiosk_tui.domain.fiscal import (
    OwedSignature,
    Signature,
    SignerBegun,
    SignerUnavailable,
    SigningRefused,
    is_signed,
)
from kiosk_tui.domain.transaction import Order

_DEAD = SignerUnavailable("It is out of order.")


class Signer:
    """Signs into a ledger that outlives every process; the same key gets the same signature."""

    def __init__(self, seed: int, waits: Callable[[], bool]) -> None:
        """Make a new one; `waits` says whether a payment has left and is not concluded."""
        self.healed = False
        self.given: dict[str, Signature] = {}
        self.wrong: list[str] = []
        self._chance = random.Random(seed)
        self._waits = waits

    async def begin(
        self, order: Order, _at: datetime
    ) -> SignerBegun | SigningRefused | SignerUnavailable:
        """Answer, late or not at all; refuse now and then."""
        if self._waits():
            self.wrong.append("The signer was asked while a payment waited for its end.")
        if not self.healed and self._chance.random() < 0.1:
            return SigningRefused("No day was opened.")
        return SignerBegun(str(order.amount.minor)) if await self._works() else _DEAD

    async def finish(self, owed: OwedSignature) -> Signature | SignerUnavailable:
        """Sign; fail before or after that."""
        one = owed.transaction
        if not is_signed(None, one):
            self.wrong.append(f"A signature of {one.id} was asked for, which is {one.state}.")
        works, answers = await self._works(), self.healed or self._chance.random() < 0.8
        if not works:
            return _DEAD
        found = self.given.setdefault(owed.key, Signature(f"No. {len(self.given) + 1}"))
        return found if answers else _DEAD

    async def _works(self) -> bool:
        if self.healed:
            return True
        fault = self._chance.random()
        if fault < 0.1:
            raise ZeroDivisionError  # a fault of ours
        if fault < 0.4:
            await asyncio.sleep(self._chance.choice((0.5, 4.0, 45.0, 3600.0)))
        return fault < 0.6
