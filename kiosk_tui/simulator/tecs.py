"""The heart: requests in, replies out, money in the ledger in between. No HTTP in here."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from kiosk_tui.simulator import answers
from kiosk_tui.simulator.answers import Effect, HostReply
from kiosk_tui.simulator.faults import NORMAL, Behaviour, Fault, triggered
from kiosk_tui.simulator.host import Host
from kiosk_tui.simulator.ledger import ArrivedRequest, HostLedger
from kiosk_tui.simulator.merchant_services import MerchantServices
from kiosk_tui.simulator.options import Options, changed
from kiosk_tui.simulator.push import TransactionPush
from kiosk_tui.simulator.rules import CARD_FLOWS, BadRequestError, ValidRequest, What, read
from kiosk_tui.simulator.scenario import Script
from kiosk_tui.simulator.terminal import CardFlow, CardTerminal, FlowEnd, Screen, Sleep

__all__ = ["HostReply", "Simulator"]

_PAYMENTS = CARD_FLOWS | {What.MOTO, What.COMPLETION, What.REFERENCED_REFUND, What.GRATUITY}
_STATES = {
    Screen.IDLE: "8018",
    Screen.WAITING_FOR_CARD: "8019",
    Screen.CARD_READ: "8020",
    Screen.BUSY: "8014",
}
_BEFORE = {
    Fault.DROP_BEFORE: HostReply(0, b"", Effect.DROP),
    Fault.GATEWAY_BEFORE: HostReply(504, b'{"error": "TECS client not reachable"}'),
    Fault.HANG_BEFORE: HostReply(0, b"", Effect.HANG),
}
"""Faults that happen before anything else does."""


class Simulator:
    """One TECS with one terminal. Time passes only through `sleep`."""

    def __init__(
        self,
        options: Options | None = None,
        *,
        scenario: Script | None = None,
        sleep: Sleep = asyncio.sleep,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        self.options = options or Options()
        self.scenario = scenario or Script()
        self.ledger = HostLedger()
        self.terminal = CardTerminal(sleep)
        self.host = Host(self.ledger)
        self.services = MerchantServices(self.ledger, now)
        self.push: TransactionPush | None = None
        self.cancellation_faults: deque[Fault] = deque()
        """What the next cancellations meet."""
        self.current: ValidRequest | None = None
        """The payment that is under way; the one that came last, should there be more."""
        self._queued: deque[Behaviour] = deque()
        self._sleep = sleep
        self._now = now
        self._running: set[str] = set()
        self._tokens: set[str] = set()
        self._stan = 0
        self._tasks: set[asyncio.Task[HostReply]] = set()

    # -- what a test or the control page says ---------------------------------------------------

    def queue_fault(self, fault: Fault, **more: Any) -> None:
        """Let the next payment meet a fault, whatever its amount."""
        self._queued.append(Behaviour(fault=fault, **more))

    def queue(self, behaviour: Behaviour) -> None:
        """Let the next payment meet a behaviour, whatever its amount."""
        self._queued.append(behaviour)

    @property
    def queued(self) -> tuple[Behaviour, ...]:
        """What the next payments meet, in order, whatever their amounts."""
        return tuple(self._queued)

    def forget_queued(self) -> None:
        """Let the next payments be as their amounts ask for; what is under way goes on."""
        self._queued.clear()
        self.cancellation_faults.clear()

    def set_options(self, **changes: Any) -> None:
        """Change options. Raises `TypeError`, as `options.changed`."""
        self.options = changed(self.options, changes)

    def push_to(self, push: TransactionPush) -> None:
        """Let each transaction be pushed from now on; `push.run()` sends, as long as this is served."""
        self.push, self.services.tell = push, push

    def revoke_tokens(self) -> None:
        """Let every token that was given be refused from now on."""
        self._tokens.clear()

    # -- the REST service -----------------------------------------------------------------------

    async def make_transaction(self, authorization: str | None, body: bytes) -> HostReply:
        """Answer a request. What was begun goes on when whoever asked has hung up."""
        task = asyncio.ensure_future(self._make(authorization, body))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    def version(self) -> HostReply:
        """Answer the free probe."""
        facts = {"appName": "tecsclientrest", "version": "0.14.15-simulator", "buildDate": "2026"}
        return HostReply(200, answers.encode(facts))

    def access_token(self, form: Mapping[str, str]) -> HostReply:
        """Answer a password grant."""
        fits = (
            form.get("grant_type") == "password"
            and form.get("username") == self.options.token_user
            and form.get("password") == self.options.token_password
            and bool(form.get("client_id"))
        )
        if not fits:
            return HostReply(401, b'{"error": "invalid_grant"}')
        token = secrets.token_hex(16)
        self._tokens.add(token)
        told: dict[str, Any] = {"access_token": token, "token_type": "bearer"}
        if self.options.token_lifetime_s is not None:
            told["expires_in"] = self.options.token_lifetime_s
        return HostReply(200, answers.encode(told))

    async def _make(self, authorization: str | None, body: bytes) -> HostReply:
        if not self._welcome(authorization):
            return self._unauthorized()
        try:
            raw = json.loads(body)
            request = read(raw)
        except BadRequestError as error:
            named = raw.get("transaction_id") if isinstance(raw, dict) else None
            told = answers.bare(error.code, named if isinstance(named, str) else "", str(error))
            return HostReply(400, answers.encode(told))
        except (ValueError, RecursionError):
            return HostReply(400, answers.encode(answers.bare("8999", "", "NO JSON")))
        return await self._answer(request)

    def _welcome(self, authorization: str | None) -> bool:
        expected = self.options.authorization
        if expected == "oauth":
            return (authorization or "").removeprefix("Bearer ") in self._tokens
        return expected is None or authorization == expected

    def _unauthorized(self) -> HostReply:
        kind = self.options.unauthorized_body
        if kind == "json":
            return HostReply(401, b'{"error": "unauthorized"}')
        if kind == "html":
            return HostReply(401, b"<html>401</html>", content_type="text/html")
        return HostReply(401, b"")

    # -- the TECS client ------------------------------------------------------------------------

    async def _answer(self, request: ValidRequest) -> HostReply:
        seen = self.host.seen(request.transaction_id)
        self.ledger.requests.append(
            ArrivedRequest(
                request.fields["message_type"],
                request.fields["transaction_origin_identifier"],
                request.transaction_id,
                request.original_id,
            )
        )
        if seen and self.options.duplicate == "refuse":
            return self._bare(request, "9006")
        if self._clocks_differ(request):
            return self._bare(request, "9096")
        known = self.options.terminals
        if known is not None and request.fields["terminal_number"] not in known:
            return self._bare(request, "9014")
        if request.what is What.STATUS:
            return self._status(request)
        if request.what is What.ABORT:
            return self._abort(request)
        if request.what is What.CANCELLATION:
            return self._cancellation(request)
        return await self._payment(request)

    def _clocks_differ(self, request: ValidRequest) -> bool:
        most = self.options.clock_skew_s
        if most is None:
            return False
        try:
            theirs = datetime.strptime(  # noqa: DTZ007 - the protocol's times have no zone
                request.fields["transaction_date_time"], "%Y%m%d%H%M%S"
            )
        except ValueError:
            return True
        return abs((theirs - self._now().replace(tzinfo=None)).total_seconds()) > most

    def _status(self, request: ValidRequest) -> HostReply:
        if not self.options.status_enabled:
            return self._bare(request, "8002")
        return self._bare(request, _STATES[self.terminal.screen])

    def _abort(self, request: ValidRequest) -> HostReply:
        if not self.options.abort_enabled:
            return self._bare(request, "8002")
        if self.terminal.free:
            return self._bare(request, "8015")
        if self.options.abort_works:
            self.terminal.abort()
        return self._bare(request, "0")

    def _cancellation(self, request: ValidRequest) -> HostReply:
        fault = self.cancellation_faults.popleft() if self.cancellation_faults else None
        if fault in _BEFORE:
            return _BEFORE[fault]
        lost = self.host.lose_next_cancellation(request.original_id or "")
        if lost == "before":
            return _BEFORE[Fault.DROP_BEFORE]
        if request.original_id in self._running:
            code = self.options.racing_cancellation
        else:
            code = self.host.cancel(request, self.options)
        told = answers.full(request, code, self.options, self._next_stan(), self._now())
        reply = HostReply(200, answers.encode(told))
        if lost == "after":
            return replace(reply, effect=Effect.DROP)
        return reply if fault is None else _spoiled(reply, told, fault)

    # -- payments -------------------------------------------------------------------------------

    async def _payment(self, request: ValidRequest) -> HostReply:
        behaviour = self._behaviour(request)
        fault = behaviour.fault
        if fault in _BEFORE:
            return _BEFORE[fault]
        if fault is Fault.DUPLICATE_ID:
            return self._bare(request, "9006")
        if fault is Fault.LATE_CHARGE:
            self.host.charge_after_cancellation(request, self.options)
            return HostReply(0, b"", Effect.DROP)
        if request.what in CARD_FLOWS and not self.terminal.free:
            self.host.decline(request)
            return self._bare(request, "8014")
        self._running.add(request.transaction_id.lstrip("0"))
        self.current = request
        try:
            code = await self._card_and_host(request, behaviour)
        finally:
            self._running.discard(request.transaction_id.lstrip("0"))
            self.current = None
        told = answers.full(request, code, self.options, self._next_stan(), self._now())
        reply = HostReply(200, answers.encode(told))
        if fault is None or code != "0":
            return reply
        self.host.prepare(request, behaviour)
        if fault is Fault.SLOW:
            await self._sleep(behaviour.late_s)
            return reply
        return _spoiled(reply, told, fault)

    def _behaviour(self, request: ValidRequest) -> Behaviour:
        if self._queued:
            return self._queued.popleft()
        planned = self.scenario.take(request.what)
        if planned is not None:
            return planned
        return triggered(request.amount_minor) if request.what in _PAYMENTS else NORMAL

    async def _card_and_host(self, request: ValidRequest, behaviour: Behaviour) -> str:
        """Run a card flow to its end and book it; return the response code."""
        if request.what in CARD_FLOWS:
            after = self.options.card_s if behaviour.after_s is None else behaviour.after_s
            ended = await self.terminal.read_card(
                CardFlow(behaviour.customer, after, self.options.card_timeout_s)
            )
            if ended is not FlowEnd.CARD:
                self.host.decline(request)
                return {
                    FlowEnd.CANCELLED: "8004",
                    FlowEnd.ABORTED: self.options.aborted_sale,
                    FlowEnd.NO_CARD: self.options.no_card,
                }[ended]
        try:
            await self._sleep(self.options.host_s)
        finally:
            if request.what in CARD_FLOWS:
                self.terminal.release()
        if behaviour.decline is not None:
            self.host.decline(request)
            return behaviour.decline
        partial = behaviour.fault is Fault.PARTIAL
        return self.host.book(request, self.options, partial=partial)

    def _bare(self, request: ValidRequest, code: str) -> HostReply:
        return HostReply(200, answers.encode(answers.bare(code, request.transaction_id)))

    def _next_stan(self) -> int:
        self._stan += 1
        return self._stan


def _spoiled(reply: HostReply, told: dict[str, str], fault: Fault) -> HostReply:
    """Return what is left of a good reply after a fault."""
    number = told["transaction_id"]
    changed: dict[Fault, dict[str, Any]] = {
        Fault.OTHER_ID: {"transaction_id": str(int(number) - 1)},
        Fault.NO_ID: {"transaction_id": ""},
        Fault.UNKNOWN_CODE: {"response_code": "4711"},
        Fault.PARTIAL: {"response_code": "10"},
        Fault.EXTRA_FIELDS: {"new_field": {"deep": [1, 2]}, "amount": 5, "loyalty": None},
        Fault.CARD_DATA: answers.card_data(told),
    }
    if fault in changed:
        return replace(reply, body=answers.encode(told | changed[fault]))
    return {
        Fault.DROP_AFTER: replace(reply, effect=Effect.DROP),
        Fault.CUT: replace(reply, effect=Effect.CUT, cut_at=len(reply.body) // 2),
        Fault.GARBAGE: replace(reply, body=b"<html>0 APPROVED</html>", content_type="text/html"),
        Fault.EMPTY: replace(reply, body=b""),
        Fault.GATEWAY_AFTER: HostReply(504, reply.body),
        Fault.SERVER_ERROR: HostReply(500, b'{"error": "internal"}'),
        Fault.HANG_AFTER: replace(reply, effect=Effect.HANG),
        Fault.REFUSE_CANCELLATION: replace(reply, effect=Effect.DROP),
        Fault.LOSE_CANCELLATIONS: replace(reply, effect=Effect.DROP),
    }[fault]
