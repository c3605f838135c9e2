"""The bench: whether payments can be taken, every link of the chain, and what to do about the chosen one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from textual import events
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.diagnosis.chain import CHAIN, MACHINE, NAMES, ORDER, Link
from kiosk_tui.diagnosis.evidence import Latency, latency
from kiosk_tui.diagnosis.examination import REMEMBERED, Examination
from kiosk_tui.diagnosis.findings import Finding, Verdict
from kiosk_tui.diagnosis.report import Mood, overall, took
from kiosk_tui.domain.money import Money
from kiosk_tui.payment.notifications import Notification, ReadinessChanged
from kiosk_tui.payment.readiness import Readiness
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.cells import shortened, wrap
from kiosk_tui.text.wording.states import Mark
from kiosk_tui.ui.messages import CheckAsked, ExchangeAsked, TestSaleAsked
from kiosk_tui.ui.screens.technician.keys import TechnicianScreen
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.banner import Banner
from kiosk_tui.ui.widgets.latency_chart import LatencyChart
from kiosk_tui.ui.widgets.link_list import MARKS, LinkList
from kiosk_tui.ui.widgets.way import Way

_STEPS: Final = {8: -1, 4: -1, 2: 1, 6: 1}
_MOODS: Final = {
    Mood.READY: (Mark.GOOD, "ok"),
    Mood.REMARKS: (Mark.LOOK, "chip"),
    Mood.NOT_READY: (Mark.BAD, "bad"),
    Mood.UNKNOWN: (Mark.NONE, "neutral"),
}
_COLOURS: Final = {
    Verdict.GOOD: "ok-text",
    Verdict.LOOK: "warn",
    Verdict.BAD: "bad-text",
    Verdict.SKIPPED: "dim",
}
_STATE_LINES: Final = 2
"""So many of the register's state at the least, where it needs them."""


class Bench(TechnicianScreen):
    """Where a technician's program rests. What was found outlives this screen: the examination has it."""

    CSS_PATH = sheet("bench")

    def __init__(
        self,
        settings: ScreenSettings,
        examination: Examination,
        readiness: Readiness | None,
        *,
        chosen: Link = ORDER[0],
        can_sell: bool = True,
    ) -> None:
        super().__init__(settings)
        self._examination = examination
        self._readiness = readiness
        self._chosen = chosen
        self._looked_at = examination.running
        self._can_sell = can_sell
        self._asking = False

    def body(self) -> Iterator[Widget]:
        found = self._examination.found
        yield Banner(*self._overall())
        yield Way(found)
        with Horizontal(id="halves"):
            with Vertical(id="machine"):
                yield Static("This machine", classes="dim", markup=False)
                yield LinkList(found, MACHINE)
            yield LatencyChart(self._latency())
        with Horizontal(id="about"):
            yield Static("", id="which", markup=False)
            yield Static("", id="told", markup=False)

    def heading(self) -> str:
        return "Technician's bench"

    def hint(self) -> str:
        if self._asking:
            return "[Enter] begin the test sale   [Esc] back"
        return "[8 2] choose   [Enter] look   [5] look at all   [1] exchanges   [Esc] leave"

    def on_mount(self) -> None:
        """Show what is known."""
        super().on_mount()
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        """Break the sentences anew."""
        super().on_resize(event)
        self.call_after_refresh(self._show)

    # -- keys --------------------------------------------------------------------------------------

    def digit(self, digit: int) -> None:
        if self._asking:
            return
        if digit in _STEPS:
            place = ORDER.index(self._chosen) + _STEPS[digit]
            self._chosen = ORDER[place % len(ORDER)]
            self._show()
        elif digit == 5:  # noqa: PLR2004 - the key
            self.post_message(CheckAsked(None))
        elif digit == 1:
            self.tell_last(ExchangeAsked())

    def enter(self) -> None:
        if self._asking:
            self._ask_first(asking=False)
            self.post_message(TestSaleAsked())
        elif self._chosen is Link.TEST_SALE and self._can_sell:
            self._ask_first(asking=True)
        else:
            self.post_message(CheckAsked(self._chosen))

    def back(self) -> None:
        if self._asking:
            self._ask_first(asking=False)
        else:
            self.leave()

    def _ask_first(self, *, asking: bool) -> None:
        self._asking = asking
        self.tell_keys()
        self._show()

    # -- what is told ------------------------------------------------------------------------------

    @property
    def chosen(self) -> Link:
        """The link that is chosen."""
        return self._chosen

    def looking(self, link: Link) -> None:
        """Show which link is being looked at."""
        self._looked_at = link
        self._show()

    def tell(self, one: Finding) -> None:
        """Show what was found; the first link that is broken is chosen by itself."""
        found = self._examination.found
        if self._looked_at is one.link:
            self._looked_at = None
        if one.link is next((link for link in CHAIN if link in found and found[link].broken), None):
            self._chosen = one.link
        self._show(one.link)

    def hear(self, notification: Notification) -> None:
        if isinstance(notification, ReadinessChanged):
            self._readiness = notification.readiness
            self._show()

    def _show(self, told: Link | None = None) -> None:
        """Show what has changed; `told` is the link that is known anew."""
        self.query_one(Banner).show(*self._overall())
        for drawn in (self.query_one(Way), self.query_one(LinkList)):
            drawn.show(self._chosen, self._looked_at, told)
        self.query_one(LatencyChart).show(self._latency())
        self._about()

    def _overall(self) -> tuple[str, str, str]:
        """Return whether payments can be taken, how many links are how, and the mood of it."""
        ready = self._readiness
        told = overall(self._examination.found, closed=ready is not None and not ready.open)
        mark, mood = _MOODS[told.mood]
        return f"{self._sign(mark)} {told.text}", told.counts, mood

    def _latency(self) -> Latency:
        return latency(self._examination.visits, REMEMBERED)

    def _sign(self, mark: Mark) -> str:
        return mark.rich if self.rich else mark.console

    def _about(self) -> None:
        """Say which link is chosen, what was found and what to do; below, how the register stands."""
        found = self._examination.found.get(self._chosen)
        verdict = Verdict.SKIPPED if found is None else found.verdict
        colour = "warn" if self._asking else _COLOURS[verdict]
        name = f"{self._sign(MARKS[verdict][0])} {NAMES[self._chosen]}"
        box, which = self.query_one("#about", Horizontal), self.query_one("#which", Static)
        if not which.has_class(colour):
            which.set_classes(colour)
            box.set_classes(colour)
        if self.step.name in ("l", "xl"):
            box.border_title = name
        which.update(name, layout=False)
        about = self.query_one("#told", Static)
        room, rows = about.size
        said = self._fitted(self._said(found), room, rows)
        left = max(min(_STATE_LINES, rows - 1), rows - len(said))
        states = self._fitted([self._state()], room, left)
        said = self._fitted(self._said(found), room, rows - len(states))
        dim = self.get_visual_style("dim")
        about.update(
            Content("\n").join(
                [*map(Content, said), *(Content.styled(one, dim) for one in states)]
            ),
            layout=False,
        )

    def _said(self, found: Finding | None) -> list[str]:
        """Return sentences about the chosen link, or the question that is asked."""
        if self._asking:
            return [self._question()]
        if found is None:
            return [_WHAT[self._chosen]]
        time = f"{took(found.took_s)}: " if found.took_s is not None else ""
        return [time + found.text, *([f"-> {found.do}"] if found.do else [])]

    def _fitted(self, sentences: list[str], room: int, rows: int) -> list[str]:
        """Break sentences into so many lines; where there are more, the last one says so."""
        if room <= 0 or rows <= 0:
            return []
        lines = [line for one in sentences for line in wrap(one, room)]
        if len(lines) <= rows:
            return lines
        rest = " ".join(lines[rows - 1 :])
        return [*lines[: rows - 1], shortened(rest, room, rich=self.rich)]

    def _question(self) -> str:
        smallest = Money(1, self.settings.amount_max.currency)
        terminal = self.settings.place.terminal
        return (
            f"It takes {smallest} from a card at terminal {terminal}, is written down like any"
            " payment, and is cancelled in any case."
        )

    def _state(self) -> str:
        ready = self._readiness
        if ready is None:
            return "The register is starting."
        if ready.open:
            return "The register is ready."
        found = self._examination.found.get(self._chosen)
        is_told = found is not None and ready.why in found.text
        return f"The register is closed{'.' if is_told else f': {ready.why}'}"


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
