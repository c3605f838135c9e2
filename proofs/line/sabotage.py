"""Controls: clients with one thing wrong. The line must find each of them out."""

from __future__ import annotations

import dataclasses
import json
import math

from kiosk_tui.domain.outcome import (
    Answer,
    Approved,
    CancelOutcome,
    CancelVerdict,
    Declined,
    NotSent,
    OutcomeUnknown,
    PaymentOutcome,
)
from kiosk_tui.domain.transaction import Exchange, Order, Transaction
from kiosk_tui.tecs.answers import Reply
from kiosk_tui.tecs.client import TecsTerminal, _Failure
from kiosk_tui.tecs.models import Request


class CallsItDeclined(TecsTerminal):
    """No answer is taken for "no"."""

    async def pay(self, order: Order, exchange: Exchange) -> PaymentOutcome:
        outcome = await super().pay(order, exchange)
        return Declined(Answer("91")) if isinstance(outcome, OutcomeUnknown) else outcome


class CallsItNotSent(TecsTerminal):
    """A line that broke is taken for a request that never left."""

    async def pay(self, order: Order, exchange: Exchange) -> PaymentOutcome:
        outcome = await super().pay(order, exchange)
        return NotSent(outcome.why) if isinstance(outcome, OutcomeUnknown) else outcome


class SendsAgain(TecsTerminal):
    """A payment without an answer is sent once more."""

    async def pay(self, order: Order, exchange: Exchange) -> PaymentOutcome:
        outcome = await super().pay(order, exchange)
        return (
            await super().pay(order, exchange) if isinstance(outcome, OutcomeUnknown) else outcome
        )


class TrustsTheStatus(TecsTerminal):
    """HTTP 200 is taken for an approval."""

    async def pay(self, order: Order, exchange: Exchange) -> PaymentOutcome:
        outcome = await super().pay(order, exchange)
        refused = isinstance(outcome, NotSent) or "status" in getattr(outcome, "why", "")
        return outcome if refused else Approved(Answer("0"))


class BelievesAnyCancellation(TecsTerminal):
    """A cancellation that was sent is taken for one that was carried out."""

    async def cancel(self, transaction: Transaction, exchange: Exchange) -> CancelOutcome:
        outcome = await super().cancel(transaction, exchange)
        return dataclasses.replace(outcome, verdict=CancelVerdict.CONFIRMED)


class IgnoresTheId(TecsTerminal):
    """Whatever transaction an answer names, it is taken for the answer to this one."""

    async def _post(
        self, asked: Request, wait_s: float, leave_s: float | None = None
    ) -> Reply | _Failure:
        reply = await super()._post(asked, wait_s, leave_s)
        if isinstance(reply, _Failure):
            return reply
        try:
            told = json.loads(reply.body)
        except ValueError:
            return reply
        if isinstance(told, dict):
            told["transaction_id"] = asked.transaction_id
        return Reply(reply.status, json.dumps(told).encode())


class FollowsRedirects(TecsTerminal):
    """A payment is sent to wherever the answer points."""

    async def pay(self, order: Order, exchange: Exchange) -> PaymentOutcome:
        self._http.follow_redirects = True
        return await super().pay(order, exchange)


class LeavesLate(TecsTerminal):
    """A payment whose connection took too long leaves all the same."""

    async def _post(
        self, asked: Request, wait_s: float, leave_s: float | None = None
    ) -> Reply | _Failure:
        return await super()._post(asked, wait_s, None if leave_s is None else math.inf)
