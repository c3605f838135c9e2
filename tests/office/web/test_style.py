"""Can it be read? Every pair of text and ground in the style sheet, in its light and its dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kiosk_tui.office import web

SHEET = (Path(web.__file__).parent / "static" / "office.css").read_text("utf-8")
LEAST = 4.5
PAIRS = [
    *((text, ground) for text in ("text", "dim", "accent") for ground in ("ground", "surface", "raised")),
    *((state, ground) for state in ("good", "bad", "warn") for ground in ("ground", "surface", "raised")),
    *((state, f"{state}-ground") for state in ("good", "bad", "warn")),
    ("dim", "calm-ground"),
    ("on-accent", "accent"),
]  # fmt: skip


def colours(part: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6});", part))


def light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(scheme: str, text: str, ground: str) -> None:
    bright, dark = SHEET.split("@media (prefers-color-scheme: dark)", 1)
    found = colours(bright if scheme == "light" else dark)
    high, low = sorted((light(found[text]), light(found[ground])), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= LEAST


def test_there_are_no_colours_beside_these() -> None:
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", SHEET.split("* { box-sizing", 1)[1])) == {"#ffffff"}
