"""What is fuzzed, and the rule that each input is judged by."""

from __future__ import annotations

import codecs
import json
import os
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.load import load
from kiosk_tui.domain.outcome import Approved, CancelVerdict, Declined
from kiosk_tui.tecs import answers
from kiosk_tui.tecs.answers import Reply
from kiosk_tui.tecs.codes import CodeTable
from proofs.fuzz import bodies

SENT: Final = "20261123140000000"
CODES: Final = CodeTable()
_STATUSES = (200, 400, 401, 500, 504, 302, 201, 299)
_TYPES = (
    "",
    "application/json; charset=utf-8",
    "application/json;charset=ISO-8859-1",
    "text/html; charset=windows-1251",
    'application/json; charset="UTF-16"',
    "application/json; charset=utf-16le",
    "application/json; charset=us-ascii",
    "application/json; charset=utf-7",
)
"""The first byte of an input says which status and which header; the rest is the body."""
_SAY_NO = frozenset(str(number) for number in (*range(1, 8), 12, 51, 55, 8004, 8014, 9096))
_CANCELLED = frozenset({"", "9011"})
"""Without leading zeros: done, or done already."""

_SCRATCH = Path(os.environ.get("FUZZ_FOLDER", tempfile.gettempdir()))


class RuleBrokenError(AssertionError):
    """An input was taken for what it is not."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that reads bytes; a control is broken on purpose and must fall."""

    rule: str
    run: Callable[[bytes], None]
    corpus: str
    control: bool = False


def _answer(data: bytes) -> None:
    first = data[0] if data else 0
    status, header = _STATUSES[first % 8], _TYPES[first // 8 % 8]
    reply = Reply(status, data[1:], header)
    outcome = answers.payment(reply, SENT, CODES)
    cancelled = answers.cancellation(reply, SENT, CODES)
    answers.abort(reply, SENT, CODES)
    answers.status(reply, SENT, CODES)
    said = _reading(data[1:], header)
    good = 200 <= status < 300
    if isinstance(outcome, Approved) and (not good or said is None or said.strip("0")):
        raise RuleBrokenError("an approval that nobody gave")
    if isinstance(outcome, Declined) and (
        not (good or status == 400) or said is None or not said.strip("0")
    ):
        raise RuleBrokenError("a decline that nobody gave")
    if cancelled.verdict is not CancelVerdict.UNANSWERED and (
        not (good or status == 400) or said is None
    ):
        raise RuleBrokenError("an answer to a cancellation that nobody gave")
    if cancelled.verdict is CancelVerdict.CONFIRMED and (
        not good or said is None or said.lstrip("0") not in _CANCELLED
    ):
        raise RuleBrokenError("a confirmed cancellation that nobody confirmed")
    if good and said is not None and not said.strip("0") and not isinstance(outcome, Approved):
        raise RuleBrokenError("a clear approval was not understood")
    clearly_no = good and said is not None and said.lstrip("0") in _SAY_NO
    if clearly_no and not isinstance(outcome, Declined):
        raise RuleBrokenError("a clear decline was not understood")


_EMPTY: Final = "".join(chr(one) for one in range(0x3001) if chr(one).isspace()) + "\0"
_MARKED: Final = ("utf-8", "utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")


def _reading(body: bytes, header: str = "") -> str | None:
    """Return the code of an answer to what was sent, read strictly and in another way; or None."""
    for text in _texts(body, header):
        try:
            found = json.loads(
                text.lstrip(" \t\n\r\v\f\0\ufeff").rstrip(" \t\n\r\v\f\0"),
                strict=False,
                object_pairs_hook=lambda pairs: ("object", pairs),
                parse_int=lambda token: ("digits", token),
                parse_float=lambda token: ("fraction", token),
                parse_constant=lambda token: ("word", token),
            )
        except (ValueError, RecursionError):
            continue
        is_object = isinstance(found, tuple) and found[0] == "object"
        return _code_of(found[1]) if is_object else None
    return None


def _texts(body: bytes, header: str) -> Iterator[str]:
    label = header.partition("charset=")[2].strip('"')
    charset = codecs.lookup(label).name if label else "utf-8"
    named = {"utf-7": (), "utf-16": ("utf-16-be", "utf-16-le")}.get(charset, (charset,))
    marks = {one: "\ufeff".encode(one) for one in _MARKED}
    signed = [one for one in _MARKED if body.startswith(marks[one])]
    rest = body[len(marks[signed[0]]) :] if signed else body
    for one in signed:
        yield from _decoded(body[len(marks[one]) :], one)
    for one in (*named, "utf-8"):
        yield from _decoded(rest, one)
    yield rest.decode("windows-1252", "replace")


def _decoded(body: bytes, charset: str) -> Iterator[str]:
    try:
        yield body.decode(charset)
    except UnicodeDecodeError:
        return


def _code_of(pairs: list[tuple[str, Any]]) -> str | None:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        return None
    kind = _digits(fields.get("message_type"))
    code, number = _digits(fields.get("response_code")), _digits(fields.get("transaction_id"))
    if (kind and kind.lstrip("0") != "2") or number.lstrip("0") != SENT or not code:
        return None
    return code if len(code.lstrip("0")) <= 4 else None


def _digits(value: object) -> str:
    if isinstance(value, tuple):
        value = value[1] if value[0] == "digits" else None
    text = value.strip(_EMPTY) if isinstance(value, str) else ""
    return text if text and set(text) <= set("0123456789") else ""


def _config(data: bytes) -> None:
    path = _SCRATCH / f"fuzzed-{os.getpid()}.toml"
    path.write_bytes(data)
    try:
        load(path, {})
    except ConfigError as error:
        sentence = str(error)
        if not sentence.strip() or len(sentence) > 2000:
            raise RuleBrokenError("a sentence that helps nobody") from None


def _believing(data: bytes) -> None:
    """Take every file for TOML in UTF-8, as whoever wrote it surely meant it."""
    tomllib.loads(data.decode())


def _naive(data: bytes) -> None:
    """Take whatever holds a zero code for an approval, as a hurried client would."""
    body = data[1:]
    if b'"response_code"' in body and b'"0"' in body and _reading(body) is None:
        raise RuleBrokenError("an approval that nobody gave")


def _stern(data: bytes) -> None:
    """Take only what is spelled as in the documentation, as a client that was never outside would."""
    header = _TYPES[data[0] // 8 % 8] if data else ""
    said = _reading(data[1:], header)
    try:
        found = json.loads(data[1:].decode("utf-8"))
    except ValueError:
        found = None
    taken = isinstance(found, dict) and found.get("response_code") in ("0", "00", "0000")
    if said is not None and not said.strip("0") and not taken:
        raise RuleBrokenError("a clear approval was not understood")


TARGETS: Final = {
    "answers": Target("one outcome, and no word that TECS did not say", _answer, "answers"),
    "config": Target("a configuration or one sentence", _config, "config"),
    "orders": Target("the order that a body says, or a problem", bodies.ordered, "orders"),
    "naive": Target("a parser that looks for words", _naive, "answers", control=True),
    "stern": Target("a parser that wants one spelling", _stern, "answers", control=True),
    "believing": Target("a loader that believes its file", _believing, "config", control=True),
    "hurried": Target(
        "a server that takes the last amount", bodies.hurried, "orders", control=True
    ),
}
