"""Who may take a register over: never in flight, and a kiosk's only for its service PIN."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from kiosk_tui.domain.tries import Tries
from kiosk_tui.payment.register import Register
from kiosk_tui.remote.link.protocol import Denial

log = logging.getLogger(__name__)


class TakeoverPolicy:
    """Decides whether the register is handed over. `given` is called once, after the other was told."""

    def __init__(
        self,
        register: Register,
        mode: str,
        pin_fits: Callable[[str], bool] | None,
        given: Callable[[str], None],
    ) -> None:
        self._register = register
        self._mode = mode
        self._pin_fits = pin_fits
        self._tries = Tries()
        self.given = given

    async def decide(self, by: str, pin: str) -> Denial | None:
        """Say why not; else begin nothing more here."""
        if self._mode == "kiosk":
            denial = await self._check(pin)
            if denial is not None:
                return denial
        if self._register.running:
            return Denial.RUNNING
        # from here to the end of this program no payment begins
        self._register.retire(f"The register was taken over by {by}.")
        return None

    async def _check(self, pin: str) -> Denial | None:
        fits = self._pin_fits
        if fits is None:
            return Denial.UNATTENDED
        if not pin:
            return Denial.PIN
        now = asyncio.get_running_loop().time()
        if self._tries.locked_s(now):
            return Denial.LOCKED
        self._tries.tried(now)
        if not await asyncio.to_thread(fits, pin):
            log.warning("taking over: wrong PIN, number %d", self._tries.wrong)
            return Denial.PIN
        self._tries.right()
        return None
