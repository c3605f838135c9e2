"""What the screens are told of `[ui]` and of where they are seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.load import load
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.screens import screen_settings
from kiosk_tui.session.settings import ScreenSettings


def told(folder: Path, ui: str = "", **environment: str) -> ScreenSettings:
    file = folder / "config.toml"
    file.write_text(f'[terminal]\nurl = "https://x.test/y"\nnumber = "88091105"\n[ui]\n{ui}\n')
    home = {"STATE_DIRECTORY": str(folder)} | environment
    return screen_settings(Launch(load(file, home), False, "a test", home))


@pytest.mark.parametrize(
    ("ui", "over_ssh", "moves", "moves_at_rest"),
    [
        ("", False, True, True),
        ("", True, True, False),
        ('motion = "full"', True, True, True),
        ('motion = "none"', False, False, False),
        ("thrift = true", False, False, False),
        ('thrift = true\nmotion = "full"', False, False, False),
    ],
)
def test_what_moves_costs_nothing_at_rest_over_ssh(
    tmp_path: Path, ui: str, over_ssh: bool, moves: bool, moves_at_rest: bool
) -> None:
    seen = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"} if over_ssh else {}
    said = told(tmp_path, ui, **seen)
    assert (said.remote, said.motion, said.motion_at_rest) == (over_ssh, moves, moves_at_rest)


def test_the_palette_is_tuned_on_a_linux_console_only_unless_it_is_kept(tmp_path: Path) -> None:
    assert told(tmp_path, TERM="linux").rendering.palette
    assert not told(tmp_path, 'palette = "keep"', TERM="linux").rendering.palette
    assert not told(tmp_path, TERM="xterm-256color").rendering.palette


def test_a_look_is_drawn_as_it_is_configured_and_else_as_the_terminal_can(tmp_path: Path) -> None:
    able = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    assert told(tmp_path, **able).rendering.rich
    assert not told(tmp_path, 'look = "console"', **able).rendering.rich
    assert told(tmp_path, 'look = "rich"', TERM="linux", LANG="C.UTF-8").rendering.rich


def test_an_accent_is_seen_in_the_theme(tmp_path: Path) -> None:
    able = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    assert told(tmp_path, 'accent = "#e8b86b"', **able).theme["accent"].front == "#E8B86B"
    assert told(tmp_path, **able).theme["accent"].front == "#5CC8F7"


def test_staff_is_told_the_service_s_host_and_nothing_else_of_its_address(tmp_path: Path) -> None:
    assert told(tmp_path).service == "x.test"


@pytest.mark.parametrize(
    ("mode", "demo", "until_goods"),
    [
        *(("kiosk", False, True), ("lane", False, True)),
        *(("technician", False, False), ("kiosk", True, False)),
    ],
)
def test_where_a_command_hands_goods_over_customers_and_cashiers_take_payments_until_goods(
    tmp_path: Path, mode: str, demo: bool, until_goods: bool
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        f'[kiosk]\nmode = "{mode}"\n[terminal]\nurl = "https://x.test/y"\nnumber = "88091105"\n'
        '[goods]\ncommand = ["/usr/bin/true"]\n'
    )
    home = {"STATE_DIRECTORY": str(tmp_path)}
    settings = screen_settings(Launch(load(file, home), demo, "a test", home))
    assert settings.until_goods is until_goods
    assert not told(tmp_path).until_goods


@pytest.mark.parametrize("accent", ["red", "#12345", "#1234567", "#12345g", "12 45 6", "#12345\n"])
def test_an_accent_that_is_no_colour_is_told_in_a_sentence(tmp_path: Path, accent: str) -> None:
    with pytest.raises(ConfigError) as error:
        told(tmp_path, KIOSK_TUI_UI__ACCENT=accent)
    for words in ("ui.accent (from", "is no colour", "#5CC8F7"):
        assert words in str(error.value)
