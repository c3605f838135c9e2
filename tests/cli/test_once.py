"""A script that lost our answer asks again with its own reference: told the same, charged once."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.installation import Installation, installed
from support.terminal import PROGRAM

from kiosk_tui.cli import idempotency as once
from kiosk_tui.cli import main as command_line
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal.lock import WriterLock
from kiosk_tui.journal.store import Store
from kiosk_tui.simulator.faults import Fault
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Screen

SLOW = Options(card_s=1000, host_s=0)
SALE = ("sale", "--amount", "12.55", "--caller-reference", "till 7/4711")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


@contextmanager
def started(shop: Installation, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*PROGRAM, "--config", str(shop.config), *arguments, "--json"],
        env=shop.environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def waits_for_card(shop: Installation) -> bool:
    return shop.simulator.terminal.screen is Screen.WAITING_FOR_CARD


def charges(shop: Installation) -> list[int]:
    return [one.minor for one in shop.simulator.ledger.movements]


@pytest.mark.parametrize(
    ("amount", "code", "state"),
    [("12.55", 0, "APPROVED"), ("80.51", 1, "DECLINED"), ("90.02", 75, "CANCELLED")],
)
def test_asking_again_tells_the_same_with_the_same_exit_code(
    shop: Installation, amount: str, code: int, state: str
) -> None:
    sale = ("sale", "--amount", amount, "--caller-reference", "4711")
    first, second = shop.json(*sale), shop.json(*sale)
    assert first == second
    assert (second[0], second[1]["state"], second[1]["caller_reference"]) == (code, state, "4711")
    payments = [one for one in shop.simulator.ledger.requests if one.message_type == "0001"]
    assert len(payments) == 1


def test_each_operation_is_done_once(shop: Installation) -> None:
    held = shop.json("preauth", "--amount", "9", "--caller-reference", "a")
    orders = (
        ("preauth", "--amount", "9", "--caller-reference", "a"),
        ("moto", "--amount", "5", "--card-reference", "REF1_2712_1111_411111"),
        ("complete", "--reference", held[1]["id"], "--amount", "9"),
        ("refund", "--amount", "5"),
    )
    for number, order in enumerate(orders):
        named = ("--caller-reference", f"c{number}") if number else ()
        assert shop.json(*order, *named) == shop.json(*order, *named)
    assert charges(shop) == [500, 900, -500]


def test_another_order_under_a_used_reference_is_refused(shop: Installation) -> None:
    _, first = shop.json(*SALE)
    again = shop.run("sale", "--amount", "12.56", "--caller-reference", "till 7/4711")
    assert again.returncode == 2
    assert f"was used for another order, {first['id']}" in again.stderr
    assert charges(shop) == [1255]


@pytest.mark.parametrize("reference", ["", "x" * 65, "a\tb"])
def test_what_is_no_reference_is_refused_with_a_sentence(
    shop: Installation, reference: str
) -> None:
    done = shop.run("sale", "--amount", "1", "--caller-reference", reference)
    assert done.returncode == 2
    assert "A caller's reference" in done.stderr
    assert shop.simulator.ledger.requests == []


@pytest.mark.journey
def test_asking_while_the_first_still_runs_waits_and_tells_the_same(tmp_path: Path) -> None:
    with installed(tmp_path, SLOW) as shop, started(shop, *SALE) as first:
        until(lambda: waits_for_card(shop))
        with started(shop, *SALE) as second:
            log = shop.folder / "kiosk-tui.log"
            until(log.exists)
            shop.simulator.terminal.present_card()
            told = [json.loads(one.communicate(timeout=30)[0]) for one in (first, second)]
        assert (first.returncode, second.returncode) == (0, 0)
        assert told[0] == told[1]
        assert charges(shop) == [1255]


@pytest.mark.journey
def test_asking_after_the_first_was_killed_tells_that_it_is_cancelled(tmp_path: Path) -> None:
    with installed(tmp_path, SLOW) as shop:
        with started(shop, *SALE) as first:
            until(lambda: waits_for_card(shop))
            first.kill()
        shop.simulator.set_options(abort_works=False)
        shop.simulator.terminal.present_card()
        shop.simulator.set_options(card_s=0)
        code, told = shop.json(*SALE)
        assert (code, told["state"], told["paid"]) == (75, "CANCELLED", False)
        assert charges(shop) == [1255, -1255]


class TestWhileAnotherProgramHoldsTheRegister:
    @pytest.fixture(autouse=True)
    def _hurry(self, shop: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(once, "UNKNOWN_S", 0.0)
        for name, value in shop.environment.items():
            monkeypatch.setenv(name, value)

    def ask(self, shop: Installation, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
        code = command_line.main(["--config", str(shop.config), *SALE, "--json"])
        said = capsys.readouterr()
        return code, said.out + said.err

    def test_how_it_ended_is_read_beside_it(
        self, shop: Installation, capsys: pytest.CaptureFixture[str]
    ) -> None:
        first = shop.json(*SALE)
        lock = WriterLock(shop.journal, "kiosk-tui run")
        code, said = self.ask(shop, capsys)
        lock.release()
        assert (code, json.loads(said)) == first

    def test_an_unknown_order_is_told_as_try_again_and_never_as_not_sent(
        self, shop: Installation, capsys: pytest.CaptureFixture[str]
    ) -> None:
        shop.folder.joinpath("journal.db.lock").touch()
        lock = WriterLock(shop.journal, "kiosk-tui run")
        code, said = self.ask(shop, capsys)
        lock.release()
        assert code == 75
        assert "in use by kiosk-tui run" in said
        assert "Nothing is known of till 7/4711: ask again" in said

    def test_another_order_is_refused(
        self, shop: Installation, capsys: pytest.CaptureFixture[str]
    ) -> None:
        shop.json("sale", "--amount", "1", "--caller-reference", "till 7/4711")
        lock = WriterLock(shop.journal, "kiosk-tui run")
        code, said = self.ask(shop, capsys)
        lock.release()
        assert code == 2
        assert "used for another order" in said

    def test_one_that_never_ends_is_told_as_still_running(
        self, shop: Installation, capsys: pytest.CaptureFixture[str]
    ) -> None:
        shop.configure(timeouts="answer_s = 10\ngive_up_s = 1")
        first = shop.json(*SALE)
        store = Store(shop.journal)
        with store._commit() as connection:
            connection.execute("UPDATE transactions SET state = 'AUTHORIZING', checksum = NULL")
        store.close()
        lock = WriterLock(shop.journal, "kiosk-tui run")
        assert first[0] == 0
        with pytest.MonkeyPatch.context() as clock:
            now = iter([0.0, *[1000.0] * 9])
            clock.setattr(once, "time", SimpleNamespace(monotonic=lambda: next(now)))
            code, said = self.ask(shop, capsys)
        lock.release()
        assert code == 75
        assert "How till 7/4711 ends is not known yet" in said


def test_a_journal_that_cannot_be_read_is_told_as_try_again(
    shop: Installation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise JournalUnavailableError("The journal cannot be used: disk I/O error.")

    for name, value in shop.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Store, "by_caller", refuse)
    assert command_line.main(["--config", str(shop.config), *SALE]) == 75
    assert "Nothing is known of till 7/4711" in capsys.readouterr().err
    assert shop.simulator.ledger.requests == []


def test_a_lost_answer_of_the_terminal_is_never_paid_by_asking_again(shop: Installation) -> None:
    shop.simulator.queue_fault(Fault.LOSE_CANCELLATIONS, times=1)
    first = shop.json(*SALE)
    assert (first[0], first[1]["state"]) == (75, "CANCEL_DUE")
    until(lambda: shop.json(*SALE)[1]["state"] == "CANCELLED")
    assert sum(charges(shop)) == 0
