"""Who is at the lane, and who agrees: signing on, the service PIN, a second person.

Invariant: a PIN is counted before it is looked at, each person's on his own, so that somebody who knows
one PIN cannot try another's more often.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from kiosk_tui.domain.rights import Act, Approval, may_agree, signature
from kiosk_tui.domain.tries import Tries
from kiosk_tui.session.pins import refusal, service_refusal
from kiosk_tui.text.texts import _
from kiosk_tui.ui.journeys import forms
from kiosk_tui.ui.journeys.navigator import Navigator
from kiosk_tui.ui.screens import frame

log = logging.getLogger(__name__)

Then = Callable[[str], Awaitable[None]]
"""What follows once everybody has agreed; told the id that the entry carries."""


class Approvals:
    """Asks for PINs. `cashier` is who has signed on: nobody where no people are configured."""

    def __init__(self, nav: Navigator, service_tries: Tries) -> None:
        self.cashier = ""
        self._nav = nav
        self._service_tries = service_tries
        self._person_tries: dict[str, Tries] = {}
        self._asked: tuple[Approval, ...] = ()
        self._then: Then | None = None
        self._second = ""

    async def ask(self, acts: Sequence[Act], then: Then) -> None:
        """Ask for what these acts need, then do it."""
        self._asked = self._nav.settings.lane.rights.asked(*acts)
        self._then, self._second = then, ""
        await self._ask_next()

    def forget(self) -> None:
        """Do not go on: somebody has left the question."""
        self._asked, self._then = (), None

    async def _ask_next(self) -> None:
        if self._asked:
            self._nav.show(forms.question(self._nav.settings, self._asked[0]))
        elif self._then is not None:
            then, self._then = self._then, None
            await then(signature(self.cashier, self._second))

    def ask_to_sign_on(self) -> None:
        """Let a cashier sign on."""
        self._nav.show(forms.sign_on(self._nav.settings))

    def sign_off(self) -> None:
        """Let the cashier go."""
        log.info("lane: %s has signed off", self.cashier)
        self.cashier = ""

    async def signed_on(self, person: str, pin: str) -> str:
        """Let a person sign on; return why not, or nothing."""
        wrong = await self._check_person(person, pin)
        if not wrong:
            self.cashier = person
            log.info("lane: %s has signed on", self.cashier)
            self._nav.rest()
        return wrong

    async def given(self, asked: str, values: Mapping[str, str]) -> str:
        """Check the PIN that a form asked for; go on when it is right, or return why not."""
        if asked not in self._asked:
            return ""
        if asked == Approval.SERVICE_PIN:
            fits = self._nav.settings.pin_fits
            wrong = await service_refusal(
                self._service_tries, fits, values["pin"], frame.monotonic()
            )
        else:
            wrong = await self._check_second(values["person"], values["pin"])
        if not wrong:
            self._asked = self._asked[1:]
            await self._ask_next()
        return wrong

    async def _check_second(self, person: str, pin: str) -> str:
        if not may_agree(self.cashier, person):
            return _("It has to be another person than the one who has signed on.")
        wrong = await self._check_person(person, pin)
        if not wrong:
            self._second = person
        return wrong

    async def _check_person(self, person: str, pin: str) -> str:
        lane = self._nav.settings.lane
        known = person if person in lane.people else ""
        tries = self._person_tries.setdefault(known, Tries())
        wrong = _("That id or PIN is wrong.")
        return await refusal(tries, lambda: lane.person_fits(person, pin), wrong, frame.monotonic())
