"""What the register says of itself in English is told in the reader's language; the rest is data."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import kiosk_tui
from kiosk_tui.domain.outcome import Probe
from kiosk_tui.payment.queries import _CANNOT
from kiosk_tui.payment.readiness import clock_trouble
from kiosk_tui.tecs import errors
from kiosk_tui.text import texts, times
from kiosk_tui.text.translations import speak
from kiosk_tui.text.wording.explanations import SENTENCES, explained

NOW = datetime(2026, 11, 29, 12, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
PACKAGE = Path(kiosk_tui.__file__).parent


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    before = texts._Current.texts
    speak("de")
    yield
    texts.speak_in(before)


@pytest.mark.parametrize("error", errors._SENTENCES, ids=lambda one: one.__name__)
def test_why_the_line_failed_is_told_in_the_readers_language(error: type[Exception]) -> None:
    english = errors.sentence(error("x"))
    assert explained(english) != english


def test_what_a_technician_needs_stays_in_its_brackets() -> None:
    told = explained("No connection to TECS could be made (TLS: certificate has expired).")
    assert told == "Es kam keine Verbindung zu TECS zustande (TLS: certificate has expired)."
    assert explained("The request failed (KeyError).") == "Die Anfrage schlug fehl (KeyError)."


def test_why_a_clock_or_a_state_is_in_the_way_is_told_too() -> None:
    ahead = Probe(reachable=True, why="", server_time=NOW + 2 * HOUR)
    for english in (
        *_CANNOT.values(),
        clock_trouble(NOW, ahead),
        clock_trouble(NOW.replace(year=1970), None),
    ):
        assert explained(english) != english


def test_a_moment_is_told_as_the_reader_writes_it() -> None:
    times.tell_times_in(UTC)
    assert explained("2026-11-29 06:40 UTC") == "So. 29. Nov. 06:40"
    assert "Do. 1. Jan. 1970" in explained(
        clock_trouble(NOW.replace(year=1970, month=1, day=1), None)
    )
    told = explained(clock_trouble(NOW, Probe(reachable=True, why="", server_time=NOW + 2 * HOUR)))
    assert "So. 29. Nov. 12:05, die des Servers So. 29. Nov. 14:05" in told
    times.tell_times_in(None)


def test_a_state_is_told_by_its_word_and_an_operation_by_its_name() -> None:
    assert explained("Transaction 7 is DECLINED, not approved.").endswith("Zustand: abgelehnt.")
    told = explained("Transaction 7 is not in this register's journal: a refund needs one that is.")
    assert "Gutschrift" in told


def test_what_is_not_known_stays_as_it_is_on_one_line() -> None:
    assert explained("Something\nelse: {why}") == "Something else: {why}"
    assert explained("") == ""


def _said() -> Iterator[str]:
    """Yield every literal of the package but this table's own."""
    for file in PACKAGE.rglob("*.py"):
        if file.name != "explanations.py":
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def test_no_sentence_is_kept_that_nobody_says_any_more() -> None:
    said = "\n".join(_said())
    for sentence in SENTENCES:
        longest = max(re.split(r"{\w+}|completed|refunded", sentence), key=len).strip(" .:")
        assert any(part.strip() in said for part in (longest[:32], longest[-24:])), sentence
