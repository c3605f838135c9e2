"""The two stages of a start: the first picture, and everything else while it stands.

Old machines are slow, and nobody knows whether a dark screen is one that starts. So what this module
imports is all that the first picture waits for (a contract and a test hold it), and everything else is
imported at the top of its file like anywhere else: it is loaded here, in one place.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import sys
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Final

from kiosk_tui.session.signals import ENDING
from kiosk_tui.ui import deferred
from kiosk_tui.ui.other_loop import OtherLoop
from kiosk_tui.ui.screen_thread import ScreenThread

if TYPE_CHECKING:
    from kiosk_tui.session.launch import Launch
    from kiosk_tui.ui.front import ScreenFront

SWITCH_S: Final = 0.0005
"""So long a thread that computes keeps others waiting, the register's and the terminal's among them: by
default it is 5 ms, as long as a picture takes to be drawn."""
_SECOND_STAGE: Final = "kiosk_tui.ui.front"


async def run(choose: Callable[[], Launch]) -> int:
    """Show the first picture, then open the register behind it; return the app's exit code.

    `choose` reads the configuration. Raises `SessionError`, `ConfigError`.
    """
    sys.setswitchinterval(SWITCH_S)
    screen = ScreenThread()
    owner = OtherLoop.here()
    screen.app.gone = partial(owner.soon, screen.leave, 0)
    for number in ENDING:  # until the session takes them
        asyncio.get_running_loop().add_signal_handler(number, screen.leave, 0)
    screen.start()
    if not await screen.began() and not screen.failed:
        return await screen.ended() or 0
    try:
        second_stage = await asyncio.to_thread(_load)
        front: ScreenFront = second_stage.ScreenFront(screen, choose)
    except BaseException:
        screen.leave(0)
        await screen.ended()
        raise
    return await front.run()


def _load() -> ModuleType:
    """Load the second stage, and what the first has put off; then let garbage be looked for again.

    What is loaded stays: nobody looks through it any more, nor copies it where it is shared.
    """
    deferred.complete()
    try:
        return importlib.import_module(_SECOND_STAGE)
    finally:
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
