"""What the documentation says of the messages is what is said."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from support.fakes import order, transaction
from support.virtual import START

from kiosk_tui.domain.fiscal import OwedSignature, Signature, SignerBegun, SigningRefused
from kiosk_tui.fiscal import messages

PAGE = Path(__file__).parents[2] / "docs" / "fiscal.md"
BEGIN, BEGUN, REFUSED, FINISH, SIGNED = (
    json.loads(one)
    for one in re.findall(r"^```json\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
)


def _names(told: dict[str, Any]) -> dict[str, Any]:
    return {name: _names(one) if isinstance(one, dict) else 0 for name, one in told.items()}


def test_the_documented_questions_are_ours() -> None:
    asked = json.loads(messages.begin_request(order(), START, "museum-1"))
    assert _names(asked) == _names(BEGIN)
    one = replace(transaction(), updated_at=START + timedelta(seconds=7))
    asked = json.loads(messages.finish_request(OwedSignature(one, 2, "APPROVED", "4711"), "m"))
    assert _names(asked) == _names(FINISH)


def test_the_documented_answers_are_read() -> None:
    assert messages.read_begun(json.dumps(BEGUN).encode()) == SignerBegun("4711")
    assert messages.read_begun(json.dumps(REFUSED).encode()) == SigningRefused("No day was opened.")
    owed = OwedSignature(transaction(), 2, "APPROVED")
    answer = json.dumps(SIGNED | {"key": owed.key}).encode()
    assert messages.read_signed(answer, owed) == Signature(SIGNED["text"], SIGNED["code"])
