"""`kiosk-tui day`, as it is typed, while a register may be running: days close, and stay closed."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.installation import Installation, installed


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        built.configure(terminal='timezone = "Europe/Vienna"', day='starts = "04:00"')
        yield built


def _net(day: Any) -> Any:
    (found,) = (one for one in day["totals"] if one["what"] == "net")
    return found["amount"]


def test_a_merchant_closes_days_and_what_comes_late_is_in_the_next(shop: Installation) -> None:
    _, sale = shop.json("sale", "--amount", "12.55", "--tip", "1.25", "--personal-id", "anna")
    shop.json("sale", "--amount", "7.45", "--personal-id", "ben")
    code, so_far = shop.json("day", "report")
    assert (code, so_far["number"], _net(so_far)) == (0, None, "21.25")

    code, first = shop.json("day", "close")
    assert (code, first["number"], _net(first)) == (0, 1, "21.25")
    by_cashier = {
        one["which"]: one["amount"] for one in first["totals"] if one["what"] == "cashier"
    }
    assert by_cashier == {"anna": "13.80", "ben": "7.45"}

    shop.json("cancel", "--reference", sale["id"])
    _, second = shop.json("day", "close")
    assert (second["number"], _net(second)) == (2, "-13.80")
    assert {(one["of_day"], one["amount"]) for one in second["late"]} == {(1, "13.80")}
    assert second["all_days"][0]["amount"] == "7.45"

    _, again = shop.json("day", "show", "1")
    assert again == first
    listed = [json.loads(line) for line in shop.run("day", "list", "--json").stdout.splitlines()]
    assert listed == [first, second]


def test_an_empty_day_is_not_closed_and_an_unknown_one_is_named(shop: Installation) -> None:
    assert "no journal" in shop.run("day", "close").stderr
    shop.json("sale", "--amount", "1.00")
    assert "No day has been closed" in shop.run("day", "show").stderr
    shop.run("day", "close")
    again = shop.run("day", "close")
    assert (again.returncode, again.stdout) == (1, "")
    assert "Nothing has happened" in again.stderr
    assert "There is no closed day 7" in shop.run("day", "show", "7").stderr


def test_on_paper_in_csv_and_on_the_screen_it_is_the_same_report(
    shop: Installation, tmp_path: Path
) -> None:
    shop.configure(receipt=f'printer = "text://{tmp_path}"\ncolumns = 32')
    _, sale = shop.json("sale", "--amount", "12.55")
    shop.run("day", "close")
    shop.json("cancel", "--reference", sale["id"])
    shop.run("day", "close", "--print")
    text = shop.run("day", "show").stdout
    (slip,) = (one for one in tmp_path.rglob("*") if "z-00002" in one.name)
    # the printer's file has what else a slip has around it
    assert all(line.strip() in slip.read_text("utf-8") for line in text.splitlines())
    assert "Z REPORT 2" in text
    assert "(Z 1): cancelled" in text
    assert max(map(len, text.splitlines())) <= 32
    table = list(csv.DictReader(shop.run("day", "show", "--csv").stdout.splitlines()))
    assert [one["amount"] for one in table if one["what"] in {"net", "all_days"}] == [
        "-12.55",
        "0.00",
    ]
    assert {one["number"] for one in table} == {"2"}


def test_it_is_compared_with_turnover_that_is_typed_or_in_a_file(
    shop: Installation, tmp_path: Path
) -> None:
    shop.json("sale", "--amount", "12.55")
    shop.json("sale", "--amount", "7.45")
    shop.run("day", "close")
    agreed = shop.run("day", "compare", "--total", "20,00/2")
    assert (agreed.returncode, "agree to the cent" in agreed.stdout) == (0, True)
    apart = shop.run("day", "compare", "1", "--total", "EUR 19.99")
    assert apart.returncode == 65
    assert "the register has 20.00 in 2, TECS 19.99: -0.01 apart" in apart.stdout

    file = tmp_path / "turnover.csv"
    file.write_text("Amount;Currency;Count;Brand\n20,00;EUR;2;Visa\n1.00;CHF;;\n", "utf-8-sig")
    found = shop.run("day", "compare", "--file", str(file), "--json")
    told = [json.loads(line) for line in found.stdout.splitlines()]
    assert [(one["currency"], one["difference_minor"]) for one in told] == [("CHF", 100)]

    for wrong in (
        ["--total", "1.255"],
        ["--total", "XQX 1"],
        ["--file", str(tmp_path / "none.csv")],
    ):
        refused = shop.run("day", "compare", *wrong)
        assert refused.returncode == 2
        assert len(refused.stderr.splitlines()) == 1
