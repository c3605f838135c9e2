"""The dialogue with one person at a time in plain mode: says, asks, and knows when to stop asking.

A question ends in one of five other ways than an answer: `WalkedAway`, `Closed`, `ServiceRequested`,
`LookupRequested` and `Departed`. Whoever asks lets them through; `dialogue` knows what follows.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

from kiosk_tui.domain.burst import BURST_S
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.slip import Printed
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.notifications import Notification, ReadinessChanged
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.payment.register import Register
from kiosk_tui.plain import terminal_mode
from kiosk_tui.plain.input import Gone, Input, InputEvent, Interrupted, Notified, Typed, in_s
from kiosk_tui.plain.line import LineTerminal
from kiosk_tui.receipt.receipts import Receipts
from kiosk_tui.session.settings import Mode, ScreenSettings
from kiosk_tui.text.amounts import format_number
from kiosk_tui.text.texts import _
from kiosk_tui.text.translations import speak
from kiosk_tui.text.wording.printing import told

MORE_TIME_S: Final = 20.0
"""How long somebody has to say that more time is needed (WCAG 2.2.1)."""

BACK: Final = "\x1b"
"""What an Esc anywhere in a typed line means, whatever else is in it."""
LOOKUP: Final = "*"
"""A numpad's star, as on the screens."""
SERVICE: Final = "**"
_SERVICE: Final = frozenset({SERVICE, "\x1b[24~"})
"""Two stars, or F12 as terminals send it."""
LEAVE: Final = "q"


class WalkedAway(Exception):  # noqa: N818 - facts, not errors
    """Nobody answered, nor needed more time; or somebody began anew."""


class Closed(Exception):  # noqa: N818
    """The register takes no payment any more."""


class ServiceRequested(Exception):  # noqa: N818
    """Somebody asked for the service menu."""


class LookupRequested(Exception):  # noqa: N818
    """Somebody asked what became of an earlier payment."""


class Departed(Exception):  # noqa: N818
    """The program ends: nobody is there, or somebody who may has asked for it."""


class SessionDialog:
    """One line, one register, one customer at a time."""

    def __init__(
        self, settings: ScreenSettings, line: LineTerminal, events: Input, keyboard: int
    ) -> None:
        self.settings = settings
        self.readiness = Readiness(Obstacle.STARTING)
        self.register: Register | None = None
        self.receipts: Receipts | None = None
        """What prints slips, where there is a printer."""
        self.printed: Callable[[str], None] = lambda _: None
        """Called with the id of a transaction whose slip was printed."""
        self._printing: asyncio.Task[None] | None = None
        self.locale = settings.languages[0]
        self.readiness_known = asyncio.Event()
        """Set once it is known whether payments may start, or that nobody will wait for that."""
        self.busy = False
        """Whether somebody is in the middle of something: only then an idle time ends the dialogue."""
        self.serving = False
        """Whether staff is served: a closed register does not end that."""
        self.reload_refused = ""
        self._line = line
        self._events = events
        self._keyboard = keyboard
        self._person = os.isatty(keyboard)
        """Whether a person types; what comes out of a pipe is never too early for a question."""

    @property
    def unattended(self) -> bool:
        """Whether there is no way out but the service PIN."""
        return self.settings.mode is Mode.KIOSK

    def attach(self, register: Register) -> None:
        """Work with this register from now on."""
        self.register = register
        register.listen(self.heard)
        self.heard(ReadinessChanged(register.readiness))

    def close_for(self, readiness: Readiness) -> None:
        """Take note of why the register cannot even be opened."""
        self.heard(ReadinessChanged(readiness))

    def heard(self, notification: Notification) -> None:
        """Take note of a notification at once, and queue it for the dialogue."""
        if isinstance(notification, ReadinessChanged):
            self.readiness = notification.readiness
            if notification.readiness.obstacle is not Obstacle.STARTING:
                self.readiness_known.set()
        self._events.take(Notified(notification))

    @property
    def resting(self) -> bool:
        """Whether nobody is in the middle of anything."""
        return not self.busy and not self.serving

    def refused(self, why: str) -> None:
        """Keep why a new configuration was not taken, for staff."""
        self.reload_refused = why

    # -- words -----------------------------------------------------------------------------------

    def speak(self, locale: str) -> None:
        """Say everything, amounts too, in this language from now on."""
        self.locale = locale
        speak(locale)

    def say(self, text: str) -> None:
        """Say a text."""
        self._line.say(text)

    def money(self, money: Money) -> str:
        """Write an amount so that it is read aloud well, with letters that every terminal has."""
        return f"{format_number(money, self.locale)} {money.currency.code}"

    # -- answers ---------------------------------------------------------------------------------

    async def hear(self, by: float | None) -> InputEvent | None:
        """Return the next event, or None when none came by then, in the loop's time."""
        heard = await self._events.next(by)
        if isinstance(heard, Typed):
            self._line.answered()
        return heard

    def take(self, heard: InputEvent) -> None:
        """Queue an event that came from elsewhere."""
        self._events.take(heard)

    @property
    def gone(self) -> bool:
        """Whether nobody listens any more."""
        return self._events.gone

    async def ask(self, question: str, *, text: bool = False, deliberate: bool = False) -> str:
        """Ask until somebody answers. A `text` is taken as typed: no word of it is a command.

        Where an answer lets money move it is `deliberate`: typed when the question had been said.
        """
        if self.gone:
            raise Departed
        self._closed()
        self.say(question)
        asked_at = time.monotonic()
        warned = False
        until = self._until(warned=False)
        while True:
            heard = await self.hear(until)
            if heard is None:
                if warned:
                    self.drop_typed()
                    raise WalkedAway
                warned = True
                until = self._until(warned=True)
                self.say(_("Do you need more time? Press Enter."))
            elif isinstance(heard, Typed) and deliberate and self.too_soon(heard, asked_at):
                self.say(question)
                asked_at = time.monotonic()
            elif isinstance(heard, Typed):
                answer = heard.text.strip() if text else self.interpret(heard.text)
                if answer or not warned:
                    return answer
                warned = False
                until = self._until(warned=False)
                self.say(question)
            else:
                self._react(heard)

    def print_slip(self, one: Transaction) -> None:
        """Print what is printed of a payment by itself, and say where it is."""

        async def printed(receipts: Receipts) -> None:
            outcome = await receipts.print(one)
            self.say(told(outcome))
            if isinstance(outcome, Printed):
                self.printed(one.id)

        if self.receipts is not None and self.receipts.wanted(one):
            self._printing = asyncio.create_task(printed(self.receipts))

    async def slips_printed(self) -> None:
        """Return once no slip is under way any more; a printer takes no more than seconds."""
        if self._printing is not None:
            await self._printing

    def without_echo(self) -> AbstractContextManager[None]:
        """Let somebody type without an echo."""
        return terminal_mode.without_echo(self._keyboard)

    def drop_typed(self) -> None:
        """Drop what was typed without Enter."""
        terminal_mode.drop_typed(self._keyboard)

    def too_soon(self, heard: Typed, asked_at: float, within_s: float = BURST_S) -> bool:
        """Say whether a line came from a scanner or a paste: no answer to what was asked just then."""
        return self._person and heard.at < asked_at + within_s

    def _until(self, *, warned: bool) -> float | None:
        if not self.busy:
            return None
        idle_s = self.settings.idle_s
        return in_s(min(MORE_TIME_S, idle_s) if warned else idle_s)

    def interpret(self, typed: str) -> str:
        """Return what a typed line means as an answer; raise what it asks for when it is a command."""
        self.busy = True
        answer = _meant(typed)
        if answer in _SERVICE and not self.serving:
            raise ServiceRequested
        if answer == LOOKUP and not self.serving:
            raise LookupRequested
        if answer.lower() == LEAVE and not self.unattended:
            raise Departed
        return answer

    def _react(self, heard: InputEvent) -> None:
        if isinstance(heard, Gone):
            raise Departed
        if isinstance(heard, Interrupted):
            if self.busy:
                raise WalkedAway
            if not self.unattended:
                raise Departed
        if isinstance(heard, Notified) and isinstance(heard.notification, ReadinessChanged):
            self._closed()

    def _closed(self) -> None:
        if not self.readiness.open and not self.serving:
            raise Closed


def is_back(answer: str) -> bool:
    """Say whether an answer means back, or giving up."""
    return answer in {BACK, ".", ","}


def _meant(text: str) -> str:
    """Return what a typed line means: an Esc or an arrow key in it is no Enter."""
    answer = text.strip(" \t")
    if answer in _SERVICE:
        return answer
    return BACK if "\x1b" in answer else answer.strip()
