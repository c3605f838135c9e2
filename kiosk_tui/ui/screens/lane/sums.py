"""The sums of a day as rows of a table: what, how many, how much, and a bar; all bars of one scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Final

from rich.segment import Segment
from textual.strip import Strip

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Total
from kiosk_tui.domain.totals import CurrencyTotals, Sum
from kiosk_tui.records import dataclass
from kiosk_tui.text.amounts import format_number
from kiosk_tui.text.cells import ljust, rjust, shortened, width
from kiosk_tui.text.glyphs import drawable
from kiosk_tui.text.texts import _, capital
from kiosk_tui.text.wording.operations import kind
from kiosk_tui.text.wording.states import standing
from kiosk_tui.ui.widgets.fitting import is_dressed
from kiosk_tui.ui.widgets.rows import Row, Rows

_GAP: Final = 3
_INDENT: Final = "  "
_LEAST_NAME: Final = 12
_LEAST_BAR: Final = 8


@dataclass(frozen=True, slots=True)
class SumRow(Row):
    """A line of the table. `minor` is what its bar shows: negative for what went; 0 has no bar."""

    count: str = ""
    amount: str = ""
    minor: int = 0
    faint: bool = False


def sums(one: CurrencyTotals, locale: str) -> Sequence[SumRow]:
    """Return all that a day came to in one currency."""
    return list(_Sums(one, locale).rows())


@dataclass(frozen=True, slots=True)
class _Sums:
    totals: CurrencyTotals
    locale: str

    def rows(self) -> Iterator[SumRow]:
        one = self.totals
        for operation, found in one.approved.items():
            yield self._row(kind(operation), found, operation.direction)
        if one.net.tip_minor:
            tips = self._number(one.net.tip_minor)
            yield SumRow(
                _INDENT + _("Tips in it"), amount=tips, minor=one.net.tip_minor, faint=True
            )
        gone = capital(standing(State.CANCELLED).word)
        for operation, found in one.cancelled.items():
            yield self._row(f"{gone}: {kind(operation)}", found, -operation.direction)
        beside = {
            _("Not paid"): one.not_paid,
            _("Not completed, reversed"): one.reversed,
            _("Cancelled for another terminal"): one.elsewhere,
        }
        yield from self._block({name: found for name, found in beside.items() if found.count}, 0)
        if one.brands:
            yield SumRow(_("By card"), faint=True)
        yield from self._block({name or _("unknown"): found for name, found in one.brands.items()})
        if any(one.cashiers):
            yield SumRow(_("By cashier"), faint=True)
            yield from self._block(
                {name or _("unknown"): found for name, found in one.cashiers.items()}
            )
        yield from self._open()

    def _block(self, named: Mapping[str, Sum], direction: int = 1) -> Iterator[SumRow]:
        for name, found in named.items():
            yield self._row(name, found, direction)

    def _open(self) -> Iterator[SumRow]:
        if not self.totals.open:
            yield SumRow(_("Nothing is left open."), faint=True)
            return
        yield SumRow(_("Still open"), faint=True)
        named: dict[str, Sum] = {}
        for state, found in self.totals.open.items():
            word = capital(standing(state).word)
            named[word] = named.get(word, Sum()).with_(found)
        yield from self._block(named, 0)

    def _row(self, name: str, found: Sum, direction: int) -> SumRow:
        """Write a sum; what moved no money (a hold, what was not paid) in brackets, without a bar."""
        minor = direction * found.minor
        number = self._number(minor if direction else found.minor)
        amount = number if direction else f"({number})"
        return SumRow(name, count=str(found.count), amount=amount, minor=minor)

    def _number(self, minor: int) -> str:
        return format_number(Total(minor, self.totals.currency), self.locale)


class SumRows(Rows):
    """Shows sums in columns; the first line says what each column is."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("rows--chosen", "rows--alert", "rows--dim", "rows--title"),
        *("sums--in", "sums--out"),
    }

    def __init__(self, shown: Sequence[SumRow], currency: str) -> None:
        super().__init__(shown, id="rows")
        self._sums = shown
        self._code = currency

    def show_sums(self, shown: Sequence[SumRow], currency: str, *, first: int) -> None:
        """Show other sums, from the line `first` on."""
        self._sums, self._code = shown, currency
        self.show(shown, first=first)
        self.refresh()

    @property
    def lines(self) -> int:
        """How many sums there is room for."""
        return max(1, self.size.height - 1)

    @property
    def all_shown(self) -> bool:
        """Whether there is room for all of them."""
        return len(self._sums) <= self.lines

    def _line(self, line: int) -> tuple[Row | None, bool]:
        return super()._line(line - 1) if line else (None, False)

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        row, _chosen = self._line(y)
        if y == 0:
            head = SumRow(_("What"), count=_("Count"), amount=self._code, faint=True)
            return self._drawn(head, "rows--dim")
        if not isinstance(row, SumRow):
            return Strip.blank(self.size.width, self.rich_style)
        return self._drawn(row, "rows--title")

    def _drawn(self, row: SumRow, amount: str) -> Strip:
        room, plain, style = self.size.width, self.rich_style, self.get_component_rich_style
        counts = max(width(_("Count")), *(width(one.count) for one in self._sums))
        amounts = max(width(self._code), *(width(one.amount) for one in self._sums))
        names = max(_LEAST_NAME, *(width(one.text) for one in self._sums))
        names = min(names, room - counts - amounts - 2 * _GAP)
        gap = " " * _GAP
        rich = is_dressed(self, "-rich")
        name = ljust(shortened(row.text, names, rich=rich), names)
        drawn = [
            Segment(name, style("rows--dim") if row.faint else plain),
            Segment(gap + rjust(row.count, counts) + gap, plain),
            Segment(rjust(row.amount, amounts), style(amount)),
        ]
        bar = room - names - counts - amounts - 3 * _GAP
        if bar >= _LEAST_BAR and row.minor:
            most = max(abs(one.minor) for one in self._sums)
            cells = max(1, round(bar * abs(row.minor) / most))
            block = "▄" if rich else drawable("█")
            drawn.append(Segment(gap, plain))
            drawn.append(
                Segment(block * cells, style("sums--in" if row.minor > 0 else "sums--out"))
            )
        return Strip(drawn).adjust_cell_length(room, plain)
