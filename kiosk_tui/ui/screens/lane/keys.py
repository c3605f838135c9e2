"""The lines of keys at the foot of a lane: which key is which operation, always."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kiosk_tui.domain.lane import KINDS
from kiosk_tui.domain.operations import Operation
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.operations import short

LINES: Final = 2
_GAP: Final = "  "
FUNCTIONS: Final = {f"f{number}": kind for number, kind in enumerate(KINDS, 1)}
"""What the function keys begin. Some consoles keep some of them for themselves: hence the star."""


def offered(*, balance: bool) -> Sequence[Operation]:
    """Return the operations that this lane has."""
    return tuple(one for one in KINDS if balance or one is not Operation.BALANCE)


def function_keys(*, balance: bool) -> Sequence[str]:
    """Say what each function key is."""
    kinds = offered(balance=balance)
    named = [f"F{number} {short(kind)}" for number, kind in enumerate(KINDS, 1) if kind in kinds]
    tasks, day, service = _("Tasks"), _("Day"), _("Service")
    return (*named, f"F10 {tasks}", f"F11 {day}", f"F12 {service}")


def digit_keys(*, balance: bool) -> Sequence[str]:
    """Say what each digit is after the star."""
    kinds = offered(balance=balance)
    named = [f"[{number}] {short(kind)}" for number, kind in enumerate(KINDS, 1) if kind in kinds]
    listed, tasks, day = _("List"), _("Tasks"), _("Day")
    return (*named, f"[0] {listed}", f"[+] {tasks}", f"[-] {day}")


def packed(keys: Sequence[str], width: int) -> str:
    """Put keys into as few lines as they fit; a key and its name are never parted."""
    lines = [""]
    for one in keys:
        longer = f"{lines[-1]}{_GAP}{one}" if lines[-1] else one
        if len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(one)
    return "\n".join(lines)
