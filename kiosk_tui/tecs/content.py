"""How a body was packed for the way (RFC 9110, Content-Encoding): unpacked within a bound.

Invariant: neither memory nor time grows with what a body says that it will become. The bound holds
while a body is read and at each stage of its unpacking.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import AsyncIterator
from typing import Final, cast

import httpx

from kiosk_tui.tecs.reading import UnreadableError

MOST_BYTES: Final = 4 * 1024 * 1024
"""No answer of TECS comes near this; what is longer, packed or unpacked, is no answer."""
ACCEPTED: Final = "gzip, deflate"
"""What we say that we take."""

_MOST_STAGES: Final = 3
_MOST_MEMBERS: Final = 16
"""A gzip stream may be several, one after the other."""
_GZIP: Final = 16 + zlib.MAX_WBITS
_FORMS: Final = {
    "gzip": (_GZIP,),
    "x-gzip": (_GZIP,),
    "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS),  # as standardized; without its frame, as some do
}
_TOO_LONG: Final = "is longer than any answer"


async def body_of(response: httpx.Response, most: int = MOST_BYTES) -> bytes:
    """Read a response's body and unpack it. Raises `UnreadableError`, and httpx's errors."""
    # the stream itself: httpx's own ways of reading it unpack without a bound
    found = bytearray()
    async for piece in cast("AsyncIterator[bytes]", response.stream):
        found += piece
        if len(found) > most:
            raise UnreadableError(_TOO_LONG)
    return unpacked(bytes(found), response.headers.get("content-encoding", ""), most)


def unpacked(body: bytes, encodings: str, most: int = MOST_BYTES) -> bytes:
    """Undo a Content-Encoding. Raises `UnreadableError` for what is too large, cut or unknown."""
    if not encodings or not body:
        return body
    stages = [one for one in re.split(r"[,\s]+", encodings.lower()) if one not in ("", "identity")]
    if not stages:
        return body
    if len(stages) > _MOST_STAGES:
        raise UnreadableError("is packed too often")
    for stage in reversed(stages):
        if stage not in _FORMS:
            raise UnreadableError("is packed in a way that was not asked for")
        try:
            body = _unpacked(body, _FORMS[stage], most)
        except zlib.error:
            if not body.lstrip().startswith(b"{"):
                raise UnreadableError("is packed and cannot be unpacked") from None
            return body  # somebody on the way unpacked it and left the header
    return body


def _unpacked(body: bytes, forms: tuple[int, ...], most: int) -> bytes:
    *first, last = forms
    for form in first:
        try:
            return _inflated(body, form, most)
        except zlib.error:
            continue
    return _inflated(body, last, most)


def _inflated(body: bytes, form: int, most: int) -> bytes:
    found = b""
    for _ in range(_MOST_MEMBERS):
        stage = zlib.decompressobj(form)
        found += stage.decompress(body, most + 1 - len(found))
        if len(found) > most:
            raise UnreadableError(_TOO_LONG)
        if not stage.eof:
            raise UnreadableError("is packed and ends too early")
        body = stage.unused_data.lstrip(b"\0 \t\r\n")
        if not body:
            return found
    raise UnreadableError("is packed and cannot be unpacked")
