"""What is the demo's says so, and what is not never becomes it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import warm
from support.installation import Installation, installed

DEMO = "DEMO - no money moves"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


def run(shop: Installation, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command without any configuration."""
    return warm.run(arguments, shop.environment)


def _sold(shop: Installation) -> dict[str, Any]:
    done = run(shop, "sale", "--demo", "--amount", "12.55", "--json")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.journey
def test_every_command_that_reads_the_demo_says_so(shop: Installation) -> None:
    sold = _sold(shop)
    assert sold["demo"] is True
    for command in (
        "journal list",
        f"journal show {sold['id']}",
        "journal verify",
        "totals",
        "watch --once",
        f"receipt {sold['id']}",
        "recover --demo",
        "sale --demo --amount 1.00",
        f"journal backup {shop.folder}/copy.db",
        "doctor --demo",
    ):
        told = run(shop, *command.split()).stdout
        assert DEMO in told.splitlines()[0], command
    slip = shop.folder / "slip.txt"
    assert run(shop, "receipt", sold["id"], "--output", str(slip)).returncode == 0
    first, *_, last = slip.read_text().split("\n")[:-1]
    assert first.strip() == last.strip() == DEMO


@pytest.mark.journey
def test_programs_are_told_in_each_object_and_people_beside_them(shop: Installation) -> None:
    sold = _sold(shop)
    for command in (
        "journal list --json",
        f"journal show {sold['id']} --json",
        "journal verify --json",
        "journal export",
        "totals --json",
        "recover --demo --json",
        "doctor --demo --json",
    ):
        done = run(shop, *command.split())
        assert DEMO in done.stderr, command
        for line in done.stdout.splitlines():
            assert json.loads(line)["demo"] is True
    for command in ("journal export --format csv", "totals --csv"):
        done = run(shop, *command.split())
        assert DEMO in done.stderr
        assert "DEMO" not in done.stdout
    assert DEMO in run(shop, "watch", "--json", "--once").stderr


@pytest.mark.parametrize(
    "command",
    ["sale --amount 1", "recover", "serve", "alert", "moto --amount 1 --card-reference R"],
)
def test_what_moves_money_refuses_without_a_configuration(shop: Installation, command: str) -> None:
    done = run(shop, *command.split())
    assert (done.returncode, done.stdout) == (78, "")
    assert "There is no configuration" in done.stderr


def test_with_a_configuration_nothing_is_the_demo(shop: Installation) -> None:
    _, sold = shop.json("sale", "--amount", "12.55")
    assert "demo" not in sold
    for command in ("journal list", "totals", "recover", "doctor", f"receipt {sold['id']}"):
        done = shop.run(*command.split())
        assert "DEMO" not in done.stdout + done.stderr


@pytest.mark.parametrize("before", [True, pytest.param(False, marks=pytest.mark.journey)])
def test_whoever_asks_for_the_demo_moves_no_money_wherever_it_is_written(
    shop: Installation, before: bool
) -> None:
    asked = ["--demo", "sale"] if before else ["sale", "--demo"]
    done = shop.run(*asked, "--amount", "12.55", "--json")
    assert (done.returncode, json.loads(done.stdout)["demo"]) == (0, True)
    assert not shop.simulator.ledger.entries
    listed = shop.run(*(["--demo", "journal", "list"] if before else ["journal", "list", "--demo"]))
    assert "12.55" in listed.stdout
    assert "12.55" not in shop.run("journal", "list").stdout
