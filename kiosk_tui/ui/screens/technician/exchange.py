"""What goes over the line: the request before it is sent, the answer after it, and how long it took."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar, Final

from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.diagnosis.evidence import (
    Latency,
    answer_lines,
    latency,
    raw_lines,
    request_lines,
    steps,
)
from kiosk_tui.diagnosis.examination import REMEMBERED, Examination
from kiosk_tui.domain.evidence import Answered, Asked, Visit
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.cells import shortened
from kiosk_tui.text.times import clock
from kiosk_tui.ui.messages import BenchAsked, QuestionAsked, TestSaleAsked
from kiosk_tui.ui.screens.technician.keys import TechnicianScreen
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.latency_chart import LatencyChart

VERSION: Final = "version"
STATUS: Final = "terminal status"
SALE: Final = "sale"
CANCELLATION: Final = "cancellation"
KINDS: Final = (STATUS, VERSION, SALE, CANCELLATION)
"""What can be looked at. A sale is asked for, and a cancellation follows by itself."""

TIMES: Final = 10
_AROUND: Final = 5
"""Rows around the page: the title between free ones, and how long it took with one above."""
_REQUEST, _ANSWER, _RAW, _TIMES = 1, 2, 3, 4
_VIEWS: Final = {
    _REQUEST: "the request as it leaves",
    _ANSWER: "the answer",
    _RAW: "the answer as it came",
    _TIMES: "how long it took",
}
_PAGES: Final = "1 asked  2 answer  3 raw  4 times"


class ExchangeScreen(TechnicianScreen):
    """Shows one kind of exchange, one page of it at a time."""

    CSS_PATH = sheet("exchange")
    SERVICE: ClassVar[bool] = False

    def __init__(
        self,
        settings: ScreenSettings,
        examination: Examination,
        *,
        kind: str = STATUS,
        view: int = 1,
        can_sell: bool = True,
    ) -> None:
        super().__init__(settings)
        self._can_sell = can_sell
        self._examination = examination
        self._kind = kind
        self._view = view
        self._left = 0
        self._asking = False
        self._shown: dict[str, str] = {}

    def body(self) -> Iterator[Widget]:
        with Horizontal(id="above"):
            yield Static(self._title(), id="title", classes="title", markup=False)
            yield Static(_PAGES, id="pages", classes="dim", markup=False)
        yield Static(self._page(), id="page", markup=False)
        yield LatencyChart(self._latency(), what="Answers")
        yield Static(self._said(), id="said", classes="dim", markup=False)

    def heading(self) -> str:
        return "Exchanges"

    def hint(self) -> str:
        if self._asking:
            return "[Enter] begin the test sale   [Esc] back"
        keys = ["[1-4] pages", "[6] next"]
        if self._kind in (STATUS, VERSION):
            keys = ["[Enter] send", f"[5] {TIMES}x", *keys]
        if self._kind == SALE and self._can_sell:
            keys = ["[Enter] test sale", *keys]
        return "   ".join([*keys, "[Esc] back"])

    def on_mount(self) -> None:
        """Show the page."""
        super().on_mount()
        self._show()

    # -- keys --------------------------------------------------------------------------------------

    def digit(self, digit: int) -> None:
        if self._asking:
            return
        if digit in _VIEWS:
            self._view = digit
        elif digit == 6:  # noqa: PLR2004 - the key
            self._kind = KINDS[(KINDS.index(self._kind) + 1) % len(KINDS)]
        elif digit == 5:  # noqa: PLR2004 - the key
            self._send(TIMES)
        self._show()

    def enter(self) -> None:
        if self._asking:
            self._asking = False
            self.post_message(TestSaleAsked())
        elif self._kind == SALE and self._can_sell:
            self._asking = True
            self._view = _REQUEST
        else:
            self._send(1)
        self._show()

    def back(self) -> None:
        if self._asking:
            self._asking = False
            self._show()
        else:
            self.tell_last(BenchAsked())

    def _send(self, times: int) -> None:
        if self._kind in (STATUS, VERSION) and not self._left:
            self._left = times
            self._view = _ANSWER if times == 1 else _TIMES
            self.post_message(QuestionAsked(self._kind, times))

    # -- what is told ------------------------------------------------------------------------------

    def tell(self, left: int) -> None:
        """Show what came back; so many exchanges are still to come."""
        self._left = left
        self._show()

    def _show(self) -> None:
        self.tell_keys()
        self._say("#title", self._title())
        self._say("#page", self._page())
        self._say("#said", self._said())
        self.query_one(LatencyChart).show(self._latency())
        self.set_class(self._view == _TIMES, "-times")
        self.set_class(self._asking, "-asking")

    def _say(self, where: str, text: str) -> None:
        """Write only what is new: a slow line carries every cell that is drawn again."""
        if self._shown.get(where) != text:
            self._shown[where] = text
            self.query_one(where, Static).update(text, layout=False)

    def _title(self) -> str:
        if self._asking:
            return "This would be sent, and cancelled in any case"
        return f"{self._kind}: {_VIEWS[self._view]}"

    def _page(self) -> str:
        pages = {
            _REQUEST: self._request,
            _ANSWER: self._answer,
            _RAW: self._raw,
            _TIMES: self._times,
        }
        lines = list(pages[self._view]())
        rows = max(1, self.app.size.height - self.step.head - self.step.foot - _AROUND)
        if len(lines) > rows:
            lines = [*lines[: rows - 1], f"and {len(lines) - rows + 1} lines more"]
        return "\n".join(shortened(line, self.room, rich=self.rich) for line in lines)

    def _request(self) -> Iterator[str]:
        asked = self._unsent()
        if asked is None:
            yield "Nothing of this kind has been sent, or can be."
            return
        yield from request_lines(asked)

    def _unsent(self) -> Asked | None:
        line = self._examination.subject.line
        if line is None:
            return None
        if self._kind == VERSION:
            return line.version_request()
        if self._kind == STATUS:
            return line.status_request()
        if self._kind == SALE:
            return line.sale_request()
        last = self._last()
        return None if last is None else last.asked

    def _answer(self) -> Iterator[str]:
        yield from self._heard(answer_lines)

    def _raw(self) -> Iterator[str]:
        yield from self._heard(raw_lines)

    def _heard(self, lines: Callable[[Answered], Iterator[str]]) -> Iterator[str]:
        last = self._last()
        if last is None:
            yield "Nothing of this kind has been sent yet."
        elif last.answered is None:
            yield f"No answer. {last.trouble}"
        else:
            yield from lines(last.answered)

    def _times(self) -> Iterator[str]:
        last = self._last()
        yield self._latency().line
        if last is not None:
            yield f"the last one: {steps(last.timings)}"

    def _said(self) -> str:
        if self._left:
            return f"Sending; {self._left} to go."
        last = self._last()
        if last is None or self._view == _TIMES:
            return ""
        return f"at {clock(last.at)}   {steps(last.timings)}"

    def _visits(self) -> list[Visit]:
        return [one for one in self._examination.visits if one.asked.kind == self._kind]

    def _last(self) -> Visit | None:
        return next(reversed(self._visits()), None)

    def _latency(self) -> Latency:
        return latency(self._visits(), REMEMBERED)
