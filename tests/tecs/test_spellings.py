"""An answer that a person would read as "approved, this transaction" is one, however it is spelled.

And what no person would read as a code or as this id is never one, whatever surrounds it.
"""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk_tui.domain.outcome import Approved, CancelVerdict, Declined, OutcomeUnknown
from kiosk_tui.tecs import answers
from kiosk_tui.tecs.answers import Reply
from kiosk_tui.tecs.codes import CodeTable

CODES = CodeTable()
ID = "20261123140102345"


# -- how a body may be written ---------------------------------------------------------------------


@dataclass(frozen=True)
class Writing:
    """A charset, its mark, and what the header says of it, which may be wrong."""

    charset: str
    mark: bytes
    header: str


EIGHT_BITS = ("latin-1", "iso8859-15", *(f"cp125{last}" for last in range(9)))
LABELS = ("utf-8", "UTF8", '"utf-8"', "us-ascii", "ISO-8859-1", "iso-8859-15", "Windows-1251")
OTHERS = ("klingon", "utf-7", "ebcdic-cp-be", "rot13", "utf-16", "utf-16le", "x" * 300, "\\")
TYPES = st.sampled_from(["application/json", "text/html", "text/plain; x=y", ""])


@st.composite
def writings(draw: st.DrawFn) -> Writing:
    kind = draw(st.sampled_from(["utf-8", "eight bits", "wide and marked", "wide and named"]))
    said = draw(st.none() | st.sampled_from(LABELS + OTHERS))
    mark = b""
    if kind == "wide and named":
        charset = draw(st.sampled_from(["utf-16-le", "utf-16-be"]))
        said = draw(st.sampled_from([charset, charset.upper(), charset.replace("-", ""), "utf-16"]))
    elif kind == "wide and marked":
        charset, mark = draw(
            st.sampled_from(
                [
                    ("utf-16-le", codecs.BOM_UTF16_LE),
                    ("utf-16-be", codecs.BOM_UTF16_BE),
                    ("utf-32-le", codecs.BOM_UTF32_LE),
                    ("utf-32-be", codecs.BOM_UTF32_BE),
                ]
            )
        )
    elif kind == "eight bits":
        charset = draw(st.sampled_from(EIGHT_BITS))
    else:
        charset, mark = "utf-8", draw(st.sampled_from([b"", codecs.BOM_UTF8]))
    header = draw(TYPES)
    if said is not None:
        header += draw(st.sampled_from(["; charset=", ";charset = ", ";CHARSET="])) + said
    return Writing(charset, mark, header)


BLANKS = st.text(st.sampled_from(" \t\n\r\0"), max_size=4)
PADS = st.text(st.sampled_from([" ", "\t", "\n", "\0", "\u00a0", "\u2003"]), max_size=3)
ZEROS = st.integers(0, 30).map(lambda count: "0" * count)


def _quoted(text: str) -> str:
    return json.dumps(text)


good_codes = st.just("0") | st.builds(
    lambda zeros, a, b: _quoted(f"{a}0{zeros}{b}"), ZEROS, PADS, PADS
)
good_ids = st.just(ID) | st.builds(
    lambda zeros, a, b: _quoted(f"{a}{zeros}{ID}{b}"), ZEROS, PADS, PADS
)
good_types = st.sampled_from(
    [None, "null", '"0002"', '"2"', "2", '" 0002 "', '""', '" "', '"\\u0000"']
)
nested = st.recursive(
    st.sampled_from(["null", "true", "1e400", "-0", "NaN", '"0001"', '{"a": 1, "a": 2}']),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda found: f"[{', '.join(found)}]")
        | inner.map(lambda one: f'{{"response_code": "51", "response_code": {one}}}')
    ),
    max_leaves=6,
)
deep = st.integers(1, 60).map(lambda depth: "[" * depth + "]" * depth)
others = st.fixed_dictionaries(
    {},
    optional={
        "stan": st.sampled_from(["42", '"000042"', "42.0", "null", "[]"]),
        "authorization_number": st.sampled_from(["123456", '"12 34"', "true"]),
        "merchant_name": st.sampled_from(['"Gro\\u00dfmarkt"', '"Straße"', '"Café"', '"A\tB"']),
        "receipt_footer": st.sampled_from(['"PIN VERIFIED\\nAID: A000"', '"a\nb"', '"\\ud800"']),
        "ecr_data": st.just(_quoted("x" * 70_000)),
        "orig_tx_id": st.sampled_from([ID, '""', "null", '"4111111111111111"']),
        "card_number": st.sampled_from(['"************1111"', '"4111111111111111_2712"', "7"]),
        "loyalty": nested | deep,
        "response_text": nested,
    },
)


@st.composite
def bodies(
    draw: st.DrawFn,
    code: st.SearchStrategy[str | None],
    number: st.SearchStrategy[str | None],
) -> Reply:
    """Draw a reply: fields in any order, written in any way, with any good status."""
    members = dict(draw(others))
    for name, strategy in (
        ("response_code", code),
        ("transaction_id", number),
        ("message_type", good_types),
    ):
        value = draw(strategy)
        if value is not None:
            members[name] = value
    pairs = draw(st.permutations(sorted(members.items())))
    gap = draw(st.sampled_from(["", " ", "\r\n  "]))
    inside = f",{gap}".join(f'"{name}":{gap}{value}' for name, value in pairs)
    text = draw(BLANKS) + "{" + inside + "}" + draw(BLANKS)
    writing = draw(writings())
    body = writing.mark + text.encode(writing.charset, "replace")
    return Reply(draw(st.sampled_from([200, 200, 201, 202, 203, 299])), body, writing.header)


@given(bodies(good_codes, good_ids))
def test_every_spelling_of_an_approved_answer_is_an_approval(reply: Reply) -> None:
    outcome = answers.payment(reply, ID, CODES)
    assert isinstance(outcome, Approved), outcome
    assert CODES.payment(outcome.answer.response_code) == "approved"
    assert len(outcome.answer.response_code) <= 4
    assert answers.cancellation(reply, ID, CODES).verdict is CancelVerdict.CONFIRMED


BAD_CODES = (
    None,
    *("null", "true", "false", "0.0", "0e0", "0E1", "-0", "-0.0", "[]", "[0]", "{}", '{"0": 0}'),
    *('""', '" "', '"\\u0000"', '"+0"', '"-0"', '"0.0"', '"0,0"', '"0 0"', '"0x0"', '"O"', '"0;"'),
    *('"\\u0660"', '"\\uff10"', '"\\u0966\\u0966"', '"\\u00b2"', '"\\u2080"', '"0\\u200b"', '"#0"'),
)
BAD_IDS = (
    None,
    *("null", "true", "[]", f"[{ID}]", f"-{ID}", f"{ID}.0", f"{ID}e0", "0", f"{ID}0", f"1{ID}"),
    *(_quoted(one) for one in ("", " ", "0", f"+{ID}", f"-{ID}", f"{ID}.0", f"TXID{ID}", ID[1:])),
    *(_quoted(one) for one in (ID[8:], f"1{ID}", f"9{ID}", f"{ID}0", f"{ID[:8]} {ID[8:]}")),
    _quoted("".join(chr(0xFF10 + int(one)) for one in ID)),
    _quoted(str(int(ID) + 1)),
    str(int(ID) + 1),
)


@given(bodies(st.sampled_from(BAD_CODES), good_ids))
def test_what_is_no_code_is_never_an_approval_or_a_decline(reply: Reply) -> None:
    assert isinstance(answers.payment(reply, ID, CODES), OutcomeUnknown)
    assert answers.cancellation(reply, ID, CODES).verdict is CancelVerdict.UNANSWERED


@given(bodies(good_codes, st.sampled_from(BAD_IDS)))
def test_what_is_another_id_or_none_is_never_an_approval(reply: Reply) -> None:
    assert isinstance(answers.payment(reply, ID, CODES), OutcomeUnknown)
    assert answers.cancellation(reply, ID, CODES).verdict is CancelVerdict.UNANSWERED


@given(bodies(good_codes, good_ids), st.integers(100, 599).filter(lambda one: one // 100 != 2))
def test_no_other_status_than_2xx_approves_whatever_its_body_says(
    reply: Reply, status: int
) -> None:
    reply = Reply(status, reply.body, reply.content_type)
    assert isinstance(answers.payment(reply, ID, CODES), OutcomeUnknown)
    assert answers.cancellation(reply, ID, CODES).verdict is CancelVerdict.UNANSWERED


# -- each case by itself ---------------------------------------------------------------------------

WHOLE = f'{{"transaction_id": "{ID}", "response_code": "0"'


def _payment(body: bytes, content_type: str = "") -> object:
    return answers.payment(Reply(200, body, content_type), ID, CODES)


@pytest.mark.parametrize("header", ["", "application/json; charset=utf-8", "text/html"])
def test_a_shops_name_in_latin_1_is_read_whatever_the_header_says(header: str) -> None:
    outcome = _payment(f'{WHOLE}, "merchant_name": "Stra\u00dfe"}}'.encode("latin-1"), header)
    assert isinstance(outcome, Approved)
    assert outcome.answer.fields["merchant_name"] == "Straße"


def test_bytes_that_no_charset_knows_are_replaced_and_cost_nothing() -> None:
    outcome = _payment(WHOLE.encode() + b', "merchant_name": "A\x81\xff"}')
    assert isinstance(outcome, Approved)
    assert outcome.answer.fields["merchant_name"] == "A\ufffdÿ"


def test_a_mark_of_one_charset_before_another_one_is_no_hindrance() -> None:
    body = codecs.BOM_UTF8 + f'{WHOLE}, "merchant_name": "Caf\u00e9"}}'.encode("latin-1")
    assert isinstance(_payment(body), Approved)


@pytest.mark.parametrize("before", ["\ufeff\ufeff", "\r\n\ufeff", "\ufeff\n\0\ufeff"])
def test_marks_and_blanks_in_front_are_no_hindrance(before: str) -> None:
    for charset in ("utf-8", "utf-16"):
        assert isinstance(_payment((before + WHOLE + "}").encode(charset)), Approved)


def test_an_answer_that_is_read_in_one_charset_is_not_read_in_another_one() -> None:
    both = f'{{"transaction_id": "{ID}", "response_code": "51"}}'.encode()
    assert isinstance(_payment(both, "application/json; charset=utf-16"), Declined)


@pytest.mark.parametrize(
    ("token", "text"),
    [("42", "42"), ("4.20", "4.20"), ("1E5", "1E5"), ("-7", "-7"), ("true", None), ("null", None)],
)
def test_a_number_is_the_text_of_its_token(token: str, text: str | None) -> None:
    outcome = _payment(f'{WHOLE}, "ex_fee": {token}}}'.encode())
    assert isinstance(outcome, Approved)
    assert outcome.answer.fields.get("ex_fee") == text


@pytest.mark.parametrize(
    ("told", "stored"),
    [('"00 "', "00"), ('"0051"', "0051"), ("51", "51"), ('"00000"', "0"), ('"0000051"', "51")],
)
def test_a_code_is_kept_as_it_was_said_without_blanks(told: str, stored: str) -> None:
    body = f'{{"transaction_id": "{ID}", "response_code": {told}}}'.encode()
    outcome = _payment(body)
    assert isinstance(outcome, Approved | Declined)
    assert outcome.answer.response_code == stored


def test_a_long_code_is_kept_and_means_nothing_but_one_as_long_as_a_card_is_none() -> None:
    body = f'{{"transaction_id": "{ID}", "response_code": "000123456"}}'.encode()
    outcome = _payment(body)
    assert isinstance(outcome, OutcomeUnknown)
    assert outcome.answer is not None
    assert outcome.answer.response_code == "123456"
    outcome = _payment(body.replace(b"000123456", b"4111111111111111"))
    assert isinstance(outcome, OutcomeUnknown)
    assert outcome.answer is None


@pytest.mark.parametrize("told", ['"0001"', '"1"', "1", "13", '"00002000"', '"4111111111111111"'])
def test_another_message_type_in_digits_is_no_answer(told: str) -> None:
    assert isinstance(_payment(f'{WHOLE}, "message_type": {told}}}'.encode()), OutcomeUnknown)


@pytest.mark.parametrize("told", ["[]", "true", '"ANSWER"', "2.5", '"00002"'])
def test_a_message_type_that_is_none_is_as_if_it_were_not_there(told: str) -> None:
    assert isinstance(_payment(f'{WHOLE}, "message_type": {told}}}'.encode()), Approved)


@pytest.mark.parametrize(
    "behind", ["}", "x", "{}", "null", ",", "\ufeff", '{"response_code": "51"}', "\x1a"]
)
def test_behind_an_answer_only_blanks_and_nuls_may_stand(behind: str) -> None:
    assert isinstance(_payment(f"{WHOLE}}}{behind}".encode()), OutcomeUnknown)


@pytest.mark.parametrize("name", ["response_code", "transaction_id", "stan", ""])
@pytest.mark.parametrize("same", [True, False])
def test_a_field_that_stands_twice_makes_an_answer_unreadable(name: str, *, same: bool) -> None:
    once = {"transaction_id": ID, "response_code": "0", "stan": "1", "": "x"}
    again = once[name] if same else "9"
    body = json.dumps(once)[:-1] + f', "{name}": "{again}"}}'
    assert isinstance(_payment(body.encode()), OutcomeUnknown)


@pytest.mark.parametrize("bracket", ["[]", "{}"])
def test_any_depth_ends_as_an_outcome(bracket: str) -> None:
    opened = '{"a":' if bracket == "{}" else "["
    for depth in (100, 100_000):
        inside = opened * depth + "1" + bracket[1] * depth
        outcome = _payment(f'{WHOLE}, "loyalty": {inside}}}'.encode())
        assert isinstance(outcome, Approved if depth == 100 else OutcomeUnknown)


@pytest.mark.parametrize("size", [70_000, 3_000_000])
@pytest.mark.parametrize("character", ["x", "1 ", "*", "\u200b", "\x1b", "EXP ", "REF", "4111-"])
def test_a_field_of_any_size_is_cut_and_the_answer_counts(character: str, size: int) -> None:
    text = character * (size // len(character))
    outcome = _payment(f'{WHOLE}, "receipt_footer": {_quoted(text)}}}'.encode())
    assert isinstance(outcome, Approved)
    assert len(outcome.answer.fields.get("receipt_footer", "")) <= 100


@given(
    before=st.integers(700, 1100),
    filler=st.sampled_from(["x", ".", "\u200b", "-"]),
    gap=st.sampled_from(["", " ", "-", "        ", "\u200b"]),
    field=st.sampled_from(["receipt_footer", "response_text", "ecr_data", "merchant_name"]),
)
@example(before=1012, filler="\u200b", gap="", field="ecr_data")
def test_no_half_of_a_card_number_is_left_where_a_field_is_cut(
    before: int, filler: str, gap: str, field: str
) -> None:
    text = filler * before + gap.join("5425233430109903") + " 2712" + "x" * 5000
    outcome = _payment(f"{WHOLE}, {_quoted(field)}: {_quoted(text)}}}".encode())
    assert isinstance(outcome, Approved)
    told = outcome.answer.response_text + "".join(
        value for name, value in outcome.answer.fields.items() if name != "transaction_id"
    )
    assert "3430" not in "".join(one for one in told if one.isdigit())


@pytest.mark.parametrize(
    ("card", "kept"),
    [
        ("************1111", "************1111"),
        ("XXXXXXXXXXXX1111", "XXXXXXXXXXXX1111"),
        ("411111******1111_3012", "411111******1111"),
        ("xxxx-xxxx-xxxx-1111", "xxxx-xxxx-xxxx-1111"),
        ("4111 11** **** 1111", "4111 11** **** 1111"),
        ("4111 11## #### 1111 12/30", "4111 11## #### 1111"),
        ("411111••••••1111=3012101", "411111••••••1111"),
        ("411111......1111", "411111......1111"),
        ("4111…1111", "4111…1111"),
        ("VISA ************1111 EXP 12/30", "VISA ************1111"),
        ("************1111D3012", "************1111"),
        ("411111______1111_3012", "411111______1111"),
        ("411111XXXXXX1111 3012", "411111XXXXXX1111"),
        # more than may be seen is taken back to that
        ("41111111****1111", "411111******1111"),
        ("4111 1111 11** 1111_3012", "411111******1111"),
        ("x" * 80 + "1111", "******1111"),
        # which of the digits are the last ones is not clear
        ("******11113012", "******"),
        ("4111 **** 1111 1111", "******"),
        ("4111 **** 1111 1111 1111", "******"),
        ("4111....1111....1111....1111", "411111******1111"),
        ("****1111****", "******"),
    ],
)
def test_a_card_that_the_host_masked_keeps_what_it_shows_and_no_expiry(
    card: str, kept: str
) -> None:
    outcome = _payment(f'{WHOLE}, "card_number": {_quoted(card)}}}'.encode())
    assert isinstance(outcome, Approved)
    assert outcome.answer.card == kept


@pytest.mark.parametrize("size", [1000, 1012, 1024, 2000])
@pytest.mark.parametrize("filler", [" ", "\u200b", "x", "0"])
def test_a_card_field_of_any_size_shows_no_more_than_first_six_and_last_four(
    filler: str, size: int
) -> None:
    for card in (filler * size + "5425233430109903", "5425233430109903" + filler * size):
        outcome = _payment(f'{WHOLE}, "card_number": {_quoted(card)}}}'.encode())
        assert isinstance(outcome, Approved)
        assert "3430" not in outcome.answer.card


LINES = ("\n", "\t", "\v", "\f", "\r", "\x1c", "\x85", "\u2028", "\u2029", "\u202e", "\u2067", "\0")


@pytest.mark.parametrize("sign", [*LINES, "\x1b[2J", "\x1b]0;title\x07", "\x9b1A", "\x1bM", "\x07"])
def test_a_text_is_one_line_whatever_stands_in_it(sign: str) -> None:
    body = {"transaction_id": ID, "response_code": "0"} | dict.fromkeys(
        ("response_text", "merchant_name", "operator_id", "receipt_footer"), f"A{sign}B"
    )
    outcome = _payment(json.dumps(body).encode())
    assert isinstance(outcome, Approved)
    told = outcome.answer
    for text in (told.response_text, told.fields["merchant_name"], told.fields["operator_id"]):
        assert text in ("A B", "AB")
    assert told.fields["receipt_footer"] in ("A B", "AB", "A\nB" if sign == "\n" else "AB")


def test_a_footers_lines_stay_lines_and_a_header_stays_in_its_middle() -> None:
    body = {"transaction_id": ID, "response_code": "0"} | {
        "receipt_footer": "PIN VERIFIED\r\nAID: A0\n\n",
        "receipt_header": "   MUSEUM\n  WIEN \0\0",
    }
    outcome = _payment(json.dumps(body).encode())
    assert isinstance(outcome, Approved)
    assert outcome.answer.fields["receipt_footer"] == "PIN VERIFIED\nAID: A0"
    assert outcome.answer.fields["receipt_header"] == "   MUSEUM\n  WIEN"


def test_a_refused_payment_says_so_and_is_no_decline() -> None:
    for body in (b"", b"<html>", f'{WHOLE[:-3]}"51"}}'.encode()):
        outcome = answers.payment(Reply(401, body), ID, CODES)
        assert isinstance(outcome, OutcomeUnknown)
        assert outcome.why == "The payment service refused this register (HTTP status 401)."
