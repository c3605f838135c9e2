"""What commands tell of money and of other people's words, from journals that hold anything."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.installation import Installation, installed

EVIL = "0.00\nforged 20261123140000000\x0bA\u2028B\x85C\x1b[2J\x9b31m\u202eD\x1cE\rF\tG"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        built.configure(terminal="amount_max = '999999999.99'")
        yield built


def _rewrite(shop: Installation, one: dict[str, Any], text: str = "", **fields: str) -> None:
    """Give a stored transaction another answer, and all of its words one text."""
    with closing(sqlite3.connect(shop.journal)) as file, file:
        (stored,) = file.execute(
            "SELECT answer FROM transactions WHERE id = ?", (one["id"],)
        ).fetchone()
        answer = json.loads(stored)
        answer["fields"] |= fields
        if text:
            answer["response_text"] = text
            answer["fields"] |= dict.fromkeys(("stan", "svc", "receipt_footer"), text)
            file.execute(
                "UPDATE transactions SET why = ?1, note = ?1, reason = ?1, receipt_number = ?1,"
                " personal_id = ?1 WHERE id = ?2",
                (text, one["id"]),
            )
        file.execute(
            "UPDATE transactions SET answer = ?, checksum = NULL WHERE id = ?",
            (json.dumps(answer), one["id"]),
        )
    file.close()


def _row(day: Any, what: str, which: str = "") -> Any:
    (found,) = (one for one in day["totals"] if (one["what"], one["which"]) == (what, which))
    return found


def test_the_tip_typed_at_the_terminal_is_told_by_every_command(shop: Installation) -> None:
    _, sale = shop.json("sale", "--amount", "12.55")
    _rewrite(shop, sale, ecr_data="TIP=150;")
    _, shown = shop.json("journal", "show", sale["id"])
    told = {name: shown[name] for name in ("amount", "tip", "tip_minor", "total", "total_minor")}
    assert told == {
        "amount": "12.55",
        "tip": "1.50",
        "tip_minor": 150,
        "total": "14.05",
        "total_minor": 1405,
    }
    assert "  14.05 EUR  + approved" in shop.run("journal", "list").stdout
    (exported,) = csv.DictReader(
        io.StringIO(shop.run("journal", "export", "--format", "csv").stdout)
    )
    assert (exported["tip"], exported["total"]) == ("1.50", "14.05")
    _, day = shop.json("totals")
    assert (_row(day, "net")["amount"], _row(day, "net")["tip"]) == ("14.05", "1.50")
    assert "14.05" in shop.run("receipt", sale["id"]).stdout


def test_a_conversion_at_the_terminal_is_told_by_receipt_and_journal(shop: Installation) -> None:
    _, sale = shop.json("sale", "--amount", "12.55")
    _, plain = shop.json("journal", "show", sale["id"])
    assert plain["foreign_tx_amount"] is None
    fields = {"foreign_tx_amount": "USD 13,57", "exchange_rate": "1,0812", "ex_fee": "3,00 %"}
    _rewrite(shop, sale, **fields)
    _, shown = shop.json("journal", "show", sale["id"])
    assert fields.items() <= shown.items()
    for text in (shop.run("journal", "show", sale["id"]), shop.run("receipt", sale["id"])):
        for value in ("12.55", *fields.values()):
            assert value in text.stdout


def test_no_words_in_an_old_journal_forge_a_line_or_reach_a_terminal(shop: Installation) -> None:
    _, sale = shop.json("sale", "--amount", "12.55")
    lines = shop.run("journal", "show", sale["id"]).stdout.splitlines()
    _rewrite(shop, sale, EVIL)
    listed = shop.run("journal", "list").stdout
    _head, _sale, *notes = listed.splitlines()
    assert all(note.startswith("    ") for note in notes), "no note begins where a line does"
    shown = shop.run("journal", "show", sale["id"]).stdout
    names = [line.partition(" ")[0] for line in shown.splitlines()]
    assert "forged" not in names
    assert len(names) - len(lines) <= 4, "reason, why, note and the like are new"
    slip = shop.run("receipt", sale["id"], "--copy", "merchant").stdout
    table = shop.run("journal", "export", "--format", "csv").stdout
    assert len(table.splitlines()) == 2
    assert "forged" in next(csv.DictReader(io.StringIO(table)))["note"]
    for text in (listed, shown, slip, table):
        assert all(one.isprintable() or one == "\n" for one in text.replace("\r\n", "\n"))


def test_json_is_one_line_of_ascii_and_keeps_every_word_as_it_is(shop: Installation) -> None:
    _, sale = shop.json("sale", "--amount", "12.55")
    _rewrite(shop, sale, EVIL)
    done = shop.run("journal", "show", sale["id"], "--json")
    assert done.stdout.isascii()
    assert len(done.stdout.splitlines()) == 1
    assert json.loads(done.stdout)["note"] == EVIL


def test_a_day_may_come_to_more_than_one_payment_can_be(shop: Installation) -> None:
    slips = shop.folder / "slips"
    for _ in range(2):
        code, _sale = shop.json("sale", "--amount", "600000000.00")
        assert code == 0
    code, day = shop.json("totals")
    assert (code, _row(day, "net")["amount"]) == (0, "1200000000.00")
    text = shop.run("totals")
    assert (text.returncode, "1,200,000,000.00" in text.stdout) == (0, True)
    table = list(csv.DictReader(io.StringIO(shop.run("totals", "--csv").stdout)))
    assert "1200000000.00" in [one["amount"] for one in table if one["what"] == "net"]
    shop.configure(receipt=f'printer = "text://{slips}"\ncolumns = 32')
    assert shop.run("totals", "--print").returncode == 0
    (printed,) = slips.glob("totals-*.txt")
    assert "2  1,200,000,000.00" in printed.read_text()


def test_tables_for_spreadsheets_run_nothing_and_read_back_to_equal_sums(
    shop: Installation,
) -> None:
    for amount in ("12.55", "1234.50", "0.07"):
        assert shop.json("sale", "--amount", amount, "--reason", "=1+1")[0] == 0
    assert shop.json("refund", "--amount", "2.00", "--reason=-Müller")[0] == 0
    _, day = shop.json("totals")
    for more, delimiter, point in (((), ",", "."), (("--decimal-comma",), ";", ",")):
        written = shop.run("journal", "export", "--format", "csv", *more).stdout
        rows = list(csv.DictReader(io.StringIO(written), delimiter=delimiter))
        assert [one["reason"] for one in rows] == ["'=1+1"] * 3 + ["'-Müller"]
        sums = [one["total"].replace(point, ".") for one in rows]
        assert sums == ["12.55", "1234.50", "0.07", "2.00"]
        written = shop.run("totals", "--csv", *more).stdout
        rows = list(csv.DictReader(io.StringIO(written), delimiter=delimiter))
        (net,) = (one["amount"] for one in rows if one["what"] == "net")
        assert net.replace(point, ".") == _row(day, "net")["amount"] == "1245.12"
        assert point in net
