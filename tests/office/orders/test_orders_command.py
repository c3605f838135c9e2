"""`kiosk-tui office commands`, as it is typed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from support.ordering import Signers
from support.warm import run

from kiosk_tui.office.settings import VARIABLE


class Desk:
    def __init__(self, url: str, folder: Path) -> None:
        self._config = folder / "office.toml"
        self._config.write_text(f'[database]\nurl = "{url}"\n')

    def types(self, *words: str, typed: str = "a long password 1") -> tuple[int, str, str]:
        environment = {**os.environ, VARIABLE: str(self._config)}
        done = run(["office", "commands", *words], environment, f"{typed}\n")
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def desk(signers: Signers, database_url: str, tmp_path: Path) -> Desk:
    return Desk(database_url, tmp_path)


async def test_an_order_from_asking_to_taking_it_back(desk: Desk, signers: Signers) -> None:
    body = '{"sentence": "Closed today."}'
    code, told, _ = desk.types("ask", "close", "graz-1", "--body", body, "--as-user", "anna")
    assert (code, "Order 1 waits until somebody else approves it." in told) == (0, True)
    code, _, why = desk.types("approve", "1", "--as-user", "anna")
    assert (code, "Somebody else has to approve" in why) == (69, True)
    code, told, _ = desk.types("approve", "1", "--as-user", "bert", "--json")
    assert (code, json.loads(told.splitlines()[-1])) == (0, {"request": 1, "done": "approve"})
    await signers.turn()
    (found,) = [json.loads(line) for line in desk.types("list", "--json")[1].splitlines()]
    assert (found["verb"], found["stage"], found["signed"]) == ("close", "all", 1)
    assert (found["asked_by"], found["approved_by"]) == ("anna", ["bert"])
    assert desk.types("stop", "1", "--as-user", "bert")[0] == 0
    await signers.turn()
    listed = desk.types("list")[1]
    assert "1  close  stopped  0 of 1 done, 1 not  asked by anna  approved by bert" in listed
    assert "Taken back by bert." in listed


def test_nobody_is_somebody_without_a_password(desk: Desk) -> None:
    assert desk.types("ask", "restart", "graz-1")[0] == 2
    code, _, why = desk.types("ask", "restart", "graz-1", "--as-user", "anna", typed="wrong")
    assert (code, "name or the password is wrong" in why) == (69, True)
    assert desk.types("list")[1] == ""


@pytest.mark.parametrize("body", ["{", "[1]"])
def test_a_body_is_a_json_object(desk: Desk, body: str) -> None:
    words = ("ask", "restart", "graz-1", "--body", body, "--as-user", "anna")
    assert desk.types(*words)[0] == 2
