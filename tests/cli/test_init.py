"""`config init` in a real terminal: a technician is led, corrected, and shown what is written."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed
from support.terminal import Terminal

ENDS = {0, 69}
"""It ends as doctor does, and that may find a link missing."""
KEY = "k3y-that-must-not-leak"


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        built.config.unlink()
        (tmp_path / "authkey").unlink()
        yield built


def _init(lobby: Installation, *more: str) -> Terminal:
    return Terminal(
        *("config", "init", "--output", str(lobby.config), *more),
        environment={"HOME": str(lobby.folder), "STATE_DIRECTORY": str(lobby.folder)},
        rows=60,
    )


def _answer(init: Terminal, *talk: tuple[str | tuple[str, ...], str]) -> None:
    """Wait for each question anew and answer it.

    What is typed before a secret is asked for is thrown away, as getpass does for people: after a
    word about a wrong one, wait for the question, too.
    """
    for words, typed in talk:
        init.wait(*([words] if isinstance(words, str) else words))
        init.screen.reset()
        init.type(typed + "\r")


@pytest.mark.journey
def test_a_technician_is_led_to_a_register_that_sells(lobby: Installation) -> None:
    init = _init(lobby)
    try:
        _answer(
            init,
            ("Which [1]", "2"),
            (("2 of 1", "as support will call it"), "lane-7"),
            ("name that customers see", "Museum of Time"),
            ("Address", "http://test.tecs.at/tecsclientrest"),
            ("is not encrypted: use https", lobby.url),
            ("Terminal number", "8809"),
            ("has 8 digits", "88091105"),
            ("Source id", ""),
            ("Where it stands", "1010 Vienna, Austria"),
            ("at most 13 characters fit", "1010 Vienna"),
            ("Currency [EUR]", "EURO"),
            ("Currency [EUR]", "eur"),
            ("Which [1]", "9"),
            ("A digit from 1 to 4", ""),
            ("Languages", "de, xx"),
            ("xx", "de, en"),
            ("Smallest amount [0.01]", ""),
            ("Largest amount", "abc"),
            ("Largest amount", "250"),
            ("a tip? (y/n)", "maybe"),
            ("y or n.", "y"),
            ("in percent [5 10 15]", "ten"),
            ("Whole numbers", "8 12"),
            ("Enter for none", "lp0"),
            ("is no printer", ""),
            ("the journal lies", ""),
            (("17 of 18", "Authorization key, not shown"), KEY),
            ("File for it", ""),
            (("18 of 18", "Service PIN"), "12"),
            (("A service PIN has 4 to 12 digits", "Enter for none"), "2468"),
            ("same PIN again", "2469"),
            (("two different PINs", "Enter for none"), "2468"),
            ("same PIN again", "2468"),
            ("Write it to", "y"),
        )
        code = init.ended()
        assert "is written." in init.written.decode()
        assert f"kiosk-tui --config {lobby.config} doctor" in init.written.decode()
        assert code in ENDS, init.text
        assert KEY not in init.written.decode()
        assert "2468" not in init.written.decode()
    finally:
        init.close()
    key = lobby.folder / "authkey"
    assert key.read_text() == KEY + "\n"
    for file in (key, lobby.config):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = lobby.config.read_text()
    for line in (
        'name = "Museum of Time"',
        'mode = "lane"', 'id = "lane-7"', 'languages = ["de", "en"]', 'amount_max = "250"',
        'place = "1010 Vienna"', "percent = [8, 12]", f'url = "{lobby.url}"', 'service_pin_hash = "scrypt$',
    ):  # fmt: skip
        assert f"\n{line}" in text
    assert KEY not in text
    sold = lobby.run("sale", "--amount", "12.55")
    assert sold.returncode == 0, sold.stderr


@pytest.mark.journey
def test_the_file_is_shown_before_it_is_written_and_no_means_no(lobby: Installation) -> None:
    init = _init(lobby, "--url", lobby.url, "--terminal", "88091105", "--currency", "JPY")
    try:
        _answer(
            init,
            ("Which [1]", ""),
            ("as support will call it", "lobby-1"),
            ("name that customers see", ""),
            ("Source id", "<"),
            (("3 of 1", "name that customers see"), ""),
            ("Source id", "7"),
            ("Where it stands", ""),
            ("Which [1]", "4"),
            ("User name", "museum"),
            ("Client id", "kiosk"),
            ("token is fetched", "https://login.tecs.at/token"),
            ("Languages", ""),
            ("Smallest amount [1]", ""),
            ("Largest amount", ""),
            ("a tip? (y/n)", "n"),
            ("Enter for none", ""),
            ("the journal lies", ""),
            ("Password, not shown", ""),
            ("File for it", "authkey"),
            ("whole path", ""),
            ("Client secret, not shown", "s3cret with ünlaut"),
            (("plain characters", "it comes later"), ""),
            ("File for it", ""),
            ("nobody can leave the kiosk", ""),
        )
        init.wait(
            "[auth]", 'scheme = "oauth"', 'client_id = "kiosk"', 'source_id = "7"',
            'currency = "JPY"', "Write it to",
        )  # fmt: skip
        init.type("n\r")
        init.wait("Nothing was written.")
        assert init.ended() == 130
    finally:
        init.close()
    assert not lobby.config.exists()
    assert not (lobby.folder / "authkey").exists()


def _short(init: Terminal, *end: tuple[str, str]) -> None:
    _answer(
        init,
        ("Which [1]", ""),
        ("as support will call it", "lobby-1"),
        ("name that customers see", ""),
        ("Source id", ""),
        ("Which [1]", ""),
        ("Languages", ""),
        ("Smallest amount", ""),
        ("Largest amount", ""),
        ("a tip? (y/n)", "n"),
        ("Enter for none", ""),
        ("the journal lies", ""),
        *end,
    )


@pytest.mark.journey
def test_what_exists_is_replaced_only_when_somebody_says_so_and_is_kept(
    lobby: Installation,
) -> None:
    lobby.config.write_text("# mine\n")
    key = lobby.folder / "authkey"
    key.write_text("old\n")
    key.chmod(0o644)
    options = ("--url", lobby.url, "--terminal", "88091105", "--currency", "EUR", "--place", "1010")
    for typed, replace in (("", "n"), (KEY, "y")):
        init = _init(lobby, *options, "--key-file", str(key))
        try:
            _short(init, ("Authorization key, not shown", typed))
            if typed:
                _answer(init, (("can be read by others", "Replace what is in it?"), "y"))
            _answer(init, ("Service PIN", ""), ("Replace it?", replace))
            assert init.ended() in (ENDS if replace == "y" else {130})
        finally:
            init.close()
        if replace == "n":
            assert lobby.config.read_text() == "# mine\n"
            assert key.read_text() == "old\n"
    names = sorted(one.name for one in lobby.folder.iterdir())
    (old_key,) = [name for name in names if name.startswith("authkey.old-")]
    (old_config,) = [name for name in names if name.startswith("config.toml.old-")]
    assert (lobby.folder / old_key).read_text() == "old\n"
    assert (lobby.folder / old_config).read_text() == "# mine\n"
    assert key.read_text() == KEY + "\n"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


@pytest.mark.journey
@pytest.mark.parametrize("end", ["\x04", "\x03"], ids=["end of input", "Ctrl-C"])
def test_who_stops_in_the_middle_has_written_nothing(lobby: Installation, end: str) -> None:
    init = _init(lobby)
    try:
        _answer(init, ("Which [1]", "1"))
        init.wait("as support will call it")
        init.type(end)
        init.wait("Nothing was written.")
        assert init.ended() == 130
    finally:
        init.close()
    assert not lobby.config.exists()


@pytest.mark.journey
def test_an_option_that_cannot_be_is_told_before_anything_is_asked(lobby: Installation) -> None:
    init = _init(lobby, "--terminal", "12")
    try:
        init.wait("terminal.number", "8 digits")
        assert init.ended() == 2
    finally:
        init.close()


def test_scripts_are_not_asked(lobby: Installation) -> None:
    done = lobby.run("config", "init", "--output", str(lobby.config), "--terminal", "88091105")
    assert done.returncode == 2
    assert "Base URL of TECS" in done.stderr
