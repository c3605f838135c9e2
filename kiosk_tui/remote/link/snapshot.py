"""What a watcher is told of a register: one whole picture on each line, never a customer's input."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from kiosk_tui.domain.money import by_currency, plain
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.register import Register

WATCH: Final = 1
SHOWN: Final = 5
"""So many due cancellations and last results are told one by one."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the register."""

    command: str
    pid: int
    version: str
    mode: str
    kiosk_id: str
    terminal: str
    demo: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Scene:
    """What the register itself does not know: the screen, the terminal's last word, an end."""

    screen: str = ""
    told: str = ""
    ending: str = ""
    last: Sequence[Transaction] = ()


def line(register: Register, holder: Holder, scene: Scene) -> bytes:
    """Write how things stand."""
    readiness, current = register.readiness, register.in_flight
    left, now = register.answer_due_s, register.now()
    due = register.due
    told = {
        "watch": WATCH,
        "at": _time(now),
        "holder": {
            "command": holder.command,
            "pid": holder.pid,
            "version": holder.version,
            "mode": holder.mode,
            "kiosk_id": holder.kiosk_id,
            "terminal": holder.terminal,
            "demo": holder.demo,
            "since": _time(holder.since),
        },
        "screen": scene.screen,
        "ending": scene.ending,
        "open": readiness.open,
        "obstacle": None if readiness.obstacle is None else str(readiness.obstacle),
        "why": readiness.why,
        "since": None if readiness.since is None else _time(readiness.since),
        "current": None if current is None else brief(current),
        "age_s": None if current is None else _age_s(current, now),
        "seconds_left": None if left is None else round(left),
        "told": scene.told if current is not None else "",
        "behind": register.behind,
        "due_count": len(due),
        "due_totals": totals(due),
        "due": [brief(one) for one in due[:SHOWN]],
        "last": [brief(one) for one in scene.last[:SHOWN]],
    }
    return json.dumps(told).encode("ascii") + b"\n"


def brief(one: Transaction) -> dict[str, Any]:
    """Return what a technician needs to know of a transaction; no card, no texts of the caller's."""
    answer = one.answer
    return {
        "id": one.id,
        "reference": one.reference,
        "operation": str(one.order.operation),
        "state": str(one.state),
        "total": plain(one.charged),
        "currency": one.order.amount.currency.code,
        "created_at": _time(one.created_at),
        "updated_at": _time(one.updated_at),
        "attempts": one.attempts,
        "response_code": "" if answer is None else answer.response_code,
        "why": one.why,
    }


def totals(these: Sequence[Transaction]) -> dict[str, str]:
    """Sum up what is charged, by currency."""
    sums = by_currency(one.charged for one in these)
    return {currency.code: plain(total) for currency, total in sums.items()}


def _age_s(one: Transaction, now: datetime) -> float:
    return max(0.0, round((now - one.created_at).total_seconds(), 1))


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
