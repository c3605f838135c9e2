"""An independent reader: what says something else about money, in a whole and valid message.

Plain HTTP has no checksum, and TECS's messages have none either: a request does not come back in its
answer, and an answer names neither amount nor type. So a changed byte that leaves a whole, valid
message cannot be seen by anybody. This reader decides which those are, from the bytes alone. It shares
no code with client or simulator, and never looks at what became of the payment.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

MONEY: Final = (
    "amount",
    "card_number",
    "currency",
    "ecr_data",
    "message_type",
    "terminal_number",
    "transaction_id",
    "transaction_origin_identifier",
    "transaction_origin_indicator",
    "transaction_source_id",
)
"""The fields of a request that say whose money moves, how much, and which way."""

_START: Final = re.compile(rb"([A-Z]+) (\S+) HTTP/1\.[01]", re.ASCII)
_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([0-9]{3})(?: .*)?", re.ASCII)
_CODE: Final = re.compile(r"[0-9]{1,4}", re.ASCII)
_CLEAR: Final = frozenset({"200", "400"})
"""The statuses under which TECS answers; every other one leaves the register in doubt."""


@dataclass(frozen=True, slots=True)
class _Message:
    start: bytes
    fields: dict[str, str]


def deceives(sent: bytes, arrived: bytes, *, request: bool) -> str:
    """Name what a garbled message says differently, when nobody could see it; else nothing."""
    told, heard = _read(sent), _read(arrived)
    if told is None or heard is None:
        return ""
    return _request(told, heard) if request else _answer(told, heard)


def _request(told: _Message, heard: _Message) -> str:
    """Name the money field that differs in a request which reaches the same service, whole."""
    if _START.fullmatch(heard.start) is None or _path(told) != _path(heard):
        return ""
    if not set(told.fields) - {"ecr_data"} <= set(heard.fields):
        return ""
    changed = [one for one in MONEY if _plain(heard, one) != _plain(told, one)]
    return changed[0] if changed else ""


def _answer(told: _Message, heard: _Message) -> str:
    """Name the code when it differs in an answer to the same transaction."""
    status = _STATUS.fullmatch(heard.start)
    if status is None or status[1].decode() not in _CLEAR:
        return ""
    if heard.fields.get("message_type", "0002") != "0002":
        return ""
    if _plain(told, "transaction_id") != _plain(heard, "transaction_id"):
        return ""
    code = heard.fields.get("response_code", "")
    if _CODE.fullmatch(code) is None:
        return ""
    return (
        "response_code" if _plain(told, "response_code") != _plain(heard, "response_code") else ""
    )


def _path(message: _Message) -> tuple[bytes, ...]:
    found = _START.fullmatch(message.start)
    return () if found is None else found.groups()


def _plain(message: _Message, name: str) -> str:
    """Return a field, numbers without leading zeros: `00` and `0` are one code."""
    text = message.fields.get(name, "")
    return text.lstrip("0") or "0" if text.isdigit() else text


def _read(data: bytes) -> _Message | None:
    """Read a message that is whole: its length is told, and there, and holds one JSON object."""
    head, found, rest = data.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    lengths = [
        line.partition(b":")[2].strip()
        for line in lines[1:]
        if line.partition(b":")[0].lower() == b"content-length"
    ]
    if not found or len(lengths) != 1 or not lengths[0].isdigit():
        return None
    length = int(lengths[0])
    if len(rest) < length:
        return None
    try:
        fields = json.loads(rest[:length].decode("utf-8"), object_pairs_hook=_once)
    except ValueError:
        return None
    if not isinstance(fields, dict):
        return None
    return _Message(lines[0], {name: one for name, one in fields.items() if isinstance(one, str)})


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a field stands twice")
    return dict(pairs)
