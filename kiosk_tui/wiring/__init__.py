"""Puts the house together: the only module that names concrete classes.

Owns: which store, client, clock and simulator stand behind the register, and what the screens are
told of the configuration.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk_tui.config.check import amount, currency_of
from kiosk_tui.config.load import Loaded
from kiosk_tui.config.shape import Config
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.domain.transaction import Place, Transaction

if TYPE_CHECKING:
    from kiosk_tui.domain.evidence import Visit
    from kiosk_tui.domain.totals import Totals
    from kiosk_tui.payment.policy import Courtesies, Exposure, Patience
    from kiosk_tui.payment.register import Register
    from kiosk_tui.pos.till import Terms
    from kiosk_tui.receipt.printer import Printer
    from kiosk_tui.receipt.receipts import Receipts
    from kiosk_tui.reporting.reporter import Reporter
    from kiosk_tui.screens.settings import LaneSettings, Mode, ScreenSettings
    from kiosk_tui.tecs.auth import Authorization
    from kiosk_tui.tecs.client import Line, TecsTerminal
    from kiosk_tui.tecs.codes import Codes
    from kiosk_tui.tecs.messages import Dialect

DEMO_PIN = "0000"


class UnavailableError(Exception):
    """Something that was asked for is not installed; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What to build: a configuration, or the demo on the built-in simulator; and for whom."""

    loaded: Loaded
    demo: bool
    command: str
    environment: Mapping[str, str]

    @property
    def config(self) -> Config:
        return self.loaded.config

    @property
    def journal(self) -> Path:
        """Where the journal lies. The demo has one of its own, never the real one."""
        if self.demo:
            return state_folder(self.environment) / "demo" / "journal.db"
        if self.config.journal.path:
            return Path(self.config.journal.path)
        return state_folder(self.environment) / "journal.db"


def state_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder for what must survive: systemd's, or the user's."""
    given = environment.get("STATE_DIRECTORY")
    if given:
        return Path(given.split(":")[0])
    from platformdirs import user_state_path  # noqa: PLC0415 - not needed under systemd

    return user_state_path("kiosk-tui")


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

        clock = SystemClock()
        self.hearing = Hearing()
        self.terminal = terminal_of(choice, self.hearing if mode == "technician" else None)
        store = Store(choice.journal)
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
    await asyncio.to_thread(importlib.import_module, "kiosk_tui.tecs.client")
    return OpenRegister(choice, mode)


def screen_settings(choice: Choice, mode: Mode) -> ScreenSettings:
    """Tell the screens what they need to know of the configuration."""
    from kiosk_tui.config.pin import pin_fits  # noqa: PLC0415
    from kiosk_tui.config.theme import find_theme  # noqa: PLC0415
    from kiosk_tui.screens.settings import ScreenSettings  # noqa: PLC0415 - only for the screens

    kiosk, terminal = choice.config.kiosk, choice.config.terminal
    currency = currency_of(choice.config)
    hashed = kiosk.service_pin_hash
    fits = partial(pin_fits, hashed) if hashed else None
    own_pin = choice.demo and not hashed
    return ScreenSettings(
        mode=mode,
        demo=choice.demo,
        kiosk_id=kiosk.id,
        place=place(choice),
        amount_min=amount(terminal.amount_min, currency),
        amount_max=amount(terminal.amount_max, currency),
        tip=_tips(choice.config),
        languages=_languages(choice),
        idle_s=kiosk.idle_s,
        numpad=kiosk.numpad,
        pin_fits=DEMO_PIN.__eq__ if own_pin else fits,
        demo_pin=DEMO_PIN if own_pin else "",
        name=kiosk.name,
        logo=tuple(kiosk.logo),
        welcome=kiosk.welcome,
        theme=find_theme(kiosk.theme),
        price=None if kiosk.price == "" else amount(kiosk.price, currency),
        presets=tuple(amount(one, currency) for one in kiosk.presets),
        may_leave=kiosk.leave,
        code=_code(choice.config),
        halves=_has_half_blocks(choice.environment),
        what_is_wrong=partial(what_is_wrong, choice),
        lane=_lane(choice),
    )


def _lane(choice: Choice) -> LaneSettings:
    from kiosk_tui.config.pin import person_fits  # noqa: PLC0415
    from kiosk_tui.domain.rights import rights_of  # noqa: PLC0415
    from kiosk_tui.receipt import export  # noqa: PLC0415
    from kiosk_tui.screens.settings import LaneSettings  # noqa: PLC0415

    lane = choice.config.lane
    return LaneSettings(
        rights=rights_of(lane.pin, lane.second_person),
        balance=lane.balance,
        people=frozenset(lane.people),
        person_fits=partial(person_fits, lane.people),
        zone=_day_zone(choice),
        totals=partial(day_totals, choice),
        day_lines=partial(day_lines, choice),
        save_day=partial(export.save, choice.journal.parent),
    )


def _languages(choice: Choice) -> tuple[str, ...]:
    """Return what a customer may pick from: in a demo that nobody configured, all that there is."""
    from kiosk_tui.locales.texts import NAMES  # noqa: PLC0415

    if choice.demo and "kiosk.languages" not in choice.loaded.sources:
        return tuple(NAMES)
    return tuple(choice.config.kiosk.languages)


def _code(config: Config) -> Callable[[Transaction], list[list[bool]]] | None:
    """Return what makes a QR code of a transaction, where that is wanted and installed."""
    if not config.receipt.qr or find_spec("segno") is None:
        return None
    from kiosk_tui.receipt import qr  # noqa: PLC0415

    return lambda one: qr.modules(qr.text(one, config.receipt.qr_url))


def _has_half_blocks(environment: Mapping[str, str]) -> bool:
    """Say whether the console's font has half blocks: the VT's often has none."""
    language = next(
        (environment[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(name)), ""
    )
    return environment.get("TERM", "") != "linux" and "UTF-8" in language.upper()


def receipts(choice: Choice) -> Receipts | None:
    """Return what prints slips, or nothing where no printer is configured."""
    from kiosk_tui.receipt.receipts import Receipts, Style  # noqa: PLC0415
    from kiosk_tui.receipt.slip import Copy  # noqa: PLC0415

    config = choice.config.receipt
    if not config.printer:
        return None
    style = Style(
        columns=config.columns,
        copies=tuple(Copy(one) for one in config.copies),
        declined=config.declined,
        locales=_languages(choice),
    )
    return Receipts(_printer(config.printer, config.profile), style)


def _printer(url: str, profile: str) -> Printer:
    from kiosk_tui.receipt.escpos import Device, EscPos  # noqa: PLC0415
    from kiosk_tui.receipt.text_files import TextFiles  # noqa: PLC0415

    if url.startswith("text:"):
        return TextFiles(Path(url.partition("://")[2]))
    return EscPos(Device(url, profile))


def _day_zone(choice: Choice) -> tzinfo | None:
    """Return the zone that a day begins in: the register's, or nothing for this machine's."""
    return _zone(choice.config.terminal.timezone) if choice.config.terminal.timezone else None


def today(choice: Choice) -> date:
    """Return the day that it is where the register stands."""
    return datetime.now(UTC).astimezone(_day_zone(choice)).date()


def day_totals(choice: Choice, day: date) -> Totals:
    """Add up a day of the journal, which another process may be writing.

    Raises `JournalUnavailableError`.
    """
    from kiosk_tui.domain.totals import day_span, totals  # noqa: PLC0415
    from kiosk_tui.journal.reader import read_day  # noqa: PLC0415

    start, end = day_span(day, _day_zone(choice))
    return totals(read_day(choice.journal, start, end), start, end)


def day_lines(choice: Choice, day: Totals, columns: int) -> list[str]:
    """Return a day's end as lines, in the kiosk's own language."""
    from kiosk_tui.receipt.day import Heading, day_slip  # noqa: PLC0415

    kiosk, zone = choice.config.kiosk, _day_zone(choice)
    heading = Heading(kiosk.name or kiosk.id, place(choice).terminal, datetime.now(UTC), zone)
    return day_slip(day, columns, kiosk.languages[0], heading)


def what_is_wrong(choice: Choice) -> str:
    """Read the configuration again; return why a register cannot begin anew with it, or nothing."""
    from kiosk_tui.config.faults import ConfigError  # noqa: PLC0415
    from kiosk_tui.config.load import load  # noqa: PLC0415

    try:
        new = replace(choice, loaded=load(choice.loaded.file, choice.environment))
        if not choice.demo:
            _authorization(new, line_of(new))
    except ConfigError as error:
        return str(error)
    if new.journal != choice.journal:
        # what is due in the old one would be forgotten
        return (
            f"journal.path: it cannot become {new.journal} while a register runs: stop that, let"
            " `kiosk-tui recover` finish what is due, then change it."
        )
    return ""


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


def place(choice: Choice) -> Place:
    """Return the terminal that this register works with."""
    terminal = choice.config.terminal
    number = terminal.number or ("88091105" if choice.demo else "")
    return Place(number, terminal.source_id)


def pos_terms(choice: Choice, describe: Callable[[Transaction], dict[str, Any]]) -> Terms:
    """Tell POS software's side what it needs to know of the configuration."""
    from kiosk_tui.pos.orders import House  # noqa: PLC0415 - only for `serve`
    from kiosk_tui.pos.till import Terms  # noqa: PLC0415

    config = choice.config
    return Terms(
        house=House(place(choice), config.terminal.currency, config.kiosk.languages[0]),
        kiosk_id=config.kiosk.id,
        demo=choice.demo,
        zone=_zone(config.terminal.timezone) if config.terminal.timezone else None,
        describe=describe,
    )


def _tips(config: Config) -> TipPolicy:
    tip, currency = config.tip, currency_of(config)
    return TipPolicy(
        percent=tuple(tip.percent),
        fixed_minor=tuple(amount(one, currency).minor for one in tip.fixed),
        fixed_below_minor=amount(tip.fixed_below, currency).minor,
        custom=tip.custom,
        ask=tip.ask,
        most_percent=tip.most_percent,
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


def terminal_of(choice: Choice, tell: Callable[[Visit], None] | None = None) -> TecsTerminal:
    """Build the other side; with `tell`, every request that passes is told, masked."""
    from kiosk_tui.tecs.client import TecsTerminal, mounted, transport_to  # noqa: PLC0415 - dear

    line, codes = line_of(choice), codes_of(choice.config)
    transport = mounted(simulator_app()) if choice.demo else None
    if tell is not None:
        from kiosk_tui.tecs.witness import Witness  # noqa: PLC0415 - for technicians

        transport = Witness(transport or transport_to(line), codes, tell)
    return TecsTerminal(
        line, dialect_of(choice.config), codes, _authorization(choice, line), transport
    )


def dialect_of(config: Config) -> Dialect:
    """Return what TECS expects of our requests."""
    from kiosk_tui.tecs.messages import Dialect  # noqa: PLC0415

    return Dialect(
        zone=_zone(config.terminal.timezone),
        place=config.terminal.place,
        receipt_layout=config.terminal.receipt_layout,
        tip_in_amount=config.terminal.tip_in_amount,
    )


def codes_of(config: Config) -> Codes:
    """Return what response codes mean."""
    from kiosk_tui.tecs.codes import Codes  # noqa: PLC0415

    return Codes(
        {
            "payment": config.codes.payment,
            "cancellation": config.codes.cancellation,
            "reason": config.codes.reason,
        }
    )


def line_of(choice: Choice) -> Line:
    """Return where TECS is, and how patient we are with it."""
    from kiosk_tui.tecs.client import Line  # noqa: PLC0415

    config = choice.config
    times = config.timeouts
    return Line(
        url="http://simulator.invalid/tecsclientrest" if choice.demo else config.terminal.url,
        connect_s=times.connect_s,
        hold_s=times.answer_s + times.settle_s,
        cancel_s=times.cancel_s,
        proxy=config.terminal.proxy or None,
        ca_file=config.terminal.ca_file or None,
    )


def _authorization(choice: Choice, line: Line) -> Authorization:
    from kiosk_tui.config import secrets  # noqa: PLC0415
    from kiosk_tui.tecs import auth  # noqa: PLC0415

    if choice.demo:
        return auth.raw(auth.Secret("demo"))
    settings = choice.config.auth
    key, _ = secrets.find(secrets.KEY, settings.key_file, choice.environment)
    if settings.scheme == "raw":
        return auth.raw(key)
    if settings.scheme == "basic":
        return auth.basic(settings.user, key)
    if settings.scheme == "bearer":
        return auth.bearer(key)
    client_secret, _ = secrets.find(
        secrets.CLIENT_SECRET, settings.client_secret_file, choice.environment
    )
    from kiosk_tui.tecs.client import new_http, oauth_fetch  # noqa: PLC0415

    def form() -> dict[str, str]:
        return {
            "grant_type": "password",
            "client_id": settings.client_id,
            "client_secret": client_secret.reveal(),
            "username": settings.user,
            "password": key.reveal(),
        }

    return auth.OAuth(oauth_fetch(new_http(line, None), settings.token_url, form))


def _zone(name: str) -> tzinfo:
    if name:
        from zoneinfo import ZoneInfo  # noqa: PLC0415

        return ZoneInfo(name)
    local = datetime.now().astimezone().tzinfo
    if local is None:  # pragma: no cover - astimezone always sets one
        raise RuntimeError("the system has no time zone")
    return local


def simulator_app() -> object:
    """Return the demo's TECS. Raises `UnavailableError`."""
    try:
        from kiosk_tui.simulator.asgi import create_app  # noqa: PLC0415 - an extra
        from kiosk_tui.simulator.options import Options  # noqa: PLC0415
        from kiosk_tui.simulator.tecs import Simulator  # noqa: PLC0415
    except ImportError as error:
        raise UnavailableError(
            f"The built-in simulator is not installed ({error.name}): install kiosk-tui[simulator],"
            " or write a configuration with `kiosk-tui config init`."
        ) from error
    return create_app(Simulator(Options()))


def simulated(choice: Choice, url: str, scratch: Path, answer_s: float) -> Choice:
    """Return the same register on a simulator at that address, with a journal in that folder.

    It reads answers as the configuration says, is as patient as it must, and knows no secret.
    """
    from kiosk_tui.config import shape  # noqa: PLC0415 - only here

    config, terminal = choice.config, choice.config.terminal
    own = Config(
        kiosk=shape.Kiosk(languages=config.kiosk.languages),
        terminal=shape.Terminal(
            url=url,
            number=place(replace(choice, demo=True)).terminal,
            source_id=terminal.source_id,
            place=terminal.place,
            currency=terminal.currency,
            receipt_layout=terminal.receipt_layout,
            timezone=terminal.timezone,
            tip_in_amount=terminal.tip_in_amount,
        ),
        timeouts=shape.Timeouts(
            connect_s=2.0, answer_s=answer_s, settle_s=2.0, give_up_s=4.0, cancel_s=4.0
        ),
        journal=shape.Journal(path=str(scratch / "journal.db")),
        codes=config.codes,
    )
    invented = {"KIOSK_TUI_AUTH__KEY": "simulator", "STATE_DIRECTORY": str(scratch)}
    return Choice(Loaded(own, found=True), False, choice.command, invented)
