"""The journal and the printer: what is written down, on disk and on paper."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

from kiosk_tui.diagnosis.chain import Link
from kiosk_tui.diagnosis.findings import Finding, bad, good, left_out, look
from kiosk_tui.diagnosis.subject import Subject
from kiosk_tui.domain.slip import Condition

WENT_BACK: Final = timedelta(days=1)
"""So much earlier than the newest transaction no clock is that was always right."""

_PLACE: Final = "Stop the register, move the journal's folder, then name it: `journal.path`."


async def journal(subject: Subject) -> Finding:
    """See whether the journal is whole, and what is open in it."""
    found = await asyncio.to_thread(subject.book)
    if found.troubles:
        more = f" (and {len(found.troubles) - 1} more)" if len(found.troubles) > 1 else ""
        return bad(
            Link.JOURNAL,
            f"{found.troubles[0]}{more}",
            "Take a support bundle before you touch anything; `kiosk-tui journal verify` tells all.",
        )
    if found.size is None:
        none = "There is none yet: the first start makes it"
        return (
            look(Link.JOURNAL, f"{none}. {found.place}", _PLACE)
            if found.place
            else good(Link.JOURNAL, none)
        )
    text = f"whole, {found.size} transactions"
    now = subject.now()
    if found.newest is not None and found.newest - now > WENT_BACK:
        return look(
            Link.JOURNAL,
            f"{text}, the newest of {found.newest:%Y-%m-%d %H:%M} UTC; this machine's clock says"
            f" {now:%Y-%m-%d %H:%M}",
            "The clock is wrong, or was: days and totals follow it. Set it: timedatectl set-ntp true.",
        )
    if found.place:
        return look(Link.JOURNAL, f"{text}. {found.place}", _PLACE)
    if found.due:
        return look(
            Link.JOURNAL,
            f"{text}, {found.due} cancellations not yet answered",
            "They are repeated until TECS answers; `kiosk-tui recover` tries now.",
        )
    if found.for_staff:
        return look(
            Link.JOURNAL,
            f"{text}, {found.for_staff} need staff",
            "See `kiosk-tui journal list --state NEEDS_STAFF`, pay back at TECS, then settle.",
        )
    if found.unsigned:
        return look(
            Link.JOURNAL,
            f"{text}, {found.unsigned}",
            "A running register asks for them in order; its log tells what the signer says.",
        )
    if found.anchor:
        return look(
            Link.JOURNAL,
            f"{text}. {found.anchor}",
            "Name a file on another file system: `journal.anchor`.",
        )
    return good(Link.JOURNAL, text)


async def printer(subject: Subject) -> Finding:
    """See how the printer is."""
    if subject.printer is None:
        return left_out(Link.PRINTER, "none is configured (receipt.printer)")
    found = await subject.printer()
    if not found.prints:
        return bad(
            Link.PRINTER,
            found.why or f"It is {found.condition.replace('_', ' ')}.",
            "Payments go on without slips until that is mended.",
        )
    logo = await asyncio.to_thread(subject.logo)
    if logo:
        return look(Link.PRINTER, logo, "Slips are printed without it until that is mended.")
    if found.condition is Condition.PAPER_LOW:
        return look(Link.PRINTER, found.why or "Its paper is nearly out", "Bring a new roll.")
    if found.condition is Condition.UNKNOWN:
        return look(Link.PRINTER, found.why or "It takes slips, and cannot say how it is")
    return good(Link.PRINTER, "ready")
