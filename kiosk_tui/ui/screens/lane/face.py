"""Everything that a lane shows, of one value: panel, how everything stands, today's list, keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field

from textual.containers import Vertical
from textual.widget import Widget

from kiosk_tui.domain.lane import Draft
from kiosk_tui.domain.progress import TerminalProgress
from kiosk_tui.domain.transaction import Order
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.records import dataclass
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.lane import closing
from kiosk_tui.text.wording.pins import demo_pin
from kiosk_tui.ui.screens.giving_up import keys_of_the_question
from kiosk_tui.ui.screens.lane.entries import EntryRow, EntryRows, rows, today
from kiosk_tui.ui.screens.lane.keys import KeyGrid, KeyList, every_key, fitting, grid, starred
from kiosk_tui.ui.screens.lane.panel import LanePanel, Lines, PanelView, is_lean
from kiosk_tui.ui.screens.lane.shift import Shift
from kiosk_tui.ui.screens.lane.status import StatusLine, status_of
from kiosk_tui.ui.screens.lane.views import (
    cancel_question,
    ended,
    entry,
    is_question,
    keys_of_the_cancellation,
    keys_of_the_goods,
    not_started,
    running,
)
from kiosk_tui.ui.widgets.fitting import is_dressed


@dataclass(frozen=True, slots=True)
class LaneNow:
    """What there is to show. `said` is the last thing that was said of the entry, if anything.

    `choosing`: the star was pressed, and a digit is awaited. `asked`: whether the question stands that
    gives the running payment up; `given_up`: it was answered. `left_s` as of the running payment.
    """

    draft: Draft
    shift: Shift
    said: str = ""
    choosing: bool = False
    asked: bool = False
    given_up: bool = False
    progress: TerminalProgress = field(default_factory=TerminalProgress)
    left_s: float | None = None

    def view(self, settings: ScreenSettings, *, rich: bool) -> PanelView:
        """Return what the panel shows; in its lower edge what was said, or what is to be known."""
        view = self._view(settings, rich=rich)
        return view._replace(said=self.said or view.said or self._notice(settings))

    def _view(self, settings: ScreenSettings, *, rich: bool) -> PanelView:
        shift, draft = self.shift, self.draft
        if self._order is not None:
            return running(
                self._order,
                settings,
                goods_due=shift.goods is not None,
                given_up=self.given_up,
                asked=self.asked,
                progress=self.progress,
                left_s=self.left_s,
            )
        if isinstance(shift.shown, NotStarted):
            return not_started(shift.shown, draft, settings)
        if is_question(draft):
            return cancel_question(draft, shift.original(draft), settings)
        if shift.shown is None or not draft.untouched:
            return entry(draft, settings)
        return ended(shift.shown, settings, shift.slips.get(shift.shown.id), rich=rich)

    def _notice(self, settings: ScreenSettings) -> str:
        """Say what keeps the lane closed, or what is due; that there are no slips; the demo's PIN."""
        closed = closing(self.shift.readiness, settings.now(), settings.locale)
        return closed or self.shift.printer or demo_pin(settings.demo_pin)

    def hint(self, settings: ScreenSettings, room: int, *, lean: bool) -> str:
        """Return the keys of the line below, as far as there is room.

        Where bytes count (`lean`) the other keys stay there while a payment runs, as those above do.
        """
        starry = starred(settings.lane.extra, after_star=self.choosing)
        if self._order is not None and self.asked:
            return keys_of_the_question()
        if self.shift.goods is not None:
            return "" if self.given_up else keys_of_the_goods()
        if self._order is not None and not lean:
            return _("[Esc] stop the payment")
        if self.choosing:
            return "   ".join(filter(None, (_("[0] list"), starry, _("[Esc] back"))))
        if is_question(self.draft):
            return keys_of_the_cancellation()
        keys = (
            *(_("[Enter] go on"), _("[?] keys"), starry, _("[*] by digit")),
            *(_("[Down] list"), _("[/] details")),
        )
        ways_out = _("[Esc] back"), _("[Esc] stop")
        longest = max(ways_out, key=len)  # for both, the keys before it stand where they are
        way_out = ways_out[self._order is not None]
        return fitting((*keys, longest), room).removesuffix(longest) + way_out

    @property
    def _order(self) -> Order | None:
        """What is under way: an entry of this lane's, or what an earlier process left to wait for goods."""
        goods = self.shift.goods
        return self.shift.running or (None if goods is None else goods.order)


class LaneFace(Vertical):
    """Shows a `LaneNow`; every widget draws only what is not as it was."""

    def __init__(self, settings: ScreenSettings, now: LaneNow) -> None:
        super().__init__(id="face")
        self._settings = settings
        self._now = now

    def compose(self) -> Iterator[Widget]:
        """Lay everything out."""
        now, settings = self._now, self._settings
        yield LanePanel(settings, self._view(), lean=is_lean(settings, self.app.size))
        yield StatusLine(status_of(now.shift))
        yield Lines([today(now.shift.newest_first, settings)], id="today")
        yield EntryRows(settings, self._rows(), id="rows")
        yield KeyList(every_key(settings.lane.extra))
        yield KeyGrid(grid(settings.lane.extra, after_star=now.choosing), now.draft.operation)

    def on_mount(self) -> None:
        """Show what has no place before everything has its size."""
        self.call_after_refresh(lambda: self.show(self._now))

    def show(self, now: LaneNow) -> None:
        """Show how it is now; of the list see `show_list`."""
        order = now.shift.running
        operation = now.draft.operation if order is None else order.operation
        panel = self.show_panel(now)
        self.query_one(StatusLine).show(status_of(now.shift), panel.rest_of_said)
        keys = grid(self._settings.lane.extra, after_star=now.choosing)
        self.query_one(KeyGrid).show(keys, operation)

    def show_panel(self, now: LaneNow) -> LanePanel:
        """Show how it is now in the panel alone."""
        self._now = now
        panel = self.query_one(LanePanel)
        panel.show(self._view())
        return panel

    def move(self) -> None:
        """Show the next picture of what moves while a card is awaited."""
        self.query_one(LanePanel).move()

    def show_list(self) -> None:
        """Show today's list as it is now."""
        self.query_one(EntryRows).show_entries(self._rows())
        told = today(self._now.shift.newest_first, self._settings)
        self.query_one("#today", Lines).show([told])

    def _view(self) -> PanelView:
        return self._now.view(self._settings, rich=is_dressed(self, "-rich"))

    def _rows(self) -> Sequence[EntryRow]:
        found = self._now.shift.newest_first
        return rows(found, self._settings.locale, self._settings.lane.zone)
