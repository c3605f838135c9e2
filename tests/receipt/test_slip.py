"""The slip: what must be printed is on it, and no line is too long."""

from __future__ import annotations

from dataclasses import replace

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from support.fakes import EUR, PLACE
from support.virtual import START
from wcwidth import wcswidth

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.receipt import qr
from kiosk_tui.receipt.lines import Paper
from kiosk_tui.receipt.slip import COLUMNS, Copy, slip
from kiosk_tui.text.translations import NAMES

SOLD = Transaction(
    id=TransactionId("20261123140102345"),
    order=Order(Operation.SALE_AND_TIP, Money(1255, EUR), PLACE, tip=Money(100, EUR)),
    state=State.APPROVED,
    amount_sent=Money(1255, EUR),
    created_at=START,
    updated_at=START,
    answer=Answer(
        "0",
        fields={
            "merchant_name": "MUSEUM",
            "receipt_footer": "PIN VERIFIED\nAID: A0000000031010\nAC: 0123456789ABCDEF",
            "svc": "201",
            "serien_nr": "01",
            "card_number": "411111******1111",
            "authorization_number": "123456",
            "stan": "000007",
        },
    ),
)


@pytest.mark.parametrize("width", [32, 42, 48])
def test_what_must_be_printed_is_printed_at_every_width(width: int) -> None:
    lines = slip(SOLD, Paper(width))
    text = "\n".join(lines)
    for words in ("PIN VERIFIED", "AID: A0000000031010", "201", "01", "411111******1111", "123456"):
        assert words in text
    for words in ("€12.55", "€1.00", "€13.55", "APPROVED", "140 102 345"):
        assert words in text
    assert max(map(len, lines)) <= width


@pytest.mark.parametrize("state", [one for one in State if one is not State.APPROVED])
def test_a_slip_never_says_approved_when_it_is_not(state: State) -> None:
    assert "APPROVED" not in "\n".join(slip(replace(SOLD, state=state)))


_TEXT = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), max_size=120)
"""Whatever is a letter or a sign; what is neither is in `test_no_text_ends_a_line...`."""


@given(
    columns=st.sampled_from(COLUMNS),
    copy=st.sampled_from(Copy),
    state=st.sampled_from(State),
    fields=st.fixed_dictionaries(dict.fromkeys(("merchant_name", "receipt_footer", "stan"), _TEXT)),
    reason=_TEXT,
    duplicate=st.booleans(),
)
def test_whatever_tecs_says_no_line_is_too_long_and_no_letter_is_lost(
    *, columns: int, copy: Copy, state: State, fields: dict[str, str], reason: str, duplicate: bool
) -> None:
    order = replace(SOLD.order, reason=reason)
    one = replace(SOLD, state=state, order=order, answer=Answer("0", fields=fields))
    lines = slip(one, Paper(columns), copy=copy, duplicate=duplicate)
    assert max(map(wcswidth, lines)) <= columns
    shown = "".join("".join(lines).split())
    for text in fields.values():
        assert "".join(text.split()) in shown


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (Operation.REFUND, "PAID BACK"),
        (Operation.REFERENCED_REFUND, "PAID BACK"),
        (Operation.PREAUTHORIZATION, "RESERVED, NOT CHARGED"),
        (Operation.COMPLETION, "CAPTURE"),
        (Operation.MOTO, "CARD NOT PRESENT"),
        (Operation.CANCELLATION, "CANCELLATION"),
        (Operation.BALANCE, "BALANCE"),
        (Operation.GRATUITY, "GRATUITY"),
    ],
)
def test_a_slip_says_what_kind_of_transaction_it_was(operation: Operation, words: str) -> None:
    order = replace(SOLD.order, operation=operation, tip=None)
    assert words in "\n".join(slip(replace(SOLD, order=order)))


@pytest.mark.parametrize(
    ("told", "line"), [("2500", "\u20ac25.00"), ("25,00 EUR", "25,00 EUR"), ("", "unknown")]
)
def test_the_slip_of_a_balance_says_what_the_card_holds_and_no_total(told: str, line: str) -> None:
    order = replace(SOLD.order, operation=Operation.BALANCE, tip=None)
    answer = Answer("0", "APPROVED", fields={"balance_amount": told})
    lines = slip(replace(SOLD, order=order, answer=answer))
    assert any(one.split() == ["Balance", *line.split()] for one in lines)
    assert "TOTAL" not in "\n".join(lines)


def test_tecs_own_words_are_for_the_merchant_only() -> None:
    one = replace(SOLD, answer=Answer("51", "INSUFFICIENT FUNDS", fields={}), state=State.DECLINED)
    assert "INSUFFICIENT" not in "\n".join(slip(one))
    assert "51 INSUFFICIENT FUNDS" in "\n".join(slip(one, copy=Copy.MERCHANT))


_CONVERTED = {
    "foreign_tx_amount": "USD 15,19",
    "exchange_rate": "1,0812",
    "ex_fee": "3,00 %",
    "ecr_data": "TIP=150;",
}


@pytest.mark.parametrize("width", COLUMNS)
@pytest.mark.parametrize("copy", Copy)
@pytest.mark.parametrize(
    ("locale", "amount", "words"),
    [
        ("en", "€14.05", ["Original amount", "Exchange rate", "Conversion fee", "card's currency"]),
        ("de", "14,05 €", ["Ursprungsbetrag", "Wechselkurs", "Umrechnungsgebühr", "Kartenwährung"]),
    ],
)
def test_a_converted_payment_says_both_amounts_the_rate_and_the_fee(
    width: int, copy: Copy, locale: str, amount: str, words: list[str]
) -> None:
    lines = slip(
        replace(SOLD, answer=Answer("0", fields=_CONVERTED)), Paper(width), copy=copy, locale=locale
    )
    text = "\n".join(lines)
    for one in (amount, "1,0812", "3,00 %", "USD 15,19", *words):
        assert one in text
    at = next(number for number, line in enumerate(lines) if words[0] in line)
    assert [amount in lines[at], "1,0812" in lines[at + 1], "3,00 %" in lines[at + 2]] == [True] * 3
    assert max(map(len, lines)) <= width


@pytest.mark.parametrize("language", [one for one in NAMES if one != "en"])
def test_every_language_has_words_for_a_conversion(language: str) -> None:
    one = replace(SOLD, answer=Answer("0", fields=_CONVERTED))
    assert not set(slip(one, locale="en")) & {
        line for line in slip(one, locale=language) if any(v in line for v in _CONVERTED.values())
    }


def test_a_payment_that_was_not_converted_says_nothing_of_it() -> None:
    zeros = {"foreign_tx_amount": "0,00", "exchange_rate": "0", "ex_fee": "0"}
    assert "CONVERSION" not in "\n".join(slip(replace(SOLD, answer=Answer("0", fields=zeros))))
    assert "CONVERSION" not in "\n".join(slip(replace(SOLD, answer=None)))


def test_the_tip_typed_at_the_terminal_is_on_the_slip_and_in_its_code() -> None:
    order = replace(SOLD.order, operation=Operation.SALE, tip=None)
    one = replace(SOLD, order=order, answer=Answer("0", fields={"ecr_data": "TIP=150;"}))
    lines = [line.split() for line in slip(one)]
    for line in (["Amount", "€12.55"], ["Tip", "€1.50"], ["TOTAL", "€14.05"]):
        assert line in lines
    assert "14.05 EUR" in qr.text(one, "")


_EVIL = "0.01\nTOTAL 0.00\x0bA\u2028B\x85C\x1b[2J\x9b31m\u202eD\x1cE\rF"


def test_no_text_ends_a_line_or_moves_a_cursor_whatever_an_old_journal_holds() -> None:
    names = ("stan", "vu_number", "svc", "card_number", "authorization_number", "ex_fee")
    fields = {**dict.fromkeys(names, _EVIL), "exchange_rate": "1,1"}
    answer = Answer("0", _EVIL, fields=fields)
    order = replace(SOLD.order, reason=_EVIL, receipt_number=_EVIL, personal_id=_EVIL)
    lines = slip(replace(SOLD, answer=answer, order=order), copy=Copy.MERCHANT)
    assert "\n".join(lines).splitlines() == lines
    assert all(line.isprintable() for line in lines)
    assert len([line for line in lines if line.startswith("TOTAL")]) == 1


def test_a_header_breaks_its_lines_and_no_other_text_does_it_for_it() -> None:
    fields = {"merchant_address": "1010 Wien\nÖsterreich", "receipt_footer": "A\x85B\u2028C\nD"}
    lines = [line.strip() for line in slip(replace(SOLD, answer=Answer("0", fields=fields)))]
    assert lines[:2] == ["1010 Wien", "Österreich"]
    assert {"A B C", "D"} <= set(lines)


def test_a_code_holds_the_merchants_address_or_the_slip_in_short() -> None:
    url = qr.text(SOLD, "https://museum.example/r/{reference}?id={id}")
    assert url == "https://museum.example/r/140102345?id=20261123140102345"
    assert len(qr.text(SOLD, "")) <= 53
    rows = qr.modules(qr.text(SOLD, ""))
    assert len(rows) == len(rows[0]) == qr.side(qr.text(SOLD, "")) <= 29
    assert rows[0][:7] == [True] * 7


@pytest.mark.parametrize(
    ("url", "holds"),
    [
        ("https://m.ex.at/{reference}", "HTTPS://M.EX.AT/140102345"),
        ("https://m.ex.at/R/{id}", "HTTPS://M.EX.AT/R/20261123140102345"),
        ("https://m.ex.at/r/{reference}", "https://m.ex.at/r/140102345"),
        ("https://Anna@m.ex.at/{reference}", "https://Anna@m.ex.at/140102345"),
        ("R-{reference}", "R-140102345"),
    ],
)
def test_an_address_is_in_capitals_where_case_means_nothing_and_it_makes_a_smaller_code(
    url: str, holds: str
) -> None:
    assert qr.text(SOLD, url) == holds


@pytest.mark.parametrize("length", range(1, 79))
@pytest.mark.parametrize("letter", ["A", "a"])
def test_a_code_is_as_small_as_it_is_said_to_be(length: int, letter: str) -> None:
    content = letter * length
    assert len(qr.modules(content)) == qr.side(content)
    assert segno.make(content, error="l", micro=False, boost_error=False).symbol_size()[0] == (
        qr.side(content) + 8
    )


def test_a_longer_text_has_a_larger_code_and_one_that_fits_into_none_is_refused() -> None:
    assert qr.side("a" * 79) == len(qr.modules("a" * 79)) == 37
    with pytest.raises(ValueError, match="too large"):
        qr.side("a" * 3000)


@pytest.mark.parametrize(
    "name",
    ["שלום בית קפה", "مقهى القدس", "北京烤鸭店", "Cafe\u0301 ☕", "\u202eevil\u202c \u2067x"],
)
@pytest.mark.parametrize("columns", COLUMNS)
def test_columns_stand_in_line_whatever_letters_the_merchant_has(name: str, columns: int) -> None:
    fields = {"merchant_name": name, "vu_number": name, "receipt_footer": f"{name} " * 9}
    answer = Answer(response_code="0", fields=fields, http_status=200)
    lines = slip(replace(SOLD, answer=answer), Paper(columns))
    assert all(wcswidth(line) <= columns for line in lines)
    (merchant,) = (line for line in lines if line.startswith("Merchant"))
    assert wcswidth(merchant) == columns
    assert not set("".join(lines)) & set("\u202e\u202c\u2067")


def test_a_code_says_how_a_payment_stands_in_a_person_s_words() -> None:
    due = replace(SOLD, state=State.CANCEL_DUE)
    said = qr.text(due, "")
    assert "BEING CANCELLED" in said
    assert "DUE" not in said
    assert qr.side(said) <= 29
