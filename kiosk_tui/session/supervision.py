"""A session's word to systemd, where systemd asked for one; elsewhere nothing is loaded and nothing said."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    # loaded while the first picture is on the screen
    from kiosk_tui.observe.watchdog.supervisor import Supervisor
    from kiosk_tui.payment.readiness import Readiness
    from kiosk_tui.session.launch import Launch
    from kiosk_tui.session.register import OpenRegister

LOOK_S: Final = 90.0
"""The chain is looked at every half minute; one look may have to abort a payment of an earlier process."""
AROUND_S: Final = 120.0
"""What a payment may take beside the waits that are configured: a token, a disk, an abort."""


class Supervision:
    """Silent until it began, and for good where nobody asked."""

    def __init__(self) -> None:
        self._supervisor: Supervisor | None = None

    def begin(self, drawn: Callable[[], Awaitable[bool]]) -> None:
        """Begin to ask for frames: `drawn` returns once the terminal has taken one."""
        if os.environ.get("NOTIFY_SOCKET"):
            from kiosk_tui.observe.watchdog.supervisor import Supervisor  # noqa: PLC0415

            self._supervisor = Supervisor(drawn, os.environ)
            self._supervisor.begin()

    def closed(self, readiness: Readiness) -> None:
        """Tell why the register cannot even be opened."""
        if self._supervisor is not None:
            self._supervisor.closed(readiness)

    def attach(self, opened: OpenRegister, launch: Launch) -> None:
        """Ask this register, too, for signs of life."""
        if self._supervisor is not None:
            from kiosk_tui.observe.watchdog.judgement import WatchdogLimits  # noqa: PLC0415

            times = launch.config.timeouts
            look_s = LOOK_S + 2 * times.connect_s
            pay_s = AROUND_S + times.answer_s + times.give_up_s + times.cancel_s
            pay_s += launch.config.goods.wait_s
            self._supervisor.attach(opened.register, WatchdogLimits(look_s=look_s, pay_s=pay_s))

    def stop(self) -> None:
        """Tell that this is the end, however long a payment still takes."""
        if self._supervisor is not None:
            self._supervisor.stop()

    async def end(self) -> None:
        """Say nothing more."""
        if self._supervisor is not None:
            await self._supervisor.end()
