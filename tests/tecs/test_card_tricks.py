"""Card data in every field of an answer, dressed up in every way: none of it is kept."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk_tui.domain.outcome import Approved
from kiosk_tui.tecs import answers
from kiosk_tui.tecs.answers import Reply
from kiosk_tui.tecs.codes import CodeTable
from kiosk_tui.tecs.models import Response
from kiosk_tui.tecs.redaction import mask_card, mask_text

ID = "20261123140102345"
CODES = CodeTable()
CARDS = (
    "5425233430109903",
    "4539578763621486",
    "374245455400126",
    "30569309025904",
    "4917610000000000003",
)
YEAR, MONTH = "31", "08"
EXPIRIES = (f"{YEAR}{MONTH}", f"{MONTH}{YEAR}", f"{MONTH}/{YEAR}", f"{MONTH}/20{YEAR}")
FIELDS = sorted(
    {*Response.model_fields, "made_up"} - {"transaction_id", "message_type", "response_code"}
)


@dataclass(frozen=True)
class Dressed:
    """A card's digits as somebody wrote them, and what must not be seen of them."""

    text: str
    card: str


def _grouped(card: str, shape: str, gap: str) -> str:
    if shape == "whole":
        return card
    if shape == "as printed" and len(card) < 16:
        return gap.join((card[:4], card[4:10], card[10:]))
    size = {"pairs": 2, "single": 1}.get(shape, 4)
    return gap.join(card[at : at + size] for at in range(0, len(card), size))


def _script(text: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(one)) if one in "0123456789" else one for one in text)


@st.composite
def dressed(draw: st.DrawFn) -> Dressed:
    card = draw(st.sampled_from(CARDS))
    gap = draw(
        st.sampled_from(
            [
                " ",
                "-",
                "  ",
                ".",
                "/",
                "_",
                "\t",
                "\n",
                "\u00a0",
                "\u202f",
                "\u200b",
                "\u2013",
                " - ",
            ]
        )
    )
    shape = draw(st.sampled_from(["whole", "as printed", "pairs", "single"]))
    text = _grouped(card, shape, gap)
    if shape == "whole":
        text = draw(st.sampled_from(["", "0", "000", "0" * (20 - len(card))])) + text
    text = _script(text, draw(st.sampled_from(["0", "\uff10", "\u0660", "\U0001d7ce"])))
    before = draw(
        st.sampled_from(["", "AID", "AID ", "AID:", "AC ", "TXID", "PAN", "x", "№ ", ":"])
    )
    after = draw(st.sampled_from(["", " ", "x", "?", " ok", ";", "\u0000", "\ud800"]))
    return Dressed(f"{before}{text}{after}", card)


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))


def _seen(card: str, text: str) -> bool:
    """Whether more of the card is left than its first six and last four digits."""
    left = _digits(text)
    most = card[:6] + card[-4:]
    parts = {card[at : at + 7] for at in range(len(card) - 6)}
    return any(part in left for part in parts if part not in most)


def _kept(field: str, value: str) -> dict[str, str]:
    told = {"transaction_id": ID, "response_code": "0", field: value}
    outcome = answers.payment(Reply(200, json.dumps(told).encode()), ID, CODES)
    assert isinstance(outcome, Approved)
    return {**outcome.answer.fields, "response_text": outcome.answer.response_text}


@given(st.sampled_from(FIELDS), dressed())
@example("orig_tx_id", Dressed("0000" + CARDS[0], CARDS[0]))
@example("receipt_footer", Dressed("AID " + CARDS[0], CARDS[0]))
@example("vu_number", Dressed(f"A{CARDS[3]}", CARDS[3]))
@example("receipt_footer", Dressed("5425.2334.3010.9903", CARDS[0]))
def test_no_card_number_survives_in_any_field(field: str, trick: Dressed) -> None:
    for name, text in _kept(field, trick.text).items():
        if name != "transaction_id":
            assert not _seen(trick.card, text), (name, text)


@given(dressed(), st.sampled_from(FIELDS), st.sampled_from(FIELDS))
def test_a_card_number_that_poses_as_an_id_is_not_believed_elsewhere(
    trick: Dressed, field: str, other: str
) -> None:
    told = {
        "transaction_id": ID,
        "response_code": "0",
        "orig_tx_id": trick.card.zfill(20),
        field: trick.card,
        other: trick.text,
    }
    outcome = answers.payment(Reply(200, json.dumps(told).encode()), ID, CODES)
    assert isinstance(outcome, Approved)
    assert not any(_seen(trick.card, text) for text in outcome.answer.fields.values())


@given(
    st.sampled_from(CARDS),
    st.sampled_from(EXPIRIES),
    st.sampled_from(["whole", "as printed", "pairs", "single"]),
    st.sampled_from([" ", "  ", "=", "_", "^", ";", "/", ", ", " - ", "D"]),
)
def test_an_expiry_beside_a_card_goes_with_it(card: str, expiry: str, shape: str, gap: str) -> None:
    text = _grouped(card, shape, " ") + gap + expiry
    masked = mask_text(text)
    assert not _seen(card, masked)
    for form in EXPIRIES:
        assert form not in masked
        assert _digits(form) not in _digits(masked).removeprefix(card[:6] + card[-4:])


@given(
    st.sampled_from(EXPIRIES),
    st.sampled_from(["EXP ", "exp. date: ", "valid thru ", "Verfall: ", "gültig bis ", "Ablauf "]),
    st.sampled_from(["", " VISA", "\nPIN VERIFIED"]),
)
def test_an_expiry_that_is_called_one_is_hidden_wherever_it_stands(
    expiry: str, word: str, after: str
) -> None:
    assert expiry not in mask_text(word + expiry + after)
    assert mask_text(word + expiry + after).endswith(after)


@pytest.mark.parametrize("expiry", EXPIRIES)
@pytest.mark.parametrize(
    "masked",
    [
        *("542523******9903", "5425XXXXXXXX9903", "****-****-****-9903", "5425 23** **** 9903"),
        *("XXXX XXXX XXXX 9903", "542523######9903", "••••••••••••9903"),
    ],
)
def test_an_expiry_beside_a_card_that_the_host_masked_is_hidden(masked: str, expiry: str) -> None:
    for text in (f"{masked} {expiry}", f"{masked}={expiry}1010000"):
        assert expiry not in mask_text(text)
        assert masked in mask_text(text)


@pytest.mark.parametrize("card", CARDS)
def test_what_is_left_of_a_card_is_its_first_six_and_last_four(card: str) -> None:
    left = f"{card[:6]}******{card[-4:]}"
    assert mask_card(card) == mask_card(f"{card}_{YEAR}{MONTH}") == left
    assert mask_text(f"VISA {card}") == f"VISA {left}"
    # 4917 6100 0000 0000 would be a card number, too: then nothing of either is shown
    grouped = "VISA ******" if card == CARDS[-1] else f"VISA {left}"
    assert mask_text(f"VISA {_grouped(card, 'as printed', ' ')}") == grouped


@pytest.mark.parametrize(
    "text",
    [
        "AID: A0000000041010",
        "AC: 1234567890ABCDEF",
        f"TXID {ID}",
        f"TXID{ID.zfill(20)}",
        "STAN 000123  TERMINAL 88091105",
        "542523******9903 23/11/2026 15:01",
        "max2026/11",
        "23/11/2026, 15:01:02, 88091105",
        "PIN VERIFIED\nAID: A0000000041010\nAC: 1234567890ABCDEF",
    ],
)
def test_what_a_slip_must_show_is_not_taken_for_a_card(text: str) -> None:
    assert mask_text(text, [ID]) == text


@given(st.text(max_size=40))
def test_a_field_is_text_that_can_be_printed_and_stored(text: str) -> None:
    for kept in _kept("receipt_footer", text).values():
        assert kept.encode("utf-8").decode("utf-8") == kept
        assert kept.replace("\n", "").isprintable()
