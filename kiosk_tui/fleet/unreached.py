"""Why head office could not be talked to, in a sentence that says what to do."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import httpx

_NOT_YET: Final = 9
_EXPIRED: Final = 10
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED."""
_UNKNOWN: Final = frozenset({18, 19, 20, 21})
"""Self-signed, or of an authority that is not here."""


def unreached(url: str, error: Exception) -> str:
    """Return the sentence for an error of httpx or of TLS."""
    for one in _causes(error):
        if isinstance(one, ssl.SSLCertVerificationError):
            return _unverified(url, one)
    if any(isinstance(one, ssl.SSLError) for one in _causes(error)):
        return f"TLS with {url} failed ({error}): is this head office's address?"
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return f"'{url}' is no address: it begins with https://."
    if isinstance(error, httpx.ConnectTimeout):
        return (
            f"No connection to {url}: it did not answer in time. Check cable, network and firewall."
        )
    if isinstance(error, httpx.ConnectError):
        return f"No connection to {url} ({error}): check its name, the network and the firewall."
    if isinstance(error, httpx.TimeoutException):
        return f"{url} did not answer in time: try again."
    return f"The line to {url} broke ({str(error) or type(error).__name__}): try again."


def _unverified(url: str, error: ssl.SSLCertVerificationError) -> str:
    code = error.verify_code
    if code in {_NOT_YET, _EXPIRED}:
        what = "is not valid yet" if code == _NOT_YET else "has expired"
        return (
            f"The certificate of {url} {what}, by this machine's clock"
            f" ({datetime.now(UTC):%Y-%m-%d %H:%M} UTC): check the clock first, then the server."
        )
    if code in _UNKNOWN:
        return (
            f"Nobody whom this machine believes vouches for {url}: name head office's authority with"
            " --ca FILE, or take a code that has its fingerprint."
        )
    return f"The certificate of {url} is not believed ({error.verify_message}): check the address."


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
