"""The facts and the advice as lines of at most 80 columns, or as one JSON object."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any, Final

from kiosk_tui.diagnosis.console.facts import ConsoleFacts
from kiosk_tui.diagnosis.console.judgement import advise, instead, missing
from kiosk_tui.text.glyphs import groups

WIDTH: Final = 80
_LABEL: Final = 14


def report(facts: ConsoleFacts) -> Iterator[str]:
    """Yield what was found out, a fact a line."""
    for label, text in _facts(facts):
        head = f"{label}:".ljust(_LABEL)
        yield from textwrap.wrap(text, WIDTH, initial_indent=head, subsequent_indent=" " * _LABEL)


def advice(facts: ConsoleFacts) -> str:
    """Return the one sentence that it all comes to."""
    return textwrap.fill(advise(facts).sentence, WIDTH)


def describe(facts: ConsoleFacts) -> dict[str, Any]:
    """Return everything for a program. Names are added, never changed."""
    font = facts.font
    judged = advise(facts)
    return {
        "terminal": facts.terminal,
        "term": facts.term,
        "columns": facts.columns,
        "rows": facts.rows,
        "linux_console": facts.linux_console,
        "font": font and {"glyphs": font.glyphs, "width": font.width, "height": font.height},
        "encoding": facts.encoding,
        "utf8_line": facts.utf8_line,
        "colours": facts.colours,
        "colorterm": facts.colorterm,
        "num_lock": facts.num_lock,
        "missing": {name: missing(facts, text) for name, text in groups().items()},
        "fit": str(judged.fit),
        "advice": judged.sentence,
    }


def _facts(facts: ConsoleFacts) -> Iterator[tuple[str, str]]:
    if not facts.terminal:
        yield "Terminal", "none: standard output is a pipe or a file"
    yield "TERM", facts.term or "(empty)"
    if facts.terminal:
        yield from _terminal(facts)
    yield "Encoding", facts.encoding + _LINE[facts.utf8_line]
    if facts.linux_console and facts.utf8_line is False:
        yield "What to do", "run unicode_start: this console is not in UTF-8 mode"
    yield from _missing(facts)


def _terminal(facts: ConsoleFacts) -> Iterator[tuple[str, str]]:
    yield "Size", f"{facts.columns or '?'} x {facts.rows or '?'}"
    yield "Kind", "the Linux console" if facts.linux_console else "not the Linux console"
    if facts.font is not None:
        font = facts.font
        yield "Font", f"{font.glyphs} glyphs of {font.width} x {font.height}"
    yield "Colours", _colours(facts)
    yield "Cursor", _CURSOR[facts.moves_cursor]
    yield "NumLock", _NUM_LOCK[facts.num_lock]


def _colours(facts: ConsoleFacts) -> str:
    known = "terminfo does not know" if facts.colours is None else str(facts.colours)
    return f"{known}, COLORTERM={facts.colorterm}" if facts.colorterm else known


def _missing(facts: ConsoleFacts) -> Iterator[tuple[str, str]]:
    lacking = {name: missing(facts, text) for name, text in groups().items()}
    lacking = {name: text for name, text in lacking.items() if text}
    if not lacking:
        known = facts.mapped is not None
        yield "Characters", "all there" if known else "the program can write all; see the sample"
        return
    for name, text in lacking.items():
        yield "Missing", f"{name}: {' '.join(text)}"
    yield "Seen instead", instead(facts)
    if facts.mapped is not None:
        yield "What to do", "load a font that has them, such as: setfont Uni2-Terminus16"


_LINE: Final = {None: "", True: ", the line in UTF-8 mode", False: ", the line not in UTF-8 mode"}
_CURSOR: Final = {
    None: "terminfo does not know",
    True: "can be placed",
    False: "cannot be placed",
}
_NUM_LOCK: Final = {None: "the terminal does not tell", True: "on", False: "off"}
