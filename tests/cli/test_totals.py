"""`kiosk-tui totals`, as it is typed, while a kiosk may hold the journal."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.installation import Installation, installed


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        built.configure(terminal='timezone = "Europe/Vienna"')
        yield built


def _row(day: Any, what: str, which: str = "") -> Any:
    (found,) = (one for one in day["totals"] if (one["what"], one["which"]) == (what, which))
    return found


def test_a_day_is_added_up_and_agrees_with_its_events(shop: Installation) -> None:
    _, sale = shop.json("sale", "--amount", "12.55", "--tip", "1.25")
    shop.json("sale", "--amount", "7.45")
    shop.json("sale", "--amount", "80.51")
    shop.json("refund", "--amount", "2.55", "--reference", sale["id"])
    _, wrong = shop.json("sale", "--amount", "99.00")
    shop.json("cancel", "--reference", wrong["id"])
    code, day = shop.json("totals")
    assert code == 0
    assert day["agrees"] is True
    assert _row(day, "approved", "sale")["count"] == 2
    assert _row(day, "approved", "sale_and_tip")["amount"] == "13.80"
    assert _row(day, "approved", "sale_and_tip")["tip"] == "1.25"
    assert _row(day, "approved", "referenced_refund")["amount"] == "2.55"
    assert _row(day, "cancelled", "sale")["amount"] == "99.00"
    assert _row(day, "not_paid")["count"] == 1
    # 13.80 + 7.45 + 99.00 - 2.55 - 99.00: what the ledger of the other side says, too
    assert _row(day, "net")["amount"] == "18.70"
    assert _row(day, "net")["amount_minor"] == sum(
        one.minor for one in shop.simulator.ledger.movements
    )


def test_text_and_csv_say_the_same(shop: Installation) -> None:
    shop.json("sale", "--amount", "12.55")
    text = shop.run("totals").stdout
    assert "DAY TOTALS" in text
    assert "12.55" in text
    assert "Transactions and their events agree." in text
    table = list(csv.DictReader(shop.run("totals", "--csv").stdout.splitlines()))
    assert [one["amount"] for one in table if one["what"] == "net"] == ["12.55"]


def test_it_is_printed_on_the_receipt_printer(shop: Installation) -> None:
    slips = shop.folder / "slips"
    shop.configure(receipt=f'printer = "text://{slips}"\ncolumns = 32')
    shop.json("sale", "--amount", "12.55")
    assert shop.run("totals", "--date", "2026-01-02", "--print").returncode == 0
    assert "Nothing happened" in (slips / "totals-2026-01-02.txt").read_text()
    assert shop.run("totals", "--print").returncode == 0
    (today,) = [one for one in slips.glob("totals-*.txt") if "2026-01-02" not in one.name]
    lines = today.read_text().splitlines()
    assert max(map(len, lines)) <= 32
    assert any(line.startswith("TOTAL") and line.endswith("12.55") for line in lines)


def test_without_a_printer_it_says_so(shop: Installation) -> None:
    shop.json("sale", "--amount", "12.55")
    done = shop.run("totals", "--print")
    assert done.returncode == 69
    assert "No printer is configured" in done.stderr


def test_a_journal_that_disagrees_with_its_events_is_told_and_ends_with_65(
    shop: Installation,
) -> None:
    _, sale = shop.json("sale", "--amount", "12.55")
    with closing(sqlite3.connect(shop.journal)) as file, file:
        file.execute("UPDATE transactions SET state = 'CANCELLED', checksum = NULL")
    file.close()
    done = shop.run("totals")
    assert done.returncode == 65
    told = " ".join(done.stdout.split())
    assert "TRANSACTIONS AND THEIR EVENTS DISAGREE" in told
    assert f"Transaction {sale['id']} is cancelled" in told
    code, day = shop.json("totals")
    assert (code, day["agrees"]) == (65, False)
    assert "disagreement" in shop.run("totals", "--csv").stdout


@pytest.mark.parametrize("wrong", ["today", "27.11.2026", "2026-02-30"])
def test_a_day_that_is_none_is_told(shop: Installation, wrong: str) -> None:
    done = shop.run("totals", "--date", wrong)
    assert done.returncode == 2
    assert f"'{wrong}' is not a day: write it like 2026-11-27" in done.stderr


def test_without_a_journal_there_is_nothing_to_add_up(shop: Installation) -> None:
    done = shop.run("totals")
    assert done.returncode == 69
    assert "There is no journal" in done.stderr


def test_config_show_names_the_people_and_hides_their_pins(shop: Installation) -> None:
    hashed = shop.run("config", "pin", stdin="4711\n").stdout.strip()
    shop.configure(lane=f'people = {{ anna = "{hashed}" }}')
    shown = shop.run("config", "show").stdout
    assert 'lane.people = {"anna": "***"}' in shown
    assert hashed not in shown
