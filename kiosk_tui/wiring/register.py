"""The register, opened: which store, client, clock and lock stand behind it, and what looks on."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk_tui.config.check import amount, currency_of
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.wiring.choice import Choice, place, zone_of
from kiosk_tui.wiring.day import day_totals
from kiosk_tui.wiring.limits import limits_of
from kiosk_tui.wiring.terminal import (
    terminal_of,
)

if TYPE_CHECKING:
    from kiosk_tui.domain.evidence import Visit
    from kiosk_tui.payment.policy import Courtesies, Exposure, Patience
    from kiosk_tui.payment.register import Register
    from kiosk_tui.pos.till import Terms
    from kiosk_tui.reporting.reporter import Reporter

log = logging.getLogger(__name__)


class Hearing:
    """Passes on what a technician's register says and hears on the line, to whoever listens."""

    def __init__(self) -> None:
        self.tell: Callable[[Visit], None] = lambda _visit: None

    def __call__(self, visit: Visit) -> None:
        """Pass a visit on."""
        self.tell(visit)


class OpenRegister:
    """A register that holds the journal's lock; `close` gives everything back."""

    def __init__(self, choice: Choice, mode: str) -> None:
        from kiosk_tui.journal.lock import WriterLock  # noqa: PLC0415 - after the first paint
        from kiosk_tui.journal.store import Store  # noqa: PLC0415
        from kiosk_tui.journal.writer import JournalWriter  # noqa: PLC0415
        from kiosk_tui.payment.clock import SystemClock  # noqa: PLC0415
        from kiosk_tui.payment.register import Register  # noqa: PLC0415
        from kiosk_tui.payment.terms import Terms  # noqa: PLC0415

        clock = SystemClock()
        self.hearing = Hearing()
        self.terminal = terminal_of(choice, self.hearing if mode == "technician" else None)
        store = Store(choice.journal, anchor=choice.anchor)
        self._lock = WriterLock(choice.journal, choice.command)
        self.reporter: Reporter | None = None
        self.beside = contextlib.AsyncExitStack()
        """What lives beside the register: closed after its last payment, before the lock is free."""
        self._journal = JournalWriter(store, clock.now)
        self.register: Register = Register(
            journal=self._journal,
            terminal=self.terminal,
            clock=clock,
            patience=_patience(choice),
            exposure=_exposure(choice, mode),
            courtesies=_courtesies(choice),
            completion_percent=choice.config.terminal.completion_percent,
            terms=Terms(limits_of(choice.config), choice.config.terminal.reason),
        )

    async def close(self, patience_s: float) -> None:
        """Let a running payment finish for up to `patience_s`, then close line, book and lock."""
        await self.register.close(patience_s)
        if self.reporter is not None:
            await self.reporter.close()
        await self.terminal.close()
        await self.beside.aclose()
        await asyncio.to_thread(self._journal.close)
        self._lock.release()


async def open_register(choice: Choice, mode: str) -> OpenRegister:
    """Open everything. Raises `JournalUnavailableError`, `ConfigError` or `UnavailableError`.

    The dear imports (httpx, TLS) happen in a thread, while the customer looks at the first screen.
    """
    await asyncio.to_thread(_load, choice)
    return OpenRegister(choice, mode)


def _load(choice: Choice) -> None:
    from kiosk_tui.journal.lock import JournalBusyError  # noqa: PLC0415 - after the first paint
    from kiosk_tui.wiring.whereabouts import concerns, used_elsewhere  # noqa: PLC0415

    for sentence in concerns(choice):
        log.warning("%s", sentence)
    if busy := used_elsewhere(choice):
        raise JournalBusyError(busy)
    importlib.import_module("kiosk_tui.tecs.client")
    importlib.import_module("kiosk_tui.tecs.models").build()


def reporter(choice: Choice) -> Reporter:
    """Return what tells machines how things stand; the demo tells nobody."""
    from kiosk_tui.payment.clock import SystemClock  # noqa: PLC0415 - after the first paint
    from kiosk_tui.reporting.alarm import Limits  # noqa: PLC0415
    from kiosk_tui.reporting.reporter import Reporter, Where  # noqa: PLC0415

    config, alert = choice.config, choice.config.alert
    file = "" if choice.demo else config.metrics.file
    where = Where(
        journal=choice.journal,
        metrics=Path(file) if file else None,
        command=() if choice.demo else tuple(alert.command),
        timeout_s=alert.timeout_s,
        limits=Limits(alert.after_s, alert.out_of_service_s),
        who={"kiosk": config.kiosk.id, "terminal": config.terminal.number},
    )
    return Reporter(where, SystemClock())


def pos_terms(choice: Choice, describe: Callable[[Transaction], dict[str, Any]]) -> Terms:
    """Tell POS software's side what it needs to know of the configuration."""
    from kiosk_tui.pos.orders import House  # noqa: PLC0415 - only for `serve`
    from kiosk_tui.pos.till import Terms  # noqa: PLC0415
    from kiosk_tui.receipt import export  # noqa: PLC0415

    config = choice.config
    return Terms(
        house=House(place(choice), config.terminal.currency, config.kiosk.languages[0]),
        kiosk_id=config.kiosk.id,
        demo=choice.demo,
        zone=zone_of(choice.config),
        describe=describe,
        totals=lambda day: export.describe(day_totals(choice, day)),
    )


def _patience(choice: Choice) -> Patience:
    from kiosk_tui.payment.policy import Patience  # noqa: PLC0415

    times = choice.config.timeouts
    # the built-in simulator forgets its ledger with the process: nothing to wait for
    settle_s = min(times.settle_s, 10.0) if choice.demo else times.settle_s
    return Patience(
        answer_s=times.answer_s,
        give_up_s=times.give_up_s,
        settle_s=settle_s,
        cancel_most_s=times.cancel_most_s,
    )


def _exposure(choice: Choice, mode: str) -> Exposure:
    from kiosk_tui.payment.policy import Exposure  # noqa: PLC0415

    kiosk = choice.config.kiosk
    if mode == "kiosk":
        return Exposure()
    open_sum = amount(kiosk.exposure_amount, currency_of(choice.config))
    return Exposure(kiosk.exposure_count, open_sum.minor)


def _courtesies(choice: Choice) -> Courtesies:
    from kiosk_tui.payment.policy import Courtesies  # noqa: PLC0415

    terminal = choice.config.terminal
    return Courtesies(abort=terminal.abort, status_query=terminal.status_query)
