"""Every path, one row each: the application and the OpenAPI document are both made from this table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import field
from typing import Final

from starlette.responses import Response

from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.rights import PERMISSIONS, Act, Permission
from kiosk_tui.records import dataclass
from kiosk_tui.remote.api import calls, days
from kiosk_tui.remote.api.calls import ApiCall
from kiosk_tui.remote.api.models import (
    ApiAnswer,
    ApiRequest,
    DayAnswer,
    DayClosing,
    DayList,
    EmptyRequest,
    FollowUpRequest,
    GoodsRequest,
    PaymentAnswer,
    PaymentList,
    PaymentRequest,
    RegisterAnswer,
    TotalsAnswer,
)
from kiosk_tui.remote.api.problems import Problem


@dataclass(frozen=True, slots=True)
class QueryParameter:
    """One parameter of a query."""

    name: str
    description: str
    required: bool = False
    form: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRoute:
    """One method of one path.

    `permission` is what a caller needs (None: it depends on the operation). `keyed`: it may move money and
    needs a key. `waits`: `Prefer` is heard. `answers` are the statuses of success, each with its meaning.
    """

    method: str
    path: str
    name: str
    summary: str
    run: Callable[[ApiCall], Awaitable[Response]]
    permission: Permission | None
    answers: Mapping[int, str]
    model: type[ApiAnswer] | None
    body: type[ApiRequest] = EmptyRequest
    keyed: bool = False
    waits: bool = False
    query: tuple[QueryParameter, ...] = ()
    problems: tuple[Problem, ...] = field(default=())


# -- the table -----------------------------------------------------------------------------------

_ORDERED: Final = {
    201: "It was begun by this request, and TECS has answered: `paid`, or `goods_due`, says whether goods"
    " may go",
    200: "It was known under this key: the same transaction, as it stands",
    202: "It is on disk, and goes on: being authorised, or its answer was lost and it is being cancelled",
}
_STANDS: Final = {200: "As it stands", 202: "The register is still at work on it"}
_BEGINS: Final = (
    *(Problem.KEY_REUSED, Problem.BUSY, Problem.GIVEN_UP),
    *(Problem.CLOSED, Problem.SIGNER),
)
_NAMED: Final = (Problem.NOT_FOUND, Problem.AMBIGUOUS)

ROUTES: Final = (
    ApiRoute(
        method="POST",
        path="/v1/payments",
        name="take_payment",
        summary="Take a payment, or do another operation, once",
        run=calls.pay,
        permission=None,
        answers=_ORDERED,
        model=PaymentAnswer,
        body=PaymentRequest,
        keyed=True,
        waits=True,
        problems=_BEGINS,
    ),
    ApiRoute(
        method="GET",
        path="/v1/payments",
        name="find_payment",
        summary="Find a payment by its key",
        run=calls.find_by_key,
        permission=Permission.LOOK,
        answers={200: "The transaction with that key, or none"},
        model=PaymentList,
        query=(QueryParameter("key", "The Idempotency-Key of its order", True, "", "till-7/4711"),),
        problems=(Problem.KEY_MISSING, Problem.KEY_WRONG),
    ),
    ApiRoute(
        method="GET",
        path="/v1/payments/{id}",
        name="get_payment",
        summary="How a transaction stands; with `Prefer: wait` once the register is done with it",
        run=calls.show,
        permission=Permission.LOOK,
        answers=_STANDS,
        model=PaymentAnswer,
        waits=True,
        problems=_NAMED,
    ),
    ApiRoute(
        method="POST",
        path="/v1/payments/{id}/cancel",
        name="cancel_payment",
        summary="Take an approved transaction back, wholly",
        run=calls.cancel,
        permission=PERMISSIONS[Act.CANCEL],
        answers=_STANDS,
        model=PaymentAnswer,
        keyed=True,
        waits=True,
        problems=(*_NAMED, Problem.KEY_REUSED, Problem.NOT_POSSIBLE),
    ),
    ApiRoute(
        method="POST",
        path="/v1/payments/{id}/goods",
        name="report_goods",
        summary="Say what became of the goods of a payment until goods; it is on disk when this is answered",
        run=calls.goods,
        permission=Permission.TAKE,
        answers=_STANDS,
        model=PaymentAnswer,
        body=GoodsRequest,
        keyed=True,
        waits=True,
        problems=(*_NAMED, Problem.KEY_REUSED, Problem.NOT_POSSIBLE),
    ),
    ApiRoute(
        method="POST",
        path="/v1/payments/{id}/refund",
        name="refund_payment",
        summary="Pay a part or all of a payment back: a transaction of its own",
        run=calls.follow_up_with(Operation.REFERENCED_REFUND),
        permission=PERMISSIONS[Act.REFUND],
        answers=_ORDERED,
        model=PaymentAnswer,
        body=FollowUpRequest,
        keyed=True,
        waits=True,
        problems=(*_NAMED, *_BEGINS),
    ),
    ApiRoute(
        method="POST",
        path="/v1/payments/{id}/complete",
        name="complete_payment",
        summary="Charge what a preauthorization has reserved: a transaction of its own",
        run=calls.follow_up_with(Operation.COMPLETION),
        permission=PERMISSIONS[Act.COMPLETE],
        answers=_ORDERED,
        model=PaymentAnswer,
        body=FollowUpRequest,
        keyed=True,
        waits=True,
        problems=(*_NAMED, *_BEGINS),
    ),
    ApiRoute(
        method="POST",
        path="/v1/payments/{id}/give-up",
        name="give_up_payment",
        summary="Ask the terminal to stop; its answer still decides",
        run=calls.give_up,
        permission=Permission.TAKE,
        answers={200: "It had ended already", 202: "The terminal was asked"},
        model=PaymentAnswer,
        keyed=True,
        problems=(*_NAMED, Problem.KEY_REUSED, Problem.NOT_POSSIBLE),
    ),
    ApiRoute(
        method="GET",
        path="/v1/status",
        name="get_status",
        summary="The register, and whether a payment may start",
        run=calls.status,
        permission=Permission.LOOK,
        answers={200: "How it stands"},
        model=RegisterAnswer,
    ),
    ApiRoute(
        method="GET",
        path="/v1/totals",
        name="get_totals",
        summary="What a day came to",
        run=calls.totals,
        permission=PERMISSIONS[Act.TOTALS],
        answers={200: "The sums of the day"},
        model=TotalsAnswer,
        query=(
            QueryParameter("date", "A day where the register stands; else today", False, "date"),
        ),
        problems=(Problem.INVALID,),
    ),
    ApiRoute(
        method="GET",
        path="/v1/days/current",
        name="get_current_day",
        summary="What the business day comes to so far (X)",
        run=days.show_current_day,
        permission=PERMISSIONS[Act.TOTALS],
        answers={200: "Its report, without a number"},
        model=DayAnswer,
    ),
    ApiRoute(
        method="GET",
        path="/v1/days/{number}",
        name="get_day",
        summary="The report of a closed business day (Z)",
        run=days.show_day,
        permission=PERMISSIONS[Act.TOTALS],
        answers={200: "Its report: it never changes"},
        model=DayAnswer,
        problems=(Problem.NOT_FOUND,),
    ),
    ApiRoute(
        method="GET",
        path="/v1/days",
        name="list_days",
        summary="Closed business days, the newest first",
        run=days.list_days,
        permission=PERMISSIONS[Act.TOTALS],
        answers={200: f"At most {days.MOST_DAYS}"},
        model=DayList,
        query=(QueryParameter("before", "A number: only days before it", False, "", "32"),),
        problems=(Problem.INVALID,),
    ),
    ApiRoute(
        method="POST",
        path="/v1/days",
        name="close_day",
        summary="Close the business day: its report (Z) is numbered and stays",
        run=days.close_day,
        permission=PERMISSIONS[Act.CLOSE_DAY],
        answers={200: "The day of that number, which was closed before", 201: "It was closed now"},
        model=DayAnswer,
        body=DayClosing,
        problems=(Problem.NOTHING_TO_CLOSE,),
    ),
    ApiRoute(
        method="GET",
        path="/v1/events",
        name="follow_events",
        summary="Everything that happens from now on, as server-sent events",
        run=calls.stream,
        permission=Permission.LOOK,
        answers={
            200: "Events `status` (first: how it stands now), `payment`, `terminal`, `not-resumed`, `end`"
        },
        model=None,
    ),
)
