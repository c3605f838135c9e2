"""Opens the link of a register: others may watch it, and take it over where that is allowed."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable

from kiosk_tui import __version__
from kiosk_tui.remote.link.policy import TakeoverPolicy
from kiosk_tui.remote.link.protocol import Holder, time
from kiosk_tui.remote.link.server import LinkServer
from kiosk_tui.session.launch import Launch, place
from kiosk_tui.session.register import OpenRegister

log = logging.getLogger(__name__)


async def open_link(
    opened: OpenRegister,
    launch: Launch,
    mode: str,
    pin_fits: Callable[[str], bool] | None = None,
    given: Callable[[str], None] | None = None,
) -> LinkServer:
    """Let others watch this register until it is closed. Never raises for that.

    `given` hears who took it over, and gives it back; without it nobody can. `pin_fits` knows the
    service PIN of a kiosk.
    """
    register = opened.register
    holder = Holder(
        command=launch.command,
        pid=os.getpid(),
        version=__version__,
        mode=mode,
        kiosk_id=launch.config.kiosk.id,
        terminal=place(launch).terminal,
        demo=launch.demo,
        since=time(register.now()),
    )
    takeover = None if given is None else TakeoverPolicy(register, mode, pin_fits, given)
    link = LinkServer(register, holder, takeover)
    opened.beside.push_async_callback(link.stop)
    try:
        await link.start(launch.journal)
    except Exception:
        log.exception("nobody can watch or take over")  # the register opens without it
    return link
