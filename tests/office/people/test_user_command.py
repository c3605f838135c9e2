"""`kiosk-tui office user`, as it is typed."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest
from support.warm import run

from kiosk_tui.office import database
from kiosk_tui.office.people.login import checked


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> list[str]:
    """The start of a command line, with a configuration."""
    config = tmp_path / "office.toml"
    config.write_text(f'[database]\nurl = "{database_url}"\n')
    return ["--office-config", str(config)]


def user(office: list[str], action: str, *words: str, typed: str = "") -> tuple[int, str, str]:
    done = run(["office", "user", action, *office, *words], dict(os.environ), typed)
    return done.returncode, done.stdout, done.stderr


def test_an_account_s_whole_life(office: list[str], database_url: str, tmp_path: Path) -> None:
    twice = "a long password 1\na long password 1\n"
    code, told, _ = user(office, "add", "anna", "--role", "command", typed=twice)
    assert (code, told.splitlines()[-1]) == (0, "The account anna was added.")
    file = tmp_path / "password"
    file.write_text("another password 2\n")
    code, told, _ = user(office, "password", "anna", "--password-file", str(file), "--json")
    assert (code, json.loads(told)) == (0, {"name": "anna", "done": "password"})
    assert asyncio.run(_role(database_url, "another password 2")) == "command"
    assert user(office, "disable", "anna")[0] == 0
    code, told, _ = user(office, "list", "--json")
    listed = json.loads(told)
    assert (code, listed["name"], listed["disabled"]) == (0, "anna", True)
    assert "password" not in told


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("a long password 1\na long password 2\n", "not the same"),
        ("short\nshort\n", "12 to 128 characters"),
    ],
)
def test_a_password_is_typed_twice_and_strong(office: list[str], typed: str, why: str) -> None:
    code, _, told = user(office, "add", "anna", "--role", "look", typed=typed)
    assert code != 0
    assert why in told
    assert user(office, "list")[1] == ""


async def _role(url: str, password: str) -> str:
    connection = await database.connect(url)
    try:
        return (await checked(connection, "anna", password)).role
    finally:
        await connection.close()
