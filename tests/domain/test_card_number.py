"""Card numbers in free text are found however they are written; what people number is not taken for one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.domain.card_number import holds_card_number, is_card_number, passes_luhn

CARDS = (
    *("4111111111111111", "4222222222222", "4000000000000000006", "5555555555554444"),
    *("2223000048400011", "378282246310005", "30569309025904", "36148900647913"),
    *("6011111111111117", "3530111333300000", "6200000000000005", "6759649826438453"),
    *("6304000000000000", "2200000000000004", "9792030394440796"),
)
"""Numbers that the schemes publish for tests, or made from their ranges."""


@pytest.mark.parametrize("card", CARDS)
def test_a_card_number_of_every_scheme_is_one(card: str) -> None:
    assert is_card_number(card)
    assert holds_card_number(f"Order {card}, thanks")


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111 - 1111 - 1111 - 1111",
        "41 11 11 11 11 11 11 11",
        "4111.1111.1111.1111",
        "4111/1111/1111/1111",
        "3782 822463 10005",
        "3782.822463.10005",
        "card 4111 1111 1111 1111 12/28",
        "4111 1111 1111 1111 12 28",
        "x5555555555554444x",
        "4111\u00a01111\u20111111\u20031111",
        "4111\u200b1111\u200b1111\u200b1111",
        "\u0664\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661",
        "\uff14\uff11\uff11\uff11 \uff11\uff11\uff11\uff11 1111 1111",
        "4111\t1111\t1111\t1111",
        "Refund to 4111111111111111_2812",
    ],
)
def test_a_card_number_is_found_however_it_is_written(text: str) -> None:
    assert holds_card_number(text)


@given(st.sampled_from(CARDS), st.lists(st.sampled_from(["", " ", "-", " - "]), min_size=18))
def test_blanks_and_dashes_hide_nothing(card: str, apart: list[str]) -> None:
    spaced = "".join(digit + gap for digit, gap in zip(card, [*apart, ""], strict=False))
    assert holds_card_number(spaced + card[len(apart) + 1 :])


def test_only_moments_of_this_century_are_taken_for_moments() -> None:
    assert is_card_number("30111900140152")


@pytest.mark.parametrize("card", CARDS)
def test_one_digit_typed_wrong_is_no_card_number(card: str) -> None:
    assert passes_luhn(card)
    wrong = card[:-1] + str((int(card[-1]) + 1) % 10)
    assert not holds_card_number(wrong)


@pytest.mark.parametrize(
    "text",
    [
        *("", "Sale", "12.55", "2026-11-29", "TXID00020261123140159123", "1010 Vienna"),
        "411111******1111",
        "30112026140159",  # a day, a month, a year and a time, and Diners' range
        "4111111111111111" * 2,
    ],
)
def test_what_is_no_card_number_is_let_through(text: str) -> None:
    assert not holds_card_number(text)


def _moments(count: int) -> Iterator[str]:
    chance = random.Random(20261129)
    forms = (
        *("%Y%m%d%H%M%S", "%d%m%Y%H%M%S", "%Y%m%d%H%M%S%f", "%Y-%m-%d %H:%M:%S"),
        *("%d.%m.%Y %H:%M", "%d-%m-%Y-%H-%M-%S", "%y%m%d%H%M%S%f", "%d-%m-%Y %H %M %S"),
    )
    for number in range(count):
        at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.random() * 86400 * 3000)
        form = number % (len(forms) + 4)
        if form < len(forms):
            yield at.strftime(forms[form])
        else:
            yield str(int(at.timestamp() * 1000 ** (form - len(forms))))


def _orders(count: int) -> Iterator[str]:
    chance = random.Random(20261129)
    for number in range(count):
        yield (
            f"{number}",
            f"{number:013}",
            f"2026-{number:07}",
            f"2026{number:09}",
            f"INV-2026-11-{number:06}",
            f"{chance.randrange(10**12):012}",
            f"A{chance.randrange(10**9):09}/{number}",
            f"{chance.randrange(100, 999)}-{number:07}-{chance.randrange(10**7):07}",
        )[number % 8]


# a million of each was tried once, by calling these with that count
@pytest.mark.parametrize("numbers", [_moments, _orders])
def test_no_moment_and_no_order_number_is_taken_for_a_card(numbers: object) -> None:
    assert callable(numbers)
    assert [text for text in numbers(20_000) if holds_card_number(text)] == []
