"""What customers read of a register that head office keeps closed: its sentence, in their language, as text."""

from __future__ import annotations

import pytest

from kiosk_tui.payment.readiness import ClosingNotice, Obstacle, Readiness
from kiosk_tui.session.lane_status import LaneStatus
from kiosk_tui.text.wording.obstacles import notice, reason, told

NOTICE = ClosingNotice("Back at noon.", {"de": "Wieder ab zwölf."})


def _closed(notice: ClosingNotice | None = NOTICE) -> Readiness:
    return Readiness(Obstacle.CLOSED_BY_OFFICE, notice=notice)


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [("en", "Back at noon."), ("de_AT", "Wieder ab zwölf."), ("fr", "Back at noon.")],
)
def test_the_sentence_is_in_the_readers_language_where_there_is_one(
    locale: str, sentence: str
) -> None:
    assert notice(_closed(), locale) == sentence
    assert told(_closed(), locale) == sentence


def test_without_a_sentence_it_is_closed_all_the_same() -> None:
    for empty in (ClosingNotice(), None):
        assert notice(_closed(empty), "en") == ""
        assert told(_closed(empty), "en") == "This machine is closed at the moment."


def test_what_another_version_kept_is_one_line_that_moves_no_cursor() -> None:
    assert notice(_closed(ClosingNotice("a\nb\x1b[2J\u202ec")), "en") == "a b [2Jc"


def test_a_graver_reason_is_told_beside_the_sentence() -> None:
    away = Readiness(Obstacle.UNREACHABLE, notice=NOTICE)
    assert told(away, "en") == reason(Obstacle.UNREACHABLE)
    assert notice(away, "en") == "Back at noon."


def test_a_lanes_status_line_says_that_tecs_answers() -> None:
    assert LaneStatus().ready(_closed()).reachable
