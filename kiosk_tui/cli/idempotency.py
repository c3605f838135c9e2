"""Orders with a caller's reference: whoever lost our answer asks again, and nobody is charged twice.

While another process holds the journal, what it does about the order is read beside it. "Never sent"
is only said by a journal that could be opened: before, the answer is "try again".
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Final

from kiosk_tui.cli.exits import CommandError, Exit, session_exits
from kiosk_tui.cli.orders import AskedOrder
from kiosk_tui.cli.progress import ProgressLine
from kiosk_tui.domain.caller import why_not_again
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import RUNNING
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.journal.reader import Reader
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.payment.register import Register
from kiosk_tui.session.command import use
from kiosk_tui.session.errors import HeldError
from kiosk_tui.session.launch import Launch

Ended = Transaction | NotStarted

LOOK_AGAIN_S: Final = 0.2
UNKNOWN_S: Final = 5.0
"""So long another process may hold the journal without anything in it about our order."""


def pay_once(
    launch: Launch, asked: AskedOrder, pay: Callable[[Register, Order], Awaitable[Ended]]
) -> Transaction | NotStarted:
    """Pay, or return what became of the same order before. Raises `CommandError`."""

    async def know_first(register: Register) -> Ended:
        waiting.tell("")
        try:
            order = await asked.whole(register)
            await register.known(order)
        except JournalUnavailableError as error:
            raise _nothing_known(asked.order, str(error)) from error
        return await pay(register, order)

    times, goods_s = launch.config.timeouts, launch.config.goods.wait_s
    began = time.monotonic()
    with session_exits(), ProgressLine("") as waiting:
        while True:
            try:
                return use(launch, know_first)
            except HeldError as error:
                waiting.tell("Waiting for who holds the journal")
                found = _beside(launch, asked)
                if found is not None and not _running(found):
                    return found
                longest = UNKNOWN_S if found is None else times.answer_s + times.give_up_s + goods_s
                if time.monotonic() - began > longest:
                    raise _nothing_known(asked.order, str(error), found) from error
            time.sleep(LOOK_AGAIN_S)


def _beside(launch: Launch, asked: AskedOrder) -> Ended | None:
    """Read what the journal says of an order while somebody else writes it."""
    try:
        reader = Reader(launch.journal)
        try:
            order = asked.beside(reader)
            found = reader.by_caller(order.caller_reference)
        finally:
            reader.close()
    except JournalUnavailableError:
        return None
    why_not = "" if found is None else why_not_again(order, found)
    return NotStarted(Refusal.INVALID, why_not) if why_not else found


def _running(found: Ended) -> bool:
    return isinstance(found, Transaction) and found.state in RUNNING


def _nothing_known(order: Order, why: str, running: Ended | None = None) -> CommandError:
    stands = "How {} ends is not known yet" if running else "Nothing is known of {}"
    told = stands.format(order.caller_reference)
    return CommandError(Exit.TRY_AGAIN, f"{why} {told}: ask again with the same reference.")
