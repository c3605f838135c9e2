"""Who is alerted when: once when it comes, hourly while it stays, once when it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.observe.reporting.alarm import (
    MOST_IDS,
    REPEAT,
    AlarmLimits,
    Alert,
    Cause,
    Tone,
    alerts,
    remembered,
    to_remember,
)
from kiosk_tui.observe.reporting.status import RegisterStatus
from kiosk_tui.payment.readiness import Obstacle

NOW = datetime(2026, 11, 23, 14, 1, 2, tzinfo=UTC)
LIMITS = AlarmLimits(due_s=900, out_of_service_s=600)
WELL = RegisterStatus(None)
CASES = {
    Cause.NEEDS_STAFF: RegisterStatus(None, needs_staff=("7", "9")),
    Cause.CANCELLATION_DUE: RegisterStatus(None, due=("8",), oldest_due_s=900),
    Cause.OUT_OF_SERVICE: RegisterStatus(Obstacle.UNREACHABLE, "No route to host.", closed_s=600),
    Cause.JOURNAL: RegisterStatus(Obstacle.JOURNAL, "The disk is full."),
}


def _told(now: RegisterStatus, told: dict[Cause, datetime], at: datetime = NOW) -> list[Alert]:
    return list(alerts(now, LIMITS, told, at))


@pytest.mark.parametrize(("cause", "now"), CASES.items(), ids=CASES)
def test_each_cause_is_told_repeated_hourly_and_cleared(cause: Cause, now: RegisterStatus) -> None:
    (raised,) = _told(now, {})
    assert (raised.cause, raised.tone) == (cause, Tone.RAISED)
    assert raised.why.endswith(".") or raised.why.endswith(").")
    assert _told(now, {cause: NOW}, NOW + REPEAT - timedelta(seconds=1)) == []
    (repeated,) = _told(now, {cause: NOW}, NOW + REPEAT)
    assert (repeated.cause, repeated.tone) == (cause, Tone.REPEATED)
    (cleared,) = _told(WELL, {cause: NOW})
    assert (cleared.cause, cleared.tone) == (cause, Tone.CLEARED)


@pytest.mark.parametrize(
    "now",
    [
        WELL,
        RegisterStatus(None, due=("8",), oldest_due_s=899),
        RegisterStatus(Obstacle.UNREACHABLE, "No route.", closed_s=599),
        RegisterStatus(Obstacle.STARTING, closed_s=5),
    ],
)
def test_what_may_pass_by_itself_is_given_its_time(now: RegisterStatus) -> None:
    assert _told(now, {}) == []


def test_a_journal_that_is_refused_is_one_cause_and_not_two() -> None:
    now = RegisterStatus(Obstacle.JOURNAL, "It is damaged.", closed_s=9999)
    assert [one.cause for one in _told(now, {})] == [Cause.JOURNAL]


def test_what_is_not_known_yet_is_not_over() -> None:
    assert _told(RegisterStatus(Obstacle.STARTING), {Cause.JOURNAL: NOW}) == []


def test_a_clock_that_went_back_does_not_silence_it() -> None:
    (one,) = _told(CASES[Cause.JOURNAL], {Cause.JOURNAL: NOW}, NOW - timedelta(days=400))
    assert one.tone is Tone.REPEATED


def test_only_so_many_transactions_are_named() -> None:
    many = tuple(map(str, range(100)))
    (one,) = _told(RegisterStatus(None, needs_staff=many), {})
    assert one.transactions == many[:MOST_IDS]
    assert "100" in one.why


def test_what_was_told_outlives_the_process() -> None:
    told = {Cause.JOURNAL: NOW, Cause.NEEDS_STAFF: NOW - timedelta(minutes=7)}
    assert remembered(to_remember(told)) == told


@given(st.text())
@pytest.mark.parametrize("form", ["{}", '{{"journal": "{}"}}', "[{}]"])
def test_what_cannot_be_read_was_not_told(form: str, text: str) -> None:
    assert isinstance(remembered(form.format(text)), dict)
