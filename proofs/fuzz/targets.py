"""What is fuzzed, and the rule that each input is judged by."""

from __future__ import annotations

import json
import os
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.load import load
from kiosk_tui.domain.outcome import Approved, CancelVerdict, Declined
from kiosk_tui.tecs import answers
from kiosk_tui.tecs.answers import Reply
from kiosk_tui.tecs.codes import Codes

SENT: Final = "20261123140000000"
CODES: Final = Codes()
_STATUSES = (200, 400, 401, 500, 504, 302)
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
    status = _STATUSES[data[0] % len(_STATUSES)] if data else 200
    body = data[1:]
    reply = Reply(status, body)
    outcome = answers.payment(reply, SENT, CODES)
    cancelled = answers.cancellation(reply, SENT, CODES)
    answers.abort(reply, SENT, CODES)
    answers.status(reply, SENT, CODES)
    said = _reading(body)
    if isinstance(outcome, Approved) and (status != 200 or said is None or said.strip("0")):
        raise RuleBrokenError("an approval that nobody gave")
    if isinstance(outcome, Declined) and (
        status not in (200, 400) or said is None or not said.strip("0")
    ):
        raise RuleBrokenError("a decline that nobody gave")
    if cancelled.verdict is not CancelVerdict.UNANSWERED and (
        status not in (200, 400) or said is None
    ):
        raise RuleBrokenError("an answer to a cancellation that nobody gave")
    if cancelled.verdict is CancelVerdict.CONFIRMED and (
        status != 200 or said is None or said.lstrip("0") not in _CANCELLED
    ):
        raise RuleBrokenError("a confirmed cancellation that nobody confirmed")
    if status == 200 and said in _SAY_NO and not isinstance(outcome, Declined):
        raise RuleBrokenError("a clear decline was not understood")


def _reading(body: bytes) -> str | None:
    """Return the code of an answer to what was sent, read strictly and in another way; or None."""
    try:
        found = json.loads(body.decode("utf-8"), object_pairs_hook=list)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list) or not all(isinstance(one, tuple) for one in found):
        return None
    names = [name for name, _ in found]
    fields: dict[str, Any] = dict(found)
    code, number = fields.get("response_code"), fields.get("transaction_id")
    whole = len(set(names)) == len(names) and fields.get("message_type", "0002") == "0002"
    if not whole or not isinstance(code, str) or not isinstance(number, str):
        return None
    plain = code.isascii() and code.isdigit() and 1 <= len(code) <= 4
    ours = number.isascii() and number.isdigit() and number.lstrip("0") == SENT
    return code if plain and ours else None


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


TARGETS: Final = {
    "answers": Target("one outcome, and no word that TECS did not say", _answer, "answers"),
    "config": Target("a configuration or one sentence", _config, "config"),
    "naive": Target("a parser that looks for words", _naive, "answers", control=True),
    "believing": Target("a loader that believes its file", _believing, "config", control=True),
}
