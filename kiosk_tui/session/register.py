"""The register, opened: which store, client, clock and lock stand behind it, and what looks on."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from pathlib import Path

from kiosk_tui.config.rules import amount, currency_of
from kiosk_tui.domain.evidence import Visit
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.journal import database, log_space
from kiosk_tui.journal.lock import JournalBusyError, WriterLock
from kiosk_tui.journal.store import Owe, Store
from kiosk_tui.journal.writer import JournalWriter
from kiosk_tui.observe.reporting.alarm import AlarmLimits
from kiosk_tui.observe.reporting.reporter import Reporter, ReporterSettings
from kiosk_tui.payment.clock import SystemClock
from kiosk_tui.payment.policy import Exposure, OptionalRequests, Timeouts
from kiosk_tui.payment.readiness import ClosingNotice
from kiosk_tui.payment.register import Register
from kiosk_tui.payment.terms import Terms
from kiosk_tui.payment.unsigned import NoSigner
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.limits import limits_of
from kiosk_tui.session.terminal import terminal_of
from kiosk_tui.session.whereabouts import concerns, used_elsewhere
from kiosk_tui.tecs import models

log = logging.getLogger(__name__)


class Hearing:
    """Passes on what a technician's register says and hears on the line, to whoever listens."""

    def __init__(self) -> None:
        self.tell: Callable[[Visit], None] = lambda _visit: None

    def __call__(self, visit: Visit) -> None:
        """Pass a visit on."""
        self.tell(visit)


class OpenRegister:
    """A register that holds the journal's lock; `close` gives everything back.

    One that is `lasting` takes payment after payment: the journal's log gets its space at once.
    """

    def __init__(self, launch: Launch, *, lasting: bool = False) -> None:
        clock = SystemClock()
        self.hearing = Hearing()
        self.terminal = terminal_of(launch, self.hearing if launch.mode == "technician" else None)
        fleet = FleetFolder.beside(launch.journal)
        store = Store(
            launch.journal,
            connect=log_space.connect if lasting else database.connect,
            anchor=launch.anchor,
            ships=lambda: fleet.enrolled,
            owe=_owe(launch),
        )
        self._lock = WriterLock(launch.journal, launch.command)
        self.beside = contextlib.AsyncExitStack()
        """What lives beside the register: closed after its last payment, before the lock is free."""
        self._journal = JournalWriter(store)
        self.register: Register = Register(
            journal=self._journal,
            terminal=self.terminal,
            clock=clock,
            timeouts=_timeouts(launch),
            exposure=_exposure(launch),
            optional_requests=_optional_requests(launch),
            completion_percent=launch.config.terminal.completion_percent,
            terms=Terms(limits_of(launch.config), launch.config.terminal.reason),
            signing=_signing(launch, self._journal, clock),
        )

    async def close(self, patience_s: float) -> None:
        """Let a running payment finish for up to `patience_s`, then close line, book and lock."""
        await self.register.close(patience_s)
        await self.terminal.close()
        await self.beside.aclose()
        await asyncio.to_thread(self._journal.close)
        self._lock.release()


async def open_register(launch: Launch, *, lasting: bool = False) -> OpenRegister:
    """Open everything; `lasting` as in `OpenRegister`. Raises `JournalUnavailableError`, `ConfigError` or `UnavailableError`.

    What takes its time (mounts, models) is done in a thread, while the customer looks at the first screen.
    """
    closed = await asyncio.to_thread(_prepare, launch)
    opened = OpenRegister(launch, lasting=lasting)
    opened.register.closed_by_office(closed)
    return opened


def closed_by_office(launch: Launch) -> ClosingNotice | None:
    """Return what head office tells customers where it keeps this register closed, else None. Blocks."""
    folder = FleetFolder.beside(launch.journal)
    if not folder.enrolled:
        return None
    from kiosk_tui.fleet.orders.closure import closure  # noqa: PLC0415 - most have no head office

    found = closure(folder)
    return None if found is None else ClosingNotice(found.sentence, found.by_language)


def _prepare(launch: Launch) -> ClosingNotice | None:
    for sentence in (*launch.loaded.remarks, *concerns(launch)):
        log.warning("%s", sentence)
    if busy := used_elsewhere(launch):
        raise JournalBusyError(busy)
    models.build()
    return closed_by_office(launch)


def reporter(launch: Launch) -> Reporter:
    """Return what tells machines how things stand; the demo tells nobody."""
    config, alert = launch.config, launch.config.alert
    file = "" if launch.demo else config.metrics.file
    settings = ReporterSettings(
        journal=launch.journal,
        metrics=Path(file) if file else None,
        command=() if launch.demo else tuple(alert.command),
        timeout_s=alert.timeout_s,
        limits=AlarmLimits(alert.after_s, alert.out_of_service_s),
        who={"kiosk": config.kiosk.id, "terminal": config.terminal.number},
    )
    return Reporter(settings, SystemClock())


def signs(launch: Launch) -> bool:
    """Say whether a signer signs payments. The demo's are none."""
    return launch.config.fiscal.signs and not launch.demo


def _owe(launch: Launch) -> Owe | None:
    if not signs(launch):
        return None
    from kiosk_tui.journal.signatures import owe  # noqa: PLC0415 - only then

    return owe


def _signing(launch: Launch, journal: JournalWriter, clock: SystemClock) -> NoSigner:
    if not signs(launch):
        return NoSigner()
    from kiosk_tui.session.fiscal import signing  # noqa: PLC0415 - only then

    return signing(launch.config, journal, clock)


def _timeouts(launch: Launch) -> Timeouts:
    times = launch.config.timeouts
    # the built-in simulator forgets its ledger with the process: nothing to wait for
    settle_s = min(times.settle_s, 10.0) if launch.demo else times.settle_s
    return Timeouts(
        answer_s=times.answer_s,
        give_up_s=times.give_up_s,
        settle_s=settle_s,
        cancel_most_s=times.cancel_most_s,
        goods_s=launch.config.goods.wait_s,
    )


def _exposure(launch: Launch) -> Exposure:
    kiosk = launch.config.kiosk
    if launch.mode == "kiosk":
        return Exposure()
    open_sum = amount(kiosk.exposure_amount, currency_of(launch.config))
    return Exposure(kiosk.exposure_count, open_sum.minor)


def _optional_requests(launch: Launch) -> OptionalRequests:
    terminal = launch.config.terminal
    return OptionalRequests(abort=terminal.abort, status_query=terminal.status_query)
