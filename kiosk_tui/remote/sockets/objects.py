"""A line that another program has written, read as one JSON object with one meaning.

Python's own reader takes the last of two values under one name, other encodings than UTF-8, and
numbers that JSON does not have: each of them is a line that two programs read differently.
"""

from __future__ import annotations

import json
import math
from typing import Any, Final

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class NotAnObjectError(ValueError):
    """A line that is no JSON object; the text is a sentence."""


class TwiceError(ValueError):
    """An object in which a name stands twice; the text is a sentence.

    `names` are those; `rest` is the outermost object without them.
    """

    def __init__(self, names: set[str], rest: dict[str, Any]) -> None:
        shown = ascii(min(names))[1:-1][:64]
        super().__init__(f'The name "{shown}" stands twice in one object: send it once.')
        self.names = names
        self.rest = rest


def read_object(line: bytes) -> dict[str, Any]:
    """Read a line. Raises `NotAnObjectError` or `TwiceError`.

    A byte order mark in front and blanks around it (so CRLF, too) mean nothing.
    """
    twice: set[str] = set()

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                twice.add(name)
            found[name] = value
        return found

    try:
        text = line.removeprefix(_BYTE_ORDER_MARK).decode("utf-8")
        value = json.loads(
            text, object_pairs_hook=once, parse_constant=_no_number, parse_float=_finite
        )
    except (ValueError, RecursionError):
        raise NotAnObjectError("The line is not JSON: send one object on each line.") from None
    if not isinstance(value, dict):
        raise NotAnObjectError("The line is JSON, but no object: send one on each line.")
    if twice:
        rest = {name: one for name, one in value.items() if name not in twice}
        raise TwiceError(twice, rest)
    return value


def _no_number(name: str) -> float:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
