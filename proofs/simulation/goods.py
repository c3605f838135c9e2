"""Who hands goods over in a schedule: what was said of them, what was answered, and whether it is true.

Owns: the promises about goods. Who is told "handed over" has it on the disk; what was paid in the end was
handed over, or somebody was told at least that it was not known; the time for it begins twice at most.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator
from typing import Final, Protocol

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.lifecycle import AWAITING_GOODS, State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import Refusal
from kiosk_tui.payment.register import Register
from proofs.simulation.plan import GoodsFate

AGAIN_S: Final = 2.0
_MOST: Final = 40
"""So often "handed over" is said that the disk does not take."""


class Recorded(Protocol):
    """What is asked of the disk."""

    def state(self, transaction_id: str) -> str:
        """Return the state that is committed, or nothing."""

    def cancellation_asked(self, transaction_id: str) -> bool:
        """Say whether staff asked for its cancellation."""


class GoodsWitness:
    """Says what the fates tell, and remembers the answers. `wrong` is what was answered wrongly."""

    def __init__(
        self, fates: tuple[GoodsFate, ...], disk: Recorded, tell: Callable[[str], None]
    ) -> None:
        self._fates = iter(fates)
        self._disk = disk
        self._tell = tell
        self._last_time: set[TransactionId] = set()
        self._said: set[str] = set()
        self._handed_over: set[str] = set()
        self._failed: set[str] = set()
        self.wrong: list[str] = []

    def process_begins(self, transactions: Collection[Transaction]) -> None:
        """Note whose time began twice before this process."""
        again = {one.id for one in transactions if one.state is State.GOODS_DUE_AGAIN}
        self._last_time = again

    def started(self, register: Register) -> None:
        """Look whether the time of one begins a third time."""
        for number in self._last_time:
            if register._goods.awaits(number):
                self.wrong.append(f"The time for the goods of {number} begins a third time.")

    def fate(self) -> GoodsFate:
        """Return what is said of the goods that are waited for from now on."""
        return next(self._fates, GoodsFate())

    async def say(
        self, register: Register, number: TransactionId, *, handed_over: bool, insists: bool
    ) -> None:
        """Say it, until the disk takes it."""
        self._tell(f"goods of {number[-5:]}: {'handed over' if handed_over else 'failed'}")
        if handed_over:
            self._said.add(number)
        for _ in range(_MOST if insists else 1):
            told = await register.goods(number, handed_over=handed_over)
            if isinstance(told, Transaction):
                self._answered(number, told.state, handed_over=handed_over)
                return
            self._tell(f"goods of {number[-5:]}: {told.refusal}, {told.why}")
            if told.refusal is not Refusal.JOURNAL:
                return
            await asyncio.sleep(AGAIN_S)

    def _answered(self, number: str, told: State, *, handed_over: bool) -> None:
        self._tell(f"goods of {number[-5:]}: taken")
        (self._handed_over if handed_over else self._failed).add(number)
        if handed_over and (told is not State.APPROVED or not self._is_kept(number)):
            on_disk = self._disk.state(number)
            self.wrong.append(f"Goods of {number} were handed over while the disk said {on_disk}.")
        if not handed_over and told in AWAITING_GOODS | {State.APPROVED}:
            self.wrong.append(f"Goods of {number} failed, and it is {told}.")

    def _is_kept(self, number: str) -> bool:
        return self._disk.state(number) == State.APPROVED or self._disk.cancellation_asked(number)

    def judge(self, transactions: Collection[Transaction]) -> Iterator[str]:
        """Yield what is not true in the end."""
        for one in transactions:
            if not one.order.until_goods:
                continue
            if one.state is State.APPROVED and one.id not in self._said:
                yield f"{one.id} is APPROVED, and nobody said that its goods were handed over."
            if one.state is State.APPROVED and one.id in self._failed:
                yield f"{one.id} is APPROVED, and its goods were not handed over."
            kept = one.state is State.APPROVED or self._disk.cancellation_asked(one.id)
            if one.id in self._handed_over and not kept:
                yield f"{one.id} is {one.state}, and its goods were handed over."
