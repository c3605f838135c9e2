"""Figures and alerts of the real program: by `recover` and `sale`, and of a kiosk that is closed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import KEY, Installation, installed
from support.terminal import running


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        script = tmp_path / "alert"
        script.write_text(f"#!/bin/sh\n{{ cat; env >&2; env; }} >> {tmp_path}/heard\n")
        script.chmod(0o755)
        built.configure(
            metrics=f'file = "{tmp_path}/kiosk_tui.prom"',
            alert=f'command = ["{script}"]\nafter_s = 60',
        )
        yield built


def _figure(lobby: Installation, name: str) -> float:
    text = (lobby.folder / "kiosk_tui.prom").read_text()
    return float(dict(one.rsplit(" ", 1) for one in text.splitlines())[f"kiosk_tui_{name}"])


def _heard(lobby: Installation) -> list[dict[str, str]]:
    path = lobby.folder / "heard"
    lines = path.read_text().splitlines() if path.exists() else []
    return [json.loads(line) for line in lines if line.startswith("{")]


def test_every_command_that_takes_money_counts_on(lobby: Installation) -> None:
    for _ in range(2):
        assert lobby.run("sale", "--amount", "12.55").returncode == 0
    assert _figure(lobby, 'transactions_total{outcome="approved"}') == 2
    assert _figure(lobby, "answer_seconds_count") == 2
    assert _figure(lobby, "starts_total") == 0  # of screens
    assert KEY not in (lobby.folder / "kiosk_tui.prom").read_text()


def test_recover_alerts_about_what_needs_staff_but_a_sale_waits_for_no_alert(
    lobby: Installation,
) -> None:
    assert lobby.run("sale", "--amount", "90.17").returncode == 75
    lobby.run("sale", "--amount", "1")
    assert _heard(lobby) == []
    lobby.run("recover")
    (told,) = _heard(lobby)
    assert (told["cause"], told["tone"]) == ("needs_staff", "raised")
    assert KEY not in (lobby.folder / "heard").read_text()
    lobby.run("journal", "settle", told["transactions"], "--note", "paid back, Anna")
    lobby.run("recover")
    assert [one["tone"] for one in _heard(lobby)] == ["raised", "cleared"]


@pytest.mark.journey
def test_a_kiosk_whose_journal_is_refused_alerts_at_once(lobby: Installation) -> None:
    lobby.run("sale", "--amount", "1")
    lobby.journal.write_bytes(b"noise" * 1000)
    with running("--config", str(lobby.config), folder=lobby.folder) as kiosk:
        kiosk.until(lambda: bool(_heard(lobby)), "an alert")
        assert _heard(lobby)[0]["cause"] == "journal"
        kiosk.until(lambda: _figure(lobby, 'closed{obstacle="journal"}') == 1)
        assert _figure(lobby, "starts_total") == 1


def test_the_command_can_be_tried(lobby: Installation) -> None:
    tried = lobby.run("alert")
    assert (tried.returncode, tried.stdout) == (0, "The alert was heard.\n")
    assert _heard(lobby)[0]["cause"] == "test"
    lobby.configure(alert='command = ["/nowhere/alert"]')
    failed = lobby.run("alert")
    assert failed.returncode == 69
    assert "/nowhere/alert cannot be run" in failed.stderr
    lobby.configure()
    assert lobby.run("alert").returncode == 2


def test_a_metrics_file_and_a_command_are_named_whole(lobby: Installation) -> None:
    lobby.configure(metrics='file = "kiosk.prom"')
    assert "metrics.file" in lobby.run("config", "check").stderr
    lobby.configure(alert='command = ["alert"]')
    assert "alert.command" in lobby.run("config", "check").stderr
    lobby.configure(alert="after_s = 1")
    assert "60 to 86400" in lobby.run("config", "check").stderr
