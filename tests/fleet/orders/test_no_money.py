"""Nothing that head office's commands go through can move money: neither what is loaded nor what is called."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk_tui.payment.register import Register

ROOT = Path(__file__).parents[3] / "kiosk_tui"
ORDERS = sorted(
    f"kiosk_tui.fleet.orders.{one.stem}" for one in (ROOT / "fleet/orders").glob("[a-z]*.py")
)
DONE_BY = ("session/order_desk.py", "session/errands.py", "session/trial.py")

MOVES = {
    "pay", "cancel", "cancel_elsewhere", "settle", "replay", "recover", "retry", "give_up",
    "give_up_soon", "due_once", "rehearse", "goods",
}  # fmt: skip
"""What a register does to money, or about it."""
HARMLESS = {
    "begun", "close", "closed_by_office", "known", "listen", "look", "now", "retire", "self_test",
    "signs", "start",
}  # fmt: skip


def test_what_takes_commands_loads_nothing_that_moves_money() -> None:
    script = f"import sys, {', '.join(ORDERS)}; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT.parent
    ).stdout.split()
    assert "kiosk_tui.fleet.orders.orders" in loaded
    banned = (
        "kiosk_tui.payment",
        "kiosk_tui.session",
        "kiosk_tui.journal",
        "kiosk_tui.tecs.client",
    )
    assert not [one for one in loaded if one.startswith(banned)]
    assert not {"httpx", "sqlite3"} & set(loaded)


def test_a_register_needs_nothing_of_the_fleets_extra() -> None:
    rooms = "kiosk_tui.session.session, kiosk_tui.session.order_desk"
    script = f"import sys, {rooms}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT.parent
    ).stdout.split()
    assert "kiosk_tui.session.order_desk" in loaded
    unneeded = {"cryptography", "kiosk_tui.fleet.wire", "kiosk_tui.fleet.orders.order"}
    assert not unneeded & set(loaded)


@pytest.mark.parametrize("file", DONE_BY)
def test_what_does_them_calls_nothing_that_moves_money(file: str) -> None:
    names = {
        one.attr
        for one in ast.walk(ast.parse((ROOT / file).read_text()))
        if isinstance(one, ast.Attribute)
    }
    assert not names & MOVES


def test_the_list_knows_everything_that_a_register_can_be_told() -> None:
    told = {
        name
        for name, one in vars(Register).items()
        if callable(one) and not name.startswith("_") and not isinstance(one, property)
    }
    assert told <= MOVES | HARMLESS, told - MOVES - HARMLESS
