"""How head office writes what people read, in English: lengths of time, states, reasons and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.office.queries.due import DueKind
from kiosk_tui.text.wording.operations import kind
from kiosk_tui.text.wording.states import standing

_UNITS: Final = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def lasting(length: float | timedelta | None) -> str:
    """Write how long something takes with its two largest units: `2 d 4 h`.

    Seconds stand only where there are no minutes; `-` where it is not known.
    """
    if length is None:
        return "-"
    seconds = round(length.total_seconds() if isinstance(length, timedelta) else float(length))
    left, counted = max(0, seconds), []
    for size, name in _UNITS:
        count, left = divmod(left, size)
        counted.append((count, name))
    first = next((place for place, (count, _) in enumerate(counted[:-1]) if count), None)
    if first is None:
        return f"{counted[-1][0]} s"
    return " ".join(f"{count} {name}" for count, name in counted[first:-1][:2] if count)


def state_word(state: str) -> str:
    """Name a transaction's state; one of a newer version's stays as it is written."""
    return standing(State(state)).word if state in tuple(State) else state


def operation_word(operation: str) -> str:
    """Name an operation; one of a newer version's stays as it is written."""
    return kind(Operation(operation)) if operation in tuple(Operation) else operation


@dataclass(frozen=True, slots=True)
class OfficeAdvice:
    """What a word means, and what somebody at head office does about it."""

    means: str
    do: str


REASONS: Final[Mapping[str, OfficeAdvice]] = {
    "starting": OfficeAdvice(
        "It has just been started.", "Wait a minute; if it stays so, restart it."
    ),
    "journal": OfficeAdvice(
        "Its journal cannot be written: the disk is full, or broken.",
        "Look at its free disk below; then send somebody with `kiosk-tui doctor`.",
    ),
    "clock": OfficeAdvice(
        "Its clock is wrong.",
        "Let it reach a time server, or set the clock; a clock that is lost at each start has an empty"
        " battery.",
    ),
    "goods_due": OfficeAdvice(
        "It waits to be told whether the goods of a payment were handed over.",
        "Nothing: without an answer the payment is cancelled within minutes.",
    ),
    "unreachable": OfficeAdvice(
        "It cannot reach TECS.",
        "Compare it with the site's other kiosks: if all are out, it is the line; else ask for"
        " `ask-terminal`, then look at its network.",
    ),
    "cancellation_due": OfficeAdvice(
        "A cancellation is not answered by TECS yet, so nobody else is charged.",
        "Look at its open cancellations: it goes on trying by itself. If it lasts for hours, call TECS.",
    ),
    "fault": OfficeAdvice("It found a fault in itself.", "Ask for a bundle, and restart it."),
    "closed_by_office": OfficeAdvice(
        "Head office has closed it.", "Open it under Commands when the reason has gone."
    ),
    "": OfficeAdvice(
        "It does not say why.", "Look at its story; upgrade it if it is an old version."
    ),
}
"""By the words of a kiosk's obstacles (`payment.readiness.Obstacle`)."""


def advice(reason: str) -> OfficeAdvice:
    """Return what a kiosk's reason means; a newer version may have other words."""
    unknown = OfficeAdvice(
        reason.replace("_", " "), "This version of head office does not know the word."
    )
    return REASONS.get(reason, unknown)


DUE: Final[Mapping[DueKind, OfficeAdvice]] = {
    DueKind.LOST: OfficeAdvice(
        "the restored journal has lost it",
        "The kiosk will not cancel it: do it at TECS's portal.",
    ),
    DueKind.STAFF: OfficeAdvice(
        "needs a person",
        "Look at the transaction at TECS's portal, refund what should not be charged, then settle it"
        " at the kiosk with a note.",
    ),
    DueKind.HANGING: OfficeAdvice(
        "the kiosk fell silent during the payment",
        "It is cancelled as soon as the kiosk runs again: see that it does.",
    ),
    DueKind.DUE: OfficeAdvice(
        "being cancelled", "The kiosk goes on trying. After hours: call TECS with the reference."
    ),
}
