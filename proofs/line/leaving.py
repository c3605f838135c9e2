"""How much of a request has left, told from the bytes that a client put on the wire."""

from __future__ import annotations

from typing import Final

from proofs.line.lane import ENCRYPTED, Road

_HEADER: Final = 5
_CONTENT: Final = 23
"""TLS 1.3: everything encrypted. The client's first such record is its Finished; then the request."""
_ALERT: Final = 19
"""Bytes of an encrypted alert, as TLS 1.3 writes it: no request is so short."""


def request_bytes(sent: bytes, road: Road) -> int:
    """Count the bytes of a request, encrypted ones with their record; an unfinished one counts."""
    if road not in ENCRYPTED:
        return len(sent)
    if road is Road.PROXY:  # what the proxy is asked is no request
        sent = sent.partition(b"\r\n\r\n")[2]
    left, encrypted, at = 0, 0, 0
    while at + _HEADER <= len(sent):
        length = int.from_bytes(sent[at + 3 : at + _HEADER], "big")
        if sent[at] == _CONTENT:
            encrypted += 1
            if encrypted > 1 and length > _ALERT:
                left += min(length, len(sent) - at - _HEADER)
        at += _HEADER + length
    return left
