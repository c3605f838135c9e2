"""Every spelling of an earlier transaction gives the same result as the plainest, by every command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from support.installation import Installation, installed

Spell = Callable[[str], tuple[str, ...]]

SPELLINGS: dict[str, Spell] = {
    "plain": lambda one: (one,),
    "padded": lambda one: (one.zfill(20),),
    "txid": lambda one: (f"TXID{one.zfill(20)}",),
    "lower case": lambda one: (f"txid{one.zfill(20)}",),
    "long": lambda one: (f"TXID{one.zfill(20)}_01_88091105",),
    "long, source id short": lambda one: (f"TXID{one.zfill(20)}_1_88091105",),
    "in groups": lambda one: (f"{one[:8]} {one[8:11]} {one[11:14]} {one[14:]}",),
    "reference": lambda one: (f"{one[-9:-6]} {one[-6:-3]} {one[-3:]}",),
    "reference without blanks": lambda one: (one[-9:],),
    "own terminal": lambda one: (one, "--terminal", "88091105"),
    "own source id": lambda one: (one, "--source-id", "1"),
    "own source id padded": lambda one: (one, "--source-id", "01"),
    "own terminal and source id": lambda one: (
        *(one, "--terminal", "88091105"),
        *("--source-id", "01"),
    ),
}
PLACED = {"own terminal", "own source id", "own source id padded", "own terminal and source id"}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


@pytest.fixture(params=range(0, len(SPELLINGS), 3))
def spellings(request: pytest.FixtureRequest) -> Iterator[Spell]:
    """Give one spelling after the other: each command of a test names the same in another way."""
    return islice(cycle(SPELLINGS.values()), request.param, None)


def _sold(shop: Installation, amount: str = "12.55", command: str = "sale") -> str:
    code, told = shop.json(command, "--amount", amount)
    assert code == 0
    return str(told["id"])


def _net(shop: Installation, *ids: str) -> int:
    return sum(shop.simulator.ledger.net_minor(one) for one in ids)


def test_a_refund_never_exceeds_its_sale(shop: Installation, spellings: Iterator[Spell]) -> None:
    sold = _sold(shop)
    assert (
        shop.run("refund", "--reference", *next(spellings)(sold), "--amount", "500").returncode == 2
    )
    code, first = shop.json("refund", "--reference", *next(spellings)(sold), "--amount", "10.00")
    assert code == 0
    done = shop.run("refund", "--reference", *next(spellings)(sold), "--amount", "2.56")
    assert done.returncode == 2
    assert "2.56 is more than the 2.55 of transaction" in done.stderr
    assert _net(shop, sold, first["id"]) == 255


def test_completions_never_exceed_what_was_reserved(
    shop: Installation, spellings: Iterator[Spell]
) -> None:
    held = _sold(shop, "100", "preauth")
    assert (
        shop.run("complete", "--reference", *next(spellings)(held), "--amount", "900").returncode
        == 2
    )
    assert shop.json("complete", "--reference", *next(spellings)(held), "--amount", "60")[0] == 0
    done = shop.run("complete", "--reference", *next(spellings)(held), "--amount", "40.01")
    assert done.returncode == 2
    assert "40.00" in done.stderr


def test_a_cancellation_is_of_the_whole_amount_and_known_to_the_journal(
    shop: Installation, spellings: Iterator[Spell]
) -> None:
    sold = _sold(shop, "20.00")
    code, told = shop.json("cancel", "--reference", *next(spellings)(sold), "--amount", "3.00")
    assert (code, told["id"], told["state"], told["amount"]) == (0, sold, "CANCELLED", "20.00")
    assert _net(shop, sold) == 0
    refused = shop.run("refund", "--reference", *next(spellings)(sold), "--amount", "20.00")
    assert refused.returncode == 2
    assert "CANCELLED" in refused.stderr
    assert _net(shop, sold) == 0
    assert shop.run("cancel", "--reference", *next(spellings)(sold)).returncode == 2


def test_the_journal_and_the_slip_know_it_by_every_name(shop: Installation) -> None:
    sold = _sold(shop)
    texts = [SPELLINGS[name](sold)[0] for name in SPELLINGS if name not in PLACED]
    for text in texts:
        code, told = shop.json("journal", "show", text)
        assert (code, told["id"]) == (0, sold)
    slip = shop.run("receipt", texts[-1])
    assert slip.returncode == 0
    assert sold in slip.stdout
    unsettled = shop.run("journal", "settle", texts[-2], "--note", "nothing to do")
    assert unsettled.returncode == 2
    assert "is approved and needs no settling" in unsettled.stderr


def test_another_terminals_transaction_with_our_id_is_left_to_tecs(shop: Installation) -> None:
    sold = _sold(shop)
    elsewhere = ("--terminal", "11460019", "--source-id", "2")
    told: Any
    code, told = shop.json("cancel", "--reference", sold, *elsewhere, "--amount", "3.00")
    assert (told["operation"], told["original_terminal"]) == ("cancellation", "11460019")
    assert code != 0  # this simulator has no such terminal's transaction
    assert shop.json("journal", "show", sold)[1]["state"] == "APPROVED"
    assert _net(shop, sold) == 1255


def test_a_name_that_contradicts_itself_is_refused(shop: Installation) -> None:
    sold = _sold(shop)
    done = shop.run(
        *("refund", "--reference", f"TXID{sold.zfill(20)}_01_11460019"),
        *("--terminal", "88091105", "--amount", "1"),
    )
    assert done.returncode == 2
    assert "leave one of them out" in done.stderr


def test_a_reference_that_is_not_known_moves_nothing(shop: Installation) -> None:
    _sold(shop)
    done = shop.run("refund", "--reference", "123 456 789", "--amount", "1")
    assert done.returncode == 2
    assert "is the reference of no transaction in this journal" in done.stderr
    assert len(shop.simulator.ledger.requests) == 1


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("sale", "--amount", "5000"), "more than the largest amount, 1000"),
        (("sale", "--amount", "1000.01"), "more than the largest amount, 1000"),
        (("refund", "--amount", "1000.01"), "more than the largest amount, 1000"),
        (("preauth", "--amount", "0.005"), "EUR has 2"),
        (("sale", "--amount", "5", "--tip", "50"), "A tip of 50.00 EUR is more than 5.00"),
        (("sale", "--amount", "5", "--language", "xx"), "'xx' is not a language"),
        (("moto", "--amount", "5", "--card-reference", "abc"), "begins with REF"),
        (("moto", "--amount", "5", "--card-reference", "4111111111111111"), "begins with REF"),
        (("sale", "--amount", "5", "--reason", "4111 1111 1111 1111"), "holds a card number"),
        (("sale", "--amount", "5", "--receipt-number", "378282246310005"), "holds a card number"),
        (("sale", "--amount", "5", "--personal-id", "4222222222222"), "holds a card number"),
        (
            ("sale", "--amount", "5", "--caller-reference", "5555-5555-5555-4444"),
            "holds a card number",
        ),
    ],
)
def test_what_is_beyond_the_limits_is_refused_with_a_sentence_and_nothing_is_sent(
    shop: Installation, arguments: tuple[str, ...], why: str
) -> None:
    done = shop.run(*arguments)
    assert done.returncode == 2
    assert why in done.stderr
    assert shop.simulator.ledger.requests == []
    assert not any("4111 1111" in text for text in (done.stdout, done.stderr))


def test_a_note_holds_no_card_number(shop: Installation) -> None:
    sold = _sold(shop)
    done = shop.run("journal", "settle", sold, "--note", "refunded to 4111111111111111")
    assert done.returncode == 2
    assert "The note holds a card number" in done.stderr


def test_the_smallest_and_the_largest_amount_are_taken(shop: Installation) -> None:
    assert shop.json("sale", "--amount", "1000")[0] == 0
    assert shop.json("sale", "--amount", "0.01")[0] == 0


def test_a_callers_reference_is_one_order_in_every_spelling(shop: Installation) -> None:
    code, first = shop.json("sale", "--amount", "5", "--caller-reference", "till 1 ")
    assert code == 0
    for spelled in ("till 1", " till 1", "till 1\t"):
        again = shop.json("sale", "--amount", "5", "--caller-reference", spelled)
        assert (again[0], again[1]["id"]) == (0, first["id"])
    composed = shop.json("sale", "--amount", "5", "--caller-reference", "caf\u00e9")[1]
    decomposed = shop.json("sale", "--amount", "5", "--caller-reference", "cafe\u0301")[1]
    assert composed["id"] == decomposed["id"] != first["id"]
    assert len(shop.simulator.ledger.requests) == 2


class TestOverriding:
    """Staff may go beyond amounts and tips: by a flag, with a name in the event log, never at a kiosk."""

    @staticmethod
    def _lane(shop: Installation, **sections: str) -> None:
        shop.configure(kiosk='mode = "lane"', **sections)

    def test_a_lane_may_and_the_event_log_says_who(self, shop: Installation) -> None:
        self._lane(shop)
        code, told = shop.json(
            *("sale", "--amount", "5000", "--override-limits", "--personal-id", "anna")
        )
        assert (code, told["amount"]) == (0, "5000.00")
        events = shop.json("journal", "show", told["id"])[1]["events"]
        begun = events[0]["why"]
        assert "5000.00 EUR is more than the largest amount, 1000" in begun
        assert "Overridden by anna." in begun

    def test_a_kiosk_never_may(self, shop: Installation) -> None:
        done = shop.run("sale", "--amount", "5000", "--override-limits")
        assert done.returncode == 2
        assert "never overridden at a kiosk" in done.stderr
        assert shop.simulator.ledger.requests == []

    def test_sums_of_refunds_and_card_numbers_are_never_overridden(
        self, shop: Installation
    ) -> None:
        self._lane(shop)
        sold = _sold(shop)
        refund = ("refund", "--reference", sold, "--amount", "12.56", "--override-limits")
        assert shop.run(*refund).returncode == 2
        typed = ("sale", "--amount", "5", "--override-limits", "--reason", "4111111111111111")
        assert shop.run(*typed).returncode == 2

    def test_where_a_second_person_is_asked_for_nobody_overrides_alone(
        self, shop: Installation
    ) -> None:
        from kiosk_tui.config.pin import hash_pin  # noqa: PLC0415 - dear

        people = f'people = {{ anna = "{hash_pin("1111")}", bert = "{hash_pin("2222")}" }}'
        self._lane(shop, lane=f'second_person = ["override"]\n{people}')
        sale = ("sale", "--amount", "5000", "--override-limits", "--personal-id", "anna")
        assert "needs two people" in shop.run(*sale).stderr
        assert "needs two people" in shop.run(*sale, "--second-person", "anna").stderr
        wrong = shop.run(*sale, "--second-person", "bert", stdin="1111\n")
        assert (wrong.returncode, "id or PIN is wrong" in wrong.stderr) == (2, True)
        assert shop.simulator.ledger.requests == []
        assert shop.run(*sale, "--second-person", "bert", stdin="2222\n").returncode == 0
        (one,) = shop.json("journal", "list")[1:]
        assert one["personal_id"] == "anna+bert"
