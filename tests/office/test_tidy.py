"""What is older than it is kept goes; a transaction that is not final stays with its events."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.ingest import Caller, enrolled

from kiosk_tui.cli.main import main
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.fleet.wire import Health
from kiosk_tui.office.database import Pool
from kiosk_tui.office.queries.due import DueKind, due
from kiosk_tui.office.settings import KeepSection, WatchSection
from kiosk_tui.office.tidy import tidy
from proofs.fleet.journals import Journal

OLD = "interval '4000 days'"


async def _filled(pool: Pool) -> Journal:
    await enrolled(pool)
    caller = Caller(pool)
    journal = Journal("ab")
    for life in (0, 1, 2, 0):
        journal.pay(life)
    journal.add(journal.begin(), Event.OUTCOME_UNKNOWN, State.CANCEL_DUE)
    await caller.send(journal, health=Health(ready=True))
    return journal


async def test_the_old_goes_in_steps_and_what_is_not_final_stays(pool: Pool) -> None:
    journal = await _filled(pool)
    assert set((await tidy(pool, KeepSection())).values()) == {0}
    new = journal.events[-1].transaction_id
    await pool.execute(f"UPDATE kiosk_transaction SET begun_at = begun_at - {OLD}")
    await pool.execute(f"UPDATE health SET at = at - {OLD}")
    await pool.execute(
        "INSERT INTO account (name, password_hash, role) VALUES ('anna', '', 'look');"
        "INSERT INTO login_session (token_sha256, name, form_token, last_at)"
        f" VALUES ('old', 'anna', '', now() - {OLD}), ('new', 'anna', '', now());"
        f"INSERT INTO login_failure (name, address, at) VALUES ('anna', '', now() - {OLD});"
        f"INSERT INTO action (name, what, at) VALUES ('anna', 'x', now() - {OLD}), ('anna', 'y', now())"
    )
    await pool.execute(
        "INSERT INTO business_day SELECT kiosk_id, sha256(begun::text::bytea), 'ab', 1, 1, now(), begun,"
        " now(), 0, 1, 0, 0, '[]' FROM kiosk,"
        f" LATERAL (VALUES (now()), (now() - {OLD})) AS every (begun)"
    )
    removed = await tidy(pool, KeepSection(), step=3)
    assert removed == {
        "transactions": 4,
        "days": 1,
        "health": 1,
        "logins": 1,
        "login_failures": 1,
        "actions": 1,
    }
    left = await pool.fetch("SELECT DISTINCT transaction_id FROM event")
    assert [str(int(row[0])) for row in left] == [new]
    assert await pool.fetchval("SELECT state FROM kiosk_transaction") == "CANCEL_DUE"


async def test_what_waits_for_goods_stays_and_is_listed_as_hanging(pool: Pool) -> None:
    await enrolled(pool)
    journal = Journal("ab")
    handed_over, hanging = journal.begin(), journal.begin()
    for one in (handed_over, hanging):
        journal.add(one, Event.APPROVED_UNTIL_GOODS, State.GOODS_DUE, exchange="payment")
    journal.add(hanging, Event.RESTARTED, State.GOODS_DUE_AGAIN)
    journal.add(handed_over, Event.GOODS_HANDED_OVER, State.APPROVED)
    await Caller(pool).send(journal)
    paid = "SELECT transaction_id FROM kiosk_transaction WHERE approved_at IS NOT NULL"
    assert await pool.fetchval(paid) == int(handed_over)
    await pool.execute(f"UPDATE kiosk_transaction SET begun_at = begun_at - {OLD}")
    assert (await tidy(pool, KeepSection()))["transactions"] == 1
    async with pool.acquire() as connection:
        found = await due(connection, datetime.now(UTC) + timedelta(days=1), WatchSection())
    (row,) = found.rows
    assert (row.transaction.state, row.kind) == (State.GOODS_DUE_AGAIN, DueKind.HANGING)


def test_the_command_says_what_went(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "office.toml"
    config.write_text(f'[database]\nurl = "{database_url}"\n')
    command = ["office", "tidy", "--office-config", str(config)]
    assert main([*command, "--json"]) == 0
    removed = json.loads(capsys.readouterr().out)["removed"]
    assert set(removed.values()) == {0}
    assert main(command) == 0
    assert "health: 0 removed" in capsys.readouterr().out
