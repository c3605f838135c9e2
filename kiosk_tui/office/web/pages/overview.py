"""The first page: the few numbers that matter, what to look at first, and how payments go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from markupsafe import Markup
from starlette.responses import Response

from kiosk_tui.domain.money import Currency, Total
from kiosk_tui.office.charts.bars import ChartBar, bar_chart
from kiosk_tui.office.charts.frame import ChartWords
from kiosk_tui.office.charts.lines import ChartPoint, line_chart
from kiosk_tui.office.queries.alarms import AlarmRow, alarms
from kiosk_tui.office.queries.due import SPANS, DueKind, DueRow, DueSum, due, due_sums
from kiosk_tui.office.queries.found import ListPart, Paged, moment
from kiosk_tui.office.queries.hours import HourRow, hours
from kiosk_tui.office.queries.kiosks import KioskRow, closed_kiosks, silent_kiosks, states
from kiosk_tui.office.web.comparison import Compared
from kiosk_tui.office.web.page import PageRequest, page
from kiosk_tui.office.wording import DUE, advice, lasting
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.times import local

_FIRST: Final = ListPart(0, 5)
_SPAN_WORDS: Final = ("<15min", "<1 h", "<6 h", "<1 d", "<2 d", "older")


@dataclass(frozen=True, slots=True)
class ToLook:
    """Something that somebody should look at: how grave, where, what, since when, and its page."""

    kind: str
    word: str
    place: str
    sentence: str
    since: timedelta
    href: str


@page("/", "Overview", menu="Now")
async def overview(asked: PageRequest) -> Response:
    """Show how the fleet stands."""
    connection, watch = asked.connection, asked.settings.watch
    now, silent = await moment(connection), timedelta(seconds=watch.silent_s)
    owed = await due(connection, now, watch, _FIRST)
    sums = await due_sums(connection, now, watch)
    quiet = await silent_kiosks(connection, now, silent, _FIRST)
    closed = await closed_kiosks(connection, now, silent, _FIRST)
    raised = await alarms(connection, _FIRST)
    compared: Compared | None = await asked.http.app.state.comparison.latest()
    passed = await hours(connection, now, asked.settings.zone)
    looks = [
        *_late(owed, now), *_alarms(raised, now), *_differing(compared),
        *_quiet(quiet, now), *_closed(closed, now),
    ]  # fmt: skip
    return asked.show(
        "overview.html",
        due=owed,
        due_note=_owed(sums, owed, now),
        late=any(one.overdue or one.kind is not DueKind.DUE for one in owed.rows),
        silent=quiet,
        longest=lasting(now - quiet.rows[0].quiet_since) if quiet.rows else "",
        closed=closed,
        alarms=raised,
        compared=compared,
        at_stake=_at_stake(compared),
        states=await states(connection, now, silent),
        looks=looks,
        charts=_charts(passed, sums, asked),
        paid=sum(one.approved for one in passed),
    )


def _owed(sums: Sequence[DueSum], owed: Paged[DueRow], now: datetime) -> str:
    if not owed.rows:
        return "everything is settled"
    amounts: dict[Currency, int] = {}
    for one in sums:
        amounts[one.total.currency] = amounts.get(one.total.currency, 0) + one.total.minor
    told = ", ".join(format_amount(Total(minor, one), "en") for one, minor in amounts.items())
    return f"{told} · oldest {lasting(now - owed.rows[0].since)}"


def _at_stake(compared: Compared | None) -> str:
    if compared is None:
        return "is being compared"
    sure = compared.confirmed
    if not compared.found:
        return "journals and TECS agree"
    amounts: dict[Currency, int] = {}
    for one in sure:
        if one.currency:
            currency = Currency(one.currency, one.exponent)
            amounts[currency] = amounts.get(currency, 0) + one.minor
    told = ", ".join(format_amount(Total(minor, one), "en") for one, minor in amounts.items())
    questions = len(compared.found) - len(sure)
    return " · ".join(filter(None, [told, f"{questions} questions" if questions else ""]))


def _late(owed: Paged[DueRow], now: datetime) -> Iterator[ToLook]:
    for one in owed.rows:
        if one.overdue or one.kind is not DueKind.DUE:
            what = one.transaction
            told = f"{format_amount(what.total, 'en')} {DUE[one.kind].means}"
            href = f"/kiosks/{what.kiosk_id}/{what.id}"
            yield ToLook("bad", "Cancellation", what.kiosk_id, told, now - one.since, href)


def _alarms(raised: Paged[AlarmRow], now: datetime) -> Iterator[ToLook]:
    for one in raised.rows:
        yield ToLook("bad", "Alarm", one.kiosk_id or "", one.sentence, now - one.last_at, "/alarms")


def _differing(compared: Compared | None) -> Iterator[ToLook]:
    for one in islice(compared.confirmed if compared else (), _FIRST.most):
        told = one.what
        if one.currency:
            amount = Total(one.minor, Currency(one.currency, one.exponent))
            told = f"{format_amount(amount, 'en')} {told}"
        where = one.kiosk_id or f"terminal {one.terminal}"
        yield ToLook("bad", "TECS", where, told, one.age, "/disagreements")


def _quiet(quiet: Paged[KioskRow], now: datetime) -> Iterator[ToLook]:
    for one in quiet.rows:
        told = "was never heard of" if one.last_seen is None else "does not speak"
        href = f"/kiosks/{one.kiosk_id}"
        yield ToLook("warn", "Silent", one.kiosk_id, told, now - one.quiet_since, href)


def _closed(closed: Paged[KioskRow], now: datetime) -> Iterator[ToLook]:
    for one in closed.rows:
        length = now - (one.since or now)
        told = advice(one.reason).means
        href = f"/kiosks/{one.kiosk_id}"
        yield ToLook("warn", "Out of service", one.kiosk_id, told, length, href)


def _charts(
    passed: Sequence[HourRow], sums: Sequence[DueSum], asked: PageRequest
) -> dict[str, Markup]:
    zone = asked.settings.zone
    labels = [f"{local(one.start, zone):%H:%M}" for one in passed]
    answered = sum(one.approved + one.declined for one in passed)
    approved = sum(one.approved for one in passed)
    payments = bar_chart(
        ChartWords(
            "payments",
            "Payments per hour, the last 24 hours",
            f"{answered} payments were answered, {approved} of them approved.",
        ),
        [
            ChartBar(
                label,
                f"{label}: {one.approved} approved, {one.declined} declined, {one.unclear} unclear",
                (("", one.approved), ("warn", one.declined), ("bad", one.unclear)),
            )
            for label, one in zip(labels, passed, strict=True)
        ],
    )
    rate = line_chart(
        ChartWords(
            "rate",
            "Approval rate by hour, the last 24 hours",
            f"{approved} of {answered} payments that were answered were approved.",
            "%",
        ),
        [
            ChartPoint(
                label,
                f"{label}: {100 * (one.rate or 0):.0f} % of {one.approved + one.declined}",
                None if one.rate is None else 100 * one.rate,
            )
            for label, one in zip(labels, passed, strict=True)
        ],
        100,
    )
    counts = [sum(one.count for one in sums if one.span == span) for span in range(len(SPANS) + 1)]
    ages = bar_chart(
        ChartWords(
            "ages",
            "Age of open cancellations",
            ", ".join(
                f"{count} {word}" for count, word in zip(counts, _SPAN_WORDS, strict=True) if count
            )
            or "None is open.",
        ),
        [
            ChartBar(word, f"{word}: {count}", (("bad" if place > 1 else "warn", count),))
            for place, (count, word) in enumerate(zip(counts, _SPAN_WORDS, strict=True))
        ],
    )
    # every text in them was escaped when they were drawn
    return {name: Markup(one) for name, one in  # noqa: S704
            (("payments", payments), ("rate", rate), ("ages", ages))}  # fmt: skip
