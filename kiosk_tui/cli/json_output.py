"""How commands print JSON: apart from `output`, because the first picture must not wait for `json`."""

from __future__ import annotations

import json
from typing import Any

from kiosk_tui.cli import output


def say_json(value: Any) -> None:
    """Print one JSON value on one line, in ASCII: no text in it ends the line or moves a cursor."""
    output.draw(json_line(value))


def json_line(value: Any) -> str:
    """Write a JSON value in ASCII; half a character, which is no text, becomes `?`."""
    if output.demo_told() and isinstance(value, dict):
        value = {"demo": True} | value
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        value = json.loads(text.encode(errors="replace"))
    return json.dumps(value)
