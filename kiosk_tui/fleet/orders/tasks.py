"""Commands that take their time: each lies in a file until the register, or the shipper, has done it.

Invariant: a task is done once at most. It is renamed before it is done, and a renamed one is never done
again: whoever finds one at its start tells that it was not finished.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from kiosk_tui.files import reading, writing
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.orders import noting

if TYPE_CHECKING:
    # the register, which reads tasks, needs none of what commands are checked by
    from kiosk_tui.fleet.orders.order import OfficeOrder

NOT_FINISHED: Final = "It was begun, and not finished: this kiosk stopped in the middle of it."

_MOST_BYTES: Final = 64 * 1024


class OrderTask(BaseModel):
    """One command that waits, or is being done."""

    model_config = ConfigDict(defer_build=True, frozen=True)

    n: int
    verb: str
    body: Mapping[str, Any]
    expires_at: AwareDatetime


def place(folder: FleetFolder, order: OfficeOrder) -> None:
    """Let a command wait for whoever does it. Raises `OSError`."""
    task = OrderTask(n=order.n, verb=order.verb, body=order.body, expires_at=order.expires_at)
    writing.make_folder(folder.orders)
    writing.replace(_waiting(folder, task.n), task.model_dump_json())


def placed(folder: FleetFolder, n: int) -> bool:
    """Say whether command `n` waits or is being done."""
    return _waiting(folder, n).exists() or _begun(folder, n).exists()


def waiting(folder: FleetFolder) -> tuple[OrderTask, ...]:
    """Return the commands that wait, in their order."""
    return _read(folder, "[0-9]*.task")


def begun(folder: FleetFolder) -> tuple[OrderTask, ...]:
    """Return the commands that were begun and not finished."""
    return _read(folder, "[0-9]*.begun")


def begin(folder: FleetFolder, task: OrderTask, now: datetime) -> bool:
    """Begin a command, and say whether that may be: it must not have expired. Raises `OSError`."""
    if now >= task.expires_at:
        finish(folder, task.n, "It expired before this kiosk could do it.", ok=False)
        return False
    _waiting(folder, task.n).rename(_begun(folder, task.n))
    return True


def finish(folder: FleetFolder, n: int, sentence: str, *, ok: bool) -> None:
    """Keep what came of a command, then forget it. Raises `OSError`."""
    noting.note(folder, n, sentence, ok=ok)
    drop(folder, n)


def drop(folder: FleetFolder, n: int) -> None:
    """Forget a command whose outcome somebody else will tell. Raises `OSError`."""
    _waiting(folder, n).unlink(missing_ok=True)
    _begun(folder, n).unlink(missing_ok=True)


def _read(folder: FleetFolder, pattern: str) -> tuple[OrderTask, ...]:
    found = []
    for path in folder.orders.glob(pattern):
        with contextlib.suppress(OSError, ValidationError):
            found.append(OrderTask.model_validate_json(reading.read(path, _MOST_BYTES)))
    return tuple(sorted(found, key=lambda one: one.n))


def _waiting(folder: FleetFolder, n: int) -> Path:
    return folder.orders / f"{n}.task"


def _begun(folder: FleetFolder, n: int) -> Path:
    return folder.orders / f"{n}.begun"
