"""How the payment ended, for as long as somebody needs to read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.attempt import STOOD_S
from kiosk_tui.domain.slip import Slip
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.notifications import Notification, ReadinessChanged, TransactionChanged
from kiosk_tui.payment.readiness import Readiness
from kiosk_tui.receipt import qr
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import amount_text, format_amount
from kiosk_tui.text.texts import _
from kiosk_tui.text.times import format_time
from kiosk_tui.text.wording.outcomes import BETWEEN, ResultWords, words
from kiosk_tui.text.wording.printing import told
from kiosk_tui.ui.messages import AgainAsked, Left
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.base import KioskScreen
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.code import Code, CodeFit, code_fit
from kiosk_tui.ui.widgets.figures import Figures
from kiosk_tui.ui.widgets.flood import Flood, FloodText
from kiosk_tui.ui.widgets.foot import Foot
from kiosk_tui.ui.widgets.head import Head
from kiosk_tui.ui.widgets.sentence import Sentence
from kiosk_tui.ui.widgets.time_bar import TimeBar
from kiosk_tui.ui.widgets.word import Word

if TYPE_CHECKING:
    from textual.types import CSSPathType  # it brings widgets that nobody here uses

    from kiosk_tui.domain.fiscal import SlipSignature  # only where there is a signer

SHOWN_S: Final = 20
"""Long enough to read it, and to note the reference; any key makes it as long again."""
CODE_S: Final = 60
"""Long enough to find a telephone."""


def is_ready(readiness: Readiness | None) -> bool:
    """Say whether a payment may be begun anew: the register is open, and nothing is due."""
    return readiness is not None and readiness.open and not readiness.due


class Result(KioskScreen):
    """Approved, declined, or not completed with a reference. Follows a reversal while it is shown.

    `again` allows that the same payment is begun anew, where the outcome does and the register is `ready`:
    open, and nothing due. Enter does that only once the offer has stood for a second: nobody pays by a key
    that was meant for what was shown before.
    """

    CSS_PATH: ClassVar[CSSPathType | None] = sheet("result")
    SERVICE: ClassVar[bool] = False
    PRIMARY: ClassVar[bool] = True

    def __init__(
        self,
        settings: ScreenSettings,
        result: Transaction | NotStarted,
        *,
        given_up: bool = False,
        again: bool = False,
        ready: bool = True,
        without_goods: bool = False,
    ) -> None:
        super().__init__(settings)
        self._result = result
        self._given_up = given_up
        self._may_try = again
        self._ready = ready
        self._without_goods = without_goods
        self._stands_since = frame.monotonic()
        self._left_s = SHOWN_S
        self._coded = ""
        """What the code says that is shown, or nothing."""
        self._fiscal = ""
        """What a signer wants to be said, or why it says nothing yet."""
        self._fiscal_code = ""
        self._slip = ""

    # -- what is seen ------------------------------------------------------------------------------

    def above(self) -> Iterator[Widget]:
        for head in super().above():
            head.set_classes(self._head_classes())
            yield head

    def body(self) -> Iterator[Widget]:
        if self._coded and isinstance(self._result, Transaction):
            yield from self._receipt(self._result, self._coded)
            return
        said = self._words()
        self._set_open(said)
        yield Flood(self._flood(said), id="flood")
        with Vertical(id="said"):
            yield from self.before()
            yield Sentence(self._text(said), id="text", classes="title")
            yield Static(self._details(said), id="details", classes="dim", markup=False)
            yield Static(_("Reference"), id="reference", classes="dim", markup=False)
            yield Figures(said.reference, id="number")
        yield from self.clock()

    def before(self) -> Iterator[Widget]:
        """Yield what is said before everything else."""
        return iter(())

    def clock(self) -> Iterator[Widget]:
        """Yield the bar of the time that is left."""
        bar = TimeBar(SHOWN_S, self._left_s, told=False, id="bar")
        bar.add_class("-thin")
        yield bar

    def on_mount(self) -> None:
        """Make room for the next customer after a while."""
        self._stands_since = frame.monotonic()
        self.every(1.0, self.count_down)

    def heading(self) -> str:
        return self._words().word

    def title_right(self) -> str:
        if isinstance(self._result, NotStarted):
            return ""
        return format_time(self._result.created_at, self.locale)

    def hint(self) -> str:
        if self._coded:
            return "   ".join((_("[Enter] done"), _("[Esc] back")))
        told = self._words()
        keys = [told.enter]
        for key, code in enumerate(self._codes(), 1):
            name = _("Fiscal code") if code == self._fiscal_code else ""
            if self._fit(code) is None:
                name = _("Reference")
            keys.append(f"[{key}] {name}" if name else _("[1] receipt on my phone"))
        if told.again:
            keys.append(_("[Esc] end"))
        return "   ".join(keys)

    def corner(self) -> str:
        """Say how long this is shown, in seconds."""
        return f"{self._left_s} s"

    def _words(self) -> ResultWords:
        return words(
            self._result,
            self.locale,
            given_up=self._given_up,
            again=self._may_try and self._ready,
            without_goods=self._without_goods,
        )

    def _flood(self, said: ResultWords) -> FloodText:
        amount = None if said.amount is None else amount_text(said.amount, self.locale)
        line = self._text(said) if said.reference_large else said.line
        ends = _("Approved"), _("Declined"), _("Stopped"), _("Reversed")
        family = ends if said.word in ends else ()
        return FloodText(said.ground, said.word, line, amount, family)

    def _text(self, said: ResultWords) -> str:
        return " ".join(one for one in (said.text, self._slip, self._fiscal) if one)

    def _head_classes(self) -> str:
        ground = self._words().ground
        if self._coded:
            return ""
        return "framed" if self.has_class("-framed") or ground == "warn" else f"-flood {ground}"

    def _details(self, said: ResultWords) -> str:
        """Return the details in two lines where one is too short: a number is not broken."""
        if len(said.dim) <= self.app.size.width - 2 * self.step.margin:
            return said.dim
        first, _between, last = said.dim.rpartition(BETWEEN)
        return f"{first}\n{last}"

    def _show(self, said: ResultWords) -> None:
        if self._coded:
            return
        self.query_one("#head", Head).set_classes(self._head_classes())
        self._say(said)
        self.query_one("#details", Static).update(self._details(said))
        self._set_open(said)
        self.tell_keys()
        self._show_for(SHOWN_S)  # what is new must be read, too

    def _say(self, said: ResultWords) -> None:
        for flood in self.query(Flood):  # none while a code is shown, or before there is a picture
            flood.show(self._flood(said))
        for text in self.query("#text").results(Sentence):
            text.show(self._text(said))

    def _set_open(self, said: ResultWords) -> None:
        """Show the reference large while a payment is open: how it is asked after."""
        self.set_class(said.reference_large, "-open")

    # -- keys and time -----------------------------------------------------------------------------

    def digit(self, digit: int) -> None:
        codes = self._codes()
        if 1 <= digit <= len(codes):
            asked = codes[digit - 1]
            self._set_coded("" if asked == self._coded else asked)

    def enter(self) -> None:
        if self._coded or not self._words().again:
            self.tell_last(Left())
        elif frame.monotonic() - self._stands_since >= STOOD_S:
            self.tell_last(AgainAsked())

    def back(self) -> None:
        if self._coded:
            self._set_coded("")
        else:
            self.tell_last(Left())

    def on_click(self, event: events.Click) -> None:
        """Take a tap as the end: it is no wish to pay again."""
        event.stop()
        if not self.is_deaf():
            self.tell_last(Left())

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.tell_keys()
        for flood in self.query(Flood):
            flood.fit()  # a part of all rows, at every size
        for details in self.query("#details").results(Static):
            details.update(self._details(self._words()))
        if self._coded:
            self.refresh(recompose=True)  # and a code has one size at each

    def count_down(self) -> None:
        """Count a second; leave when none is left."""
        self._left_s -= 1
        if self._left_s <= 0:
            self.tell_last(Left())
        else:
            self._tell_left()

    def touched(self) -> bool:
        """Give whoever is there the whole time again."""
        self._show_for(SHOWN_S)
        return False

    def _show_for(self, seconds: int) -> None:
        self._left_s = max(seconds, self._left_s)
        self._tell_left()

    def _tell_left(self) -> None:
        self.query_one("#hint", Foot).show_corner(self.corner())
        for bar in self.query(TimeBar):  # none while a code is shown
            bar.show(self._left_s)

    # -- what comes --------------------------------------------------------------------------------

    def hear(self, notification: Notification) -> None:
        before = self._words()
        mine = self._result.id if isinstance(self._result, Transaction) else None
        if isinstance(notification, TransactionChanged) and notification.transaction.id == mine:
            self._result = notification.transaction
        elif isinstance(notification, ReadinessChanged):
            self._ready = is_ready(notification.readiness)
        now = self._words()
        if now.again != before.again:
            self._stands_since = frame.monotonic()
        if now != before:
            self._show(now)

    def tell_printed(self, transaction_id: str, slip: Slip) -> None:
        """Say where the slip is, or how to get one without a printer."""
        if isinstance(self._result, Transaction) and self._result.id == transaction_id:
            fits = [self._fit(code) is not None for code in self._codes()]
            self._slip = told(slip, on_phone=any(fits))
            self._say(self._words())

    def tell_signed(self, transaction_id: str, found: SlipSignature) -> None:
        """Show what a signer wants to be shown, or why it says nothing yet."""
        if not isinstance(self._result, Transaction) or self._result.id != transaction_id:
            return
        from kiosk_tui.text.wording.fiscal import shown  # noqa: PLC0415 - only then

        self._fiscal = shown(found)
        self._fiscal_code = "" if found.signature is None else found.signature.code
        self._say(self._words())
        self.tell_keys()

    # -- the receipt by code -----------------------------------------------------------------------

    def _codes(self) -> list[str]:
        """Return what codes there are to be had say; where one has no room, the reference is shown large."""
        if not isinstance(self._result, Transaction):
            return []
        mine = None if self.settings.code is None else self.settings.code(self._result)
        return [code for code in (mine, self._fiscal_code) if code]

    def _fit(self, code: str) -> CodeFit | None:
        try:
            side = qr.side(code)
        except ValueError:
            return None
        return code_fit(side, self.app.size, rich=self.settings.rendering.rich)

    def _receipt(self, one: Transaction, code: str) -> Iterator[Widget]:
        """Yield the receipt as a code, and beside it what to do with it."""
        reference = _("Reference {number}").format(number=one.reference)
        said, fit = self._words(), self._fit(code)
        self.set_class(fit is not None and fit.tall, "-tall")
        if fit is None:
            with Vertical(id="note"):
                yield Static(_("Please note the reference."), classes="title", markup=False)
                yield Figures(one.reference)
            return
        when = format_time(one.created_at, self.locale)
        with Horizontal(id="receipt"):
            with Vertical(id="square"):
                yield Code(qr.modules(code), fit)
            with Vertical(id="how"):
                if fit.tall:
                    demo = [Static(_("DEMO"), id="demo", markup=False)]
                    yield from demo if self.settings.demo else []
                    yield Static(self.title_left(), classes="title", markup=False)
                yield Word(_("Scan me"), most=2)
                how = _("Open the camera of your phone and point it at the square.")
                yield Sentence(how, id="camera", classes="title")
                for line in (format_amount(one.charged, self.locale), f"{said.word}  {when}"):
                    yield Static(line, classes="dim", markup=False)
                yield Static(reference, classes="dim", markup=False)

    def _set_coded(self, coded: str) -> None:
        self._coded = coded
        self.remove_class("-tall")
        self._left_s = CODE_S if coded else SHOWN_S
        self._stands_since = frame.monotonic()
        self.refresh(recompose=True)
