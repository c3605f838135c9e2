"""The figures as a monitoring system reads them: its text format to the letter, and counts that go on."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fakes import order

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.lifecycle import OPEN, State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.observe.reporting import prometheus
from kiosk_tui.observe.reporting.counters import ENDS, Counters
from kiosk_tui.observe.reporting.status import RegisterStatus
from kiosk_tui.payment.readiness import Obstacle

NOW = datetime(2026, 11, 23, 14, 1, 2, tzinfo=UTC)

_SAMPLE = re.compile(
    r'(?P<name>[a-zA-Z_:][\w:]*)(?:\{(?P<labels>[a-z]+="(?:[^"\\\n]|\\["\\n])*"'
    r'(?:,[a-z]+="(?:[^"\\\n]|\\["\\n])*")*)\})? (?P<value>-?\d+(?:\.\d+)?)',
    re.ASCII,
)


def parse(text: str) -> dict[str, float]:
    """Read the exposition format as strictly as its documentation has it."""
    assert text.endswith("\n")
    kinds: dict[str, str] = {}
    samples: dict[str, float] = {}
    for line in text.splitlines():
        if line.startswith("# HELP "):
            assert len(line.split(" ", 3)) == 4
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert kind in {"counter", "gauge", "histogram"}
            assert name not in kinds
            kinds[name] = kind
        else:
            found = _SAMPLE.fullmatch(line)
            assert found is not None, line
            family = re.sub(r"_(bucket|sum|count)$", "", found["name"])
            assert kinds.get(found["name"], kinds.get(family)) is not None, line
            assert (kinds.get(found["name"]) == "counter") == found["name"].endswith("_total")
            key = found["name"] + (f"{{{found['labels']}}}" if found["labels"] else "")
            assert key not in samples, key
            samples[key] = float(found["value"])
    return samples


def _one(number: str, state: State) -> Transaction:
    what = order()
    return Transaction(TransactionId(number), what, state, what.amount, NOW, NOW)


def _lived(counters: Counters, number: str, *states: State, took_s: float = 7.0) -> None:
    for at, state in enumerate(states):
        counters.changed(_one(number, state), 100.0 + at * took_s)


def test_every_figure_is_there_and_means_what_it_says() -> None:
    counters = Counters(starts=3)
    _lived(counters, "1", State.AUTHORIZING, State.APPROVED)
    _lived(counters, "2", State.AUTHORIZING, State.GIVEN_UP, State.DECLINED, took_s=200)
    _lived(counters, "3", State.AUTHORIZING, State.CANCEL_DUE, State.CANCELLED, State.CANCELLED)
    now = RegisterStatus(
        Obstacle.CANCELLATION_DUE,
        due=("4", "5"),
        oldest_due_s=61.25,
        needs_staff=("6",),
        disk_free_bytes=12345,
    )
    told = parse(prometheus.text(counters, now, 1795000000.4))
    assert told["kiosk_tui_starts_total"] == 3
    assert told["kiosk_tui_start_time_seconds"] == 1795000000
    assert told["kiosk_tui_ready"] == 0
    assert told['kiosk_tui_closed{obstacle="cancellation_due"}'] == 1
    assert sum(value for key, value in told.items() if "_closed{" in key) == 1
    ended = {key: value for key, value in told.items() if "transactions_total" in key and value}
    assert ended == {
        'kiosk_tui_transactions_total{outcome="approved"}': 1,
        'kiosk_tui_transactions_total{outcome="declined"}': 1,
        'kiosk_tui_transactions_total{outcome="cancelled"}': 1,
    }
    assert told["kiosk_tui_cancellations_due"] == 2
    assert told["kiosk_tui_oldest_cancellation_due_seconds"] == 61.2
    assert told["kiosk_tui_needs_staff"] == 1
    assert told["kiosk_tui_disk_free_bytes"] == 12345
    assert told['kiosk_tui_answer_seconds_bucket{le="5"}'] == 0
    assert told['kiosk_tui_answer_seconds_bucket{le="10"}'] == 2
    assert told['kiosk_tui_answer_seconds_bucket{le="180"}'] == 2
    assert told['kiosk_tui_answer_seconds_bucket{le="+Inf"}'] == 3
    assert told["kiosk_tui_answer_seconds_count"] == 3
    assert told["kiosk_tui_answer_seconds_sum"] == 7 + 400 + 7
    assert any(key.startswith("kiosk_tui_build_info{version=") for key in told)


def test_open_and_without_a_disk_to_ask_it_says_so() -> None:
    told = parse(prometheus.text(Counters(), RegisterStatus(None), 0.0))
    assert told["kiosk_tui_ready"] == 1
    assert not any(value for key, value in told.items() if "_closed{" in key)
    assert "kiosk_tui_disk_free_bytes" not in told


def test_labels_are_words_of_ours_and_few() -> None:
    assert len(prometheus.text(Counters(), RegisterStatus(None), 0.0).splitlines()) < 70
    assert set(ENDS) == set(State) - OPEN


def test_the_next_process_goes_on_counting() -> None:
    counters = Counters(starts=3)
    _lived(counters, "1", State.AUTHORIZING, State.APPROVED)
    _lived(counters, "2", State.AUTHORIZING, State.DECLINED, took_s=45.5)
    again = prometheus.read(prometheus.text(counters, RegisterStatus(None), 0.0))
    assert (again.starts, again.answers, again.answers_s) == (3, counters.answers, 52.5)
    assert again.ended == counters.ended


@given(st.text() | st.text('kiosk_tui_{}="0123456789.+Inf \n', max_size=200))
def test_a_file_that_is_none_of_ours_counts_from_nothing(text: str) -> None:
    parse(prometheus.text(prometheus.read(text), RegisterStatus(None), 0.0))


@pytest.mark.parametrize("value", ["1.2.3", ".", "-5", "NaN", "1e5", ""])
def test_a_value_that_is_no_count_is_none(value: str) -> None:
    assert prometheus.read(f"kiosk_tui_starts_total {value}\n").starts == 0


def test_only_the_newest_are_remembered_for_what_they_were() -> None:
    counters = Counters()
    for number in range(1000):
        _lived(counters, str(number + 1), State.AUTHORIZING, State.APPROVED)
    assert counters.ended[State.APPROVED] == 1000
    assert len(counters._last) == 256
    assert not counters._sent_at


def test_what_a_signer_owes_is_told_only_where_there_is_one() -> None:
    without = prometheus.text(Counters(), RegisterStatus(None), 0.0)
    assert "signature" not in without
    status = RegisterStatus(None, signatures_owed=3, oldest_signature_owed_s=61.5)
    found = parse(prometheus.text(Counters(), status, 0.0))
    assert found["kiosk_tui_signatures_owed"] == 3
    assert found["kiosk_tui_oldest_signature_owed_seconds"] == 61.5
