"""What a value must be, beyond its type. Each rule names its key; the first fault is told."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from kiosk_tui.config.faults import fault
from kiosk_tui.config.places import is_printer, is_proxy, loopback
from kiosk_tui.config.shape import Config
from kiosk_tui.domain.money import Currency, Money, MoneyError, parse_plain

Fault = tuple[str, str]
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_PERCENT = range(1, 101)
LEAST_SETTLE_S = 120.0
LONGEST_REASON = 39
"""Characters, and bytes of UTF-8, of TECS's `payment_reason`."""
MOST_PRESETS = 5
COLUMNS = (32, 42, 48)


def check(config: Config, sources: Mapping[str, str]) -> None:
    """Raise `ConfigError` for the first value that cannot be."""
    for key, what in faults_of(config):
        raise fault(key, what, sources)


def first_fault(config: Config, key: str) -> str:
    """Return what is wrong with one value of a configuration that need not be whole yet."""
    return next((what for wrong, what in faults_of(config) if wrong == key), "")


def faults_of(config: Config) -> Iterator[Fault]:
    """Yield every value that cannot be, by its key, with what is wrong."""
    for rule in (
        _kiosk,
        _looks,
        _address,
        _terminal,
        _amounts,
        _tip,
        _auth,
        _timeouts,
        _journal,
        _receipt,
        _reporting,
        _pos,
        _codes,
        _lane,
    ):
        yield from rule(config)


def currency_of(config: Config) -> Currency:
    """Return the currency. Raises `MoneyError`."""
    from kiosk_tui.text.currencies import currency  # noqa: PLC0415 - reads ISO's whole list

    return currency(config.terminal.currency)


def amount(value: str | int, currency: Currency) -> Money:
    """Read an amount of the configuration. Raises `MoneyError`."""
    return parse_plain(str(value), currency)


def _kiosk(config: Config) -> Iterator[Fault]:
    kiosk = config.kiosk
    if not kiosk.id or len(kiosk.id) > 40 or not kiosk.id.isprintable():
        yield "kiosk.id", "it needs 1 to 40 characters"
    if not kiosk.languages:
        yield "kiosk.languages", "at least one language is needed"
    yield from _languages(kiosk.languages)
    if not 5 <= kiosk.idle_s <= 3600:
        yield "kiosk.idle_s", f"{kiosk.idle_s:g} is out of range: 5 to 3600 seconds"
    if kiosk.exposure_count < 0:
        yield "kiosk.exposure_count", "it cannot be negative"
    if kiosk.mode == "kiosk" and kiosk.exposure_count:
        yield "kiosk.exposure_count", "an unattended kiosk has none: it is for the lane"
    from kiosk_tui.config.pin import PinError, check_hash  # noqa: PLC0415

    try:
        check_hash(kiosk.service_pin_hash)
    except PinError as error:
        yield "kiosk.service_pin_hash", str(error).rstrip(".")


def _languages(names: Sequence[str]) -> Iterator[Fault]:
    from kiosk_tui.text.amounts import LocaleError, check_locale  # noqa: PLC0415
    from kiosk_tui.text.texts import language_of  # noqa: PLC0415
    from kiosk_tui.text.translations import NAMES  # noqa: PLC0415

    for name in names:
        try:
            check_locale(name)
        except LocaleError as error:
            yield "kiosk.languages", str(error).rstrip(".")
        if language_of(name) not in NAMES:
            yield "kiosk.languages", f"'{name}' has no texts: there are {', '.join(NAMES)}"
    if len({language_of(name) for name in names}) < len(names):
        yield "kiosk.languages", "a language stands in it twice"


def _looks(config: Config) -> Iterator[Fault]:
    kiosk = config.kiosk
    if len(kiosk.name) > 40 or not kiosk.name.isprintable():
        yield "kiosk.name", "at most 40 characters fit"
    if len(kiosk.logo) > 5 or not all(len(one) <= 60 and one.isprintable() for one in kiosk.logo):
        yield "kiosk.logo", "at most 5 lines of 60 characters fit"
    for language, text in kiosk.welcome.items():
        if len(text) > 70 or not text.isprintable():
            yield "kiosk.welcome", f"the text in '{language}' is too long: 70 characters fit"
    from kiosk_tui.config.theme import find_theme  # noqa: PLC0415
    from kiosk_tui.text.themes import ThemeError  # noqa: PLC0415

    try:
        find_theme(kiosk.theme)
    except ThemeError as error:
        yield "kiosk.theme", str(error)


def _address(config: Config) -> Iterator[Fault]:
    terminal, auth = config.terminal, config.auth
    if not terminal.url:
        yield "terminal.url", "it is missing"
    yield from _url("terminal.url", terminal.url, plain=terminal.allow_http)
    if auth.scheme == "oauth":
        yield from _url("auth.token_url", auth.token_url, plain=terminal.allow_http)
    if terminal.proxy and not is_proxy(terminal.proxy):
        yield "terminal.proxy", f"'{terminal.proxy}' is not a proxy's address"


def _url(key: str, url: str, *, plain: bool) -> Iterator[Fault]:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        yield key, f"'{url}' is not a URL"
        return
    if parts.scheme not in ("http", "https") or not host or any(one.isspace() for one in url):
        yield key, f"'{url}' is not a URL"
    elif parts.username or parts.password:
        yield key, "it holds a user or password: keys belong into a file of their own"
    elif parts.query or parts.fragment:
        yield key, "it holds a '?' or '#': give only the base address"
    elif parts.scheme == "http" and host not in _LOOPBACK and not plain:
        yield key, f"'{url}' is not encrypted: use https, or set terminal.allow_http = true"


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""  # that it is no URL is told elsewhere


def _terminal(config: Config) -> Iterator[Fault]:
    terminal = config.terminal
    if re.fullmatch(r"[0-9]{8}", terminal.number, re.ASCII) is None:
        yield "terminal.number", f"'{terminal.number}' is not a terminal number: it has 8 digits"
    if re.fullmatch(r"[0-9]{1,2}", terminal.source_id, re.ASCII) is None:
        yield "terminal.source_id", f"'{terminal.source_id}' is wrong: it has one or two digits"
    if len(terminal.place) > 13 or not terminal.place.isprintable():
        yield "terminal.place", f"'{terminal.place}' is too long: at most 13 characters fit"
    if len(terminal.receipt_layout) > 2 or not terminal.receipt_layout.isprintable():
        yield "terminal.receipt_layout", "at most 2 characters fit"
    yield from _reason(terminal.reason)
    if not 100 <= terminal.completion_percent <= 200:
        yield (
            "terminal.completion_percent",
            f"{terminal.completion_percent} is out of range: 100 to 200",
        )
    if terminal.timezone:
        from zoneinfo import ZoneInfo  # noqa: PLC0415

        try:
            ZoneInfo(terminal.timezone)
        except (ValueError, OSError, LookupError):
            yield "terminal.timezone", f"'{terminal.timezone}' is not a time zone"


def _reason(reason: str) -> Iterator[Fault]:
    longest = max(len(reason), len(reason.encode("utf-8", "replace")))
    if longest > LONGEST_REASON or not reason.isprintable():
        yield "terminal.reason", f"at most {LONGEST_REASON} plain characters fit (an umlaut is two)"
    if reason:
        from kiosk_tui.domain.card_number import REFUSED, holds_card_number  # noqa: PLC0415

        if holds_card_number(reason):
            yield "terminal.reason", f"it {REFUSED}"


def _amounts(config: Config) -> Iterator[Fault]:
    terminal = config.terminal
    try:
        currency = currency_of(config)
    except MoneyError as error:
        yield "terminal.currency", str(error).rstrip(".")
        return
    least = yield from _amount("terminal.amount_min", terminal.amount_min, currency)
    most = yield from _amount("terminal.amount_max", terminal.amount_max, currency)
    shown = [("kiosk.presets", one) for one in config.kiosk.presets]
    if config.kiosk.price != "":
        shown.append(("kiosk.price", config.kiosk.price))
    for key, value in shown:
        given = yield from _amount(key, value, currency)
        if given is None or least is None or most is None:
            continue
        if not least <= given <= most:
            yield key, f"{value} is not between terminal.amount_min and terminal.amount_max"
    if len(config.kiosk.presets) > MOST_PRESETS:
        yield "kiosk.presets", f"at most {MOST_PRESETS} fit on the screen"
    yield from _amount("kiosk.exposure_amount", config.kiosk.exposure_amount, currency)
    yield from _amount("tip.fixed_below", config.tip.fixed_below, currency)
    for one in config.tip.fixed:
        yield from _amount("tip.fixed", one, currency)
    if least is not None and not least:
        yield "terminal.amount_min", "it must be above zero"
    if least is not None and most is not None and most < least:
        yield "terminal.amount_max", "it is below terminal.amount_min"


def _amount(key: str, value: str | int, currency: Currency) -> Generator[Fault, None, Money | None]:
    try:
        return amount(value, currency)
    except MoneyError as error:
        yield key, str(error).rstrip(".")
    return None


def _tip(config: Config) -> Iterator[Fault]:
    tip = config.tip
    for percent in tip.percent:
        if percent not in _PERCENT:
            yield "tip.percent", f"{percent} is out of range: 1 to 100"
    if not 1 <= tip.most_percent <= 1000:
        yield "tip.most_percent", f"{tip.most_percent} is out of range: 1 to 1000"


def _auth(config: Config) -> Iterator[Fault]:
    auth = config.auth
    if auth.scheme in ("basic", "oauth") and not auth.user:
        yield "auth.user", f'auth.scheme = "{auth.scheme}" needs a user'
    if ":" in auth.user and auth.scheme == "basic":
        yield "auth.user", "a user of HTTP Basic has no colon"
    if auth.scheme == "oauth" and not auth.client_id:
        yield "auth.client_id", 'auth.scheme = "oauth" needs a client id'


_RANGES: Mapping[str, tuple[float, float]] = {
    "connect_s": (1, 60),
    "answer_s": (10, 900),
    "settle_s": (0, 3600),
    "give_up_s": (1, 300),
    "cancel_s": (5, 300),
    "cancel_most_s": (5, 3600),
}


def _timeouts(config: Config) -> Iterator[Fault]:
    for name, (least, most) in _RANGES.items():
        value: float = getattr(config.timeouts, name)
        if not least <= value <= most:  # false for NaN, too
            yield f"timeouts.{name}", f"{value:g} is out of range: {least:g} to {most:g} seconds"
    # Believing "not found" too early leaves a charge that lands after its cancellation. Only a
    # simulator on this machine is known to be quicker.
    quick = _host(config.terminal.url) in _LOOPBACK
    if config.timeouts.settle_s < LEAST_SETTLE_S and not quick:
        what = f"{config.timeouts.settle_s:g} is too short: a cancellation can overtake its sale"
        yield "timeouts.settle_s", f"{what}, so at least {LEAST_SETTLE_S:g} seconds are needed"


def _journal(config: Config) -> Iterator[Fault]:
    journal = config.journal
    if not 90 <= journal.keep_days <= 36500:
        yield "journal.keep_days", f"{journal.keep_days} is out of range: 90 to 36500 days"
    if not 1 <= journal.backup_keep <= 1000:
        yield "journal.backup_keep", f"{journal.backup_keep} is out of range: 1 to 1000 backups"


def _receipt(config: Config) -> Iterator[Fault]:
    receipt = config.receipt
    if receipt.printer and not is_printer(receipt.printer):
        what = "is no printer: write tcp://host:9100, usb://04b8:0202, file:///dev/usb/lp0 or"
        yield "receipt.printer", f"'{receipt.printer}' {what} text:///folder"
    if receipt.columns not in COLUMNS:
        yield "receipt.columns", f"{receipt.columns} is no width: there are 32, 42 and 48"
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,40}", receipt.profile, re.ASCII):
        yield "receipt.profile", "it is no profile's name, such as default or TM-T88V"
    if not receipt.copies or len(set(receipt.copies)) < len(receipt.copies):
        yield "receipt.copies", "it needs customer, merchant, or both, each once"
    try:
        url = receipt.qr_url.format(reference="9" * 9, id="9" * 17)
    except (ValueError, LookupError, AttributeError):
        yield "receipt.qr_url", "only {reference} and {id} may stand in braces"
    else:
        if len(url.encode("utf-8", "replace")) > 78 or not url.isprintable():
            yield "receipt.qr_url", "it is too long: 78 bytes fit into the code"


def _reporting(config: Config) -> Iterator[Fault]:
    file, alert = config.metrics.file, config.alert
    if file and not (file.startswith("/") and file.endswith(".prom") and file.isprintable()):
        yield "metrics.file", f"'{file}' is no whole path of a file that ends in .prom"
    if alert.command and not alert.command[0].startswith("/"):
        yield "alert.command", "it begins with the whole path of a program"
    if any("\0" in one for one in alert.command):
        yield "alert.command", "no word of it holds the character 0"
    ranges = {"after_s": (60, 86400), "out_of_service_s": (60, 86400), "timeout_s": (1, 300)}
    for name, (least, most) in ranges.items():
        value: float = getattr(alert, name)
        if not least <= value <= most:
            yield f"alert.{name}", f"{value:g} is out of range: {least} to {most} seconds"


def _lane(config: Config) -> Iterator[Fault]:
    from kiosk_tui.config.pin import PinError, check_hash  # noqa: PLC0415
    from kiosk_tui.domain.rights import Act, id_trouble  # noqa: PLC0415 - only where there is a lane

    lane = config.lane
    for key, names in (("lane.pin", lane.pin), ("lane.second_person", lane.second_person)):
        for name in names:
            if name not in list(Act):
                yield key, f"'{name}' is nothing that a lane does: there are {', '.join(Act)}"
    for person, line in lane.people.items():
        trouble = id_trouble(person)
        if trouble:
            yield "lane.people", trouble
        try:
            check_hash(line)
        except PinError as error:
            yield "lane.people", f"{person}: {str(error)[:1].lower()}{str(error)[1:].rstrip('.')}"
        if not line:
            yield "lane.people", f"{person} has no PIN"
    if lane.pin and not config.kiosk.service_pin_hash:
        yield "lane.pin", "it needs a service PIN, and kiosk.service_pin_hash is empty"
    if lane.second_person and len(lane.people) < 2:
        yield "lane.second_person", "it needs two people in lane.people at least"


def _pos(config: Config) -> Iterator[Fault]:
    pos = config.pos
    if pos.tcp and loopback(pos.tcp) is None:
        what = "is no address of this machine: write 127.0.0.1:8701 or [::1]:8701"
        yield "pos.tcp", f"'{pos.tcp}' {what}"
    if pos.tcp and not pos.token_file:
        yield "pos.token_file", "pos.tcp needs a token: every user of this machine can connect"


def _codes(config: Config) -> Iterator[Fault]:
    from kiosk_tui.tecs.codes import CodesError, CodeTable  # noqa: PLC0415

    for section in ("payment", "cancellation", "reason"):
        table: Mapping[str, list[str]] = getattr(config.codes, section)
        if not table:
            continue
        try:
            CodeTable({section: table})
        except CodesError as error:
            yield f"codes.{section}", str(error).rstrip(".")
