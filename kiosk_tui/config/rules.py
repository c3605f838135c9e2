"""What must hold between settings. What one setting alone may be is said where it is declared.

A rule names the settings that it looks at: where one of them cannot be read, it is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from kiosk_tui.config.models import AMOUNTS, Config
from kiosk_tui.config.places import ip_address, is_loopback
from kiosk_tui.config.words import fault
from kiosk_tui.domain.money import Currency, Money, MoneyError, parse_plain
from kiosk_tui.text.currencies import currency

Fault = tuple[str, str]
Rule = Callable[[Config], Iterator[Fault]]

LEAST_SETTLE_S: Final = 120.0
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def check(config: Config, places: Mapping[str, str]) -> None:
    """Raise `ConfigError` for the first rule that does not hold."""
    for key, what in broken(config):
        raise fault(key, what, places)


def broken(config: Config, unread: Collection[str] = ()) -> Iterator[Fault]:
    """Yield every setting that does not go with another, with what is wrong."""
    for rule, keys in _RULES.items():
        if not set(keys).intersection(unread):
            yield from rule(config)


def currency_of(config: Config) -> Currency:
    """Return the currency. Raises `MoneyError`."""
    return currency(config.terminal.currency)


def amount(value: str | int, currency: Currency) -> Money:
    """Read an amount of the configuration. Raises `MoneyError`."""
    return parse_plain(str(value), currency)


def _url(config: Config) -> Iterator[Fault]:
    if config.terminal.url:
        yield from _address("terminal.url", config.terminal.url, plain=config.terminal.allow_http)
    else:
        yield "terminal.url", "it is missing"


def _number(config: Config) -> Iterator[Fault]:
    if not config.terminal.number:
        yield "terminal.number", "it is missing: a terminal number has 8 digits"


def _token(config: Config) -> Iterator[Fault]:
    auth, plain = config.auth, config.terminal.allow_http
    if auth.scheme == "oauth":
        yield from _address("auth.token_url", auth.token_url, plain=plain)
        if not auth.client_id:
            yield "auth.client_id", 'auth.scheme = "oauth" needs a client id'


def _second_opinion(config: Config) -> Iterator[Fault]:
    if url := config.second_opinion.url:
        yield from _address("second_opinion.url", url, plain=config.terminal.allow_http)
    if ":" in config.second_opinion.user:
        yield "second_opinion.user", "a user of HTTP Basic has no colon"


def _address(key: str, url: str, *, plain: bool) -> Iterator[Fault]:
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


def _user(config: Config) -> Iterator[Fault]:
    auth = config.auth
    if auth.scheme in ("basic", "oauth") and not auth.user:
        yield "auth.user", f'auth.scheme = "{auth.scheme}" needs a user'
    if ":" in auth.user and auth.scheme == "basic":
        yield "auth.user", "a user of HTTP Basic has no colon"


def _amounts(config: Config) -> Iterator[Fault]:
    """Every amount is one of the currency."""
    try:
        currency = currency_of(config)
    except MoneyError as error:
        yield "terminal.currency", str(error).rstrip(".")
        return
    for key in AMOUNTS:
        for value in _given(config, key):
            try:
                amount(value, currency)
            except MoneyError as error:
                yield key, str(error).rstrip(".")


def _given(config: Config, key: str) -> Sequence[str | int]:
    section, _, name = key.partition(".")
    value: str | int | list[str | int] = getattr(getattr(config, section), name)
    if isinstance(value, list):
        return value
    return () if value == "" and key == "kiosk.price" else (value,)


def _limits(config: Config) -> Iterator[Fault]:
    """Something lies between the smallest and the largest amount, and what is shown does."""
    try:
        least, most = (
            amount(value, currency_of(config))
            for value in (config.terminal.amount_min, config.terminal.amount_max)
        )
    except MoneyError:
        return  # told already
    if not least:
        yield "terminal.amount_min", "it must be above zero"
    if most < least:
        yield "terminal.amount_max", "it is below terminal.amount_min"
    for key in ("kiosk.presets", "kiosk.price"):
        for value in _given(config, key):
            with suppress(MoneyError):
                if not least <= amount(value, currency_of(config)) <= most:
                    yield key, f"{value} is not between terminal.amount_min and terminal.amount_max"


def _settle(config: Config) -> Iterator[Fault]:
    # Believing "not found" too early leaves a charge that lands after its cancellation. Only a
    # simulator on this machine is known to be quicker.
    settle_s = config.timeouts.settle_s
    if settle_s < LEAST_SETTLE_S and _host(config.terminal.url) not in _LOOPBACK:
        what = f"{settle_s:g} is too short: a cancellation can overtake its sale"
        yield "timeouts.settle_s", f"{what}, so at least {LEAST_SETTLE_S:g} seconds are needed"


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""  # that it is no URL is told elsewhere


def _exposure(config: Config) -> Iterator[Fault]:
    if config.kiosk.mode == "kiosk" and config.kiosk.exposure_count:
        yield "kiosk.exposure_count", "an unattended kiosk has none: it is for the lane"


def _api(config: Config) -> Iterator[Fault]:
    api = config.api
    if bool(api.certificate) != bool(api.certificate_key):
        missing = "api.certificate_key" if api.certificate else "api.certificate"
        yield missing, "a certificate and its key belong together"
    address = ip_address(api.tcp)
    if address is None:
        return
    if not api.tokens:
        yield "api.tokens", "api.tcp needs a token: every user of this machine can connect"
    if not is_loopback(address[0]) and not api.certificate:
        yield "api.tcp", "other machines reach it: it needs api.certificate and api.certificate_key"


def _lane_pin(config: Config) -> Iterator[Fault]:
    if config.lane.pin and not config.kiosk.service_pin_hash:
        yield "lane.pin", "it needs a service PIN, and kiosk.service_pin_hash is empty"


def _second_person(config: Config) -> Iterator[Fault]:
    if config.lane.second_person and len(config.lane.people) < 2:  # noqa: PLR2004 - who asks, and who agrees
        yield "lane.second_person", "it needs two people in lane.people at least"


_RULES: Final[Mapping[Rule, tuple[str, ...]]] = {
    _url: ("terminal.url", "terminal.allow_http"),
    _number: ("terminal.number",),
    _token: ("auth.scheme", "auth.token_url", "auth.client_id", "terminal.allow_http"),
    _user: ("auth.scheme", "auth.user"),
    _second_opinion: ("second_opinion.url", "second_opinion.user", "terminal.allow_http"),
    _amounts: ("terminal.currency",),
    _limits: ("terminal.currency", "terminal.amount_min", "terminal.amount_max"),
    _settle: ("timeouts.settle_s", "terminal.url"),
    _exposure: ("kiosk.exposure_count", "kiosk.mode"),
    _api: ("api.tcp", "api.tokens", "api.certificate", "api.certificate_key"),
    _lane_pin: ("lane.pin", "kiosk.service_pin_hash"),
    _second_person: ("lane.second_person", "lane.people"),
}
