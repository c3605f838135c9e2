"""The merchant's two days of docs/cashier.md, played by the real program: it says what the page says."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest
from support.installation import installed

PAGE = Path(__file__).parents[2] / "docs" / "cashier.md"

_NEVER_THE_SAME = (
    (r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) +\d+ [A-Z][a-z]{2}(?: \d{4})?", "DAY"),
    (r"\d{4}-\d\d-\d\d", "DATE"),
    (r"\d\d:\d\d(?::\d\d)?", "TIME"),
    (r"\b\d{3} ?\d{3} ?\d{3}\b", "REFERENCE"),
    (r"\d+(?: [0-9a-f]{4}){4}", "CHECKPOINT"),
)


def _played() -> list[tuple[str, str]]:
    """Return each command of the page's transcript with what it says there."""
    (block,) = re.findall(
        r"^```console\n(\$ kiosk-tui sale.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL
    )
    starts = [one.start() for one in re.finditer(r"^\$ kiosk-tui ", block, re.MULTILINE)]
    parts = [block[start:end] for start, end in pairwise([*starts, len(block)])]
    return [(told.removeprefix("$ kiosk-tui "), said) for told, _, said in
            (one.partition("\n") for one in parts)]  # fmt: skip


def _plain(text: str) -> str:
    """Leave out what differs each time it is played, and where a line is broken for it."""
    for pattern, name in _NEVER_THE_SAME:
        text = re.sub(pattern, name, text)
    return " ".join(text.split())


@pytest.mark.journey
def test_what_the_page_says_is_what_the_program_says(tmp_path: Path) -> None:
    played = _played()
    assert len(played) == 10
    references: dict[str, str] = {}
    with installed(tmp_path) as shop:
        shop.configure(kiosk='name = "Museum of Time"', receipt="columns = 32")
        for command, said in played:
            for there, here in references.items():
                command = command.replace(there, here)  # noqa: PLW2901
            done = shop.run(*shlex.split(command))
            now = done.stdout + done.stderr
            assert _plain(now) == _plain(said), command
            names = [re.match(r"\d{9}", one) for one in (said, now)]
            if names[0] is not None and names[1] is not None:
                references[names[0][0]] = names[1][0]
