"""What something that came back looks like, in a word: told to whoever looks for the wrong address."""

from __future__ import annotations

import re
from typing import Final

from kiosk_tui.tecs.reading import UnreadableError, fields_of

_HTML: Final = re.compile(rb"<!doctype\s+html|<html|<head|<body|<script", re.IGNORECASE)
_BEFORE: Final = b"\xef\xbb\xbf \t\r\n\0"
_LOOKED_AT: Final = 4096


def form_of(body: bytes, content_type: str = "") -> str:
    """Return what a body is: TECS answers with one JSON object, and so does many another service."""
    head = body[:_LOOKED_AT].lstrip(_BEFORE)
    if not head:
        return "nothing"
    if _HTML.search(head):
        return "a page in HTML"
    if head.startswith(b"<"):
        return "XML"
    try:
        fields_of(body, content_type)
    except UnreadableError:
        return "broken or other JSON" if head[:1] in (b"{", b"[", b'"') else "plain text"
    return "JSON"
