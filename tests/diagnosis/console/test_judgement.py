"""From facts to advice, by table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk_tui.diagnosis.console.facts import ConsoleFacts, Font
from kiosk_tui.diagnosis.console.judgement import Fit, advise, instead, missing
from kiosk_tui.diagnosis.console.report import WIDTH, advice, describe, report
from kiosk_tui.diagnosis.console.sample import contrast, sample
from kiosk_tui.text.glyphs import ASCII, LETTERS, LINES, SAFE
from kiosk_tui.text.translations import NAMES

CONSOLE = ConsoleFacts(
    terminal=True,
    term="linux",
    encoding="utf-8",
    columns=80,
    rows=25,
    linux_console=True,
    font=Font(256, 8, 16),
    mapped=ASCII | frozenset(LINES),
    utf8_line=True,
    colours=8,
    moves_cursor=True,
    reverse=True,
    num_lock=False,
)
BARE = ConsoleFacts(terminal=False, term="linux", encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "fit", "why"),
    [
        ({}, Fit.STANDARD, '"standard"'),
        ({"colours": 256}, Fit.STANDARD, '"high-contrast"'),
        ({"colours": 0}, Fit.MONO, "no colours"),
        ({"colours": None}, Fit.MONO, '"mono"'),
        ({"colours": None, "colorterm": "truecolor"}, Fit.STANDARD, '"standard"'),
        ({"moves_cursor": None}, Fit.STANDARD, '"standard"'),
        ({"moves_cursor": False, "term": "tty33"}, Fit.PLAIN, "'tty33' cannot place its cursor"),
        ({"term": "dumb"}, Fit.PLAIN, "TERM is 'dumb'"),
        ({"term": ""}, Fit.PLAIN, "TERM is ''"),
        ({"columns": 40}, Fit.PLAIN, "40 x 25 is too small"),
        ({"rows": 23}, Fit.PLAIN, "80 x 23 is too small"),
        ({"columns": None, "rows": None}, Fit.STANDARD, '"standard"'),
        ({"terminal": False}, Fit.PLAIN, "no terminal"),
    ],
)
def test_the_advice_follows_from_the_facts(change: dict[str, Any], fit: Fit, why: str) -> None:
    judged = advise(replace(CONSOLE, **change))
    assert judged.fit is fit
    assert why in judged.sentence


def test_what_the_font_lacks_is_named() -> None:
    assert missing(CONSOLE, "─│ě€") == "ě€"
    assert missing(replace(CONSOLE, mapped=None), "─│ě€") == ""
    assert missing(replace(CONSOLE, encoding="iso-8859-15"), "a─€") == "─€"


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({}, "reverse video"),
        ({"mapped": ASCII | {"\ufffd"}}, "replacement mark"),
        ({"mapped": None}, "nobody can tell"),
        ({"encoding": "ascii"}, "question mark, because the program does not write UTF-8"),
    ],
)
def test_what_is_seen_instead_is_told(change: dict[str, Any], seen: str) -> None:
    assert seen in instead(replace(CONSOLE, **change))


@pytest.mark.parametrize(
    "facts",
    [
        CONSOLE,
        BARE,
        replace(CONSOLE, mapped=None, font=None, linux_console=False, colours=None),
        replace(CONSOLE, mapped=frozenset(), encoding="ascii", utf8_line=False),
        replace(CONSOLE, columns=40, colorterm="truecolor"),
    ],
)
def test_the_report_fits_80_columns_and_has_no_escape_sequence(facts: ConsoleFacts) -> None:
    lines = [*report(facts), *advice(facts).splitlines()]
    assert max(map(len, lines)) <= WIDTH
    assert all(line.isprintable() for line in lines)


def test_the_report_tells_what_a_technician_has_to_do() -> None:
    told = "\n".join(report(replace(CONSOLE, utf8_line=False)))
    assert "256 glyphs of 8 x 16" in told
    assert "letters cs: á č ď" in told
    assert "setfont" in told
    assert "unicode_start" in told
    assert "NumLock:      off" in told


def test_the_json_has_the_same_facts() -> None:
    told = describe(CONSOLE)
    assert told["font"] == {"glyphs": 256, "width": 8, "height": 16}
    assert told["missing"]["lines"] == ""
    assert told["missing"]["letters pl"] == LETTERS["pl"]
    assert (told["fit"], told["num_lock"]) == ("standard", False)


def test_a_dumb_terminal_gets_no_escape_sequence_and_a_colourless_one_no_colour() -> None:
    dumb = replace(CONSOLE, term="dumb", colours=0, moves_cursor=False, reverse=False)
    assert "\x1b" not in "".join(sample(dumb))
    assert "\x1b" not in "".join(sample(BARE))
    mono = "".join(sample(replace(CONSOLE, colours=0)))
    assert "\x1b[7m" in mono
    assert "\x1b[3" not in mono


def test_contrasts_are_those_of_the_console_s_palette() -> None:
    assert contrast(0) == pytest.approx(1.0)
    assert contrast(15) == pytest.approx(21.0)
    assert contrast(3) == pytest.approx(4.0, abs=0.1)  # brown, not yellow


def test_every_shipped_language_has_its_letters_among_the_safe_ones() -> None:
    assert LETTERS.keys() == NAMES.keys()
    assert all(set(name) <= SAFE for name in NAMES.values())
