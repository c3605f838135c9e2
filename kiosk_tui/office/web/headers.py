"""What every answer says to a browser, and the last word when a page breaks."""

from __future__ import annotations

import logging
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiosk_tui.office.web import templates

_log = logging.getLogger(__name__)

# Everything comes from here, nothing stands in a page itself, no page stands in another's frame.
_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    # not no-referrer: that takes the origin from forms, and a form without one is refused
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_STATIC: Final = "/static/"


class SecureHeaders:
    """Adds the headers to every answer; an error that nobody caught becomes one sentence."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        """`https` also tells browsers never to come without it."""
        self._app = app
        self._headers = dict(_HEADERS)
        if https:
            self._headers["strict-transport-security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                headers["cache-control"] = _kept(scope["path"], message["status"])
            await send(message)

        try:
            await self._app(scope, receive, with_headers)
        except Exception:
            _log.exception("a page broke: %s %s", scope["method"], scope["path"])
            if begun:
                raise
            await templates.show_bare(
                Request(scope),
                "refused.html",
                500,
                title="Something broke",
                sentence="Something broke here, and it was written to the log: try it again.",
            )(scope, receive, with_headers)


def _kept(path: str, status: int) -> str:
    """Return how long a browser may keep an answer: files with their version for ever, pages never."""
    is_file = path.startswith(_STATIC) and status < 400  # noqa: PLR2004 - HTTP's errors
    return "public, max-age=31536000, immutable" if is_file else "no-store"
