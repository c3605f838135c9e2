"""The line to head office: one request, one answer that was checked, or why there is none.

Every failure is a value with a sentence. No redirect is followed, no proxy and no authority is taken from
the environment, and no more of an answer is read than `wire.MOST_BYTES`.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import httpx
from pydantic import ValidationError

from kiosk_tui import __version__
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.head_office import FleetError, NotEnrolledError, head_office
from kiosk_tui.fleet.trust import enrolled_context
from kiosk_tui.fleet.unreached import unreached
from kiosk_tui.fleet.wire import MOST_BYTES, Refused, Wire
from kiosk_tui.records import dataclass

CONNECT_S: Final = 10.0
ANSWER_S: Final = 30.0
"""Head office answers after COMMIT."""
KEPT_S: Final = 45.0
"""So long an unused connection is kept: shorter than servers keep theirs."""
HEARD_S: Final = 600.0
"""So often it is noted that head office goes on answering: each note is a write to the disk."""
_LONGEST_SENTENCE: Final = 200

WireAnswer = TypeVar("WireAnswer", bound=Wire)


@dataclass(frozen=True, slots=True)
class LineFailure:
    """Why there is no answer, in a sentence. Whether the request was taken is unknown."""

    why: str


class _BadAnswerError(Exception):
    """An answer that cannot be used; the text says what it is."""


class OfficeLine:
    """Posts messages to head office.

    `make` makes the client. It is made anew when `stamp` says something else than before: a certificate
    was renewed, or this kiosk enrolled again. `heard` is called when head office answers: at once where it had not before, then every
    `HEARD_S`.
    """

    def __init__(
        self,
        make: Callable[[], httpx.AsyncClient],
        stamp: Callable[[], object] = lambda: None,
        heard: Callable[[], None] = lambda: None,
    ) -> None:
        self._make = make
        self._stamp = stamp
        self._heard = heard
        self._heard_at = -math.inf
        self._made_for: object = None
        self._client: httpx.AsyncClient | None = None

    async def close(self) -> None:
        """Close every connection."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def post(
        self, path: str, message: Wire, kind: type[WireAnswer], wait_s: float = 0.0
    ) -> WireAnswer | LineFailure:
        """Post a message; the answer may be held back for `wait_s`.

        Raises `NotEnrolledError` where there is no head office any more.
        """
        answer = await self._post(path, message, kind, wait_s)
        now = asyncio.get_running_loop().time()
        if isinstance(answer, LineFailure):
            self._heard_at = -math.inf
        elif now - self._heard_at >= HEARD_S:
            self._heard_at = now
            self._heard()
        return answer

    async def _post(
        self, path: str, message: Wire, kind: type[WireAnswer], wait_s: float
    ) -> WireAnswer | LineFailure:
        body = message.model_dump_json(exclude_defaults=True).encode()
        client: httpx.AsyncClient | None = None
        try:
            client = await self._current()
            async with asyncio.timeout(CONNECT_S + ANSWER_S + wait_s):
                return kind.model_validate_json(await _answer(client, path, body, wait_s))
        except NotEnrolledError:
            raise
        except FleetError as error:
            return LineFailure(str(error))
        except _BadAnswerError as error:
            return LineFailure(f"Head office {error}.")
        except ValidationError:
            return LineFailure("Head office answered something that cannot be understood.")
        except TimeoutError:
            return LineFailure("Head office did not answer in time: it is asked again later.")
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            where = "head office" if client is None else str(client.base_url).rstrip("/")
            return LineFailure(unreached(where, error))

    async def _current(self) -> httpx.AsyncClient:
        stamp = self._stamp()
        if self._client is None or stamp != self._made_for:
            await self.close()
            self._client, self._made_for = self._make(), stamp
        return self._client


def line_of(folder: FleetFolder) -> OfficeLine:
    """Return the line of an enrolled kiosk."""
    files = (folder.office, folder.identity, folder.authority)
    return OfficeLine(
        lambda: client_of(folder),
        lambda: tuple(map(_version, files)),
        lambda: _touch(folder.contact),
    )


def _touch(path: Path) -> None:
    """Note when head office answered; where that cannot be noted, events are shipped all the same."""
    with contextlib.suppress(OSError):
        path.touch(mode=0o600)


def client_of(folder: FleetFolder) -> httpx.AsyncClient:
    """Make the client with this kiosk's certificate. Raises `FleetError`."""
    return new_client(
        head_office(folder).url,
        httpx.AsyncHTTPTransport(
            verify=enrolled_context(folder),
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=1, keepalive_expiry=KEPT_S),
        ),
    )


def new_client(url: str, transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
    """Make a client that knows nothing but this one address."""
    return httpx.AsyncClient(
        base_url=url,
        transport=transport,
        headers={"Accept-Encoding": "identity", "User-Agent": f"kiosk-tui/{__version__}"},
        follow_redirects=False,
        trust_env=False,
    )


async def _answer(client: httpx.AsyncClient, path: str, body: bytes, wait_s: float) -> bytes:
    timeout = httpx.Timeout(ANSWER_S, connect=CONNECT_S, read=ANSWER_S + wait_s)
    headers = {"Content-Type": "application/json"}
    async with client.stream(
        "POST", path, content=body, headers=headers, timeout=timeout
    ) as response:
        found = bytearray()
        async for part in response.aiter_raw():
            found += part
            if len(found) > MOST_BYTES:
                raise _BadAnswerError(f"answered with more than {MOST_BYTES} bytes")
        if not response.is_success:
            raise _BadAnswerError(_refusal(response.status_code, bytes(found)))
        return bytes(found)


def _refusal(status: int, body: bytes) -> str:
    """Say why a request was refused, in head office's words where it gives any."""
    told = ""
    with contextlib.suppress(ValidationError):
        told = Refused.model_validate_json(body).why
    words = " ".join("".join(c if c.isprintable() else " " for c in told).split())
    return f"refused (HTTP {status}){': ' if words else ''}{words[:_LONGEST_SENTENCE].rstrip('.')}"


def _version(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
