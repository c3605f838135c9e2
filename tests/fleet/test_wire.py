"""What goes over the line is bounded, so that no kiosk's clock or text stops head office's tables."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from kiosk_tui.fleet import wire, wire_days


@pytest.mark.parametrize("told", ["2026-11-29T12:00:00", "9999-12-31T23:59:59-05:00", "tomorrow"])
def test_a_moment_has_a_zone_and_lies_in_the_calendar(told: str) -> None:
    with pytest.raises(ValidationError):
        wire.Health.model_validate({"ready": True, "since": told})


def test_a_moment_is_written_in_utc_whatever_zone_it_was_told_in() -> None:
    told = wire.Health.model_validate({"ready": True, "since": "2026-11-29T13:00:00+01:00"})
    assert told.since == datetime(2026, 11, 29, 12, tzinfo=UTC)
    assert '"2026-11-29T12:00:00.000+00:00"' in told.model_dump_json()


def test_what_postgresql_cannot_hold_is_left_out_of_a_sentence() -> None:
    told = wire.CommandOutcome(n=1, ok=False, sentence="a\0b\nc", at=datetime.now(UTC))
    assert told.sentence == "abc"


@pytest.mark.parametrize(
    ("transaction_id", "day"),
    [("20261129123456789", "20261129"), ("42", "00000000"), ("9" * 20, "9" * 11)],
)
def test_the_day_of_an_id_is_what_stands_before_its_time(transaction_id: str, day: str) -> None:
    assert wire.day_of(transaction_id) == day
    assert wire_days.DayDigest(day=day, events=1, sha256=wire.digest(["ab"])).day == day


def test_a_number_beyond_the_tables_is_refused() -> None:
    with pytest.raises(ValidationError):
        wire.Batch(epoch="ab", now=datetime.now(UTC), after=2**63, upto=2**63)
