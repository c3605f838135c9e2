"""A transaction as one line of a list: cells that stand in columns, each with its own colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import ClassVar, Final, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from kiosk_tui.domain.lifecycle import DUE, State
from kiosk_tui.domain.money import Currency, Total
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.records import dataclass
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import format_amount, format_number
from kiosk_tui.text.cells import ljust, rjust, shortened, width
from kiosk_tui.text.texts import _, ngettext
from kiosk_tui.text.times import format_time
from kiosk_tui.text.wording.lane import card
from kiosk_tui.text.wording.operations import kind
from kiosk_tui.text.wording.states import Mark, standing
from kiosk_tui.ui.screens.lane.panel import Line
from kiosk_tui.ui.widgets.fitting import is_dressed
from kiosk_tui.ui.widgets.rows import Row, Rows

_ALERT: Final = DUE | {State.NEEDS_STAFF}
_COLOURS: Final = {
    Mark.GOOD: "ok",
    Mark.BAD: "bad",
    Mark.LOOK: "warn",
    Mark.RUNNING: "warn",
    Mark.NONE: "dim",
}
_GAP: Final = 2
_WIDEST_GAP: Final = 7
_GAPS_OF: Final = 14
"""A list on a wide screen is drawn apart: a gap is at most a so-manyth of it."""
_LEAST_WHAT: Final = 6
_CARD: Final = 15
_REFERENCE: Final = "000 000 000"
"""A reference as any is: the columns do not move when the first entry comes."""
_LATE: Final = datetime(2026, 12, 28, 22, 58, tzinfo=UTC)
"""A time of day that is as long as any."""


@dataclass(frozen=True, slots=True)
class EntryRow(Row):
    """A line of the list, in cells. `number` is the digit that picks it, or nothing."""

    number: str = ""
    time: str = ""
    reference: str = ""
    what: str = ""
    amount: str = ""
    mark: Mark = Mark.NONE
    state: str = ""
    card: str = ""
    person: str = ""


def row(
    one: Transaction, locale: str, zone: tzinfo | None, *, number: int | None = None
) -> EntryRow:
    """Return an entry's line: when, which, what, how much, how it stands, the card, whose it is."""
    order, stands = one.order, standing(one.state)
    sign = -1 if order.operation.pays_back else 1
    moved = Total(sign * one.charged.minor, one.charged.currency)
    amount = format_amount(moved, locale)
    mark = "" if number is None else str(number)
    return EntryRow(
        f"{mark:<2}{one.reference}  {amount}  {stands}",
        alert=one.state in _ALERT,
        short=f"{mark:<2}{one.reference}  {amount}  {stands}".strip(),
        number=mark,
        time=format_time(one.created_at, locale, zone),
        reference=one.reference,
        what=kind(order.operation),
        amount=format_number(moved, locale),
        mark=stands.mark,
        state=stands.word,
        card=card(one),
        person=one_line(order.personal_id),
    )


def rows(found: Iterable[Transaction], locale: str, zone: tzinfo | None) -> list[EntryRow]:
    """Return the lines of a list."""
    return [row(one, locale, zone) for one in found]


def today(found: Iterable[Transaction], settings: ScreenSettings) -> Line:
    """Say what today comes to so far: payments, less what was paid back."""
    done = [one for one in found if one.state is State.APPROVED and one.order.operation.direction]
    count = sum(one.order.operation.charges for one in done)
    told = ngettext("{count} payment", "{count} payments", count).format(count=count)
    sums = [
        format_amount(Total(minor, currency), settings.locale)
        for currency, minor in _sums(done).items()
    ]
    return ((_("Today"), "title"), (f"  {told}", "dim"), (f"  {' + '.join(sums)}", "title"))


def _sums(done: Iterable[Transaction]) -> dict[Currency, int]:
    sums: dict[Currency, int] = {}
    for one in done:
        moved = one.order.operation.direction * one.charged.minor
        sums[one.charged.currency] = sums.get(one.charged.currency, 0) + moved
    return sums


class EntryColumn(NamedTuple):
    """A column: what it is called, the cell that stands in it, how wide, and on which side."""

    cell: str
    head: str
    wide: int
    right: bool = False


class EntryColumns(NamedTuple):
    """The columns that there is room for, and the blanks between two. None fit where it is empty."""

    all: tuple[EntryColumn, ...]
    gap: int


def columns(settings: ScreenSettings, shown: Sequence[EntryRow], room: int) -> EntryColumns:
    """Place the columns in so much room; amounts and references are never cut."""
    known = [standing(one).word for one in State]
    longest = format_number(
        Total(-settings.amount_max.minor, settings.amount_max.currency), settings.locale
    )
    clock = format_time(_LATE, settings.locale, UTC)

    def wide(cell: str, *more: str) -> int:
        return max(width(one) for one in (*more, *(getattr(row, cell) for row in shown), ""))

    found = [
        EntryColumn("time", _("Time"), wide("time", clock, _("Time"))),
        EntryColumn("reference", _("Reference"), wide("reference", _REFERENCE, _("Reference"))),
        EntryColumn("what", _("What"), wide("what", _("What"))),
        EntryColumn(
            "amount", settings.amount_max.currency.code, wide("amount", longest), right=True
        ),
        EntryColumn("state", _("State"), 2 + max(map(width, known))),
    ]
    if any(one.number for one in shown):
        found.insert(0, EntryColumn("number", "", 3))
    beside = [
        EntryColumn("card", _("Card"), max(_CARD, wide("card"))),
        EntryColumn("person", _("Cashier"), wide("person", _("Cashier"))),
    ]
    for one in beside:
        if _needed([*found, one]) > room:
            break
        found.append(one)
    found = _narrowed(found, room)
    if not found:
        return EntryColumns((), 0)
    spare = room - sum(one.wide for one in found)
    return EntryColumns(
        tuple(found), min(max(_WIDEST_GAP, room // _GAPS_OF), spare // max(1, len(found) - 1))
    )


def _needed(found: Sequence[EntryColumn]) -> int:
    return sum(one.wide for one in found) + _GAP * (len(found) - 1)


def _narrowed(found: list[EntryColumn], room: int) -> list[EntryColumn]:
    """Cut what an entry is called, then leave its time away; nothing where that is not enough."""
    for left_out in ("", "time"):
        kept = [one for one in found if one.cell != left_out]
        over = _needed(kept) - room
        if over <= 0:
            return kept
        narrower = [
            one._replace(wide=max(_LEAST_WHAT, one.wide - over)) if one.cell == "what" else one
            for one in kept
        ]
        if _needed(narrower) <= room:
            return narrower
    return []


class EntryRows(Rows):
    """The lines of a list in columns; the first line says what each column is."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("rows--chosen", "rows--cap", "rows--title"),
        *("rows--ok", "rows--bad", "rows--warn", "rows--dim"),
    }

    def __init__(
        self,
        settings: ScreenSettings,
        shown: Sequence[EntryRow],
        *,
        chosen: int | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(shown, chosen=chosen, id=id)
        self._settings = settings
        self._entries = shown
        self._placed_for: tuple[Sequence[EntryRow], int] = (), 0
        self._placed = EntryColumns((), 0)

    def show_entries(self, shown: Sequence[EntryRow], *, chosen: int | None = None) -> None:
        """Show other entries; only the lines that change are drawn, unless a column has to move."""
        before, self._entries = self._columns(), shown
        self.show(shown, chosen=chosen)
        if before != self._columns():
            self.refresh()

    @property
    def lines(self) -> int:
        """How many entries there is room for."""
        return max(1, self.size.height - 1)

    def place_at(self, line: int) -> int | None:
        return super().place_at(line - 1) if line else None

    def _line(self, line: int) -> tuple[Row | None, bool]:
        return super()._line(line - 1) if line else (None, False)

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        room, found = self.size.width, self._columns()
        row, chosen = self._line(y)
        if y and (not found.all or not isinstance(row, EntryRow)):
            return super().render_line(y)
        drawn: list[Segment] = []
        whole = self.get_component_rich_style("rows--chosen") if chosen else None
        for one in found.all:
            if self._settings.still and one.cell == "what":
                whole = None  # so far a line is marked where bytes count
            if drawn:
                drawn.append(Segment(" " * found.gap, whole or self.rich_style))
            pieces = self._cell(one, row) if isinstance(row, EntryRow) else self._head(one)
            drawn += [Segment(text, whole or style) for text, style in pieces]
        used = sum(cell_len(one.text) for one in drawn)
        drawn.append(Segment(" " * max(0, room - used), whole or self.rich_style))
        return Strip(drawn).adjust_cell_length(room, self.rich_style)

    def _head(self, one: EntryColumn) -> list[tuple[str, Style]]:
        style = self.get_component_rich_style("rows--dim")
        return [(_placed(one.head, one, rich=self._rich), style)]

    def _cell(self, one: EntryColumn, row: EntryRow) -> list[tuple[str, Style]]:
        style = self.get_component_rich_style
        text: str = getattr(row, one.cell)
        if one.cell == "number":
            return [(f" {text} ", style("rows--cap") if text else self.rich_style)]
        if one.cell == "state":
            mark = row.mark.rich if self._rich else row.mark.console
            looks = style(f"rows--{_COLOURS[row.mark]}")
            return [(_placed(f"{mark} {text}", one, rich=self._rich), looks)]
        looks = {
            "amount": style("rows--title"),
            "reference": self.rich_style,
            "what": self.rich_style,
        }.get(one.cell) or style("rows--dim")
        return [(_placed(text, one, rich=self._rich), looks)]

    @property
    def _rich(self) -> bool:
        return is_dressed(self, "-rich")

    def _columns(self) -> EntryColumns:
        """Place them once for all lines: every entry, and every word for a state, is looked at."""
        shown, room = self._placed_for
        if shown is not self._entries or room != self.size.width:
            self._placed_for = self._entries, self.size.width
            self._placed = columns(self._settings, *self._placed_for)
        return self._placed


def _placed(text: str, one: EntryColumn, *, rich: bool) -> str:
    text = shortened(text, one.wide, rich=rich)
    return rjust(text, one.wide) if one.right else ljust(text, one.wide)
