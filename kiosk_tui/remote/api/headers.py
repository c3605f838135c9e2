"""What a request's headers say: its key, how long it waits, whether its sender may be listened to."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from typing import Final

from starlette.datastructures import Headers

from kiosk_tui.domain.card_number import REFUSED, holds_card_number
from kiosk_tui.domain.identity import CallerReference, IdentityError
from kiosk_tui.records import dataclass
from kiosk_tui.remote.api.problems import Problem, ProblemError

KEY: Final = "Idempotency-Key"
MOST_WAIT_S: Final = 300
"""An answer comes after so many seconds at the latest; how it goes on is asked for by another request."""
_WAIT: Final = re.compile(r"wait\s*=\s*\"?([0-9]{1,6})\"?", re.ASCII | re.IGNORECASE)


def idempotency_key(headers: Headers) -> CallerReference:
    """Return the key. Raises `ProblemError` where there is none, or more than one."""
    given = headers.getlist(KEY)
    if not given:
        raise ProblemError(Problem.KEY_MISSING, f"{KEY} is missing: this may move money.")
    if len(given) > 1:
        raise ProblemError(Problem.KEY_WRONG, f"{KEY} was sent {len(given)} times: send it once.")
    try:
        text = given[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        raise ProblemError(Problem.KEY_WRONG, f"{KEY} is not UTF-8.") from None
    return caller_reference(text)


def caller_reference(text: str) -> CallerReference:
    """Read a key: quoted as the IETF's draft has it, or not, it is the same one.

    Raises `ProblemError`.
    """
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    try:
        key = CallerReference(text)
    except IdentityError as error:
        raise ProblemError(Problem.KEY_WRONG, f"{KEY}: {error}") from None
    if holds_card_number(key):
        raise ProblemError(Problem.KEY_WRONG, f"{KEY} {REFUSED}.")
    return key


@dataclass(frozen=True, slots=True)
class Preference:
    """How long an answer is waited for (RFC 7240): None is what suits the request."""

    wait_s: int | None = None

    @property
    def applied(self) -> dict[str, str]:
        """The header that tells the client that it was heard."""
        if self.wait_s is None:
            return {}
        return {"Preference-Applied": f"wait={self.wait_s}" if self.wait_s else "respond-async"}


def preference(headers: Headers) -> Preference:
    """Return what `Prefer` says; what means nothing is passed over, as RFC 7240 wants it."""
    given = [one.strip() for line in headers.getlist("prefer") for one in line.split(",")]
    for one in given:
        if found := _WAIT.fullmatch(one):
            return Preference(min(int(found[1]), MOST_WAIT_S))
    asynchronous = any(one.lower() == "respond-async" for one in given)
    return Preference(0 if asynchronous else None)


def is_this_host(header: str, hosts: Sequence[str]) -> bool:
    """Say whether a Host is an address, localhost, or one of `hosts`.

    A page that has its own name point to this machine (DNS rebinding) sends that name.
    """
    name = re.sub(r":[0-9]{0,5}$", "", header.strip()).lower().rstrip(".")
    if name == "localhost" or name in {one.lower().rstrip(".") for one in hosts}:
        return True
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def is_own_origin(origin: str, scheme: str, host: str) -> bool:
    """Say whether a browser's request comes from this register's own page."""
    return origin.lower() == f"{scheme}://{host}".lower()
