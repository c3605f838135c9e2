"""`doctor --ask`: what TECS says of a transaction, beside what the journal has; nothing changes by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.journal.reader import Reader
from kiosk_tui.simulator.faults import Fault


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        services = built.url.replace("/tecsclientrest", "/merchantservices")
        password = tmp_path / "second_opinion"
        password.write_text("s3cond\n")
        password.chmod(0o600)
        built.simulator.services.user, built.simulator.services.password = "office", "s3cond"
        built.configure(
            second_opinion=f'url = "{services}"\nuser = "office"\npassword_file = "{password}"'
        )
        yield built


def _newest(shop: Installation) -> str:
    reader = Reader(shop.journal)
    try:
        return reader.transactions(limit=1)[0].id
    finally:
        reader.close()


def test_tecs_s_word_stands_beside_the_journal_s(shop: Installation) -> None:
    assert shop.run("sale", "--amount", "12.55").returncode == 0
    number = _newest(shop)
    told = shop.run("doctor", "--ask", number[-9:])
    assert told.returncode == 0
    assert f"In the journal {number} is approved." in told.stdout
    assert "approved at TECS (code 0)" in told.stdout
    assert "It settles nothing" in told.stdout
    assert "4111" not in told.stdout
    told = shop.run("doctor", "--ask", number.zfill(20), "--json")
    assert '"known": true' in told.stdout
    assert "cardNumber" not in told.stdout


def test_a_cancellation_that_is_due_stays_due_whatever_tecs_says(shop: Installation) -> None:
    shop.simulator.queue_fault(Fault.LOSE_CANCELLATIONS, times=99)
    assert shop.run("sale", "--amount", "12.55").returncode == 75
    assert shop.states == [State.CANCEL_DUE]
    number = _newest(shop)
    assert "a cancellation is owed" in shop.run("doctor", "--ask", number).stdout
    shop.simulator.ledger.cancel(shop.simulator.ledger.entries[number])
    shop.run("doctor", "--ask", number)
    del shop.simulator.ledger.entries[number]
    shop.run("doctor", "--ask", number)
    assert shop.states == [State.CANCEL_DUE]


def test_what_tecs_does_not_know_closes_nothing(shop: Installation) -> None:
    told = shop.run("doctor", "--ask", "20261127140159123")
    assert told.returncode == 0
    assert "is not there" in told.stdout
    assert "closes nothing" in told.stdout


def test_a_wrong_password_is_a_sentence(shop: Installation) -> None:
    shop.simulator.services.password = "other"
    told = shop.run("doctor", "--ask", "20261127140159123")
    assert told.returncode == 69
    assert "refused the user" in told.stdout


@pytest.mark.parametrize(("named", "why"), [("x", "not a transaction id"), ("123", "whole id")])
def test_a_name_that_is_none_is_refused(shop: Installation, named: str, why: str) -> None:
    told = shop.run("doctor", "--ask", named)
    assert told.returncode == 69
    assert why in told.stderr


def test_without_a_service_it_says_what_to_set(tmp_path: Path) -> None:
    with installed(tmp_path) as built:
        built.configure()
        told = built.run("doctor", "--ask", "20261127140159123")
    assert told.returncode == 69
    assert "[second_opinion]" in told.stderr
