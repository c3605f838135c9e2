"""The money of business days, whatever happens in whatever order: held against a third way of adding up.

Real journals are written by random walks through the lifecycle, and days are closed in between. The other side is
an accountant who knows nothing of logs and spans: he writes down what each commit does to money, as it happens.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kiosk_tui.domain.day_clock import DayClock
from kiosk_tui.domain.days import DayReport
from kiosk_tui.domain.identity import Original, Place, TransactionId
from kiosk_tui.domain.lifecycle import Event, State, allows
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation, TipUse
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.totals import NOT_PAID, UNFINISHED, Sum
from kiosk_tui.domain.transaction import Exchange, Order, Transaction
from kiosk_tui.journal.day_reports import close_day, closed_days, day_so_far
from kiosk_tui.journal.store import Store

EUR, JPY = Currency("EUR", 2), Currency("JPY", 0)
NOW = datetime(2026, 11, 30, 21, 0, tzinfo=UTC)
CLOCK = DayClock(time(4), UTC)
PLACE, OTHERS = Place("88091105", "1"), Place("11460019", "1")
BRAND = "credit_card_issuer_and_acquirer_company"
_TOLD = {Event.APPROVED, Event.APPROVED_UNTIL_GOODS, Event.LATE_APPROVAL}
"""What TECS's answer to the payment itself tells."""


def _sums() -> dict[Any, Sum]:
    return defaultdict(Sum)


@dataclass
class _Page:
    """What one currency came to since the last day was closed."""

    approved: dict[Any, Sum] = field(default_factory=_sums)
    cancelled: dict[Any, Sum] = field(default_factory=_sums)
    reversed: list[str] = field(default_factory=list)
    """These had never been approved: what they would have come to is told as it is known now."""
    elsewhere: Sum = field(default_factory=Sum)
    net: Sum = field(default_factory=Sum)
    brands: dict[Any, Sum] = field(default_factory=_sums)
    cashiers: dict[Any, Sum] = field(default_factory=_sums)

    def move(self, one: Transaction, sum_: Sum, sign: int) -> None:
        if not sign:
            return
        brand = "VISA" if one.answer is not None and BRAND in one.answer.fields else ""
        self.net = self.net.with_(sum_, sign)
        self.brands[brand] = self.brands[brand].with_(sum_, sign)
        who = one.order.personal_id
        self.cashiers[who] = self.cashiers[who].with_(sum_, sign)


class _Accountant:
    """Writes down what each commit does to money."""

    def __init__(self) -> None:
        self.pages: dict[Currency, _Page] = defaultdict(_Page)
        self.running: dict[Currency, Sum] = defaultdict(Sum)
        self.counted_on: dict[str, int] = {}
        """On which day an approval was counted."""
        self.late: list[tuple[str, State, int]] = []
        self.touched: set[str] = set()
        self.day = 1

    def happened(self, before: State | None, one: Transaction, sum_: Sum) -> None:
        order, page = one.order, self.pages[one.order.amount.currency]
        direction = order.operation.direction
        earlier = self.counted_on.get(one.id)
        self.touched.add(one.id)
        if earlier is not None and earlier < self.day and one.state is not before:
            self.late.append((one.id, one.state, earlier))
        if one.state is State.APPROVED and earlier is None:
            self.counted_on[one.id] = self.day
            page.approved[order.operation] = page.approved[order.operation].with_(sum_)
            page.move(one, sum_, direction)
        if one.state is State.CANCELLED and before is not State.CANCELLED:
            if order.operation is Operation.CANCELLATION:
                page.elsewhere = page.elsewhere.with_(sum_)
            elif earlier is None:
                page.reversed.append(one.id)
            else:
                page.cancelled[order.operation] = page.cancelled[order.operation].with_(sum_)
                page.move(one, sum_, -direction)

    def check(
        self, day: DayReport, transactions: dict[str, Transaction], sums: dict[str, Sum]
    ) -> None:
        assert not day.disagreements
        sheets = {one.currency: one for one in day.currencies}
        for currency in (EUR, JPY):
            here = [one for one in transactions.values() if one.order.amount.currency == currency]
            open_: dict[State, Sum] = defaultdict(Sum)
            not_paid = Sum()
            for one in here:
                if one.state in UNFINISHED:
                    open_[one.state] = open_[one.state].with_(sums[one.id])
                if one.state in NOT_PAID and one.id in self.touched:
                    not_paid = not_paid.with_(sums[one.id])
            page, sheet = self.pages[currency], sheets.get(currency)
            if sheet is None:
                assert (page.net, not_paid, open_) == (Sum(), Sum(), {})
                continue
            assert sheet.approved == page.approved
            assert sheet.cancelled == page.cancelled
            reversed_ = Sum()
            for number in page.reversed:
                reversed_ = reversed_.with_(sums[number])
            assert (sheet.reversed, sheet.elsewhere) == (reversed_, page.elsewhere)
            assert (sheet.not_paid, sheet.open) == (not_paid, open_)
            assert (sheet.net, sheet.brands, sheet.cashiers) == (
                page.net,
                page.brands,
                page.cashiers,
            )
            told = day.running.get(currency, Sum())
            assert told == self.running[currency].with_(page.net)
        assert sorted((one.transaction_id, one.after, one.day) for one in day.late) == sorted(
            self.late
        )

    def close(self) -> None:
        for currency, page in self.pages.items():
            self.running[currency] = self.running[currency].with_(page.net)
        self.pages.clear()
        self.late.clear()
        self.touched.clear()
        self.day += 1


class _Register:
    """A journal, and the accountant beside it."""

    def __init__(self, path: Path) -> None:
        self.path, self.store = path, Store(path)
        self.books = _Accountant()
        self.transactions: dict[str, Transaction] = {}
        self.exchanges: dict[str, Exchange] = {}
        self.sums: dict[str, Sum] = {}
        self.closed: list[DayReport] = []
        self.now = NOW

    def begin(
        self, operation: Operation, currency: Currency, minor: int, tip: int, who: str
    ) -> None:
        rules = operation.rules
        original = None
        if rules.originals:
            fitting = [one for one in self.transactions.values() if one.state is State.APPROVED]
            place = OTHERS if operation is Operation.CANCELLATION else PLACE
            number = fitting[-1].id if fitting else TransactionId("20261101120000001")
            original = Original(number, place)
        tipped = Money(tip, currency) if rules.tip is TipUse.CARRIED else None
        order = Order(
            operation, Money(minor, currency), PLACE, tip=tipped, original=original, personal_id=who
        )
        if operation is Operation.CANCELLATION:
            one = self.store.begin_cancellation(order, self.now)
        else:
            one, exchange = self.store.begin(order, minor, self.now)
            self.exchanges[one.id] = exchange
        self._committed(None, one)

    def happen(self, which: int, wanted: list[Event], tip: int, branded: bool) -> None:
        if not self.transactions:
            return
        one = list(self.transactions.values())[-1 - which % len(self.transactions)]
        # a payment is answered once, and a cancellation for another terminal is none
        answered = one.answer is not None or one.order.operation is Operation.CANCELLATION
        events = [
            event
            for event in wanted
            if allows(one.state, event) and not (answered and event in _TOLD)
        ]
        if not events:
            return
        event, exchange, before = events[0], None, one.state
        if event in _TOLD:
            fields = {BRAND: "Acquirer;Visa"} if branded else {}
            if tip and one.order.operation.rules.tip is not TipUse.NEVER:
                fields["ecr_data"] = f"TIP={tip};"
            answer = Answer("0", fields=fields)
            one = replace(one, answer=answer)
            exchange = replace(self.exchanges[one.id], answer=answer)
        after, _ = one.after(event, self.now)
        self.store.record(before, after, event, exchange)
        self._committed(before, after)

    def close(self) -> None:
        if not self.transactions:
            return
        so_far = day_so_far(self.path, self.now, CLOCK)
        self.books.check(so_far, self.transactions, self.sums)
        if so_far.last == so_far.after:
            return
        done = close_day(self.path, self.now, CLOCK)
        self.closed.append(done)
        self.books.check(done, self.transactions, self.sums)
        self.books.close()
        assert closed_days(self.path) == tuple(self.closed)

    def _committed(self, before: State | None, one: Transaction) -> None:
        self.transactions[one.id] = one
        typed = one.answer.fields.get("ecr_data", "") if one.answer else ""
        ordered = 0 if one.order.tip is None else one.order.tip.minor
        tip = int(typed[4:-1]) if typed and one.state is not State.DECLINED else ordered
        in_it = one.order.amount.minor if one.order.operation is Operation.GRATUITY else tip
        self.sums[one.id] = Sum(1, one.order.amount.minor + tip, in_it)
        self.books.happened(before, one, self.sums[one.id])


_BEGINS = st.tuples(
    st.just("begin"),
    st.sampled_from(sorted(Operation)),
    st.sampled_from((EUR, EUR, JPY)),
    st.integers(1, 5000),
    st.integers(1, 500),
    st.sampled_from(("", "anna", "ben")),
)
_HAPPENS = st.tuples(
    st.just("happen"),
    st.integers(0, 2),
    st.permutations(sorted(Event)),
    st.integers(0, 300),
    st.booleans(),
)
_APPROVED = st.builds(
    lambda happens: (*happens[:2], [Event.APPROVED, *happens[2]], *happens[3:]), _HAPPENS
)
"""As most payments end: chance alone would seldom have one that is cancelled days later."""
_CLOCKS = st.tuples(st.just("clock"), st.integers(-3000, 3000))
_CLOSES = st.tuples(st.just("close"))


@settings(
    max_examples=60,
    deadline=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(st.one_of(_BEGINS, _APPROVED, _HAPPENS, _HAPPENS, _CLOCKS, _CLOSES), max_size=40))
def test_every_day_is_what_an_accountant_has_written_down(does: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        register = _Register(Path(folder) / "journal.db")
        try:
            for what, *more in [*does, ("close",)]:
                if what == "clock":
                    register.now = NOW + timedelta(minutes=more[0])
                else:
                    getattr(register, what)(*more)
        finally:
            register.store.close()
