"""The far end with nothing left out: the TECS client, and the simulator behind an in-memory line.

Owns: what the line does to bytes. The client is the production one down to its HTTP library; the
simulator shares no code with it. Everything behind the transport belongs to the world: it goes on
when the process that asked has died.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextvars import Context
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeVar

import httpx

from kiosk_tui.domain.operations import Operation
from kiosk_tui.lab.drill.judge import Arrived, Booked
from kiosk_tui.simulator.answers import SECRETS, Effect, HostReply
from kiosk_tui.simulator.faults import Behaviour, Fault
from kiosk_tui.simulator.ledger import Entry, EntryKind, Status
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.tecs import Simulator
from kiosk_tui.simulator.terminal import Customer as AtTerminal
from kiosk_tui.tecs import auth
from kiosk_tui.tecs.client import Endpoint, TecsTerminal
from kiosk_tui.tecs.codes import CodeTable
from kiosk_tui.tecs.messages import Dialect
from proofs.simulation.loop import WORLD, Loop
from proofs.simulation.past import CHARGES, OWN, Earlier, Stands
from proofs.simulation.plan import (
    AbortFate,
    CancelFate,
    CancelFault,
    Customer,
    Fate,
    Host,
    LineFault,
    Plan,
)
from proofs.simulation.tecs import CANCEL_S, COPY_S, HOLD_S, Tell

_KEY: Final = "k3y-that-must-not-leak"
_URL: Final = "http://tecs.invalid/tecsclientrest"
_NEVER_LEFT = frozenset({LineFault.REFUSED, LineFault.NO_TLS})
_NOT_DELIVERED = frozenset({LineFault.LOSE_REQUEST, LineFault.SWALLOW_REQUEST})
_CUSTOMERS = {
    Customer.PAYS: AtTerminal.PRESENTS,
    Customer.CANCELS: AtTerminal.CANCELS,
    Customer.WALKS_OFF: AtTerminal.WALKS_OFF,
    Customer.BUSY: AtTerminal.PRESENTS,
}
_FAULTS = {
    Host.UNKNOWN_CODE: Fault.UNKNOWN_CODE,
    Host.GATEWAY_AFTER: Fault.GATEWAY_AFTER,
    Host.GATEWAY_BEFORE: Fault.GATEWAY_BEFORE,
    Host.SAYS_TOO_MUCH: Fault.CARD_DATA,
}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Meets:
    """What one request meets on the line, and how TECS is set up for it."""

    line: LineFault = LineFault.GOOD
    transit_s: float = 0.05
    answer_s: float = 0.05
    options: dict[str, Any] | None = None
    behaviour: Behaviour | None = None
    cancellation_fault: Fault | None = None
    claims: str | None = None


class Far:
    """The world of a far schedule; has what `Schedule` asks of a `Tecs`."""

    def __init__(self, loop: Loop, plan: Plan, tell: Tell) -> None:
        self._loop = loop
        self._tell = tell
        self._world = Context()
        self._fates = iter(plan.fates)
        self._cancels = iter(plan.cancels)
        self._aborts = iter(plan.aborts)
        self._outages = plan.outages
        self._under_way = 0
        form: Literal["ref", "pan", "txid"] = ("ref", "pan", "txid")[plan.seed % 3]
        self._simulator = Simulator(
            Options(card_form=form), now=lambda: datetime(2026, 11, 23, tzinfo=UTC)
        )
        self._remember(plan.past)
        self.arrived: list[Arrived] = []
        self.left: Counter[str] = Counter()
        self.secrets: tuple[bytes, ...] = tuple(one.encode() for one in (*SECRETS, _KEY))
        self.healed = False

    def terminal(self) -> TecsTerminal:
        """Return a new process's client."""
        line = Endpoint(_URL, hold_s=HOLD_S, cancel_s=CANCEL_S)
        key = auth.raw(auth.Secret(_KEY))
        return TecsTerminal(line, Dialect(UTC, currency="EUR"), CodeTable(), key, _Transport(self))

    def ledger(self) -> dict[str, Booked]:
        """Return what is booked, by transaction id."""
        ledger = self._simulator.ledger
        return {
            number: Booked(ledger.net_minor(number), stands=one.status is Status.APPROVED)
            for number, one in ledger.entries.items()
        }

    def drawn(self) -> list[tuple[str, int]]:
        """Return what stands of completions and refunds: the original, and how much."""
        return [
            (one.original_id, one.amount_minor)
            for one in self._simulator.ledger.entries.values()
            if one.status is Status.APPROVED and one.original_id is not None
        ]

    def changed_elsewhere(self) -> list[str]:
        """Return nothing: the simulator is one terminal's."""
        return []

    def _remember(self, past: tuple[Earlier, ...]) -> None:
        ledger = self._simulator.ledger
        for one in past:
            if one.elsewhere or one.stands is Stands.UNKNOWN:
                continue
            entry = _entry(one)
            if one.stands is Stands.DECLINED:
                ledger.decline(entry)
                continue
            ledger.approve(entry)
            if one.stands is Stands.REVERSED:
                ledger.cancel(entry)
                continue
            original = ledger.entry(one.original)
            if original is not None and entry.kind is EntryKind.REFUND:
                original.refunded_minor += entry.total_minor
            elif original is not None:
                original.completed_minor += entry.total_minor

    @property
    def quiet(self) -> bool:
        """Whether nothing is under way: no request on the line, no card flow."""
        return self._under_way == 0 and self._simulator.terminal.free

    async def carry(self, request: httpx.Request) -> httpx.Response:
        """Carry one request to TECS and its answer back, as its fate will have it."""
        if request.method == "GET":
            await self._connect(request, _Meets())
            return httpx.Response(200, content=self._simulator.version().body)
        fields = json.loads(request.content)
        meets = self._fate(fields)
        number = fields["transaction_id"]
        self._tell(f"{fields['message_type']} {number[-5:]} leaves: {meets.line}")
        await self._connect(request, meets)
        self.left[number] += 1
        await request.extensions["trace"]("http11.send_request_headers.started", {})
        answer: asyncio.Future[HostReply | None] = self._loop.create_future()
        if meets.line not in _NOT_DELIVERED:
            self._world_does(self._arrive(request, fields, meets, answer))
        if meets.line is LineFault.TWICE:
            self._world_does(self._arrive_again(request, meets))
        if meets.line is LineFault.LOSE_REQUEST:
            self._loop.call_later(meets.transit_s, _set, answer, None, context=self._world)
        return _received(await answer, meets.line, request)

    # -- TECS -----------------------------------------------------------------------------------

    async def _arrive(
        self,
        request: httpx.Request,
        fields: dict[str, str],
        meets: _Meets,
        answer: asyncio.Future[HostReply | None],
    ) -> None:
        await asyncio.sleep(meets.transit_s)
        payment = fields["message_type"] != "0013" and fields["message_type"] not in (
            "0017",
            "9043",
        )
        self.arrived.append(Arrived(fields["transaction_id"], payment=payment))
        if meets.options:
            usual = {name: getattr(self._simulator.options, name) for name in meets.options}
            self._simulator.set_options(**meets.options)
        if meets.behaviour is not None:
            self._simulator.queue(meets.behaviour)
        if meets.cancellation_fault is not None:
            self._simulator.cancellation_faults.append(meets.cancellation_fault)
        reply = await self._ask(request)
        if meets.options and not payment:
            self._simulator.set_options(**usual)
        code = reply.body[:400].decode("utf-8", "replace")
        self._tell(f"TECS answers {fields['transaction_id'][-5:]}: {reply.status} {code}")
        if meets.claims is not None:
            told = json.loads(reply.body) | {"response_code": meets.claims}
            reply = replace(reply, body=json.dumps(told).encode())
        if meets.line in (LineFault.SWALLOW_ANSWER, LineFault.SWALLOW_REQUEST):
            return
        await asyncio.sleep(meets.answer_s)
        lost = meets.line is LineFault.LOSE_ANSWER or reply.effect is Effect.DROP
        _set(answer, None if lost else reply)

    async def _arrive_again(self, request: httpx.Request, meets: _Meets) -> None:
        await asyncio.sleep(meets.transit_s + COPY_S)
        await self._ask(request)

    async def _ask(self, request: httpx.Request) -> HostReply:
        return await self._simulator.make_transaction(
            request.headers.get("authorization"), request.content
        )

    # -- fates ----------------------------------------------------------------------------------

    def _fate(self, fields: dict[str, str]) -> _Meets:
        kind = fields["message_type"]
        if kind == "0013" and fields["transaction_origin_identifier"] == "2":
            return _cancellation(self._next(self._cancels, CancelFate()))
        if kind == "0017":
            return _abort(self._next(self._aborts, AbortFate.WORKS))
        if kind == "9043":
            return _Meets()
        return _payment(self._next(self._fates, Fate()))

    def _next(self, fates: Iterator[T], good: T) -> T:
        return good if self.healed else next(fates, good)

    async def _connect(self, request: httpx.Request, meets: _Meets) -> None:
        now = self._loop.now
        out = any(one.from_s <= now < one.from_s + one.for_s for one in self._outages)
        if meets.line in _NEVER_LEFT or (out and not self.healed):
            await asyncio.sleep(meets.transit_s)
            raise httpx.ConnectError("no connection could be made", request=request)

    def _world_does(self, work: Any) -> None:
        self._under_way += 1

        async def done() -> None:
            try:
                await work
            finally:
                self._under_way -= 1

        self._loop.spawn(WORLD, done())


class _Transport(httpx.AsyncBaseTransport):
    def __init__(self, far: Far) -> None:
        self._far = far

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._far.carry(request)


class _Cut(httpx.AsyncByteStream):
    """A body that ends in the middle."""

    def __init__(self, part: bytes) -> None:
        self._part = part

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._part
        raise httpx.RemoteProtocolError("peer closed connection in the middle of the body")


def _received(reply: HostReply | None, line: LineFault, request: httpx.Request) -> httpx.Response:
    if reply is None:
        raise httpx.ReadError("the line broke", request=request)
    if line is LineFault.CUT_ANSWER:
        half = len(reply.body) // 2
        return httpx.Response(reply.status, stream=_Cut(reply.body[:half]))
    body = reply.body
    if line is LineFault.GARBLE_ANSWER:
        body = b"\xff" + body[1:]  # in a text it would cost nothing: that is read as Windows-1252
    if line is LineFault.OTHER_ID:
        body = _of_another_day(json.loads(body))
    return httpx.Response(reply.status, content=body)


def _of_another_day(told: dict[str, str]) -> bytes:
    """Return what became of another transaction: the same time of another day, the other end."""
    number = f"20250101{told['transaction_id'][-9:]}"
    code = "51" if told["response_code"].strip("0") == "" else "0"
    return json.dumps(told | {"transaction_id": number, "response_code": code}).encode()


def _entry(one: Earlier) -> Entry:
    kind = EntryKind.CHARGE if one.operation in CHARGES else _KINDS[one.operation]
    return Entry(
        transaction_id=one.id,
        terminal=OWN,
        source_id=one.source_id,
        kind=EntryKind.COMPLETION if one.operation is Operation.COMPLETION else kind,
        amount_minor=one.minor,
        tip_minor=0,
        currency="EUR",
        status=Status.APPROVED,
        original_id=one.original or None,
    )


_KINDS: Final = {
    Operation.PREAUTHORIZATION: EntryKind.HOLD,
    Operation.REFUND: EntryKind.REFUND,
    Operation.REFERENCED_REFUND: EntryKind.REFUND,
}


def _payment(fate: Fate) -> _Meets:
    decline = "51" if fate.host is Host.DECLINES else None
    if fate.customer is Customer.BUSY:
        decline = "8014"
    return _Meets(
        fate.line,
        fate.transit_s,
        fate.answer_s,
        options={"host_s": fate.host_s},
        behaviour=Behaviour(
            fault=_FAULTS.get(fate.host),
            decline=decline,
            customer=_CUSTOMERS[fate.customer],
            after_s=fate.card_s,
        ),
    )


def _cancellation(fate: CancelFate) -> _Meets:
    return _Meets(
        fate.line,
        fate.transit_s,
        fate.answer_s,
        options={"cleared": fate.host is CancelFault.REFUSES},
        cancellation_fault={
            CancelFault.UNKNOWN_BEFORE: Fault.GATEWAY_BEFORE,
            CancelFault.UNKNOWN_AFTER: Fault.UNKNOWN_CODE,
        }.get(fate.host),
        claims={CancelFault.NOT_FOUND: "9027", CancelFault.DECLINED: "9033"}.get(fate.host),
    )


def _abort(fate: AbortFate) -> _Meets:
    lost = fate is AbortFate.LOST
    return _Meets(
        LineFault.LOSE_REQUEST if lost else LineFault.GOOD,
        options={
            "abort_enabled": fate is not AbortFate.UNSUPPORTED,
            "abort_works": fate is not AbortFate.DOES_NOTHING,
        },
    )


def _set(answer: asyncio.Future[HostReply | None], told: HostReply | None) -> None:
    if not answer.done():
        answer.set_result(told)
