"""A signer that is a service: each question is a JSON POST, its answer the body of a 200.

TLS is checked against the machine's authorities; without TLS it is on this machine. No redirect is followed, no
proxy is taken from the environment, no cookie is kept. Whoever asks bounds the time.
"""

from __future__ import annotations

import http.cookiejar  # noqa: F401 - httpx's client, which would load it with the first question
import ssl
import urllib.request  # noqa: F401 - the same
from datetime import datetime
from typing import Final

import httpx
import truststore

from kiosk_tui.domain.fiscal import (
    OwedSignature,
    Signature,
    SignerBegun,
    SignerUnavailable,
    SigningRefused,
)
from kiosk_tui.domain.transaction import Order
from kiosk_tui.fiscal import messages

_OK: Final = 200


class ServiceSigner:
    """Asks the service at `[fiscal] url`; `register_id` names this register to it."""

    def __init__(self, url: str, register_id: str) -> None:
        self._url = url
        self._register_id = register_id
        self._trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    async def begin(
        self, order: Order, at: datetime
    ) -> SignerBegun | SigningRefused | SignerUnavailable:
        """Ask it before a payment."""
        found = await self._ask(messages.begin_request(order, at, self._register_id))
        return found if isinstance(found, SignerUnavailable) else messages.read_begun(found)

    async def finish(self, owed: OwedSignature) -> Signature | SignerUnavailable:
        """Ask it after something ended."""
        found = await self._ask(messages.finish_request(owed, self._register_id))
        return found if isinstance(found, SignerUnavailable) else messages.read_signed(found, owed)

    async def _ask(self, question: bytes) -> bytes | SignerUnavailable:
        head = {"content-type": "application/json", "accept": "application/json"}
        try:
            async with (
                # one for each question: a payment comes seldom, and no connection is old then
                httpx.AsyncClient(verify=self._trust, trust_env=False, timeout=None) as client,  # noqa: S113 - whoever asks bounds it
                client.stream("POST", self._url, content=question, headers=head) as response,
            ):
                if response.status_code != _OK:
                    return SignerUnavailable(
                        f"The signer {self._url} answered with HTTP {response.status_code}."
                    )
                return await _body(response)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            why = str(error) or type(error).__name__
            return SignerUnavailable(f"The signer {self._url} cannot be asked: {why}.")


async def _body(response: httpx.Response) -> bytes:
    """Return the answer, at most a little more than is read."""
    body = b""
    async for piece in response.aiter_bytes(messages.ANSWER_BYTES + 1):
        body += piece
        if len(body) > messages.ANSWER_BYTES:
            break  # the reader says that it is too long
    return body
