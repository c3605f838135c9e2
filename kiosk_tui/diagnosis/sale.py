"""The test sale: a real payment of the smallest amount, through the register, cancelled in any case."""

from __future__ import annotations

from dataclasses import replace

from kiosk_tui.diagnosis.chain import Link
from kiosk_tui.diagnosis.findings import Finding, bad, good, left_out, look
from kiosk_tui.diagnosis.subject import Subject
from kiosk_tui.domain.lifecycle import DUE, State
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import NotStarted

_TERMINAL = "Look at the terminal: is it on, did somebody present a card?"


async def test_sale(subject: Subject) -> Finding:
    """Make the sale, if it was asked for, and judge what became of it."""
    if subject.sell is None:
        return left_out(Link.TEST_SALE, subject.no_sale)
    return judge(await subject.sell())


def judge(ended: Transaction | NotStarted) -> Finding:
    """Say what a test sale that ended so shows."""
    if isinstance(ended, NotStarted):
        return bad(Link.TEST_SALE, f"It was not started: {ended.why}", "Mend that first.")
    span = ended.updated_at - ended.created_at
    return replace(_judge(ended), took_s=max(0.0, span.total_seconds()))


def _judge(ended: Transaction) -> Finding:
    sum_, reference = f"{ended.charged}", f"reference {ended.reference}"
    if ended.state is State.CANCELLED and not _approved(ended):
        return bad(
            Link.TEST_SALE,
            f"No clear answer came, so it was cancelled, {reference}. {_what(ended)}".strip(),
            _TERMINAL,
        )
    if ended.state is State.CANCELLED:
        return good(Link.TEST_SALE, f"{sum_} approved, then cancelled, {reference}")
    if ended.state is State.DECLINED:
        code = ended.answer.response_code if ended.answer else "?"
        return look(
            Link.TEST_SALE,
            f"The way is whole, but the card was declined (code {code}: {_said(ended)}), {reference}.",
            "Try another card to see a cancellation, too.",
        )
    if ended.state in DUE:
        return bad(
            Link.TEST_SALE,
            f"Not completed: {ended.why} Its cancellation is not yet answered, {reference}.",
            f"{_TERMINAL} The cancellation is repeated by the register, or by `kiosk-tui recover`.",
        )
    if ended.state is State.NOTHING_TO_CANCEL:
        return bad(
            Link.TEST_SALE,
            f"Not completed, and TECS knows of no charge: {ended.why} {reference}".strip(),
            _TERMINAL,
        )
    if ended.state is State.NEEDS_STAFF:
        return bad(
            Link.TEST_SALE,
            f"TECS refused to cancel it: {ended.why} {reference}",
            "Pay it back at TECS, then settle it with `kiosk-tui journal settle`.",
        )
    return bad(Link.TEST_SALE, f"It ended as {ended.state}: {ended.why} {reference}", _TERMINAL)


def _approved(ended: Transaction) -> bool:
    return ended.answer is not None and not ended.answer.response_code.strip("0")


def _what(ended: Transaction) -> str:
    return "" if ended.answer is None else f"TECS answered with code {ended.answer.response_code}."


def _said(ended: Transaction) -> str:
    told = one_line(ended.answer.response_text) if ended.answer else ""
    return told or "no text"
