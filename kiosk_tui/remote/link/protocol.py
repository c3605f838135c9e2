"""The messages of the link: one JSON object on each line, between processes of one version.

The server speaks first: a `Greeting`. Whoever connected then sends one `LinkRequest`; it is followed by a
`RegisterView` for each change (watch) or by one `TakeoverAnswer`. A client that finds another number
in the greeting goes away, so messages may change with the number. The greeting may not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, field, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args, get_origin, get_type_hints

from kiosk_tui.records import dataclass
from kiosk_tui.remote.sockets.objects import read_object

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

LINK: Final = 1
"""The number of these messages: another one cannot be read."""
BEAT_S: Final = 10.0
"""A watcher hears at least so often: a register that hangs is known by its silence."""
WATCH: Final = 1
"""The number of what `watch --json` prints for scripts."""

Message = TypeVar("Message", bound="DataclassInstance")


class MessageError(Exception):
    """A line that is not the message that was expected; the text is a sentence."""


class Do(StrEnum):
    """What can be asked for."""

    WATCH = "watch"
    TAKE_OVER = "take_over"


class Denial(StrEnum):
    """Why a register is not handed over."""

    RUNNING = "running"
    UNATTENDED = "unattended"
    PIN = "pin"
    LOCKED = "locked"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Greeting:
    """The first line. `link` and `version` (the program's) stay as they are in every version."""

    link: int
    version: str


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """What a connection is for. `by` (who asks) and `pin` belong to a take-over."""

    do: Do
    by: str = ""
    pin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class TakeoverAnswer:
    """Whether the register is handed over, and why not."""

    granted: bool
    why: Denial | None


@dataclass(frozen=True, slots=True)
class Holder:
    """The program that holds the register."""

    command: str
    pid: int
    version: str
    mode: str
    kiosk_id: str
    terminal: str
    demo: bool
    since: str


@dataclass(frozen=True, slots=True)
class TransactionBrief:
    """What a technician needs to know of a transaction; no card, no texts of the caller's."""

    id: str
    reference: str
    operation: str
    state: str
    total: str
    currency: str
    created_at: str
    updated_at: str
    attempts: int
    response_code: str
    why: str


@dataclass(frozen=True, slots=True)
class RegisterView:
    """How a register stands. `age_s` is the current transaction's, at that moment."""

    watch: int
    at: str
    holder: Holder
    screen: str
    ending: str
    open: bool
    obstacle: str | None
    why: str
    since: str | None
    current: TransactionBrief | None
    age_s: float | None
    seconds_left: float | None
    told: str
    behind: bool
    due_count: int
    due_totals: Mapping[str, str]
    due: tuple[TransactionBrief, ...]
    last: tuple[TransactionBrief, ...]


def link_socket(journal: Path) -> Path:
    """Return where a register on this journal is watched and asked for."""
    return journal.with_name(journal.name + ".link")


def time(at: datetime) -> str:
    """Write a time as messages carry it."""
    return at.isoformat(timespec="milliseconds")


def write(message: DataclassInstance) -> bytes:
    """Write a message as one line."""
    return json.dumps(asdict(message)).encode("ascii") + b"\n"


def read(kind: type[Message], line: bytes) -> Message:
    """Read a line as a message of this kind. Raises `MessageError`."""
    try:
        message: Message = _record(kind, read_object(line))
    except (ValueError, KeyError, TypeError) as error:
        raise MessageError(f"A line is no {kind.__name__}: {type(error).__name__}.") from error
    return message


_types = cache(get_type_hints)


def _record(kind: Any, told: Any) -> Any:
    """Read an object. A name that is missing is a fault; one that is unknown is passed over."""
    if not isinstance(told, dict):
        raise TypeError
    types = _types(kind)
    return kind(**{one.name: _value(types[one.name], told[one.name]) for one in fields(kind)})


def _value(kind: Any, told: Any) -> Any:
    if get_origin(kind) is UnionType:
        (kind,) = (one for one in get_args(kind) if one is not type(None))
        return None if told is None else _value(kind, told)
    if get_origin(kind) is tuple:
        return tuple(_value(get_args(kind)[0], one) for one in _of(list, told))
    if get_origin(kind) is Mapping:
        return {name: _of(str, one) for name, one in _of(dict, told).items()}
    if is_dataclass(kind):
        return _record(kind, told)
    if issubclass(kind, StrEnum):
        return kind(told)
    return told if kind is float and type(told) is int else _of(kind, told)


def _of(kind: type, told: Any) -> Any:
    if type(told) is not kind:  # true is no number
        raise TypeError
    return told
