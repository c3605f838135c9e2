"""Puts an examination together: what stands behind the questions that the checks ask.

Works with whatever is known of a configuration that cannot be used, and beside a running kiosk: nothing here
takes the journal's lock.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from kiosk_tui.config import secrets
from kiosk_tui.config.check import currency_of
from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.load import load
from kiosk_tui.console.frozen import frozen_terminal
from kiosk_tui.console.gathering import gather
from kiosk_tui.diagnosis.examination import Examination
from kiosk_tui.diagnosis.subject import Book, Key, Settings, Subject
from kiosk_tui.domain.evidence import Visit
from kiosk_tui.domain.language import Language
from kiosk_tui.domain.lifecycle import DUE, State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.transaction import Operation, Order, Transaction
from kiosk_tui.journal.anchor import NO_ANCHOR
from kiosk_tui.journal.lock import HiddenHolderError, held_by
from kiosk_tui.journal.mark import Mark
from kiosk_tui.journal.reader import Reader
from kiosk_tui.journal.store import LEAST_FREE_BYTES
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.ports import JournalUnavailableError
from kiosk_tui.tecs import evidence
from kiosk_tui.tecs.client import TecsTerminal, mounted
from kiosk_tui.tecs.codes import Codes, CodesError
from kiosk_tui.tecs.inspection import Inspector
from kiosk_tui.tecs.redaction import looks_like_id, mask_text
from kiosk_tui.wiring.choice import Choice, place, zone_of
from kiosk_tui.wiring.day import receipts
from kiosk_tui.wiring.register import OpenRegister
from kiosk_tui.wiring.terminal import codes_of, dialect_of, line_of, simulator_app, terminal_of
from kiosk_tui.wiring.whereabouts import concerns

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
    choice: Choice,
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
        settings=partial(_settings, choice),
        folder=choice.journal.parent,
        least_free_bytes=LEAST_FREE_BYTES,
        book=partial(_book, choice),
        console=partial(gather, *screen, choice.environment),
        key=partial(_key, choice) if choice.loaded.found or choice.demo else None,
        sell=sell,
        probe=choice.config.terminal.probe,
        zone=None if fault else zone_of(choice.config),
        environment=choice.environment,
        frozen=partial(_frozen, choice),
    )
    if no_sale:
        subject.no_sale = no_sale
    if not fault:
        printer = receipts(choice)
        subject.printer = None if printer is None else printer.state
    bench = Workbench(Examination(subject))
    bench.own_terminal = None if opened or fault else _own_terminal(choice, bench.examination)
    terminal = opened.terminal if opened else bench.own_terminal
    inspector = _inspector(choice, fault, bench.examination, terminal)
    subject.line = inspector
    if inspector is not None and opened is not None:
        opened.hearing.tell = inspector.hear
    return bench


def test_order(choice: Choice) -> Order:
    """Return a sale of the smallest amount that there is."""
    return Order(
        operation=Operation.SALE,
        amount=Money(1, currency_of(choice.config)),
        place=place(choice),
        language=Language(choice.config.kiosk.languages[0]),
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


def _own_terminal(choice: Choice, examination: Examination) -> TecsTerminal | None:
    # no key, or no file of authorities: a check of its own tells that
    with contextlib.suppress(ConfigError, OSError):
        if choice.loaded.found or choice.demo:
            return terminal_of(choice, _Told(examination))
    return None


def _inspector(
    choice: Choice, fault: str, examination: Examination, terminal: TecsTerminal | None
) -> Inspector | None:
    line = line_of(choice)
    if not choice.demo and not _is_address(line.url):
        return None
    try:
        codes = Codes() if fault else codes_of(choice.config)
    except CodesError:
        codes = Codes()
    return Inspector(
        line,
        codes,
        examination.note,
        terminal=terminal,
        place=place(choice),
        mounted=(lambda: mounted(simulator_app())) if choice.demo else None,
        dialect=None if fault else dialect_of(choice.config),
        order=None if fault else test_order(choice),
    )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _settings(choice: Choice) -> Settings:
    """Read the configuration anew: whoever mended it wants to see that."""
    if choice.demo:
        return Settings("the demo's own", place="the demo's")
    try:
        loaded = load(choice.loaded.file, choice.environment)
    except ConfigError as error:
        return Settings(str(choice.loaded.file or ""), _USER_IN_URL.sub("//***@", str(error)))
    if not loaded.found:
        return Settings("", _NO_CONFIGURATION)
    where = str(loaded.file or "the environment")
    return Settings(where, place=loaded.config.terminal.place.strip())


def _key(choice: Choice) -> Key:
    auth = choice.config.auth
    if choice.demo:
        return Key("the demo takes any")
    try:
        _, where = secrets.find(secrets.KEY, auth.key_file, choice.environment)
        if auth.scheme == "oauth":
            secrets.find(secrets.CLIENT_SECRET, auth.client_secret_file, choice.environment)
    except ConfigError as error:
        return Key("", str(error), auth.scheme)
    return Key(where, scheme=auth.scheme)


def _book(choice: Choice) -> Book:
    path, anchor = choice.journal, choice.anchor
    try:
        if not path.exists() and not Mark(path).exists() and not (anchor and anchor.misses(path)):
            return Book(place=_place(choice))
        reader = Reader(path, anchor=anchor)
    except (JournalUnavailableError, OSError) as error:
        return Book((str(error),))
    try:
        troubles = reader.verify()
        due = len(reader.transactions(states=tuple(DUE)))
        for_staff = len(reader.transactions(states=(State.NEEDS_STAFF,)))
        newest = next((one.created_at for one in reader.transactions(limit=1)), None)
        whole = Book(tuple(troubles), due, for_staff, reader.count(), _anchor(choice))
        return replace(whole, place=_place(choice), newest=newest)
    except JournalUnavailableError as error:
        return Book((str(error),))
    finally:
        reader.close()


def _anchor(choice: Choice) -> str:
    """Say what is not well with the journal's anchor. The demo needs none."""
    if choice.anchor is None:
        return "" if choice.demo else NO_ANCHOR
    return choice.anchor.advice(choice.journal)


def _place(choice: Choice) -> str:
    """Say what somebody should know of where the journal lies."""
    return " ".join(concerns(choice))


def _frozen(choice: Choice) -> str:
    """Name the terminal of whoever holds the register, where that takes no output."""
    try:
        holder = held_by(choice.journal)
    except HiddenHolderError:
        return ""
    process = _PROCESS.search(holder)
    terminal = frozen_terminal(int(process[1])) if process else ""
    return f"The terminal {terminal} of {holder}" if terminal else ""


# -- what a support bundle must not hold ----------------------------------------------------------


class Scrubber:
    """Takes secrets and card numbers out of any text. It knows every secret that can be found."""

    def __init__(self, choice: Choice) -> None:
        self._secrets = sorted(
            {form for one in _secrets(choice) for form in evidence.forms(one)},
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


def _secrets(choice: Choice) -> Iterator[str]:
    auth = choice.config.auth
    environment: Mapping[str, str] = choice.environment
    for source, file in (
        (secrets.KEY, auth.key_file),
        (secrets.CLIENT_SECRET, auth.client_secret_file),
    ):
        yield environment.get(source.variable, "").strip()
        yield from secrets.every(source, file, environment)
    for url in (choice.config.terminal.proxy, choice.config.terminal.url, auth.token_url):
        with contextlib.suppress(ValueError):
            yield urlsplit(url).password or ""
    pin = choice.config.kiosk.service_pin_hash
    yield pin
    yield from pin.split("$")[1:]
