"""A PIN that was typed on a screen or in lines: it is counted before it is looked at."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable

from kiosk_tui.domain.tries import Tries
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.pins import wait_for_pin

log = logging.getLogger(__name__)


async def refusal(tries: Tries, fits: Callable[[], bool], wrong: str, now_s: float) -> str:
    """Return why a PIN is refused, or nothing when it is right. `fits` blocks; `wrong` is said.

    `now_s` is monotonic.
    """
    seconds = math.ceil(tries.locked_s(now_s))
    if seconds:
        return wait_for_pin(seconds)
    tries.tried(now_s)
    if not await asyncio.to_thread(fits):
        log.warning("wrong PIN, number %d", tries.wrong)
        return wrong
    tries.right()
    return ""


async def service_refusal(
    tries: Tries, fits: Callable[[str], bool] | None, pin: str, now_s: float
) -> str:
    """Return why a service PIN is refused, or nothing. `fits` is None where none is configured."""
    if fits is None:
        return _("No service PIN is set in the configuration ([kiosk] service_pin_hash).")
    return await refusal(tries, lambda: fits(pin), _("That PIN is wrong."), now_s)
