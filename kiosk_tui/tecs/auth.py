"""The Authorization header: raw, basic, bearer, or a bearer token fetched by OAuth.

Invariant: a secret shows itself only to `reveal`; its text form, and so any log line or traceback
that touches it, says that it is hidden.
"""

from __future__ import annotations

import asyncio
import base64
import math
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from kiosk_tui.records import dataclass


class Secret:
    """A text that does not show itself."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def reveal(self) -> str:
        """Return the text itself: only where it goes onto the wire."""
        return self._text


class NoTokenError(Exception):
    """No token could be had, so nothing was sent; the text is a sentence for staff."""


class Authorization(Protocol):
    """Gives the header's value."""

    async def header(self, lasting_s: float = 0.0) -> str:
        """Return the value, or an empty text for none. Raises `NoTokenError`.

        It holds for `lasting_s` more seconds where that can be had.
        """

    def forget(self) -> bool:
        """Forget a token that was refused; True when asking again may give another."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A value that does not change: `raw`, `basic` or `bearer`."""

    value: Secret

    async def header(self, lasting_s: float = 0.0) -> str:  # noqa: ARG002 - it lasts for ever
        return self.value.reveal()

    def forget(self) -> bool:
        return False


def raw(key: Secret) -> Fixed:
    """Use the key verbatim as the header's whole value, as the documentation writes it."""
    return Fixed(key)


def basic(user: str, password: Secret) -> Fixed:
    """HTTP Basic, UTF-8."""
    pair = f"{user}:{password.reveal()}".encode()
    return Fixed(Secret(f"Basic {base64.b64encode(pair).decode('ascii')}"))


def bearer(token: Secret) -> Fixed:
    """Bearer with a fixed token."""
    return Fixed(Secret(f"Bearer {token.reveal()}"))


@dataclass(frozen=True, slots=True)
class Token:
    """A token and its lifetime in seconds; None when the server did not tell."""

    text: Secret
    expires_in_s: float | None


class OAuth:
    """A bearer token from a password grant, renewed before it runs out.

    A payment that starts with a token must still be able to end with it: one that ends sooner is
    renewed first, and where every token does, each payment gets one of its own. A token whose
    lifetime is not known is used until it is refused.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[Token]],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._token: Token | None = None
        self._good_until = math.inf
        self._one_at_a_time = asyncio.Lock()

    async def header(self, lasting_s: float = 0.0) -> str:
        async with self._one_at_a_time:
            token = self._token
            if token is None or self._monotonic() + lasting_s >= self._good_until:
                asked_at = self._monotonic()
                self._token = token = await self._fetch()
                lifetime = token.expires_in_s
                self._good_until = math.inf if lifetime is None else asked_at + lifetime
            return f"Bearer {token.text.reveal()}"

    def forget(self) -> bool:
        self._token = None
        return True
