"""Today's list, to pick the payment from that a refund, a cancellation or a completion is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.lane import KINDS, Draft, can_be, follow_ups
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.references import named_in
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.notifications import Notification, TransactionChanged
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.operations import kind, short
from kiosk_tui.text.wording.typed import look_first, not_in_list, nothing_to_scan
from kiosk_tui.ui.messages import ElsewhereAsked, Left, OriginalPicked, ReprintAsked
from kiosk_tui.ui.screens.lane.dialog import LaneDialog
from kiosk_tui.ui.screens.lane.entries import EntryRow, EntryRows, row
from kiosk_tui.ui.screens.service.story import story
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.rows import Rows

PAGE: Final = 9
_STEPS: Final = {"up": -1, "down": 1, "pageup": -PAGE, "pagedown": PAGE}


class Pick(LaneDialog):
    """Nine entries a page: arrows and Enter pick one, or its digit; `0` is one of another terminal.

    For a follow-up (the draft's operation) only what it can be about is listed. Without one every entry
    is, and an entry that is picked tells all of itself and what can follow.
    """

    CSS_PATH = sheet("pick")

    def __init__(
        self,
        settings: ScreenSettings,
        draft: Draft,
        entries: Sequence[Transaction],
        opened: Transaction | None = None,
    ) -> None:
        super().__init__(settings)
        self._draft = draft
        self._about = draft.operation if draft.operation.follows_up else None
        self._entries = [one for one in entries if self._fits(one)]
        self._place = 0
        self._opened = opened

    def _fits(self, one: Transaction) -> bool:
        return self._about is None or can_be(self._about, one)

    def body(self) -> Iterator[Widget]:
        yield Static(self._title(), id="title", classes="title", markup=False)
        if self._opened is not None:
            told = "\n".join(story(self._opened, self.locale))
            yield Static(told, id="story", markup=False)
        elif self._entries:
            yield EntryRows(
                self.settings, self._rows(), chosen=self._place - self._first, id="rows"
            )
        else:
            yield Static(self._nothing(), id="story", markup=False)
        yield Static("", id="said", classes="warn", markup=False)

    def hint(self) -> str:
        if self._opened is not None:
            keys = [_("[1] print again")]
            keys += [f"[{key}] {short(one)}" for key, one in self._possible().items()]
            return "   ".join((*keys, _("[Esc] back")))
        keys = [_("[1-9] pick"), _("[Enter] pick")] if self._entries else []
        if self._about is not None:
            keys.append(_("[0] another terminal's or day's"))
        return "   ".join((*keys, _("[Esc] back")))

    def press(self, key: str) -> None:
        if key in _STEPS and self._opened is None and self._entries:
            self._place = min(max(0, self._place + _STEPS[key]), len(self._entries) - 1)
            self._show()
        else:
            super().press(key)

    def digit(self, digit: int) -> None:
        if self._opened is not None:
            self._follow(digit)
        elif digit == 0 and self._about is not None:
            self.tell_last(ElsewhereAsked(self._draft))
        elif digit and self._first + digit <= len(self._entries):
            self._pick(self._entries[self._first + digit - 1])

    def on_rows_line_picked(self, event: Rows.LinePicked) -> None:
        """Take a click on an entry as the digit beside it."""
        self.press(str(event.place + 1))

    def burst(self, text: str, *, entered: bool) -> None:
        """Go to the payment whose code was scanned; whoever wants it presses Enter."""
        del entered
        self.paste(text)

    def paste(self, text: str) -> None:
        if self._opened is not None or not self._entries:
            return
        name = named_in(text)
        found = [place for place, one in enumerate(self._entries) if name and one.id.endswith(name)]
        if found:
            self._place = found[0]
            self._show()
        self.say(look_first() if found else not_in_list() if name else nothing_to_scan())

    def enter(self) -> None:
        if self._opened is None and self._entries:
            self._pick(self._entries[self._place])

    def back(self) -> None:
        if self._opened is None:
            self.tell_last(Left())
        else:
            self._opened = None
            self._again()

    def hear(self, notification: Notification) -> None:
        if not isinstance(notification, TransactionChanged):
            return
        changed = notification.transaction
        for place, one in enumerate(self._entries):
            if one.id == changed.id:
                self._entries[place] = changed
        if self._opened is not None and self._opened.id == changed.id:
            self._opened = changed
            self._again()
        elif self._opened is None:
            self._show()

    def say(self, text: str) -> None:
        self.query_one("#said", Static).update(text)

    def _pick(self, one: Transaction) -> None:
        if self._about is not None:
            self.tell_last(OriginalPicked(self._draft, one))
        else:
            self._opened = one
            self._again()

    def _follow(self, digit: int) -> None:
        if self._opened is None:
            return
        if digit == 1:
            self.post_message(ReprintAsked(self._opened))
        elif digit in self._possible():
            draft = self._draft.of_kind(self._possible()[digit])
            self.tell_last(OriginalPicked(draft, self._opened))

    def _possible(self) -> dict[int, Operation]:
        """Return what can follow, by its digit; `0` is the tenth operation."""
        if self._opened is None:
            return {}
        found = follow_ups(self._opened, self.settings.lane.extra)
        return {(KINDS.index(one) + 1) % 10: one for one in found}

    @property
    def _first(self) -> int:
        return self._place - self._place % PAGE

    def _again(self) -> None:
        self.tell_keys()
        self.refresh(recompose=True)

    def _show(self) -> None:
        for found in self.query(EntryRows):
            found.show_entries(self._rows(), chosen=self._place - self._first)

    def _rows(self) -> list[EntryRow]:
        page = self._entries[self._first : self._first + PAGE]
        zone = self.settings.lane.zone
        return [row(one, self.locale, zone, number=number) for number, one in enumerate(page, 1)]

    def _title(self) -> str:
        if self._opened is not None:
            return _("Reference {number}").format(number=self._opened.reference)
        if self._about is None:
            return _("Today, the newest first")
        return _("{operation}: of which payment?").format(operation=kind(self._about))

    def _nothing(self) -> str:
        if self._about is None:
            return _("Nothing has happened today.")
        return _("Today's list has none that this can be about.")
