"""What a program that holds the register opens beside it: to be watched, and to be asked for it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from typing import Protocol

from kiosk_tui import __version__
from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.domain.tries import Tries
from kiosk_tui.payment.notifications import Notification, TransactionChanged
from kiosk_tui.payment.register import Register
from kiosk_tui.remote.link.handover import Handover
from kiosk_tui.remote.link.publisher import Publisher
from kiosk_tui.remote.link.snapshot import Holder
from kiosk_tui.remote.link.unread import Unread
from kiosk_tui.remote.link.view import Denial
from kiosk_tui.session.launch import Launch, place
from kiosk_tui.session.register import OpenRegister

log = logging.getLogger(__name__)


class Remember(Protocol):
    """Takes the note, and the transaction that is in it."""

    def __call__(self, note: Unread, unseen: Transaction | None, *, printed: bool) -> None: ...


async def watched(opened: OpenRegister, launch: Launch, mode: str) -> Publisher:
    """Let others watch this register until it is closed. Never raises for that."""
    holder = Holder(
        command=launch.command,
        pid=os.getpid(),
        version=__version__,
        mode=mode,
        kiosk_id=launch.config.kiosk.id,
        terminal=place(launch).terminal,
        demo=launch.demo,
        since=opened.register.now(),
    )
    publisher = Publisher(opened.register, holder)
    opened.beside.push_async_callback(publisher.close)
    try:
        await publisher.open(launch.journal)
    except Exception:
        log.exception("nobody can watch")  # a courtesy: the register opens without it
    return publisher


async def may_be_taken_over(
    opened: OpenRegister,
    launch: Launch,
    mode: str,
    pin_fits: Callable[[str], bool] | None,
    given: Callable[[str], None],
) -> None:
    """Let another session ask for this register; `given` hears who got it. Never raises for that."""
    handover = Handover(TakeoverPolicy(opened.register, mode, pin_fits).decide, given)
    opened.beside.push_async_callback(handover.close)
    try:
        await handover.open(launch.journal)
    except Exception:
        log.exception("nobody can take over")


class TakeoverPolicy:
    """Decides whether the register is handed over: never in flight, a kiosk's only for the PIN."""

    def __init__(
        self, register: Register, mode: str, pin_fits: Callable[[str], bool] | None
    ) -> None:
        self._register = register
        self._mode = mode
        self._pin_fits = pin_fits
        self._tries = Tries()

    async def decide(self, by: str, pin: str) -> Denial | None:
        """Say why not; else begin nothing more here."""
        if self._mode == "kiosk":
            denial = await self._check(pin)
            if denial is not None:
                return denial
        if self._register.running:
            return Denial.RUNNING
        # from here to the end of this program no payment begins
        self._register.retire(f"The register was taken over by {by}.")
        return None

    async def _check(self, pin: str) -> Denial | None:
        fits = self._pin_fits
        if fits is None:
            return Denial.UNATTENDED
        if not pin:
            return Denial.PIN
        now = asyncio.get_running_loop().time()
        if self._tries.locked_s(now):
            return Denial.LOCKED
        self._tries.tried(now)
        if not await asyncio.to_thread(fits, pin):
            log.warning("taking over: wrong PIN, number %d", self._tries.wrong)
            return Denial.PIN
        self._tries.right()
        return None


async def unseen(opened: OpenRegister, launch: Launch, remember: Remember) -> None:
    """Keep the note of what nobody has seen; `remember` is given what an earlier process left in it."""
    note = Unread(launch.journal)
    left = note.found()
    opened.beside.callback(note.close)

    def heard(notification: Notification) -> None:
        if (
            isinstance(notification, TransactionChanged)
            and notification.transaction.state is State.AUTHORIZING
        ):
            note.begun(notification.transaction.id)

    opened.register.listen(heard)
    one = None
    if left is not None:
        with contextlib.suppress(JournalUnavailableError):
            one = await opened.register.transaction(TransactionId.stored(left.transaction_id))
    remember(note, one, printed=left is not None and left.printed)
