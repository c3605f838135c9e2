"""What a printer's code page lacks is written plainly, and no amount, width or word is lost by it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.printer import without_commands
from support.showcase import DONE

from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.receipt.code_pages import CodePage, code_page
from kiosk_tui.receipt.lines import Large, Paper
from kiosk_tui.receipt.slip import COLUMNS, Copy, slip
from kiosk_tui.receipt.spelling import Spelling
from kiosk_tui.text.amounts import format_number
from kiosk_tui.text.translations import NAMES

PAGES = ("ascii", "cp437", "cp850", "cp852", "cp858", "cp866", "cp1252", "cp1250:72", "iso8859-15")
_TEXT = st.text(max_size=80)


@pytest.mark.parametrize(
    ("page", "text", "printed"),
    [
        ("ascii", "€12.55", "EUR 12.55"),
        ("ascii", "-€12.55", "-EUR 12.55"),
        ("ascii", "12,55 €", "12,55 EUR"),
        ("cp858", "€12.55", "€12.55"),
        ("cp850", "12,55 €", "12,55 EUR"),
        ("cp437", "Łódź, Győr, Škoda, Straße", "Lódz, Gyor, Skoda, Straße"),
        ("cp852", "Łódź, Győr, Škoda, Straße", "Łódź, Győr, Škoda, Straße"),
        ("ascii", "Straße GROẞ", "Strasse GROSS"),
        ("cp858", "Καφέ Жук", "Kafe Zhuk"),
        ("cp866", "Жук", "Жук"),
        ("cp858", "北京烤鸭店", "BeiJingKaoYaDian"),
        ("cp862", "שלום", "slvm"),
        ("cp1256", "مقهى", "mqha"),
        ("cp858", "e\u0301a\u0302", "éâ"),
        ("ascii", "“Café” – № 5…", '"Cafe" - No 5...'),
        ("cp858", "\ue000 \ud800", "_ _"),
        ("cp858", "really?", "really?"),
        ("utf-8", "北京 €", "北京 €"),
    ],
)
def test_a_letter_that_a_page_lacks_is_written_plainly(page: str, text: str, printed: str) -> None:
    assert Spelling(code_page(page).has)(text) == printed


@given(
    page=st.sampled_from(PAGES),
    columns=st.sampled_from(COLUMNS),
    copy=st.sampled_from(Copy),
    locale=st.sampled_from(sorted(NAMES)),
    currency=st.sampled_from([Currency("EUR", 2), Currency("JPY", 0), Currency("GBP", 2)]),
    minor=st.integers(1, 99_999_999),
    name=_TEXT,
    footer=_TEXT,
)
def test_whatever_is_on_a_slip_each_byte_is_in_the_page_and_the_amount_is_whole(
    *,
    page: str,
    columns: int,
    copy: Copy,
    locale: str,
    currency: Currency,
    minor: int,
    name: str,
    footer: str,
) -> None:
    found = code_page(page)
    amount = Money(minor, currency)
    order = replace(DONE.order, amount=amount, tip=None)
    fields = {"merchant_name": name, "receipt_footer": footer, "stan": name}
    one = replace(DONE, order=order, amount_sent=amount, answer=Answer("0", fields=fields))
    lines = slip(one, Paper(columns, Spelling(found.has)), copy=copy, locale=locale)
    for line in lines:
        assert line.encode(found.codec).decode(found.codec) == line
        assert len(line.encode(found.codec)) <= columns
        assert Spelling(found.has)(line) == line
    digits = re.sub(r"\D", "", format_number(amount, locale))
    assert digits in [re.sub(r"\D", "", line) for line in lines]
    for line in (line for line in lines if isinstance(line, Large)):
        assert re.sub(r"\D", "", line) == re.sub(r"\D", "", line.half) == digits
        assert len(line.half.encode(found.codec)) <= columns // 2
    question = "?" in f"{name}{footer}" or any("\ud800" <= c <= "\udfff" for c in name + footer)
    assert question or "?" not in "".join(lines)


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("cp858", CodePage("cp858", 19)),
        ("CP1252", CodePage("cp1252", 16)),
        ("cp858:13", CodePage("cp858", 13)),
        ("cp1250:72", CodePage("cp1250", 72)),
        ("koi8-r:9", CodePage("koi8-r", 9)),
        ("ascii", CodePage("ascii", None)),
        ("utf-8", CodePage("utf-8", None)),
    ],
)
def test_a_page_has_epsons_number_or_its_own(text: str, page: CodePage) -> None:
    assert code_page(text) == page


@pytest.mark.parametrize(
    "text",
    ["cp999", "koi8-r", "utf-16", "utf-8:3", "gbk:1", "base64", "cp858:256", "cp858:x", "cp037:1"],
)
def test_what_is_no_page_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="code page"):
        code_page(text)


def test_commands_are_no_text() -> None:
    picture = b"\x1dv0\x00\x01\x00\x02\x00\x1b@"
    assert without_commands(b"\x1b@\x1c." + picture + b"\x1bt\x13A\x1d!\x11B") == b"AB"
