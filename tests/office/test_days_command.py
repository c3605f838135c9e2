"""`kiosk-tui office days`: what it prints, and that it ends with 65 where a day and TECS differ."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from support.day_fleet import DayFleet
from support.ingest import enrolled

from kiosk_tui.cli.main import main
from kiosk_tui.office import database


async def _closed(url: str, folder: Path, *amounts: int) -> None:
    """Let a register close a day for each amount that TECS has for its one payment; 0 is not told."""
    pool = await database.open_pool(url, 2)
    try:
        if not await pool.fetchval("SELECT count(*) FROM kiosk"):
            await enrolled(pool)
        fleet = DayFleet(pool, folder)
        for amount in amounts:
            (one,) = fleet.shop.pay()
            fleet.close()
            if amount:
                await fleet.tecs(one, amount)
        await fleet.ship()
    finally:
        await pool.close()


def test_days_are_told_and_what_differs_ends_with_65(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "office.toml"
    config.write_text(f'[database]\nurl = "{database_url}"\n')
    command = ["office", "days", "--office-config", str(config)]
    assert main(command) == 0
    assert "No day was closed." in capsys.readouterr().out
    asyncio.run(_closed(database_url, tmp_path, 1255, 1355, 0))
    assert main([*command, "--kiosk", "graz-1"]) == 65
    said = capsys.readouterr().out
    assert "to the cent" in said
    assert "TECS has another amount." in said
    assert main([*command, "--number", "1", "--json"]) == 0
    (one,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (one["number"], one["net_minor"], one["turnover_minor"]) == (1, 1255, 1255)
    assert one["differences"] == []
    assert main([*command, "--number", "3", "--json"]) == 0  # it only waits
    (one,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert [each["kind"] for each in one["differences"]] == ["not_told_yet"]
