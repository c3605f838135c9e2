"""The bench: every link of the chain with its verdict, and what to do about the chosen one."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.diagnosis.chain import CHAIN, Link
from kiosk_tui.diagnosis.evidence import latency
from kiosk_tui.diagnosis.examination import Examination
from kiosk_tui.diagnosis.findings import Finding
from kiosk_tui.domain.money import Money
from kiosk_tui.payment.notifications import Notification, ReadinessChanged
from kiosk_tui.payment.readiness import Readiness
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.ui.messages import CheckAsked, ExchangeAsked, TestSaleAsked
from kiosk_tui.ui.screens.technician.keys import TechnicianScreen
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.chain import Chain

_LINES: Final = 4
"""So many lines tell about the chosen link."""
_STATE_LINES: Final = 2


class Bench(TechnicianScreen):
    """Where a technician's program rests. What was found outlives this screen: the examination has it."""

    CSS_PATH = sheet("bench")

    def __init__(
        self,
        settings: ScreenSettings,
        examination: Examination,
        readiness: Readiness | None,
        *,
        chosen: Link = CHAIN[0],
        can_sell: bool = True,
    ) -> None:
        super().__init__(settings)
        self._examination = examination
        self._readiness = readiness
        self._chosen = chosen
        self._can_sell = can_sell
        self._asking = False

    def body(self) -> Iterator[Widget]:
        known = self._examination
        yield Chain(known.found, self._chosen, known.running)
        yield Static(self._about(), id="about", markup=False)
        yield Static(self._state(), id="state", classes="dim", markup=False)

    def heading(self) -> str:
        return "Technician's bench"

    def hint(self) -> str:
        if self._asking:
            return "[Enter] begin the test sale   [Esc] back"
        return "[8] [2] choose   [Enter] look   [5] look at all   [1] exchanges   [Esc] leave"

    # -- keys --------------------------------------------------------------------------------------

    def digit(self, digit: int) -> None:
        if self._asking:
            return
        if digit in (2, 8):
            self._chain.step(1 if digit == 2 else -1)  # noqa: PLR2004 - the key
            self._show()
        elif digit == 5:  # noqa: PLR2004 - the key
            self.post_message(CheckAsked(None))
        elif digit == 1:
            self.tell_last(ExchangeAsked())

    def enter(self) -> None:
        if self._asking:
            self._ask_first(asking=False)
            self.post_message(TestSaleAsked())
        elif self._chain.chosen is Link.TEST_SALE and self._can_sell:
            self._ask_first(asking=True)
        else:
            self.post_message(CheckAsked(self._chain.chosen))

    def back(self) -> None:
        if self._asking:
            self._ask_first(asking=False)
        else:
            self.leave()

    @property
    def _chain(self) -> Chain:
        return self.query_one(Chain)

    def _ask_first(self, *, asking: bool) -> None:
        self._asking = asking
        self.tell_keys()
        self._show()

    # -- what is told ------------------------------------------------------------------------------

    @property
    def chosen(self) -> Link:
        """The link that is chosen."""
        return self._chain.chosen

    def looking(self, link: Link) -> None:
        """Show which link is being looked at."""
        self._chain.look_at(link)

    def tell(self, one: Finding) -> None:
        """Show what was found; the first link that is broken is chosen by itself."""
        found = self._examination.found
        self._chain.tell(one.link)
        if one.link is next((link for link in CHAIN if link in found and found[link].broken), None):
            self._chain.choose(one.link)
        self._show()

    def hear(self, notification: Notification) -> None:
        if isinstance(notification, ReadinessChanged):
            self._readiness = notification.readiness
            self._show()

    def _show(self) -> None:
        self.query_one("#about", Static).update(self._about(), layout=False)
        self.query_one("#state", Static).update(self._state(), layout=False)

    def _about(self) -> str:
        if self._asking:
            return self._question()
        link = self._chain.chosen if self.is_mounted else self._chosen
        found = self._examination.found.get(link)
        if found is None:
            return _WHAT[link]
        lines = self._wrapped(found.text)
        if found.do:
            lines += self._wrapped(found.do, "-> ")
        return "\n".join(lines[:_LINES])

    def _question(self) -> str:
        smallest = Money(1, self.settings.amount_max.currency)
        terminal = self.settings.place.terminal
        told = (
            f"The test sale asks for a card at terminal {terminal} and takes {smallest}. It is"
            " written down like any payment, and it is cancelled in any case."
        )
        return "\n".join(self._wrapped(told))

    def _wrapped(self, text: str, mark: str = "") -> list[str]:
        room = max(40, self.app.size.width - 6)
        return textwrap.wrap(
            text,
            room,
            initial_indent=mark,
            subsequent_indent=" " * len(mark),
            break_on_hyphens=False,
        )

    def _state(self) -> str:
        ready = self._readiness
        if ready is None:
            said = "The register is starting."
        elif ready.open:
            said = "The register is ready."
        else:
            said = f"The register is closed: {ready.why}"
        visits = self._examination.visits
        lines = self._wrapped(said) + ([latency(visits, 30).line] if visits else [])
        return "\n".join(lines[:_STATE_LINES])


_WHAT: Final = {
    Link.CONFIGURATION: "Can every setting be used?",
    Link.KEY: "Is the key there, and can nobody else read it?",
    Link.DNS: "Has the server's name an address?",
    Link.TCP: "Does the server take a connection?",
    Link.TLS: "Who vouches for the server, and for how many days?",
    Link.VERSION: "Which service answers? Needs no key, touches no terminal.",
    Link.CLOCK: "Is this machine's clock the server's?",
    Link.AUTHORIZATION: "Does TECS take the key? Asks by a status query, which moves no money.",
    Link.TERMINAL: "What is the terminal doing?",
    Link.DISK: "Is there room for the journal, and how long does a safe write take?",
    Link.JOURNAL: "Is the journal whole, and is anything open in it?",
    Link.CONSOLE: "Can this console show what is drawn?",
    Link.KEYBOARD: "Can somebody type here?",
    Link.PRINTER: "Is there paper, and is the cover closed?",
    Link.TEST_SALE: "A sale of the smallest amount, cancelled in any case. You are asked before.",
}
"""What a look at each link asks."""
