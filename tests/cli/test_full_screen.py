"""The full screen's command lines are read without the parser, and mean what they mean to the parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.cli.full_screen import full_screen
from kiosk_tui.cli.parser import parser

WORDS = st.sampled_from(
    [
        *(
            "run",
            "--demo",
            "--mode",
            "--config",
            "kiosk",
            "lane",
            "technician",
            "a.toml",
            "--plain",
        ),
        *("--mode=lane", "--mode=", "--config=b.toml", "--config=", "--demo=1", "--", "-", "-x"),
        *("--dem", "--conf", "sale", "", "--help", "--version", "config", "--config=-", "a b"),
    ]
)


@given(st.lists(WORDS, max_size=6))
def test_what_is_read_without_the_parser_is_what_the_parser_reads(arguments: list[str]) -> None:
    told = full_screen(arguments)
    if told is not None:
        parsed = parser().parse_args(arguments)
        parsed.command = parsed.command or "run"
        assert vars(told) == vars(parsed)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["run"],
        ["--demo"],
        ["run", "--mode", "lane", "--config", "/etc/kiosk-tui/config.toml"],
        ["--config=a.toml", "--mode=kiosk"],
        ["--config", "/etc/kiosk-tui/config.toml", "run"],  # the unit's
        ["--config", "/etc/kiosk-tui/lane.toml", "run", "--mode", "lane"],  # the lane's
    ],
    ids=" ".join,
)
def test_the_usual_command_lines_need_no_parser(arguments: list[str]) -> None:
    assert full_screen(arguments) is not None


@pytest.mark.parametrize(
    "arguments",
    [
        ["sale"],
        ["--plain"],
        ["--mode"],
        ["--mode", "till"],
        ["--help"],
        ["run", "run"],
        ["--config", "run", "a.toml"],
        ["--mode", "run", "kiosk"],
        ["run=", "--demo"],
    ],
    ids=" ".join,
)
def test_everything_else_is_the_parser_s(arguments: list[str]) -> None:
    assert full_screen(arguments) is None
