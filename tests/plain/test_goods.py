"""In lines, too: while goods are handed over nothing stops the payment; without them the money goes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed
from support.talk import talking

from kiosk_tui.domain.lifecycle import State

pytestmark = pytest.mark.journey


@pytest.fixture
def vending(tmp_path: Path) -> Iterator[Installation]:
    """A kiosk whose goods are handed over by a script that waits for its exit code in a file."""
    with installed(tmp_path) as built:
        code = tmp_path / "code"
        script = tmp_path / "dispense"
        script.write_text(
            f"#!/bin/sh\nuntil test -s {code}; do sleep 0.05; done\nread code < {code}\nexit $code\n"
        )
        script.chmod(0o755)
        built.configure(goods=f'command = ["{script}"]')
        yield built


def dispensed(vending: Installation, code: int) -> None:
    new = vending.folder / "code.new"
    new.write_text(f"{code}\n")
    new.rename(vending.folder / "code")


def test_it_is_approved_once_the_goods_were_handed_over(vending: Installation) -> None:
    with talking(vending, "--plain") as talk:
        talk.pays("5")
        talk.hears("Your goods are being handed over. Without them you pay nothing.")
        assert "Approved" not in talk.all
        talk.answers("0", to="handed over")
        dispensed(vending, 0)
        talk.hears("Approved: 5.00 EUR.")
        assert "Stop this payment?" not in talk.all
    assert vending.states == [State.APPROVED]


def test_without_goods_the_money_goes_back(vending: Installation) -> None:
    with talking(vending, "--plain") as talk:
        talk.pays("5")
        talk.hears("Your goods are being handed over.")
        dispensed(vending, 7)
        talk.hears("The goods were not handed over.", "Your payment was reversed. Nothing to pay.")
        assert "Approved" not in talk.all
    assert vending.states == [State.CANCELLED]


@pytest.mark.parametrize("handed_over", [True, False])
def test_at_a_lane_the_cashier_says_how_it_went(vending: Installation, handed_over: bool) -> None:
    with talking(vending, "--plain", "--mode", "lane") as talk:
        talk.pays("5")
        talk.hears("It stays charged only when the goods are handed over.")
        if handed_over:
            talk.answers("+", to="+: handed over. 0 stops the payment.")
            talk.hears("Approved: 5.00 EUR.")
        else:
            talk.answers("0", to="+: handed over. 0 stops the payment.")
            talk.answers("1", to="Stop this payment?")
            talk.hears("Your payment was reversed. Nothing to pay.")
    assert vending.states == [State.APPROVED if handed_over else State.CANCELLED]
