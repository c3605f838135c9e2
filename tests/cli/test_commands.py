"""The command line: the same register and lock as the app, exit codes and JSON that scripts can trust."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import warm
from support.installation import KEY, Installation, installed
from support.terminal import PROGRAM

from kiosk_tui.journal.lock import WriterLock
from kiosk_tui.journal.store import Store
from kiosk_tui.simulator.faults import Fault
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Screen


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


class TestPayments:
    def test_a_sale_with_a_tip(self, shop: Installation) -> None:
        code, told = shop.json("sale", "--amount", "12.55", "--tip", "1.25", "--reason", "Ticket")
        assert code == 0
        assert told["state"] == "APPROVED"
        assert told["paid"] is True
        assert (told["amount"], told["tip"], told["total"]) == ("12.55", "1.25", "13.80")
        assert told["card"] == "411111******1111"
        assert shop.simulator.ledger.net_minor(told["id"]) == 1380

    def test_a_declined_one_exits_with_1(self, shop: Installation) -> None:
        code, told = shop.json("sale", "--amount", "80.51")
        assert (code, told["state"], told["response_code"]) == (1, "DECLINED", "51")

    def test_one_that_was_never_sent_exits_with_69(self, shop: Installation) -> None:
        shop.configure(terminal="")
        shop.config.write_text(shop.config.read_text().replace(shop.url, "http://127.0.0.1:1"))
        done = shop.run("sale", "--amount", "1.00", "--json")
        assert done.returncode == 69
        assert json.loads(done.stdout)["state"] == "NOT_STARTED"

    def test_one_whose_answer_is_lost_exits_with_75_and_is_cancelled(
        self, shop: Installation
    ) -> None:
        shop.simulator.queue_fault(Fault.DROP_AFTER)
        code, told = shop.json("sale", "--amount", "1.00")
        assert (code, told["state"], told["paid"]) == (75, "CANCELLED", False)
        assert shop.simulator.ledger.net_minor(told["id"]) == 0

    def test_moto_preauthorization_and_completion(self, shop: Installation) -> None:
        code, _ = shop.json(
            "moto", "--amount", "5", "--card-reference", "REF20117_2712_1111_411111"
        )
        assert code == 0
        code, held = shop.json("preauth", "--amount", "100.00")
        assert code == 0
        code, done = shop.json("complete", "--reference", held["id"].zfill(20), "--amount", "80")
        assert (code, done["state"], done["original_id"]) == (0, "APPROVED", held["id"])
        assert shop.simulator.ledger.net_minor(done["id"]) == 8000
        too_much = shop.run("complete", "--reference", held["id"], "--amount", "101")
        assert too_much.returncode == 2
        assert "more than the 20.00 of transaction" in too_much.stderr

    def test_refunds(self, shop: Installation) -> None:
        _, sold = shop.json("sale", "--amount", "20.00")
        code, back = shop.json("refund", "--amount", "5.00", "--reference", sold["id"])
        assert (code, back["operation"]) == (0, "referenced_refund")
        code, plain = shop.json("refund", "--amount", "5.00")
        assert (code, plain["operation"]) == (0, "refund")
        assert sum(one.minor for one in shop.simulator.ledger.movements) == 1000

    def test_a_gratuity_is_a_tip_on_an_earlier_payment(self, shop: Installation) -> None:
        _, sold = shop.json("sale", "--amount", "20.00")
        code, tip = shop.json("gratuity", "--reference", sold["id"], "--amount", "1.50")
        assert (code, tip["operation"], tip["original_id"]) == (0, "gratuity", sold["id"])
        again = shop.run("gratuity", "--reference", sold["id"], "--amount", "1.50")
        assert (again.returncode, "carries a tip already" in again.stderr) == (2, True)
        kept = shop.run("cancel", "--reference", sold["id"])
        assert (kept.returncode, "has been tipped by" in kept.stderr) == (2, True)
        for one in (tip, sold):
            code, told = shop.json("cancel", "--reference", one["id"])
            assert (code, told["state"]) == (0, "CANCELLED")
        assert [one.minor for one in shop.simulator.ledger.movements] == [2000, 150, -150, -2000]

    def test_one_whose_answer_is_lost_is_cancelled_and_its_payment_stays(
        self, shop: Installation
    ) -> None:
        _, sold = shop.json("sale", "--amount", "20.00")
        shop.simulator.queue_fault(Fault.DROP_AFTER)
        code, tip = shop.json("gratuity", "--reference", sold["id"], "--amount", "1.50")
        assert (code, tip["state"]) == (75, "CANCELLED")
        assert shop.simulator.ledger.net_minor(tip["id"]) == 0
        assert shop.simulator.ledger.net_minor(sold["id"]) == 2000

    def test_a_balance(self, shop: Installation) -> None:
        code, told = shop.json("balance")
        assert (code, told["balance_minor"], told["paid"]) == (0, "2500", False)
        assert "(balance: 25.00 EUR)" in shop.run("balance").stdout
        assert shop.run("balance", "--amount", "1").returncode == 2

    def test_another_registers_id_may_have_twenty_digits(self, shop: Installation) -> None:
        shop.run("sale", "--amount", "1.00")
        twenty = "92611231401590001234"
        code, refund = shop.json("refund", "--amount", "1.00", "--reference", twenty)
        # it was asked for: TECS does not know the original, and that is no listed decline
        assert (code, refund["original_id"]) == (75, twenty)
        shown = shop.run("journal", "show", twenty)
        assert "Traceback" not in shown.stderr
        assert twenty in shown.stderr

    def test_cancelling_ones_own_and_another_terminals(self, shop: Installation) -> None:
        _, sold = shop.json("sale", "--amount", "20.00")
        code, told = shop.json("cancel", "--reference", f"TXID{sold['id'].zfill(20)}")
        assert (code, told["state"]) == (0, "CANCELLED")
        again = shop.run("cancel", "--reference", sold["id"])
        assert again.returncode == 2
        assert "cancelled already" in again.stderr
        missing = shop.run("cancel", "--reference", "123")
        assert missing.returncode == 2
        assert "--amount" in missing.stderr
        code, told = shop.json(
            "cancel", "--reference", "123", "--amount", "1", "--terminal", "11460019"
        )
        assert (code, told["state"]) == (1, "NOTHING_TO_CANCEL")

    @pytest.mark.journey
    def test_ctrl_c_gives_up_and_the_answer_decides(self, tmp_path: Path) -> None:
        with installed(tmp_path, Options(card_s=1000, host_s=0)) as shop:
            with subprocess.Popen(
                [*PROGRAM, "--config", str(shop.config), "sale", "--amount", "3", "--json"],
                env=shop.environment,
                stdout=subprocess.PIPE,
                text=True,
            ) as sale:
                end = time.monotonic() + 20
                while shop.simulator.terminal.screen is not Screen.WAITING_FOR_CARD:
                    assert time.monotonic() < end
                    time.sleep(0.02)
                sale.send_signal(signal.SIGINT)
                out, _ = sale.communicate(timeout=20)
            assert sale.returncode == 1
            assert json.loads(out)["state"] == "DECLINED"
            assert shop.simulator.ledger.movements == []

    @pytest.mark.journey
    def test_a_sale_killed_in_the_middle_is_cancelled_by_the_next_command(
        self, tmp_path: Path
    ) -> None:
        with installed(tmp_path, Options(card_s=1000, host_s=0, abort_works=False)) as shop:
            with subprocess.Popen(
                [*PROGRAM, "--config", str(shop.config), "sale", "--amount", "3"],
                env=shop.environment,
            ) as sale:
                end = time.monotonic() + 20
                while shop.simulator.terminal.screen is not Screen.WAITING_FOR_CARD:
                    assert time.monotonic() < end
                    time.sleep(0.02)
                sale.kill()
            shop.simulator.terminal.present_card()
            shop.simulator.set_options(card_s=0)
            done = shop.run("recover")
            assert done.returncode == 0, done.stderr
            assert "- cancelled" in done.stdout
            assert sum(one.minor for one in shop.simulator.ledger.movements) == 0
            assert shop.run("sale", "--amount", "3").returncode == 0


class TestRecover:
    def test_nothing_due_is_0(self, shop: Installation) -> None:
        done = shop.run("recover")
        assert (done.returncode, done.stdout) == (0, "No cancellation is due.\n")

    def test_what_tecs_does_not_answer_is_75_with_a_line_each(self, shop: Installation) -> None:
        shop.simulator.queue_fault(Fault.LOSE_CANCELLATIONS, times=3)
        code, told = shop.json("sale", "--amount", "1.00")
        assert (code, told["state"]) == (75, "CANCEL_DUE")
        done = shop.run("recover", "--json")
        assert done.returncode == 75
        assert json.loads(done.stdout)["id"] == told["id"]
        blocked = shop.run("sale", "--amount", "1.00")  # the third loss; still due
        assert blocked.returncode == 69
        assert "not yet answered" in blocked.stderr
        assert shop.run("recover").returncode == 0

    def test_it_waits_out_the_settle_window_when_tecs_does_not_know_the_original(
        self, shop: Installation
    ) -> None:
        shop.configure()
        shop.config.write_text(shop.config.read_text().replace("settle_s = 0", "settle_s = 3"))
        shop.simulator.queue_fault(Fault.LATE_CHARGE)
        code, told = shop.json("sale", "--amount", "1.00")
        assert (code, told["state"]) == (75, "CANCEL_DUE")
        assert shop.simulator.ledger.net_minor(told["id"]) == 100  # it landed after "not found"
        done = shop.run("recover")
        assert done.returncode == 0
        assert shop.simulator.ledger.net_minor(told["id"]) == 0

    def test_who_holds_the_journal_is_told(self, shop: Installation) -> None:
        lock = WriterLock(shop.journal, "kiosk-tui run as user 7")
        for command, code in (
            (("recover",), 75),
            (("sale", "--amount", "1"), 69),
            (("journal", "settle", "1", "--note", "x"), 69),
        ):
            done = shop.run(*command)
            assert done.returncode == code
            assert "in use by kiosk-tui run as user 7" in done.stderr
        lock.release()
        assert shop.simulator.ledger.requests == []


class TestJournal:
    def test_it_is_listed_shown_exported_and_verified_while_another_process_writes(
        self, shop: Installation
    ) -> None:
        _, first = shop.json("sale", "--amount", "1.00")
        _, second = shop.json("sale", "--amount", "80.51")
        lock, store = WriterLock(shop.journal, "x"), Store(shop.journal)
        lines = [
            json.loads(line) for line in shop.run("journal", "list", "--json").stdout.splitlines()
        ]
        assert [line["id"] for line in lines] == [second["id"], first["id"]]
        only = shop.run("journal", "list", "--state", "declined").stdout
        assert second["reference"].replace(" ", "") in only
        assert first["reference"].replace(" ", "") not in only
        shown = json.loads(shop.run("journal", "show", first["id"], "--json").stdout)
        assert [event["event"] for event in shown["events"]] == ["BEGUN", "APPROVED"]
        assert [one["kind"] for one in shown["exchanges"]] == ["payment"]
        assert "+ approved" in shop.run("journal", "show", first["id"]).stdout
        table = list(
            csv.DictReader(io.StringIO(shop.run("journal", "export", "--format", "csv").stdout))
        )
        assert [row["id"] for row in table] == [first["id"], second["id"]]
        proved = shop.run("journal", "verify").stdout
        assert proved.startswith("The journal is whole.\nIts chain is unbroken: ")
        store.close()
        lock.release()

    def test_what_needs_staff_is_settled_with_a_note(self, shop: Installation) -> None:
        shop.simulator.queue_fault(Fault.REFUSE_CANCELLATION)
        code, lost = shop.json("sale", "--amount", "1.00")
        assert (code, lost["state"]) == (75, "NEEDS_STAFF")
        assert shop.run("journal", "settle", lost["id"], "--note", " ").returncode == 2
        code, told = shop.json("journal", "settle", lost["id"], "--note", "Refunded by hand, Anna")
        assert (code, told["state"], told["note"]) == (0, "SETTLED", "Refunded by hand, Anna")
        again = shop.run("journal", "settle", lost["id"], "--note", "x")
        assert again.returncode == 2
        assert "settled by staff" in again.stderr

    def test_a_receipt_shows_what_must_be_printed_and_no_card_number(
        self, shop: Installation
    ) -> None:
        _, sold = shop.json("sale", "--amount", "1.00")
        slip = shop.run("receipt", sold["id"]).stdout
        for words in (
            "PIN VERIFIED",
            "AID: A0000000031010",
            "411111******1111",
            "TOTAL",
            "\u20ac1.00",
        ):
            assert words in slip
        assert all(len(line) <= 42 for line in slip.splitlines())

    def test_there_is_no_journal_before_the_first_payment(self, shop: Installation) -> None:
        done = shop.run("journal", "list")
        assert done.returncode == 69
        assert "no journal" in done.stderr


class TestBadInput:
    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("sale", "--amount", "12,55"), "12.55"),
            (("sale", "--amount", "1.555"), "3 decimals"),
            (("sale", "--amount", "0"), "above zero"),
            (("sale", "--amount", "-1"), "not an amount"),
            (("sale", "--amount", "1", "--currency", "EURO"), "EUR"),
            (("sale", "--amount", "1", "--tip", "x"), "not an amount"),
            (("sale", "--amount", "1", "--language", "1"), "language"),
            (("sale", "--amount", "1", "--receipt-number", "x" * 21), "receipt_number"),
            (("moto", "--amount", "1", "--card-reference", "4111111111111111"), "REF"),
            (("cancel", "--reference", "12a"), "digits"),
            (("refund", "--amount", "1", "--reference", "1" * 21), "digits"),
            (("journal", "show", "abc"), "digits"),
            (("journal", "list", "--state", "NONE"), "approved"),
            (("journal", "list", "--limit", "0"), "count"),
            (("simulator", "--host", "0.0.0.0"), "loopback"),
            (("simulator", "--port", "99999"), "65535"),
            (("nonsense",), "no command"),
        ],
    )
    def test_one_sentence_exit_code_2_and_nothing_is_sent(
        self, shop: Installation, arguments: tuple[str, ...], words: str
    ) -> None:
        Store(shop.journal).close()
        if arguments[0] == "journal":
            shop.run("recover")
        done = shop.run(*arguments)
        assert done.returncode == 2, done.stderr
        assert words in done.stderr
        assert "Traceback" not in done.stderr
        assert shop.simulator.ledger.requests == []

    def test_without_a_configuration_a_script_is_told_what_to_do(self, tmp_path: Path) -> None:
        nowhere = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "STATE_DIRECTORY": str(tmp_path)}
        done = warm.run(["sale", "--amount", "1"], nowhere)
        assert done.returncode == 78
        assert "config init" in done.stderr

    def test_the_full_screen_app_needs_a_terminal(self, shop: Installation) -> None:
        done = shop.run("run")
        assert done.returncode == 69
        assert "needs a terminal" in done.stderr


class TestConfig:
    def test_init_writes_what_check_accepts_and_overwrites_nothing(
        self, shop: Installation, tmp_path: Path
    ) -> None:
        path = tmp_path / "new" / "config.toml"
        asked = (
            *("config", "init", "--output", str(path), "--url", "https://test.tecs.at/x"),
            *(
                "--terminal",
                "88091105",
                "--currency",
                "CHF",
                "--place",
                "8001 Zürich",
                "--key-file",
                str(shop.folder / "authkey"),
            ),
        )
        done = shop.run(*asked)
        assert done.returncode == 0, done.stderr
        checked = shop.run("--config", str(path), "config", "check")
        assert checked.returncode == 0, checked.stderr
        assert '\nplace = "8001 Zürich"\n' in path.read_text("utf-8")
        assert shop.run(*asked).returncode == 2

    def test_show_tells_where_each_value_came_from_and_no_secret(self, shop: Installation) -> None:
        done = shop.run("config", "show", "--json", KIOSK_TUI_KIOSK__ID="lobby-7")
        told = json.loads(done.stdout)
        assert told["kiosk.id"] == {"value": "lobby-7", "source": "$KIOSK_TUI_KIOSK__ID"}
        assert told["terminal.number"]["source"] == f"{shop.config}, line 5"
        assert told["tip.percent"] == {"value": [5, 10, 15], "source": "default"}
        assert told["auth.key"]["value"] == "***"
        assert KEY not in done.stdout


def test_the_demo_pays_without_a_screen(tmp_path: Path) -> None:
    nowhere = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "STATE_DIRECTORY": str(tmp_path)}
    done = warm.run(["sale", "--demo", "--amount", "1", "--json"], nowhere)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["paid"] is True
    assert (tmp_path / "demo" / "journal.db").exists()
    assert not (tmp_path / "journal.db").exists()
