"""Colours are for terminals that show them; $NO_COLOR and $FORCE_COLOR are heard."""

from __future__ import annotations

import io

import pytest

from kiosk_tui.cli.colour import Rendition, coloured, styled


class Stream(io.StringIO):
    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("terminal", "environment", "expected"),
    [
        (True, {"TERM": "xterm-256color"}, True),
        (True, {"TERM": "linux"}, True),
        (True, {"TERM": "dumb"}, False),
        (True, {"TERM": ""}, False),
        (True, {"TERM": "linux", "NO_COLOR": "1"}, False),
        (True, {"TERM": "linux", "NO_COLOR": ""}, True),
        (False, {"TERM": "linux"}, False),
        (False, {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_who_gets_colours(
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    *,
    terminal: bool,
    expected: bool,
) -> None:
    for name in ("TERM", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert coloured(Stream(terminal=terminal)) is expected


def test_text_is_the_same_without_them() -> None:
    assert styled("approved", Rendition.GOOD, colours=False) == "approved"
    assert styled("approved", Rendition.GOOD, colours=True) == "\x1b[32mapproved\x1b[m"
    assert styled("", Rendition.GOOD, colours=True) == ""
