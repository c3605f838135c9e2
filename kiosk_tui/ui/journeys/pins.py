"""A PIN that was typed, wherever: it is counted before it is looked at."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable

from kiosk_tui.domain.tries import Tries
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.pins import wait_for_pin
from kiosk_tui.ui.screens import frame

log = logging.getLogger(__name__)


async def refusal(tries: Tries, fits: Callable[[], bool], wrong: str) -> str:
    """Return why a PIN is refused, or nothing when it is right. `fits` blocks; `wrong` is said."""
    seconds = math.ceil(tries.locked_s(frame.monotonic()))
    if seconds:
        return wait_for_pin(seconds)
    tries.tried(frame.monotonic())
    if not await asyncio.to_thread(fits):
        log.warning("wrong PIN, number %d", tries.wrong)
        return wrong
    tries.right()
    return ""


async def service_refusal(tries: Tries, fits: Callable[[str], bool] | None, pin: str) -> str:
    """Return why a service PIN is refused, or nothing. `fits` is None where none is configured."""
    if fits is None:
        return _("No service PIN is set in the configuration ([kiosk] service_pin_hash).")
    return await refusal(tries, lambda: fits(pin), _("That PIN is wrong."))
