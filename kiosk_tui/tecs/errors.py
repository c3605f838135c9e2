"""The errors of the line, divided by one question: could a byte of the request have left.

    Exception
    ├── httpx.HTTPError
    │   ├── RequestError
    │   │   ├── TransportError
    │   │   │   ├── TimeoutException: Connect-, Pool-  no     Read-, Write-  perhaps
    │   │   │   ├── NetworkError:     Connect-         no     Read-, Write-, Close-  perhaps
    │   │   │   ├── ProtocolError:    Local-, Remote-  perhaps
    │   │   │   ├── ProxyError                         perhaps
    │   │   │   └── UnsupportedProtocol                no
    │   │   ├── DecodingError, TooManyRedirects        perhaps
    │   └── HTTPStatusError                            perhaps
    ├── httpx.InvalidURL, CookieConflict               no
    └── httpx.StreamError and its kinds                perhaps

"No" is believed only when the client's own trace agrees that no request had been started. An error
that is not listed is "perhaps". A test compares this list with what httpx has.
"""

from __future__ import annotations

from typing import Final

import httpx

NEVER_LEFT: Final[frozenset[type[Exception]]] = frozenset(
    {
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.UnsupportedProtocol,
        httpx.InvalidURL,
        httpx.CookieConflict,
    }
)

MAY_HAVE_LEFT: Final[frozenset[type[Exception]]] = frozenset(
    {
        httpx.HTTPError,
        httpx.RequestError,
        httpx.TransportError,
        httpx.TimeoutException,
        httpx.ReadTimeout,
        httpx.WriteTimeout,
        httpx.NetworkError,
        httpx.ReadError,
        httpx.WriteError,
        httpx.CloseError,
        httpx.ProtocolError,
        httpx.LocalProtocolError,
        httpx.RemoteProtocolError,
        httpx.ProxyError,
        httpx.DecodingError,
        httpx.TooManyRedirects,
        httpx.HTTPStatusError,
        httpx.StreamError,
        httpx.StreamConsumed,
        httpx.StreamClosed,
        httpx.ResponseNotRead,
        httpx.RequestNotRead,
    }
)

_SENTENCES: Final[dict[type[Exception], str]] = {
    httpx.ConnectError: "No connection to TECS could be made",
    httpx.ConnectTimeout: "TECS did not take the connection in time",
    httpx.PoolTimeout: "No connection was free in time",
    httpx.UnsupportedProtocol: "The address of TECS cannot be used",
    httpx.InvalidURL: "The address of TECS cannot be used",
    httpx.ReadTimeout: "TECS did not answer in time",
    httpx.WriteTimeout: "The request could not be sent in time",
    httpx.ReadError: "The line broke while waiting for the answer",
    httpx.WriteError: "The line broke while sending",
    httpx.RemoteProtocolError: "TECS ended the line before its answer was whole",
    httpx.ProxyError: "The proxy did not let the request through",
}


def never_left(error: Exception) -> bool:
    """Say whether that error proves that no byte of the request left."""
    return type(error) in NEVER_LEFT


def sentence(error: Exception) -> str:
    """Say what happened, without anything that the error itself says of the traffic.

    The one thing added is a failed TLS check's reason, because a technician needs it.
    """
    text = _SENTENCES.get(type(error), f"The request failed ({type(error).__name__})")
    return f"{text}{_tls_reason(error)}."


def _tls_reason(error: BaseException | None) -> str:
    while error is not None:
        reason = getattr(error, "verify_message", "") or getattr(error, "reason", "")
        if isinstance(reason, str) and reason:
            return f" (TLS: {reason.lower().replace('_', ' ')})"
        error = error.__cause__ or error.__context__
    return ""
