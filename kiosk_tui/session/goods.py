"""Runs the command of `[goods]` for each payment whose goods are due, and tells the register how it went.

Only exit 0 within the time means handed over; everything else means failed, and the payment is cancelled.
The command is run once: after a restart nobody knows what it has done, so silence cancels. It ends with the
waiting: when a payment is cancelled meanwhile, its process group is killed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from kiosk_tui.domain.card_number import holds_card_number
from kiosk_tui.domain.lifecycle import AWAITING_GOODS, State
from kiosk_tui.domain.money import plain
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.observe.reporting import hook
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.payment.notifications import Notification, TransactionChanged
from kiosk_tui.payment.register import Register

log = logging.getLogger(__name__)

AGAIN_S: Final = 1.0
"""Pause before "handed over" is said again that the disk did not take."""


class GoodsCommand:
    """One register's; `wait_s` is how long the command may run."""

    def __init__(self, register: Register, command: Sequence[str], wait_s: float) -> None:
        self._register = register
        self._command = command
        self._wait_s = wait_s
        self._running: dict[str, asyncio.Task[str]] = {}
        self._telling: set[asyncio.Task[None]] = set()
        register.listen(self._heard)

    async def close(self) -> None:
        """Kill a command that runs, and say nothing more."""
        for running in self._running.values():
            _end(running)
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        for telling in self._telling:
            telling.cancel()
        await asyncio.gather(*self._telling, return_exceptions=True)

    def _heard(self, notification: Notification) -> None:
        if not isinstance(notification, TransactionChanged):
            return
        one = notification.transaction
        if one.state is State.GOODS_DUE and one.id not in self._running:
            call = hook.call(self._command, facts(one), self._wait_s, "KIOSK_TUI_GOODS_")
            self._running[one.id] = running = asyncio.create_task(call)
            telling = asyncio.create_task(self._tell(one, running))
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)
        elif one.state not in AWAITING_GOODS and one.id in self._running:
            _end(self._running[one.id])

    async def _tell(self, one: Transaction, running: asyncio.Task[str]) -> None:
        await asyncio.wait({running})
        del self._running[one.id]
        if running.cancelled():
            log.warning("goods of %s: the command was killed with the waiting", one.id)
            return
        wrong = running.result()
        log.info("goods of %s: %s", one.id, wrong or "handed over")
        why = "" if holds_card_number(wrong) else wrong
        while True:
            told = await self._register.goods(one.id, handed_over=not wrong, why=why)
            if not isinstance(told, NotStarted):
                return
            log.warning("goods of %s: %s", one.id, told.why)
            if told.refusal is not Refusal.JOURNAL:
                return
            await asyncio.sleep(AGAIN_S)


def _end(running: asyncio.Task[str]) -> None:
    """Kill a command, and let its end be waited for: a second cancellation would cut that off."""
    if not running.cancelling():
        running.cancel()


def facts(one: Transaction) -> dict[str, str]:
    """Return what the command is told, by name: nothing of the card. The amount is without a tip."""
    return {
        "id": one.id,
        "reference": one.reference,
        "amount": plain(one.order.amount),
        "currency": one.order.amount.currency.code,
        "caller_reference": one.order.caller_reference,
    }
