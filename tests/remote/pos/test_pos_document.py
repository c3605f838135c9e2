"""docs/pos.md shows what really happens: its examples are played against `kiosk-tui serve`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from support.installation import installed
from support.pos import Connection, serving

from kiosk_tui.domain.operations import Operation
from kiosk_tui.remote.pos.admission import MOST_CONNECTIONS, MOST_UNKNOWN
from kiosk_tui.remote.pos.protocol import _REQUESTS, LONGEST_TAG
from kiosk_tui.remote.pos.server import GREET_S, MOST_WAITING
from kiosk_tui.remote.sockets.lines import LONGEST

pytestmark = pytest.mark.journey

TEXT = (Path(__file__).parents[3] / "docs" / "pos.md").read_text("utf-8")
LINES = [
    line
    for block in re.findall(r"^```pos\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]


def holds(told: Any, shown: Any) -> bool:
    """Say whether an answer holds what is shown of it."""
    if isinstance(shown, dict):
        return isinstance(told, dict) and all(
            name in told and holds(told[name], value) for name, value in shown.items()
        )
    if isinstance(shown, list):
        return len(told) == len(shown) and all(map(holds, told, shown))
    return bool(told == shown)


def play(pos: Connection) -> int:
    seen = 0
    for line in LINES:
        mark, text = line.split(" ", 1)
        if mark == ">":
            pos.socket.sendall(text.encode() + b"\n")
            continue
        shown = json.loads(text)
        told: list[Any] = []
        while not told or not holds(told[-1], shown):
            assert len(told) < 4, f"never told {text}, but {told}"
            told.append(pos.answer())
        seen += 1
    return seen


def test_the_examples_are_what_happens(tmp_path: Path) -> None:
    with installed(tmp_path) as shop, serving(shop) as served, served.connect() as pos:
        assert play(pos) == sum(line.startswith("<") for line in LINES) > 10
        assert sum(one.minor for one in shop.simulator.ledger.movements) == -300


def test_every_request_operation_and_bound_is_in_it() -> None:
    for name in _REQUESTS:
        assert f"`{name}`" in TEXT or f'"do": "{name}"' in TEXT, name
    for operation in set(Operation) - {Operation.SALE_AND_TIP}:
        assert f"`{operation}`" in TEXT, operation
    for bound in (f"{MOST_CONNECTIONS} connections", f"{MOST_WAITING} lines", f"{LONGEST} bytes"):
        assert bound in TEXT
    assert f"{GREET_S:g} seconds" in TEXT
    assert f"at most {MOST_UNKNOWN} connections" in TEXT
    assert LONGEST_TAG == 64
