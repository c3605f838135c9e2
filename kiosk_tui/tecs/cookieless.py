"""An HTTP client that takes nobody's cookies, and so loads nothing to keep them with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NoReturn

import httpx


class NoCookies:
    """What httpx asks for cookies, as a client's and as a jar's: there are none, ever."""

    def __iter__(self) -> Iterator[NoReturn]:
        """Yield no cookie."""
        return iter(())

    def __bool__(self) -> bool:
        return False

    def extract_cookies(self, *_answer: object) -> None:
        """Take none from an answer."""

    def add_cookie_header(self, _request: object) -> None:
        """Send none."""


NO_COOKIES: Final[Any] = NoCookies()


class CookielessClient(httpx.AsyncClient):
    """httpx's client, which keeps what cookies come by, without that."""

    @property  # type: ignore[misc]  # it can be set there
    def cookies(self) -> Any:
        """None, ever; `httpx.AsyncClient` asks here with each request and answer."""
        return NO_COOKIES
