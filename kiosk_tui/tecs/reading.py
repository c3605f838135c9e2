"""Bytes become the fields of one JSON object, read as a person reads them, or one sentence why not.

Owns: in which charset a body is written, and what may stand around its object. A wrong header costs
no answer: charsets are tried in turn until one decodes and is JSON.
Invariant: raises nothing but `UnreadableError`, whose text quotes nothing of what came.
Refuses to know: what a field means (`models`), and how a body was packed (`content`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from kiosk_tui.files.reading import MARKS
from kiosk_tui.tecs.spelling import ASCII_BLANKS


class UnreadableError(ValueError):
    """What came back is not an answer to what was sent; the text is a sentence."""


class Number(str):
    """A number, verbatim as its JSON token: `042` cannot be one, `4.20` stays `4.20`."""

    __slots__ = ()


class Members(list[tuple[str, Any]]):
    """An object inside another value, with all its members, whatever their names."""


_BEFORE: Final = ASCII_BLANKS + "\ufeff"
"""Programs that are put together from files put each file's mark in front."""
_LABEL: Final = re.compile(r";\s*charset\s*=\s*[\"']?(?P<label>[\w.:-]{1,40})", re.IGNORECASE)
_CHARSETS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("utf8", "utf8sig"), ("utf-8",)),
    "utf16": ("utf-16-be", "utf-16-le"),  # without a mark nobody knows which
    "utf16le": ("utf-16-le",),
    "utf16be": ("utf-16-be",),
    **dict.fromkeys(("ascii", "usascii"), ("ascii",)),
    **dict.fromkeys(("iso88591", "latin1", "l1"), ("latin-1",)),
    **dict.fromkeys(("iso885915", "latin9", "latin15", "l9"), ("iso8859-15",)),
    **{f"{name}125{last}": (f"cp125{last}",) for name in ("windows", "cp") for last in range(9)},
}
"""What a header may name, without signs and in small letters. Any other charset is not tried."""

_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=Members,
    parse_int=Number,
    parse_float=Number,
    parse_constant=lambda _: None,  # NaN and Infinity are nothing
    strict=False,  # a line break as it is, inside a text, spoils no answer
)


def fields_of(body: bytes, content_type: str = "") -> dict[str, Any]:
    """Return the fields of the object that a body holds. Raises `UnreadableError`.

    A text is `str`, a number is `Number`, an object inside is `Members`; a list, true, false and
    null are Python's. Nothing but blanks and NULs may stand around the object, and no field twice.
    """
    for text in texts_of(body, content_type):
        try:
            found = _DECODER.decode(text.lstrip(_BEFORE).rstrip(ASCII_BLANKS))
        except (ValueError, RecursionError):
            continue
        if not isinstance(found, Members):
            raise UnreadableError("is not an answer")
        fields = dict(found)
        if len(fields) != len(found):
            raise UnreadableError("holds a field twice")
        return fields
    raise UnreadableError("cannot be read")


def texts_of(body: bytes, content_type: str = "") -> Iterator[str]:
    """Yield what a body may say, the likeliest first, each text once."""
    marked = [(mark, charset) for mark, charset in MARKS if body.startswith(mark)]
    said = _LABEL.search(content_type)
    label = re.sub(r"[^a-z0-9]", "", said["label"].lower()) if said else ""
    rest = body[len(marked[0][0]) :] if marked else body
    tried: list[str] = []
    for data, charset, errors in (
        *((body[len(mark) :], charset, "strict") for mark, charset in marked),
        *((rest, charset, "strict") for charset in _CHARSETS.get(label, ())),
        (rest, "utf-8", "strict"),
        (rest, "cp1252", "replace"),
    ):
        try:
            text = data.decode(charset, errors)
        except UnicodeDecodeError:
            continue
        if text not in tried:
            tried.append(text)
            yield text
