"""Puts an examination together: what stands behind the questions that the checks ask.

Works with whatever is known of a configuration that cannot be used, and beside a running kiosk: nothing here
takes the journal's lock.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from kiosk_tui.config import secrets
from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.load import load
from kiosk_tui.config.rules import currency_of
from kiosk_tui.diagnosis.console.frozen import frozen_terminal
from kiosk_tui.diagnosis.console.gathering import gather
from kiosk_tui.diagnosis.examination import Examination
from kiosk_tui.diagnosis.subject import JournalFacts, KeyFacts, Settings, Subject
from kiosk_tui.domain.evidence import Visit
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.language import Language
from kiosk_tui.domain.lifecycle import DUE, State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.journal.anchor import NO_ANCHOR
from kiosk_tui.journal.lock import HiddenHolderError, held_by
from kiosk_tui.journal.reader import Reader
from kiosk_tui.journal.store import LEAST_FREE_BYTES
from kiosk_tui.journal.watermark import Watermark
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.records import dataclass
from kiosk_tui.session.launch import Launch, place, zone_of
from kiosk_tui.session.receipts import logo_trouble, receipts
from kiosk_tui.session.register import OpenRegister, signs
from kiosk_tui.session.terminal import codes_of, dialect_of, line_of, simulator_app, terminal_of
from kiosk_tui.session.whereabouts import concerns
from kiosk_tui.tecs import evidence
from kiosk_tui.tecs.client import TecsTerminal, mounted
from kiosk_tui.tecs.codes import CodesError, CodeTable
from kiosk_tui.tecs.inspection import Inspector
from kiosk_tui.tecs.redaction import looks_like_id, mask_text

Sell = Callable[[], Awaitable[Transaction | NotStarted]]

_NO_CONFIGURATION = (
    "There is no configuration: write one with `kiosk-tui config init`, name one with --config FILE,"
    " or add --demo for the built-in simulator."
)
_PROCESS = re.compile(r"\(process (\d{1,10})\)")
_USER_IN_URL = re.compile(r"//[^/@\s'\"]+@")


@dataclass(slots=True)
class Workbench:
    """An examination, and what has to be given back after it."""

    examination: Examination
    own_terminal: TecsTerminal | None = None

    async def close(self) -> None:
        """Close every connection."""
        if self.own_terminal is not None:
            await self.own_terminal.close()


def workbench(
    launch: Launch,
    fault: str,
    *,
    screen: tuple[int, str],
    opened: OpenRegister | None = None,
    sell: Sell | None = None,
    no_sale: str = "",
) -> Workbench:
    """Build an examination. `fault` is why the configuration cannot be used, or empty.

    `screen` is the file that is drawn on, and its encoding. Raises `UnavailableError`. With an `opened` register, its own
    terminal is asked, and what it says and hears is noted, too.
    """
    subject = Subject(
        settings=partial(_settings, launch),
        folder=launch.journal.parent,
        least_free_bytes=LEAST_FREE_BYTES,
        book=partial(_book, launch),
        console=partial(gather, *screen, launch.environment),
        key=partial(_key, launch) if launch.loaded.found or launch.demo else None,
        sell=sell,
        probe=launch.config.terminal.probe,
        zone=None if fault else zone_of(launch.config),
        environment=launch.environment,
        frozen=partial(_frozen, launch),
    )
    if no_sale:
        subject.no_sale = no_sale
    if not fault:
        printer = receipts(launch)
        subject.printer = None if printer is None else printer.state
        subject.logo = partial(logo_trouble, launch)
    bench = Workbench(Examination(subject))
    bench.own_terminal = None if opened or fault else _own_terminal(launch, bench.examination)
    terminal = opened.terminal if opened else bench.own_terminal
    inspector = _inspector(launch, fault, bench.examination, terminal)
    subject.line = inspector
    if inspector is not None and opened is not None:
        opened.hearing.tell = inspector.hear
    return bench


def test_order(launch: Launch) -> Order:
    """Return a sale of the smallest amount that there is."""
    return Order.sale(
        Money(1, currency_of(launch.config)),
        place(launch),
        language=Language(launch.config.kiosk.languages[0]),
        reason="TEST",
    )


class _Told:
    """Passes a terminal's visits to an inspector that is made after it."""

    def __init__(self, examination: Examination) -> None:
        self._examination = examination

    def __call__(self, visit: Visit) -> None:
        line = self._examination.subject.line
        if isinstance(line, Inspector):
            line.hear(visit)


def _own_terminal(launch: Launch, examination: Examination) -> TecsTerminal | None:
    # no key, or no file of authorities: a check of its own tells that
    with contextlib.suppress(ConfigError, OSError):
        if launch.loaded.found or launch.demo:
            return terminal_of(launch, _Told(examination))
    return None


def _inspector(
    launch: Launch, fault: str, examination: Examination, terminal: TecsTerminal | None
) -> Inspector | None:
    line = line_of(launch)
    if not launch.demo and not _is_address(line.url):
        return None
    try:
        codes = CodeTable() if fault else codes_of(launch.config)
    except CodesError:
        codes = CodeTable()
    return Inspector(
        line,
        codes,
        examination.note,
        terminal=terminal,
        place=place(launch),
        mounted=(lambda: mounted(simulator_app())) if launch.demo else None,
        dialect=None if fault else dialect_of(launch.config),
        order=None if fault else test_order(launch),
    )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _settings(launch: Launch) -> Settings:
    """Read the configuration anew: whoever mended it wants to see that."""
    if launch.demo:
        return Settings("the demo's own", place="the demo's")
    try:
        loaded = load(launch.loaded.file, launch.environment)
    except ConfigError as error:
        return Settings(str(launch.loaded.file or ""), _USER_IN_URL.sub("//***@", str(error)))
    if not loaded.found:
        return Settings("", _NO_CONFIGURATION)
    where = str(loaded.file or "the environment")
    return Settings(where, place=loaded.config.terminal.place.strip())


def _key(launch: Launch) -> KeyFacts:
    auth = launch.config.auth
    if launch.demo:
        return KeyFacts("the demo takes any")
    try:
        _, where = secrets.find(secrets.KEY, auth.key_file, launch.environment)
        if auth.scheme == "oauth":
            secrets.find(secrets.CLIENT_SECRET, auth.client_secret_file, launch.environment)
    except ConfigError as error:
        return KeyFacts("", str(error), auth.scheme)
    return KeyFacts(where, scheme=auth.scheme)


def _book(launch: Launch) -> JournalFacts:
    path, anchor = launch.journal, launch.anchor
    try:
        if (
            not path.exists()
            and not Watermark(path).exists()
            and not (anchor and anchor.misses(path))
        ):
            return JournalFacts(place=_place(launch))
        reader = Reader(path, anchor=anchor)
    except (JournalUnavailableError, OSError) as error:
        return JournalFacts((str(error),))
    try:
        troubles = reader.verify()
        due = len(reader.transactions(states=tuple(DUE)))
        for_staff = len(reader.transactions(states=(State.NEEDS_STAFF,)))
        newest = next((one.created_at for one in reader.transactions(limit=1)), None)
        whole = JournalFacts(tuple(troubles), due, for_staff, reader.count(), _anchor(launch))
        return replace(
            whole, place=_place(launch), newest=newest, unsigned=_unsigned(launch, reader)
        )
    except JournalUnavailableError as error:
        return JournalFacts((str(error),))
    finally:
        reader.close()


def _unsigned(launch: Launch, reader: Reader) -> str:
    """Say which signatures are owed; nothing where none is, or no signer is configured."""
    if not signs(launch):
        return ""
    from kiosk_tui.journal.signatures import read_backlog  # noqa: PLC0415 - only then

    owed = read_backlog(reader, launch.journal)
    return (
        f"{owed.count} signatures owed since {owed.since:%Y-%m-%d %H:%M} UTC" if owed.since else ""
    )


def _anchor(launch: Launch) -> str:
    """Say what is not well with the journal's anchor. The demo needs none."""
    if launch.anchor is None:
        return "" if launch.demo else NO_ANCHOR
    return launch.anchor.advice(launch.journal)


def _place(launch: Launch) -> str:
    """Say what somebody should know of where the journal lies."""
    return " ".join(concerns(launch))


def _frozen(launch: Launch) -> str:
    """Name the terminal of whoever holds the register, where that takes no output."""
    try:
        holder = held_by(launch.journal)
    except HiddenHolderError:
        return ""
    process = _PROCESS.search(holder)
    terminal = frozen_terminal(int(process[1])) if process else ""
    return f"The terminal {terminal} of {holder}" if terminal else ""


# -- what a support bundle must not hold ----------------------------------------------------------


class Scrubber:
    """Takes secrets and card numbers out of any text. It knows every secret that can be found."""

    def __init__(self, launch: Launch) -> None:
        self._secrets = sorted(
            {form for one in _secrets(launch) for form in evidence.forms(one)},
            key=len,
            reverse=True,
        )
        self._known: set[str] = set()

    def know(self, ids: Iterable[str]) -> None:
        """Let transaction ids stay: they are no secret, and begin with a date."""
        self._known |= {one for one in ids if looks_like_id(one)}

    def text(self, text: str) -> str:
        """Return a text without any."""
        return mask_text(self.secrets(text), self._known)

    def secrets(self, text: str) -> str:
        """Return a text without keys and passwords; numbers stay."""
        return _USER_IN_URL.sub("//***@", evidence.hide(text, self._secrets))

    def value(self, value: Any) -> Any:
        """Return a value of JSON with every text in it scrubbed."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(name)): self.value(one) for name, one in value.items()}
        if isinstance(value, Sequence):
            return [self.value(one) for one in value]
        return value


def _secrets(launch: Launch) -> Iterator[str]:
    auth = launch.config.auth
    environment: Mapping[str, str] = launch.environment
    for source, file in (
        (secrets.KEY, auth.key_file),
        (secrets.CLIENT_SECRET, auth.client_secret_file),
        (secrets.SECOND_OPINION, launch.config.second_opinion.password_file),
    ):
        yield environment.get(source.variable, "").strip()
        yield from secrets.every(source, file, environment)
    for url in (launch.config.terminal.proxy, launch.config.terminal.url, auth.token_url):
        with contextlib.suppress(ValueError):
            yield urlsplit(url).password or ""
    pin = launch.config.kiosk.service_pin_hash
    yield pin
    yield from pin.split("$")[1:]
