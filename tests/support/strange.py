"""A language that nobody speaks: what stays in our letters comes from no catalogue.

Each letter of a text is another one there, of the same width, so that a screen looks as it does in
English; keys in brackets and what is filled in stay.
"""

from __future__ import annotations

import re

import pytest

from kiosk_tui.text import texts
from kiosk_tui.text.translations import Texts

WORD = re.compile(r"[A-Za-z]{2,}")


def strange(text: str) -> str:
    """Write a text in letters that are not ours; keys and what is filled in stay."""
    parts = re.split(r"(\[[^\]]*\]|\{[^}]*\})", text)
    return "".join(
        part if number % 2 else re.sub("[A-Za-z]", _other, part)
        for number, part in enumerate(parts)
    )


def _other(letter: re.Match[str]) -> str:
    return chr(ord("\u0430") + ord(letter[0].lower()) - ord("a"))


def speak_strangely(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say every text of every language in letters that are not ours."""

    def gettext(_self: object, text: str) -> str:
        return strange(text)

    def ngettext(_self: object, one: str, many: str, count: int) -> str:
        return strange(one if count == 1 else many)

    for source in (Texts, texts._English):
        monkeypatch.setattr(source, "gettext", gettext)
        monkeypatch.setattr(source, "ngettext", ngettext)
