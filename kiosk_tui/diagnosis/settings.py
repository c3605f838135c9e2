"""The configuration and the key."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from kiosk_tui.diagnosis.chain import Link
from kiosk_tui.diagnosis.findings import Finding, bad, behind, good, look
from kiosk_tui.diagnosis.subject import Subject


async def configuration(subject: Subject) -> Finding:
    """See whether the configuration can be used."""
    found = await asyncio.to_thread(subject.settings)
    if found.fault:
        told = bad(
            Link.CONFIGURATION, found.fault, "Mend that, then see with `kiosk-tui config check`."
        )
        return replace(told, misconfigured=True)
    text = f"It can be used: {found.where}"
    if not found.place:
        return look(
            Link.CONFIGURATION,
            f"{text}; terminal.place is empty, which TECS's documented requests always tell",
            'Set terminal.place to postcode and town, such as "1010 Vienna".',
        )
    return good(Link.CONFIGURATION, text, "settings")


async def key(subject: Subject) -> Finding:
    """See whether the key is there, and whether only its owner can read it."""
    if subject.key is None:
        return behind(Link.KEY, Link.CONFIGURATION)
    found = await asyncio.to_thread(subject.key)
    if found.fault:
        told = bad(Link.KEY, found.fault, "Nothing is sent without a key that nobody else reads.")
        return replace(told, misconfigured=True)
    return good(Link.KEY, f"It is there, for {found.scheme}: {found.where}")
