"""The register at one moment, as monitoring and alerts see it, and what keeps track of that."""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import DUE, State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.observe.reporting.counters import Counters
from kiosk_tui.payment.notifications import Notification, ReadinessChanged, TransactionChanged
from kiosk_tui.payment.ports import Clock
from kiosk_tui.payment.readiness import IN_ORDER, Obstacle, Readiness
from kiosk_tui.payment.register import Register
from kiosk_tui.records import dataclass

if TYPE_CHECKING:
    from kiosk_tui.domain.fiscal import SignatureBacklog  # only where there is a signer


@dataclass(frozen=True, slots=True)
class RegisterStatus:
    """The register at one moment. Ages are in seconds.

    `closed_s` is 0 while it is open, or closed by head office on purpose.
    """

    obstacle: Obstacle | None
    why: str = ""
    closed_s: float = 0.0
    due: tuple[str, ...] = ()
    oldest_due_s: float = 0.0
    needs_staff: tuple[str, ...] = ()
    disk_free_bytes: int | None = None
    signatures_owed: int | None = None
    """None where no signer is configured, or the journal does not tell."""
    oldest_signature_owed_s: float = 0.0


class StatusTracker:
    """Keeps track of one register by its notifications. `folder` is the journal's."""

    def __init__(self, counters: Counters, folder: Path, clock: Clock) -> None:
        self._counters = counters
        self._folder = folder
        self._clock = clock
        self._register: Register | None = None
        self._readiness = Readiness(Obstacle.STARTING)
        self._closed_since: float | None = clock.monotonic()
        self._due_since: dict[str, float] = {}
        self._for_staff: set[str] | None = None

    def attach(self, register: Register) -> None:
        """Keep track of this register from now on."""
        self._register = register

    def ended(self) -> None:
        """Take note that nothing runs any more, so nobody can pay."""
        self._readiness = Readiness(Obstacle.STARTING)

    def heard(self, notification: Notification) -> bool:
        """Take note; return whether anything changes by it."""
        now_s = self._clock.monotonic()
        if isinstance(notification, ReadinessChanged):
            self._readiness = notification.readiness
            if notification.readiness.obstacle in IN_ORDER:
                self._closed_since = None
            elif self._closed_since is None:
                self._closed_since = now_s
        elif isinstance(notification, TransactionChanged):
            self._noted(notification.transaction, now_s)
        else:
            return False
        return True

    async def status(self) -> RegisterStatus:
        """Return the register's status now."""
        now_s, readiness = self._clock.monotonic(), self._readiness
        due = () if self._register is None else self._register.due
        self._due_since = {one.id: self._due_since.get(one.id, now_s) for one in due}
        await self._look_for_staff()
        owed = await self._backlog()
        return RegisterStatus(
            obstacle=readiness.obstacle,
            why=readiness.why,
            closed_s=0.0 if self._closed_since is None else now_s - self._closed_since,
            due=tuple(one.id for one in due),
            oldest_due_s=max((now_s - since for since in self._due_since.values()), default=0.0),
            needs_staff=tuple(sorted(self._for_staff or (), key=int)),
            disk_free_bytes=await asyncio.to_thread(_free, self._folder),
            signatures_owed=None if owed is None else owed.count,
            oldest_signature_owed_s=self._waited_s(owed),
        )

    async def _look_for_staff(self) -> None:
        """Ask the journal once what earlier processes left to staff; then notifications tell."""
        if self._for_staff is None and self._register is not None:
            with contextlib.suppress(JournalUnavailableError):
                self._for_staff = {one.id for one in await self._register.needs_staff()}

    async def _backlog(self) -> SignatureBacklog | None:
        if self._register is None or not self._register.signing.signs:
            return None
        with contextlib.suppress(JournalUnavailableError):
            return await self._register.signing.backlog()
        return None

    def _waited_s(self, owed: SignatureBacklog | None) -> float:
        if owed is None or owed.since is None:
            return 0.0
        return max(0.0, (self._clock.now() - owed.since).total_seconds())

    def _noted(self, one: Transaction, now_s: float) -> None:
        self._counters.changed(one, now_s)
        if one.state in DUE:
            self._due_since.setdefault(one.id, now_s - self._waited_before_s(one))
        if self._for_staff is not None and one.state is State.NEEDS_STAFF:
            self._for_staff.add(one.id)
        elif self._for_staff is not None:
            self._for_staff.discard(one.id)

    def _waited_before_s(self, one: Transaction) -> float:
        """Return how long it was due when this process took it up: at most since it began."""
        if self._readiness.obstacle is not Obstacle.STARTING:
            return 0.0
        return max(0.0, (self._clock.now() - one.created_at).total_seconds())


def _free(folder: Path) -> int | None:
    try:
        room = os.statvfs(folder)
    except OSError:
        return None
    return room.f_bavail * room.f_frsize
