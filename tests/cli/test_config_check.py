"""`config check` finds what keeps a configuration from being used, all of it in one run."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed

from kiosk_tui.config.load import load
from kiosk_tui.journal.lock import WriterLock
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.whereabouts import concerns, used_elsewhere, whose


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


def test_everything_that_is_wrong_is_told_in_one_run(shop: Installation) -> None:
    shop.configure(
        terminal='ca_file = "ca.pem"\ncurrency = "EURO"',
        auth='client_id = 3\nscheme = "oauth"\nuser = "u"\ntoken_url = "https://test.tecs.at/t"',
        journal='path = "$HOME/j.db"',
    )
    (shop.folder / "authkey").chmod(0o644)
    done = shop.run("config", "check")
    assert done.returncode == 78
    for words in (
        "things keep this from being used",
        f"terminal.currency (from {shop.config}, line ",
        "auth.client_id (from ",
        "journal.path (from ",
        "can be read by others",
        "auth.client_secret_file: no key was found",
        f"terminal.ca_file = {shop.folder}/ca.pem cannot be used: No such file",
    ):
        assert words in done.stderr, words
    head, *lines = done.stderr.splitlines()
    assert head == f"kiosk-tui: {len(lines)} things keep this from being used:"


@pytest.mark.parametrize("command", [("config", "check"), ("sale", "--amount", "1"), ("doctor",)])
def test_a_file_of_authorities_that_cannot_be_used_is_named_by_every_command(
    shop: Installation, command: tuple[str, ...]
) -> None:
    (shop.folder / "ca.pem").write_text("")
    shop.configure(terminal='ca_file = "ca.pem"')
    done = shop.run(*command)
    assert done.returncode == (69 if command == ("doctor",) else 78)
    said = "".join((done.stdout + done.stderr).split())  # a long path is broken anywhere
    assert "ca.pemcannotbeused:itisempty" in said
    assert shop.simulator.ledger.requests == []


def test_where_the_journal_lies_is_said_wherever_one_calls_from(shop: Installation) -> None:
    shop.configure(journal='path = "state/j.db"')
    done = shop.run("config", "check")
    assert done.returncode == 0
    assert f"The journal lies at {shop.folder}/state/j.db.\n" in done.stdout


def test_a_journal_of_each_caller_is_told(tmp_path: Path) -> None:
    with installed(tmp_path) as shop:
        shop.configure(journal='path = "~/k/j.db"')
        done = shop.run("config", "check")
        assert done.returncode == 0
        assert (
            f"The journal lies at {shop.folder}/k/j.db. That is user {os.geteuid()}'s"
            in done.stdout
        )


def test_another_callers_journal_is_found_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[journal]\npath = "~/k/j.db"\n[terminal]\nurl = "https://a/b"\nnumber = "88091105"'
    )
    environment = {"HOME": str(tmp_path / "mine"), "SUDO_UID": "1000"}
    mine = Launch(load(config, environment), False, "test", environment)
    theirs = tmp_path / "theirs" / "k" / "j.db"

    def entry(user: int) -> pwd.struct_passwd:
        if user != 1000:
            raise KeyError
        return pwd.struct_passwd(("anna", "x", 1000, 1000, "", str(tmp_path / "theirs"), ""))

    monkeypatch.setattr(pwd, "getpwuid", entry)
    assert list(concerns(mine)) == []
    assert "root by sudo or cron" in whose(mine)
    theirs.parent.mkdir(parents=True)
    theirs.touch()
    (told,) = concerns(mine)
    assert str(theirs) in told
    assert used_elsewhere(mine) == ""
    lock = WriterLock(theirs, "kiosk-tui recover as user 1000")
    assert "with another journal" in used_elsewhere(mine)
    assert "kiosk-tui recover as user 1000" in used_elsewhere(mine)
    lock.release()


def test_a_journal_in_memory_is_told_and_the_demos_is_not(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"23 22 0:21 / {tmp_path} rw - tmpfs tmpfs rw\n")
    config = tmp_path / "config.toml"
    config.write_text(
        '[journal]\npath = "j.db"\n[terminal]\nurl = "https://a/b"\nnumber = "88091105"'
    )
    real = Launch(load(config, {}), False, "test", {})
    (told,) = concerns(real, mounts)
    assert "kept in memory only (tmpfs)" in told
    demo = Launch(real.loaded, True, "test", {"STATE_DIRECTORY": str(tmp_path)})
    assert list(concerns(demo, mounts)) == []


def test_an_accent_that_could_not_be_read_is_told_with_what_is_shown_instead(
    shop: Installation,
) -> None:
    shop.configure(ui='accent = "#203040"')
    said = shop.run("config", "check").stdout
    assert "ui.accent: #203040 cannot be read on #0B1220; it is shown lighter, as #" in said
    assert "ui.accent: on a console with 16 colours it is bright" in said
