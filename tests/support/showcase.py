"""Every screen in every state that it can be in, built from settings, to be looked at and measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta

from kiosk_tui.diagnosis.chain import Link
from kiosk_tui.diagnosis.examination import Examination
from kiosk_tui.domain.days import DayReport
from kiosk_tui.domain.identity import Original, TransactionId
from kiosk_tui.domain.lane import Draft
from kiosk_tui.domain.lifecycle import AWAITING_GOODS, State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer, TerminalState
from kiosk_tui.domain.rights import Approval, Rights
from kiosk_tui.domain.task import Task
from kiosk_tui.domain.tip import TipPolicy
from kiosk_tui.domain.totals import CurrencyTotals, Sum, Totals
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.payment.notifications import TerminalTold, TransactionChanged
from kiosk_tui.payment.readiness import ClosingNotice, Obstacle, Readiness
from kiosk_tui.payment.self_test import Part, PartCheck
from kiosk_tui.receipt import qr
from kiosk_tui.remote.link.protocol import Denial, Holder, RegisterView, TransactionBrief
from kiosk_tui.remote.link.takeover import Held
from kiosk_tui.session.settings import LaneSettings, Mode, ScreenSettings
from kiosk_tui.text.wording.lane import no_digit, no_number
from kiosk_tui.text.wording.outcomes import ended_without_goods
from kiosk_tui.ui.driver.typed import Burst
from kiosk_tui.ui.journeys import forms
from kiosk_tui.ui.messages import Approached
from kiosk_tui.ui.screens.amount import Amount
from kiosk_tui.ui.screens.base import KioskScreen
from kiosk_tui.ui.screens.frame import Frame
from kiosk_tui.ui.screens.held import HeldScreen
from kiosk_tui.ui.screens.lane.day import BusinessDay, Day
from kiosk_tui.ui.screens.lane.form import Form
from kiosk_tui.ui.screens.lane.lane import LaneScreen
from kiosk_tui.ui.screens.lane.pick import Pick
from kiosk_tui.ui.screens.lane.shift import Shift
from kiosk_tui.ui.screens.lane.tasks import Tasks, ToDo
from kiosk_tui.ui.screens.lookup import Lookup
from kiosk_tui.ui.screens.meanwhile import Meanwhile
from kiosk_tui.ui.screens.out_of_service import OutOfService
from kiosk_tui.ui.screens.presets import Presets
from kiosk_tui.ui.screens.result import Result
from kiosk_tui.ui.screens.service.menu import Menu, Unfinished
from kiosk_tui.ui.screens.service.pin import Pin
from kiosk_tui.ui.screens.service.self_test import SelfTest
from kiosk_tui.ui.screens.service.service_day import ServiceDay
from kiosk_tui.ui.screens.service.settle import Settle
from kiosk_tui.ui.screens.service.transactions import TransactionList
from kiosk_tui.ui.screens.starting import Starting
from kiosk_tui.ui.screens.taken_over import TakenOverScreen
from kiosk_tui.ui.screens.technician.bench import Bench
from kiosk_tui.ui.screens.technician.exchange import ExchangeScreen
from kiosk_tui.ui.screens.tip import TipScreen
from kiosk_tui.ui.screens.tip_typed import TipTyped
from kiosk_tui.ui.screens.waiting import Waiting
from kiosk_tui.ui.screens.welcome import Welcome
from support.bench import examination, healthy
from support.fakes import EUR, PLACE
from support.virtual import START

SETTINGS = ScreenSettings(
    mode=Mode.KIOSK,
    demo=True,
    place=PLACE,
    amount_min=Money(100, EUR),
    amount_max=Money(100_000, EUR),
    tip=TipPolicy(),
    languages=("en",),
    idle_s=60,
    pin_fits="0000".__eq__,
    demo_pin="0000",
    name="Museum of Time",
    motion=False,
    motion_at_rest=False,
    now=lambda: START + timedelta(hours=18),
)
DONE = Transaction(
    id=TransactionId("20261123140102345"),
    order=Order(Operation.SALE, Money(1255, EUR), PLACE),
    state=State.APPROVED,
    amount_sent=Money(1255, EUR),
    created_at=START,
    updated_at=START,
    answer=Answer(
        "0", fields={"card_number": "411111******1111", "authorization_number": "123456"}
    ),
)
UNTIL_GOODS = replace(DONE, order=replace(DONE.order, until_goods=True), state=State.GOODS_DUE)
TIPPED = replace(
    DONE,
    order=Order(Operation.SALE_AND_TIP, Money(123_456, EUR), PLACE, tip=Money(12_345, EUR)),
    amount_sent=Money(123_456, EUR),
)
WHY = "The clock of this machine says 1970-01-02: set it, or let it find a time server."
REASONS = (
    *("funds", "wrong_pin", "pin_tries", "expired", "cancelled", "other_card"),
    *("not_permitted", "terminal", "busy", "timeout", "host", "other"),
)
LOGO = ("/\\    M U S E U M    /\\", "\\/   O F   T I M E   \\/")
LARGE_LOGO = ("*" * 60, *LOGO, "+" * 60, "=" * 60)
PRESETS = tuple(Money(minor, EUR) for minor in (500, 1000, 2000, 5000, 10_000))
FIXED = TipPolicy(fixed_minor=(50, 100, 200, 300, 500), fixed_below_minor=10_000)

HELD_BY = (
    "The journal /var/lib/kiosk-tui/journal.db is in use by kiosk-tui sale as user 1000 (process 4711):"
    " end that first, or use it there."
)
HELD = RegisterView(
    watch=1,
    at="2026-11-23T14:00:42+00:00",
    holder=Holder(
        command="kiosk-tui run as user 1000",
        pid=4711,
        version="0.1.0",
        mode="lane",
        kiosk_id="museum",
        terminal="88091105",
        demo=False,
        since="2026-11-23T14:00:00+00:00",
    ),
    screen="Waiting",
    ending="",
    open=True,
    obstacle=None,
    why="",
    since=None,
    current=TransactionBrief(
        id="20261123140102345",
        reference="140 102 345",
        operation="sale",
        state="AUTHORIZING",
        total="1234.56",
        currency="EUR",
        created_at="",
        updated_at="",
        attempts=0,
        response_code="",
        why="",
    ),
    age_s=42.0,
    seconds_left=138.0,
    told="card_read",
    behind=False,
    due_count=0,
    due_totals={},
    due=(),
    last=(),
)
HELD_KIOSK = replace(
    HELD, holder=replace(HELD.holder, mode="kiosk"), current=None, screen="Welcome"
)

Build = Callable[[ScreenSettings], Frame]


def in_state(state: State, reason: str = "other") -> Transaction:
    """Return a transaction that ended, or stands, like that."""
    answer = Answer("51", reason=reason, fields=DONE.answer.fields if DONE.answer else {})
    return replace(DONE, state=state, answer=answer, attempts=12, why="No answer came in time.")


def _result(
    result: Transaction | NotStarted, *, given_up: bool = False, again: bool = False
) -> Build:
    without_goods = ended_without_goods(result)
    return lambda settings: _Still(
        settings, result, given_up=given_up, again=again, without_goods=without_goods
    )


class _Still(Result):
    """A result whose time stands still: pictures of it are alike on a slow machine, too."""

    def count_down(self) -> None:
        """Count nothing."""


def _closed(obstacle: Obstacle) -> Build:
    return lambda settings: OutOfService(
        settings, Readiness(obstacle, WHY, START, retry_in_s=45), interrupted=True
    )


def _closed_by_office(sentence: str) -> Build:
    why, notice = "Head office has closed this register.", ClosingNotice(sentence)
    readiness = Readiness(Obstacle.CLOSED_BY_OFFICE, why, START, notice=notice)
    return lambda settings: OutOfService(settings, readiness)


def _read(settings: ScreenSettings, state: TerminalState) -> Waiting:
    screen = Waiting(settings, Money(123_456, settings.amount_max.currency), lambda: 179.0)
    screen.call_later(screen.hear, TerminalTold(state))
    return screen


def _handing_over(settings: ScreenSettings) -> Waiting:
    screen = Waiting(settings, Money(123_456, settings.amount_max.currency), lambda: 52.0)
    screen.call_later(screen.hear, TransactionChanged(UNTIL_GOODS))
    return screen


def _asked(settings: ScreenSettings) -> Waiting:
    screen = Waiting(settings, Money(123_456, EUR), lambda: 179.0)
    screen.call_later(screen.press, "escape")
    return screen


def _given_up(settings: ScreenSettings) -> Waiting:
    screen = Waiting(settings, Money(1255, EUR), lambda: 29.0)
    for key in ("escape", "enter"):
        screen.call_later(screen.press, key)
    return screen


def _scanned(settings: ScreenSettings) -> Amount:
    screen = Amount(settings, Money(1255, EUR))
    screen.call_later(screen.take_burst, Burst("4006381333931", entered=True))
    return screen


def _pasted(settings: ScreenSettings) -> Amount:
    screen = Amount(settings, Money(0, EUR))
    screen.call_later(screen.paste, "1.234")
    return screen


def _looked_up(settings: ScreenSettings) -> Lookup:
    screen = Lookup(settings)
    screen.call_later(screen.take_burst, Burst("https://museum.example/r/140102345"))
    return screen


def _coded(url: str = "") -> Build:
    def build(settings: ScreenSettings) -> Result:
        screen = _Still(replace(settings, code=lambda one: qr.text(one, url)), DONE)
        screen.call_later(screen.digit, 1)
        return screen

    return build


def _asking(settings: ScreenSettings) -> KioskScreen:
    screen = Amount(settings, Money(1255, EUR))
    screen.call_later(screen._hesitated)
    return screen


def _refused(settings: ScreenSettings) -> KioskScreen:
    screen = Amount(settings, Money(1, EUR))
    screen.call_later(screen.enter)
    return screen


def _found(settings: ScreenSettings, state: State) -> KioskScreen:
    screen = Lookup(settings)
    screen.call_later(screen.answer, [in_state(state)])
    return screen


async def _no_pin(_typed: str) -> str:
    return ""


def _lookup(settings: ScreenSettings) -> Lookup:
    screen = Lookup(settings)
    for digit in (1, 4, 0, 1, 0):
        screen.call_later(screen.digit, digit)
    return screen


def _story(settings: ScreenSettings) -> TransactionList:
    screen = TransactionList(settings, [in_state(State.NEEDS_STAFF)])
    screen.call_later(screen.digit, 1)
    return screen


def _self_test(settings: ScreenSettings) -> SelfTest:
    screen = SelfTest(settings)
    findings = [PartCheck(part, part is not Part.CLOCK, "tecsclientrest 0.14.15") for part in Part]
    screen.call_later(screen.tell, findings)
    return screen


def _bench_sale(settings: ScreenSettings) -> Bench:
    screen = Bench(settings, examination(), Readiness(None), chosen=Link.TEST_SALE)
    screen.call_later(screen.enter)
    return screen


EXTRA_LANE = LaneSettings(
    extra=frozenset({Operation.BALANCE}), zone=UTC, rights=Rights(), people=frozenset({"anna"})
)


def _today() -> dict[str, Transaction]:
    """Return a morning at the lane: every kind of entry, every way to stand but waiting for goods."""
    kinds = [one for one in Operation if one is not Operation.GRATUITY]  # not every lane has it
    found: dict[str, Transaction] = {}
    for number, state in enumerate(one for one in State if one not in AWAITING_GOODS):
        operation = kinds[number % len(kinds)]
        tip = Money(125, EUR) if operation is Operation.SALE_AND_TIP else None
        one = replace(
            in_state(state),
            id=TransactionId(f"202611231401{number:02}345"),
            order=Order(
                operation, Money(1255 + 111 * number, EUR), PLACE, tip=tip, personal_id="anna"
            ),
            created_at=START + timedelta(minutes=number),
        )
        found[one.id] = one
    return found


GOODS = replace(
    in_state(State.GOODS_DUE),
    id=TransactionId("20261123140130345"),
    order=replace(DONE.order, personal_id="anna"),
    created_at=START + timedelta(minutes=30),
)
"""A sale whose goods are waited for."""


def _lane(
    settings: ScreenSettings,
    draft: Draft | None = None,
    *,
    shown: Transaction | NotStarted | None = None,
    running: Order | None = None,
    obstacle: Obstacle | None = None,
    due: bool = True,
    goods: bool = False,
    then: Callable[[LaneScreen], None] = lambda _: None,
) -> LaneScreen:
    today = _today()
    if goods:
        today[GOODS.id] = GOODS
    owed = tuple(one for one in today.values() if one.state is State.CANCEL_DUE)
    shift = Shift(
        cashier="anna",
        readiness=Readiness(obstacle, WHY, START, due=owed if due else ()),
        today=today,
        tasks={one.id for one in today.values() if one.state is State.NEEDS_STAFF},
        shown=shown,
        running=running,
    )
    settings = replace(settings, lane=EXTRA_LANE, demo_pin="")
    screen = LaneScreen(
        settings, draft or Draft(Operation.SALE, Money(0, EUR)), shift, lambda: 172.0
    )
    screen.call_later(then, screen)
    return screen


def _cancelled() -> Draft:
    """Return a cancellation of the third of today's entries, as it is asked about."""
    one = list(_today().values())[2]
    draft = Draft(Operation.CANCELLATION, Money(0, EUR))
    return draft.about(Original(one.id, PLACE), Money(1477, EUR), Money(1477, EUR))


def _gives_up(lane: LaneScreen) -> None:
    for key in ("escape", "1"):
        lane.press(key)


def _elsewhere(settings: ScreenSettings) -> Form:
    screen = forms.elsewhere(settings)
    screen.call_later(screen.refuse, no_number("12x"))
    return screen


def _card_reference(settings: ScreenSettings) -> Form:
    screen = forms.card_reference(settings)
    for character in "REF1234567890_2712_0006_411111":
        screen.call_later(screen.write, character)
    return screen


def _opened(settings: ScreenSettings) -> Pick:
    screen = Pick(settings, Draft(Operation.SALE, Money(0, EUR)), [DONE])
    screen.call_later(screen.digit, 1)
    return screen


def _day(settings: ScreenSettings) -> Day:
    one, other = Sum(3, 4065, 125), Sum(1, 1255)
    totals = Totals(
        START,
        START + timedelta(days=1),
        (
            CurrencyTotals(
                currency=EUR,
                approved={Operation.SALE_AND_TIP: one, Operation.REFUND: other},
                cancelled={Operation.SALE: other},
                elsewhere=other,
                reversed=other,
                not_paid=Sum(2, 900),
                open={State.NEEDS_STAFF: other, State.CANCEL_DUE: one},
                brands={"VISA": one, "": other},
                net=Sum(5, 1555, 125),
            ),
        ),
        (),
    )
    return Day(settings, totals)


def _business_day(settings: ScreenSettings, screen: type[BusinessDay] = BusinessDay) -> BusinessDay:
    one = Sum(3, 4065, 125)
    sheet = CurrencyTotals(
        currency=EUR,
        approved={Operation.SALE_AND_TIP: one},
        cancelled={},
        elsewhere=Sum(),
        reversed=Sum(),
        not_paid=Sum(2, 900),
        open={State.GOODS_DUE: Sum(1, 350)},
        brands={"VISA": one},
        net=one,
        cashiers={"anna": one},
    )
    report = DayReport(
        number=None, day=START.date(), opened_at=START, at=START, after=0, last=9, currencies=(sheet,),
        late=(), running={EUR: one}, disagreements=(),
    )  # fmt: skip
    return screen(settings, report)


TIP = Draft(Operation.SALE_AND_TIP, Money(1255, EUR), tip=Money(125, EUR), tipping=True)
ABOUT = Draft(
    Operation.REFERENCED_REFUND,
    Money(1255, EUR),
    original=Original(DONE.id, PLACE),
    possible=Money(1255, EUR),
    offered=True,
    reason="Broken on arrival, the whole box of it",
    receipt_number="R-2026-000000004711",
)
TASKS = [
    ToDo(replace(in_state(State.NEEDS_STAFF), id=TransactionId(f"2026112314010{place}345")), task)
    for place, task in enumerate(Task)
]

SHOWCASE: dict[str, Build] = {
    "starting": lambda _: Starting(),
    "welcome": lambda s: Welcome(replace(s, logo=LOGO, welcome={"en": "Thank you!"})),
    "welcome_due": lambda s: Welcome(s, due=2),
    "welcome_price": lambda s: Welcome(replace(s, price=Money(400, EUR))),
    "welcome_full": lambda s: Welcome(
        replace(s, logo=LARGE_LOGO, welcome={"en": "Thank you!", "de": "Danke!"}), due=2
    ),
    "welcome_full_price": lambda s: Welcome(
        replace(
            s,
            logo=LARGE_LOGO,
            welcome={"en": "Thank you!", "de": "Danke!"},
            price=Money(123_456, EUR),
        ),
        due=2,
    ),
    "welcome_presets": lambda s: Welcome(replace(s, presets=PRESETS)),
    "presets": lambda s: Presets(replace(s, presets=PRESETS)),
    "amount": lambda s: Amount(s, Money(99_999, EUR)),
    "amount_refused": _refused,
    "amount_scanned": _scanned,
    "amount_pasted": _pasted,
    "amount_in_one_piece": lambda s: Amount.begun(s, Approached(run="1255", entered=True)),
    "more_time": _asking,
    "tip": lambda s: TipScreen(s, Money(99_999, EUR)),
    "tip_usual": lambda s: TipScreen(s, Money(1255, EUR)),
    "tip_four": lambda s: TipScreen(
        replace(s, tip=TipPolicy(percent=(5, 10, 15, 20))), Money(1255, EUR)
    ),
    "tip_one": lambda s: TipScreen(
        replace(s, tip=TipPolicy(percent=(10,), custom=False)), Money(1255, EUR)
    ),
    "tip_fixed": lambda s: TipScreen(replace(s, tip=FIXED), Money(1255, EUR)),
    "tip_typed": lambda s: TipTyped(s, Money(99_999, EUR)),
    "waiting": lambda s: Waiting(s, Money(123_456, EUR), lambda: 179.0),
    "waiting_usual": lambda s: Waiting(s, Money(1381, EUR), lambda: 129.0),
    "waiting_card_read": lambda s: _read(s, TerminalState.CARD_READ),
    "waiting_asked": _asked,
    "waiting_given_up": _given_up,
    "waiting_goods": _handing_over,
    **{
        f"without_goods_{state.lower()}": _result(replace(UNTIL_GOODS, state=state))
        for state in (State.VOID_DUE, State.CANCELLED, State.NEEDS_STAFF)
    },
    "approved": _result(DONE),
    "approved_tip": _result(TIPPED),
    "declined_again": _result(in_state(State.DECLINED), again=True),
    "stopped": _result(in_state(State.DECLINED), given_up=True, again=True),
    "stopped_due": _result(in_state(State.GIVEN_UP), given_up=True),
    **{f"declined_{one}": _result(in_state(State.DECLINED, one)) for one in REASONS},
    **{str(one).lower(): _result(in_state(one)) for one in State if one is not State.APPROVED},
    "code": _coded(),
    "code_short": _coded("https://m.ex.at/{reference}"),
    "code_long": _coded("https://museum.example/receipts/{reference}/{id}"),
    "refused_register": _result(
        replace(in_state(State.CANCEL_DUE), answer=Answer("", http_status=401))
    ),
    "not_started": _result(NotStarted(Refusal.CLOSED, "x")),
    "busy": _result(NotStarted(Refusal.BUSY, "x")),
    **{f"closed_{one}": _closed(one) for one in Obstacle},
    "closed_notice": _closed_by_office("The museum is closed for a private event until 14:00."),
    "closed_notice_longest": _closed_by_office("[b]Sixteen letters " * 11),
    "lookup": _lookup,
    "lookup_scanned": _looked_up,
    **{f"found_{one.lower()}": lambda s, one=one: _found(s, one) for one in State},  # type: ignore[misc]
    "pin": lambda s: Pin(s, _no_pin),
    "menu": lambda s: Menu(
        s,
        Unfinished(
            (in_state(State.CANCEL_DUE),),
            (replace(in_state(State.NEEDS_STAFF), id=TransactionId("20261122093000001")),),
            today=14,
            printer=True,
        ),
    ),
    "menu_full": lambda s: Menu(
        s,
        Unfinished(
            tuple(
                replace(
                    in_state(State.CANCEL_DUE),
                    id=TransactionId(f"202611231200{number:02}000"),
                    why=WHY * 2,
                )
                for number in range(12)
            ),
            (replace(in_state(State.NEEDS_STAFF), id=TransactionId("20261122093000001")),),
        ),
        said="The setting kiosk.theme is wrong.",
    ),
    "menu_empty": lambda s: Menu(s, Unfinished(), said="The setting kiosk.theme is wrong."),
    "menu_nothing_due": lambda s: Menu(
        replace(s, machine="K-0417"), Unfinished(today=14, printer=True)
    ),
    "settle": lambda s: Settle(s, in_state(State.NEEDS_STAFF)),
    "book": lambda s: TransactionList(s, [in_state(one) for one in State]),
    "story": _story,
    "self_test": _self_test,
    "bench": lambda s: Bench(s, examination(), Readiness(None), chosen=Link.AUTHORIZATION),
    "bench_new": lambda s: Bench(s, Examination(examination().subject), None),
    "bench_ready": lambda s: Bench(s, healthy(), Readiness(None)),
    "bench_remark": lambda s: Bench(s, healthy(remark=True), Readiness(None), chosen=Link.PRINTER),
    "bench_closed": lambda s: Bench(
        s, healthy(), Readiness(Obstacle.JOURNAL, HELD_BY, START), chosen=Link.JOURNAL
    ),
    "bench_sale": _bench_sale,
    "exchange_request": lambda s: ExchangeScreen(s, examination()),
    "exchange_answer": lambda s: ExchangeScreen(s, examination(), view=2),
    "exchange_raw": lambda s: ExchangeScreen(s, examination(), view=3),
    "exchange_times": lambda s: ExchangeScreen(s, examination(), view=4),
    "exchange_sale": lambda s: ExchangeScreen(s, examination(), kind="sale"),
    "lane": lambda s: _lane(s, due=False),
    "lane_approved": lambda s: _lane(s, shown=DONE),
    "lane_declined": lambda s: _lane(s, shown=in_state(State.DECLINED, "funds")),
    "lane_goods": lambda s: _lane(s, goods=True, due=False),
    "lane_goods_question": lambda s: _lane(
        s, goods=True, due=False, then=lambda one: one.press("escape")
    ),
    "lane_due": lambda s: _lane(s, shown=in_state(State.CANCEL_DUE)),
    "lane_needs_staff": lambda s: _lane(s, shown=in_state(State.NEEDS_STAFF)),
    "lane_not_started": lambda s: _lane(s, shown=NotStarted(Refusal.INVALID, WHY)),
    "lane_closed": lambda s: _lane(s, obstacle=Obstacle.CANCELLATION_DUE),
    "lane_busy": lambda s: _lane(s, running=DONE.order),
    "lane_asked": lambda s: _lane(s, running=DONE.order, then=lambda one: one.press("escape")),
    "lane_given_up": lambda s: _lane(s, running=DONE.order, then=_gives_up),
    "lane_scanned": lambda s: _lane(s, then=lambda one: one.burst("4006381333931", entered=True)),
    "lane_tip": lambda s: _lane(s, TIP),
    "lane_refund": lambda s: _lane(s, ABOUT),
    "lane_cancel": lambda s: _lane(s, _cancelled()),
    "lane_keys": lambda s: _lane(s, then=lambda one: one.press("question_mark")),
    "lane_card_read": lambda s: _lane(
        s, running=DONE.order, then=lambda one: one.hear(TerminalTold(TerminalState.CARD_READ))
    ),
    "lane_typed": lambda s: _lane(
        replace(s, thrift=True), Draft(Operation.SALE, Money(12_550, EUR))
    ),
    "lane_thrift": lambda s: _lane(replace(s, thrift=True), running=DONE.order),
    "lane_thrift_approved": lambda s: _lane(replace(s, thrift=True), shown=DONE),
    "lane_by_digit": lambda s: _lane(s, then=lambda one: one.lookup()),
    "lane_letters": lambda s: _lane(s, then=lambda one: one.say(no_digit("x"))),
    "pick": lambda s: Pick(s, Draft(Operation.CANCELLATION, Money(0, EUR)), [DONE] * 12),
    "pick_none": lambda s: Pick(s, Draft(Operation.COMPLETION, Money(0, EUR)), [DONE]),
    "list": lambda s: Pick(s, Draft(Operation.SALE, Money(0, EUR)), list(_today().values())),
    "list_opened": _opened,
    "elsewhere": _elsewhere,
    "card_reference": _card_reference,
    "details": lambda s: forms.details(s, ABOUT),
    "note": lambda s: forms.note(s, in_state(State.NEEDS_STAFF)),
    "sign_on": forms.sign_on,
    "service_pin": lambda s: forms.question(s, Approval.SERVICE_PIN),
    "second_person": lambda s: forms.question(s, Approval.SECOND_PERSON),
    **{
        f"task_{one.task}": lambda s, one=one: Tasks(s, (in_state(State.CANCEL_DUE),), [one])  # type: ignore[misc]
        for one in TASKS
    },
    "tasks": lambda s: Tasks(s, (), TASKS),
    "tasks_none": lambda s: Tasks(s, (), ()),
    "day": _day,
    "business_day": _business_day,
    "service_day": lambda s: _business_day(s, ServiceDay),
    "held": lambda s: HeldScreen(s, Held(HELD_BY, HELD, Denial.RUNNING)),
    "held_ending": lambda s: HeldScreen(s, Held(HELD_BY, replace(HELD, ending="SIGHUP"))),
    "held_kiosk": lambda s: HeldScreen(s, Held(HELD_BY, HELD_KIOSK, Denial.UNATTENDED)),
    "held_blind": lambda s: HeldScreen(s, Held(HELD_BY)),
    "meanwhile": lambda s: Meanwhile(s, DONE),
    "meanwhile_due": lambda s: Meanwhile(s, in_state(State.CANCEL_DUE)),
    "taken_over": lambda s: TakenOverScreen(s, "kiosk-tui run as user 1000 (process 4712)"),
}
