"""What a watcher knows: a picture that came over the socket, read with a tolerant eye. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kiosk_tui.remote.sockets.objects import read_object


class Denial(StrEnum):
    """Why a register is not handed over."""

    RUNNING = "running"
    UNATTENDED = "unattended"
    PIN = "pin"
    LOCKED = "locked"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Brief:
    """A transaction as it was told."""

    reference: str
    operation: str
    state: str
    total: str
    currency: str
    updated_at: str
    attempts: int
    why: str


@dataclass(frozen=True, slots=True)
class RegisterView:
    """A register as it was told. `age_s` is the current transaction's, at that moment."""

    command: str
    pid: int
    version: str
    mode: str
    kiosk_id: str
    terminal: str
    demo: bool
    since: str
    screen: str
    ending: str
    open: bool
    why: str
    current: Brief | None
    age_s: float
    seconds_left: float | None
    told: str
    behind: bool
    due_count: int
    due_totals: Mapping[str, str]
    due: tuple[Brief, ...]
    last: tuple[Brief, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A register that another program holds: `why` names it; `view` is what it tells, if it tells.

    `denial` is what it said when it was asked for the register.
    """

    why: str
    view: RegisterView | None = None
    denial: Denial | None = None


def read(line: bytes) -> RegisterView | None:
    """Read a line; None when it is none that we know."""
    try:
        told = read_object(line)
        return _view(told, told["holder"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _view(told: Mapping[str, Any], holder: Mapping[str, Any]) -> RegisterView:
    left = told["seconds_left"]
    return RegisterView(
        command=str(holder["command"]),
        pid=int(holder["pid"]),
        version=str(holder["version"]),
        mode=str(holder["mode"]),
        kiosk_id=str(holder["kiosk_id"]),
        terminal=str(holder["terminal"]),
        demo=bool(holder["demo"]),
        since=str(holder["since"]),
        screen=str(told["screen"]),
        ending=str(told["ending"]),
        open=bool(told["open"]),
        why=str(told["why"]),
        current=None if told["current"] is None else brief(told["current"]),
        age_s=float(told["age_s"] or 0.0),
        seconds_left=None if left is None else float(left),
        told=str(told["told"]),
        behind=bool(told["behind"]),
        due_count=int(told["due_count"]),
        due_totals={str(key): str(value) for key, value in told["due_totals"].items()},
        due=tuple(brief(one) for one in told["due"]),
        last=tuple(brief(one) for one in told["last"]),
    )


def brief(told: Mapping[str, Any]) -> Brief:
    """Read a transaction. Raises `KeyError`, `TypeError` or `ValueError`."""
    return Brief(
        reference=str(told["reference"]),
        operation=str(told["operation"]),
        state=str(told["state"]),
        total=str(told["total"]),
        currency=str(told["currency"]),
        updated_at=str(told["updated_at"]),
        attempts=int(told["attempts"]),
        why=str(told["why"]),
    )
