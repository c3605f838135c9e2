"""What each path does with a request that may be made."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from typing import Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kiosk_tui.domain.identity import CallerReference
from kiosk_tui.domain.lifecycle import IN_FLIGHT
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.rights import PERMISSIONS, Permission
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.records import dataclass
from kiosk_tui.remote.api.desk import UNSETTLED, Followed, PaymentDesk
from kiosk_tui.remote.api.events import EventStream
from kiosk_tui.remote.api.headers import MOST_WAIT_S, Preference, caller_reference, preference
from kiosk_tui.remote.api.models import (
    ApiAnswer,
    ApiRequest,
    FollowUpRequest,
    GoodsRequest,
    PaymentAnswer,
    PaymentList,
    PaymentRequest,
    RegisterAnswer,
    TotalsAnswer,
    told,
)
from kiosk_tui.remote.api.orders import follow_up
from kiosk_tui.remote.api.problems import Problem, ProblemError
from kiosk_tui.remote.api.tokens import ApiCaller

CANCEL_WAIT_S: Final = 30
"""A cancellation is repeated for as long as it takes; its answer does not wait for that."""
MOST_STREAMS: Final = 8
JSON: Final = "application/json"
EVENTS: Final = "text/event-stream"
Body = TypeVar("Body", bound=ApiRequest)


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One request that may be made: who asks, and what is read of it already."""

    request: Request
    desk: PaymentDesk
    caller: ApiCaller
    key: CallerReference
    body: ApiRequest

    def need(self, permission: Permission) -> None:
        """Raise `ProblemError` where the caller may not do that."""
        if permission not in self.caller.permissions:
            raise ProblemError(
                Problem.FORBIDDEN, f"The token {self.caller.name} has not the right {permission}."
            )

    def asked(self, kind: type[Body]) -> Body:
        """Return the body, which the row of this path says to be of that kind."""
        assert isinstance(self.body, kind)  # noqa: S101 - for the types
        return self.body

    async def one(self) -> Transaction:
        """Return the transaction that the path names. Raises `ProblemError`."""
        return await self.desk.one(self.request.path_params["id"])


# -- answers -------------------------------------------------------------------------------------


def answer(model: type[ApiAnswer], facts: dict[str, object], status: int = 200) -> Response:
    """Say it in the form of a model."""
    return Response(told(model, facts), status, media_type=JSON)


def _payment(
    call: ApiCall, one: Transaction, *, created: bool = False, applied: Preference | None = None
) -> Response:
    """Say how it stands: 202 while the register itself is at work on it."""
    settled = 201 if created else 200
    status = settled if _settled(one) else 202
    found = answer(PaymentAnswer, call.desk.described(one), status)
    found.headers["Location"] = f"/v1/payments/{one.id}"
    found.headers.update(applied.applied if applied else {})
    return found


@contextlib.asynccontextmanager
async def _leaving(call: ApiCall, leave: Callable[[str], None]) -> AsyncIterator[None]:
    """Let whoever waits in the block go when the client hangs up, or the register ends."""
    if call.desk.ended:
        leave(call.desk.ended)

    async def hung_up() -> None:
        while (await call.request.receive())["type"] != "http.disconnect":
            pass
        leave("")

    listening = asyncio.ensure_future(hung_up())
    call.desk.waiting.add(leave)
    try:
        yield
    finally:
        call.desk.waiting.discard(leave)
        listening.cancel()


async def _followed(
    call: ApiCall,
    followed: Followed,
    reached: Callable[[Transaction], bool],
    within_s: float,
) -> Response:
    """Wait as the client prefers, else until `reached`; then say how it stands."""
    wish = preference(call.request.headers)
    if wish.wait_s is not None:
        reached, within_s = _settled, wish.wait_s
    async with _leaving(call, followed.leave):
        await followed.until(reached, within_s)
    if followed.latest is None:
        raise ProblemError(
            Problem.JOURNAL, "Nothing can be said of it yet: ask again under the same key."
        )
    return _payment(call, followed.latest, created=followed.begun, applied=wish)


def _settled(one: Transaction) -> bool:
    return one.state not in UNSETTLED


def _answered(one: Transaction) -> bool:
    return one.state not in IN_FLIGHT


# -- what each path does -------------------------------------------------------------------------


async def pay(call: ApiCall) -> Response:
    asked = call.asked(PaymentRequest)
    call.need(PERMISSIONS[asked.operation.rules.act])
    order = await call.desk.order(asked, call.key)
    with call.desk.following(order) as followed:
        await call.desk.pay(order, followed)
        return await _followed(call, followed, _answered, MOST_WAIT_S)


def follow_up_with(operation: Operation) -> Callable[[ApiCall], Awaitable[Response]]:
    async def run(call: ApiCall) -> Response:
        asked, about = call.asked(FollowUpRequest), await call.one()
        order = follow_up(operation, asked, about, call.key, call.desk.terms.defaults)
        with call.desk.following(order) as followed:
            await call.desk.pay(order, followed)
            return await _followed(call, followed, _answered, MOST_WAIT_S)

    return run


async def cancel(call: ApiCall) -> Response:
    one = await call.one()
    with call.desk.following_one(one) as followed:
        await call.desk.cancel(one, call.key, followed)
        return await _followed(call, followed, _settled, CANCEL_WAIT_S)


async def goods(call: ApiCall) -> Response:
    one, handed_over = await call.one(), call.asked(GoodsRequest).outcome == "handed_over"
    with call.desk.following_one(one) as followed:
        await call.desk.goods(one, call.key, followed, handed_over=handed_over)
        return await _followed(call, followed, _settled, CANCEL_WAIT_S)


async def give_up(call: ApiCall) -> Response:
    one = await call.one()
    await call.desk.give_up(one, call.key)
    return _payment(call, one)


async def find_by_key(call: ApiCall) -> Response:
    text = call.request.query_params.get("key")
    if text is None:
        raise ProblemError(Problem.KEY_MISSING, "key is missing from the query: ?key=…")
    return answer(PaymentList, {"payments": await call.desk.by_key(caller_reference(text))})


async def show(call: ApiCall) -> Response:
    one = await call.one()
    if preference(call.request.headers).wait_s is None:
        return _payment(call, one)
    with call.desk.following_one(one) as followed:
        followed.is_known_as(await call.desk.register.transaction(one.id) or one)
        return await _followed(call, followed, _settled, 0)


async def stream(call: ApiCall) -> Response:
    if call.request.method == "HEAD":
        return Response(media_type=EVENTS)
    if len([one for one in call.desk.waiting if _is_stream(one)]) >= MOST_STREAMS:
        raise ProblemError(Problem.CONNECTIONS, f"{MOST_STREAMS} streams are open: close one.")
    stream = EventStream(call.desk, call.request.headers.get("last-event-id", ""))

    async def lines() -> AsyncIterator[bytes]:
        call.desk.waiting.add(stream.end)
        try:
            if call.desk.ended:
                stream.end(call.desk.ended)
            async for line in stream.lines():
                yield line
        finally:
            call.desk.waiting.discard(stream.end)
            stream.close()

    return StreamingResponse(lines(), media_type=EVENTS)


def _is_stream(leave: Callable[[str], None]) -> bool:
    return isinstance(getattr(leave, "__self__", None), EventStream)


async def status(call: ApiCall) -> Response:
    return answer(RegisterAnswer, call.desk.status())


async def totals(call: ApiCall) -> Response:
    text = call.request.query_params.get("date")
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        raise ProblemError(Problem.INVALID, "date is no day: write it like 2026-11-23.") from None
    return answer(TotalsAnswer, await call.desk.totals(day))
