"""The lines of keys at the foot of a lane: which key is which operation, always."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from kiosk_tui.domain.lane import KINDS, offered
from kiosk_tui.domain.operations import Operation
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.operations import short

LINES: Final = 2
_GAP: Final = "  "
_SIGNS: Final = {"asterisk": "*"}
_KEYS: Final = (*"123456789", "asterisk")

AFTER_STAR: Final[Mapping[str, Operation]] = dict(zip(_KEYS, KINDS, strict=False))
"""What a key begins after the star. `0` is the list: the tenth operation has the star again."""
FUNCTIONS: Final = {f"f{key}": kind for key, kind in AFTER_STAR.items() if key.isdigit()}
"""What the function keys begin. Some consoles keep some of them for themselves: hence the star."""


def named_keys(extra: Collection[Operation], *, after_star: bool) -> Sequence[str]:
    """Say what each key is after the star, or what each function key is.

    Where a tenth operation is offered, two stars stand among the function keys.
    """
    kinds = offered(extra)
    named = [
        f"{_key(key, after_star=after_star)} {short(kind)}"
        for key, kind in AFTER_STAR.items()
        if kind in kinds
    ]
    tasks, day = _("Tasks"), _("Day")
    if after_star:
        listed = _("List")
        return (*named, f"[0] {listed}", f"[+] {tasks}", f"[-] {day}")
    service = _("Service")
    return (*named, f"F10 {tasks}", f"F11 {day}", f"F12 {service}")


def _key(key: str, *, after_star: bool) -> str:
    sign = _SIGNS.get(key, key)
    if after_star:
        return f"[{sign}]"
    return f"F{key}" if key.isdigit() else sign * 2


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
