"""Who is at the lane, and who agrees: signing on, the service PIN, a second person.

Invariant: a PIN is counted before it is looked at, each person's on his own, so that somebody who knows
one PIN cannot try another's more often.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from kiosk_tui.ui.journeys.path import Path

if TYPE_CHECKING:
    from kiosk_tui.domain.rights import Act, Approval
    from kiosk_tui.domain.tries import Tries

log = logging.getLogger(__name__)

SIGN_ON: Final = "sign_on"
Then = Callable[[str], Awaitable[None]]
"""What follows once everybody has agreed; told the id that the entry carries."""


class LeavePath(Path):
    """Asks for PINs."""

    cashier = ""
    """Who has signed on; nobody where no people are configured."""

    _asked: tuple[Approval, ...] = ()
    _then: Then | None = None
    _second = ""
    _person_tries: dict[str, Tries] | None = None

    async def with_leave(self, acts: Sequence[Act], then: Then) -> None:
        """Ask for what these acts need, then do it."""
        self._asked = self.settings.lane.rights.asked(*acts)
        self._then, self._second = then, ""
        await self._ask_next()

    def forget_leave(self) -> None:
        """Do not go on: somebody has left the question."""
        self._asked, self._then = (), None

    async def _ask_next(self) -> None:
        from kiosk_tui.domain.rights import signature  # noqa: PLC0415
        from kiosk_tui.ui.journeys import forms  # noqa: PLC0415

        if self._asked:
            self.go(forms.question(self.settings, self._asked[0]))
        elif self._then is not None:
            then, self._then = self._then, None
            await then(signature(self.cashier, self._second))

    def ask_who(self) -> None:
        """Let a cashier sign on."""
        from kiosk_tui.ui.journeys import forms  # noqa: PLC0415

        self.go(forms.sign_on(self.settings))

    async def leave_given(self, purpose: str, values: Mapping[str, str]) -> None:
        """Check a PIN; go on when it is right, or say why not."""
        from kiosk_tui.domain.rights import Approval  # noqa: PLC0415

        if purpose == Approval.SERVICE_PIN:
            wrong = await self._check_service_pin(values["pin"])
        else:
            wrong = await self._check_person(purpose, values["person"], values["pin"])
        if wrong:
            self.refuse(wrong)
        elif purpose == SIGN_ON:
            self.cashier = values["person"]
            log.info("lane: %s has signed on", self.cashier)
            self.rest()
        else:
            self._asked = self._asked[1:]
            await self._ask_next()

    def refuse(self, sentence: str) -> None:
        """Say on the form why what was typed cannot be used."""
        from kiosk_tui.ui.screens.lane.form import Form  # noqa: PLC0415

        screen = self.frame
        if isinstance(screen, Form):
            screen.refuse(sentence)

    async def _check_service_pin(self, pin: str) -> str:
        from kiosk_tui.text.texts import _  # noqa: PLC0415

        fits = self.settings.pin_fits
        if fits is None:
            return _("No service PIN is set in the configuration ([kiosk] service_pin_hash).")
        return await self._check(self.service_tries, lambda: fits(pin), _("That PIN is wrong."))

    async def _check_person(self, purpose: str, person: str, pin: str) -> str:
        from kiosk_tui.domain.rights import may_agree  # noqa: PLC0415
        from kiosk_tui.domain.tries import Tries  # noqa: PLC0415
        from kiosk_tui.text.texts import _  # noqa: PLC0415

        if purpose != SIGN_ON and not may_agree(self.cashier, person):
            return _("It has to be another person than the one who has signed on.")
        lane = self.settings.lane
        self._person_tries = self._person_tries or {}
        known = person if person in lane.people else ""
        tries = self._person_tries.setdefault(known, Tries())
        wrong = await self._check(
            tries, lambda: lane.person_fits(person, pin), _("That id or PIN is wrong.")
        )
        if not wrong and purpose != SIGN_ON:
            self._second = person
        return wrong

    async def _check(self, tries: Tries, fits: Callable[[], bool], told: str) -> str:
        from kiosk_tui.text.wording.pins import wait_for_pin  # noqa: PLC0415
        from kiosk_tui.ui.screens.frame import monotonic  # noqa: PLC0415

        seconds = math.ceil(tries.locked_s(monotonic()))
        if seconds:
            return wait_for_pin(seconds)
        tries.tried(monotonic())
        if not await asyncio.to_thread(fits):
            log.warning("lane: wrong PIN, number %d", tries.wrong)
            return told
        tries.right()
        return ""
