"""Looks at journal, server and clock, and judges whether a payment may start.

Owns: the facts that the rule in `readiness` judges, and when they are looked at again. What an earlier
process left open is taken up as soon as the journal can be read and written.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import replace

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.outcome import Probe
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.clock import JumpWatch
from kiosk_tui.payment.goods import Goods
from kiosk_tui.payment.heartbeat import Heartbeat
from kiosk_tui.payment.ledger import TransactionLedger
from kiosk_tui.payment.policy import Exposure, Timeouts
from kiosk_tui.payment.ports import Clock, JournalWrites, Terminal
from kiosk_tui.payment.readiness import IN_ORDER, ClosingNotice, Facts, Obstacle, Readiness, judge
from kiosk_tui.payment.recovery import Recovery

log = logging.getLogger(__name__)


class ReadinessWatch:
    """Keeps `readiness` up to date; `tell` hears of each change, `abort` stops a card flow."""

    def __init__(
        self,
        *,
        journal: JournalWrites,
        terminal: Terminal,
        clock: Clock,
        timeouts: Timeouts,
        exposure: Exposure,
        ledger: TransactionLedger,
        recovery: Recovery,
        abort: Callable[[Transaction], Awaitable[None]],
        goods: Goods,
        tell: Callable[[Readiness], None],
    ) -> None:
        self._journal = journal
        self._terminal = terminal
        self._clock = clock
        self._timeouts = timeouts
        self._exposure = exposure
        self._ledger = ledger
        self._recovery = recovery
        self._abort = abort
        self._goods = goods
        goods.end_told = self.judge
        self._tell = tell
        self._probe: Probe | None = None
        self._journal_trouble = ""
        self._notice: ClosingNotice | None = None
        self._taken_up = False
        self._proven_at = -math.inf
        self._look_now = asyncio.Event()
        self._jumps = JumpWatch(clock)
        self.heartbeat = Heartbeat(clock)
        self.readiness = Readiness(Obstacle.STARTING)
        self.service_s: float | None = None
        """How long the server took to answer the last look, in seconds; None when it did not."""

    async def look(self, *, regular: bool = False) -> Readiness:
        """Look at journal, server and clock once, and judge; a `regular` look seldom writes."""
        await self._look_at_journal(regular=regular)
        was_reachable = self._probe is not None and self._probe.reachable
        asked_at = self._clock.monotonic()
        self._probe = await self._terminal.probe()
        took_s = self._clock.monotonic() - asked_at
        self.service_s = took_s if self._probe.reachable else None
        self._jumps.looked()
        if self._probe.reachable and not was_reachable:
            self._recovery.hurry()
        self.judge()
        self.heartbeat.looked()
        return self.readiness

    def look_soon(self) -> None:
        """Let `run` look without waiting for its next turn."""
        self._look_now.set()

    async def run(self) -> None:
        """Look again and again, sooner while no payment may start."""
        while True:
            times = self._timeouts
            in_order = self.readiness.obstacle in IN_ORDER
            wait = times.look_s if in_order else times.look_again_s
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._look_now.wait()
            asked = self._look_now.is_set()
            self._look_now.clear()
            await self.look(regular=not asked)

    async def take_up(self) -> None:
        """Apply a restart to what an earlier process left open. Raises `JournalUnavailableError`."""
        if not self._taken_up:
            await self._recovery.take_up(self._abort, self._goods.take_up)
            self._taken_up = True

    @property
    def clock_jumped(self) -> bool:
        """Whether the wall clock has been set since it was looked at."""
        return self._jumps.jumped

    def journal_failed(self, why: str) -> None:
        """Let no payment start until the journal can be written again; `why` is a sentence."""
        self._taken_up = False  # what was refused may be on the disk all the same, and open
        self._journal_trouble = why
        self.judge()

    def closed_by_office(self, notice: ClosingNotice | None) -> None:
        """Let no payment start while head office says so; None ends that, and no other reason."""
        if notice != self._notice:
            self._notice = notice
            self.judge()

    def facts(self) -> Facts:
        """Return what is known now."""
        return Facts(
            now=self._clock.now(),
            journal_trouble=self._journal_trouble,
            probe=self._probe,
            due=self._ledger.due(),
            notice=self._notice,
            goods_due=self._goods.left,
        )

    def judge(self) -> None:
        """Judge by what is known now, and tell when that has changed anything."""
        facts = self.facts()
        found = judge(facts, self._exposure)
        same = found.obstacle is self.readiness.obstacle
        since = self.readiness.since if same and self.readiness.since else facts.now
        retry = None if found.open else self._retry_in_s(found)
        found = replace(found, since=since, retry_in_s=retry)
        if not same and found.open:
            log.info("open for payments")
        elif not same:
            log.warning("closed: %s", found.why, extra={"obstacle": str(found.obstacle)})
        if found != self.readiness:
            self.readiness = found
            self._tell(found)

    async def _look_at_journal(self, *, regular: bool) -> None:
        now = self._clock.monotonic()
        proven = now - self._proven_at < self._timeouts.prove_s and not self._journal_trouble
        try:
            with self.heartbeat.asking():
                if regular and proven:
                    await self._journal.check_disk()
                else:
                    await self._journal.check_writable(self._clock.now())
                    self._proven_at = now
            await self._ledger.catch_up()
            await self.take_up()
        except JournalUnavailableError as error:
            self.journal_failed(str(error))
        else:
            self._journal_trouble = ""
        self.heartbeat.refused(bool(self._journal_trouble))

    def _retry_in_s(self, found: Readiness) -> float | None:
        if found.obstacle is Obstacle.CLOSED_BY_OFFICE:
            return None
        due = found.obstacle is Obstacle.CANCELLATION_DUE
        return (self._recovery.next_in_s() or 0.0) if due else self._timeouts.look_again_s
