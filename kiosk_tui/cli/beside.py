"""What a program that holds the register opens beside it: to be watched, and to be asked for it."""

from __future__ import annotations

import logging
import os

from kiosk_tui import __version__
from kiosk_tui.presence.publisher import Publisher
from kiosk_tui.presence.snapshot import Holder
from kiosk_tui.wiring import Choice, OpenRegister, place

log = logging.getLogger(__name__)


async def watched(opened: OpenRegister, choice: Choice, mode: str) -> Publisher:
    """Let others watch this register until it is closed. Never raises for that."""
    holder = Holder(
        command=choice.command,
        pid=os.getpid(),
        version=__version__,
        mode=mode,
        kiosk_id=choice.config.kiosk.id,
        terminal=place(choice).terminal,
        demo=choice.demo,
        since=opened.register.now(),
    )
    publisher = Publisher(opened.register, holder)
    opened.beside.push_async_callback(publisher.close)
    try:
        await publisher.open(choice.journal)
    except Exception:
        log.exception("nobody can watch")  # a courtesy: the register opens without it
    return publisher
