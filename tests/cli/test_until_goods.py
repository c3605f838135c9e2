"""`sale --until-goods`: the payment stays charged only where the configured command hands the goods over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed

from kiosk_tui.domain.lifecycle import State

SALE = ("sale", "--amount", "3.50", "--until-goods")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


def dispensing(shop: Installation, then: str) -> None:
    script = shop.folder / "dispense"
    script.write_text(f"#!/bin/sh\ncat >> {shop.folder}/heard\n{then}\n")
    script.chmod(0o755)
    shop.configure(goods=f'command = ["{script}"]\nwait_s = 20')


@pytest.mark.parametrize("command", ["sale", "moto"])
def test_what_was_handed_over_is_paid(shop: Installation, command: str) -> None:
    dispensing(shop, "exit 0")
    more = ("--card-reference", "REF20117_2712_1111_411111") if command == "moto" else ()
    code, told = shop.json(command, *SALE[1:], *more)
    assert (code, told["state"], told["paid"], told["until_goods"]) == (0, "APPROVED", True, True)
    (heard,) = (shop.folder / "heard").read_text().splitlines()
    assert json.loads(heard)["id"] == told["id"]


def test_what_was_not_is_cancelled_at_once_and_asked_again_is_not_handed_over_either(
    shop: Installation,
) -> None:
    dispensing(shop, "exit 3")
    again = (*SALE, "--caller-reference", "locker 7")
    for _ in range(2):
        code, told = shop.json(*again)
        assert (code, told["state"], told["paid"]) == (75, "CANCELLED", False)
        _code, shown = shop.json("journal", "show", told["id"])
        whys = [one["why"] for one in shown["events"] if one["event"] == "GOODS_FAILED"]
        assert [why.endswith("dispense ended with 3.") for why in whys] == [True]
        for_people = " ".join(shop.run("journal", "show", told["id"]).stdout.split())
        assert "The goods were not" in for_people
    assert len((shop.folder / "heard").read_text().splitlines()) == 1
    assert shop.states == [State.CANCELLED]
    assert shop.run(*again[:3], *again[4:]).returncode == 2  # the same reference, and for good


def test_without_a_command_nothing_is_taken(shop: Installation) -> None:
    done = shop.run(*SALE)
    assert done.returncode == 78
    assert "goods.command" in done.stderr
    assert not shop.journal.exists()


def test_the_demo_hands_nothing_over(shop: Installation) -> None:
    dispensing(shop, "exit 0")
    done = shop.run(*SALE, "--demo")
    assert done.returncode == 78
    assert "the demo" in done.stderr
    assert not (shop.folder / "heard").exists()


def test_a_sale_that_is_not_asked_for_until_goods_is_for_good(shop: Installation) -> None:
    dispensing(shop, "exit 1")
    code, told = shop.json("sale", "--amount", "3.50")
    assert (code, told["until_goods"]) == (0, False)
    assert not (shop.folder / "heard").exists()
