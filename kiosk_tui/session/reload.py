"""A new configuration for a register that runs (SIGUSR1, `systemctl reload`): no payment is dropped.

It is checked first: a wrong one is refused with a sentence, and the old one stays. A right one is taken
by beginning anew, once nobody pays, no answer is awaited and the screen rests: the process keeps its
number, its terminal and its place under systemd, and every rule that reads the configuration stays a
rule for the start.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from kiosk_tui.payment.register import Register
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.screens import what_is_wrong
from kiosk_tui.session.status import tell_status

log = logging.getLogger(__name__)

LOOK_S: Final = 0.5


class Reload:
    """What somebody asked for, until it is done or refused."""

    def __init__(
        self,
        resting: Callable[[], bool],
        begin_anew: Callable[[], None],
        refused: Callable[[str], None],
    ) -> None:
        """`resting` says that nobody is in the middle of anything; `refused` hears why not."""
        self._resting = resting
        self._begin_anew = begin_anew
        self._refused = refused
        self._task: asyncio.Task[None] | None = None

    def ask(self, launch: Launch | None, register: Register | None) -> None:
        """Look at the configuration as it is now, and take it as soon as that may be."""
        if launch is None:
            return  # it is being read at this moment
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._reload(launch, register))

    def forget(self) -> None:
        """Do not begin anew any more: this is the end."""
        if self._task is not None:
            self._task.cancel()

    async def _reload(self, launch: Launch, register: Register | None) -> None:
        log.info("reload: the configuration is looked at")
        while True:
            wrong = await asyncio.to_thread(what_is_wrong, launch)
            if wrong:
                log.error("reload refused, the old configuration stays: %s", wrong)
                tell_status(f"reload refused, the old configuration stays: {wrong}")
                self._refused(wrong)
                return
            if self._nobody_pays(register):
                break
            await self._wait(register)  # minutes may pass: then it is looked at again
        log.info("reload: the program begins anew")
        self._begin_anew()

    async def _wait(self, register: Register | None) -> None:
        while not self._nobody_pays(register):  # noqa: ASYNC110 - of four facts, seldom and briefly
            await asyncio.sleep(LOOK_S)

    def _nobody_pays(self, register: Register | None) -> bool:
        return (register is None or register.quiet) and self._resting()
