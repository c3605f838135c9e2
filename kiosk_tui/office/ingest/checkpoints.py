"""Checkpoints of kiosks' journals: kept as they came, and looked at once.

Head office cannot compute a journal's chain: it has only a part of the facts. What it sees is whether a
checkpoint was signed by the kiosk's own key, and whether the journal still says of the checkpoint before
what that one said. `journal verify --checkpoint` proves the rest, at the journal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import asyncpg

from kiosk_tui.domain.checkpoint import Checkpoint, parsed
from kiosk_tui.fleet.register_key import fingerprint, is_signed
from kiosk_tui.office.alarms import raise_alarm
from kiosk_tui.office.database import Connection

_NEWEST: Final = """
    SELECT seq, link FROM checkpoint WHERE kiosk_id = $1 AND epoch = $2 ORDER BY checkpoint_id DESC LIMIT 1
"""
_KNOWN: Final = "SELECT FROM checkpoint WHERE kiosk_id = $1 AND epoch = $2 AND line = $3"
_KEEP: Final = """
    INSERT INTO checkpoint (kiosk_id, epoch, seq, link, at, line, wrong) VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
# A kiosk that was enrolled before registers had keys tells it with its first one, under its certificate.
_FIRST_KEY: Final = """
    UPDATE kiosk SET register_key = $2 WHERE kiosk_id = $1 AND register_key = ''
"""
_KEY: Final = "SELECT register_key FROM kiosk WHERE kiosk_id = $1"


async def store(connection: Connection, kiosk_id: str, epoch: str, lines: Iterable[str]) -> int:
    """Keep checkpoints, under the kiosk's lock; return the place of the last one, 0 where there is none."""
    for line in lines:
        if await connection.fetchrow(_KNOWN, kiosk_id, epoch, line) is None:
            await _store(connection, kiosk_id, epoch, parsed(line))
    newest = await connection.fetchrow(_NEWEST, kiosk_id, epoch)
    return 0 if newest is None else int(newest["seq"])


async def _store(connection: Connection, kiosk_id: str, epoch: str, one: Checkpoint) -> None:
    before = await connection.fetchrow(_NEWEST, kiosk_id, epoch)
    if before is None and is_signed(one):
        await connection.execute(_FIRST_KEY, kiosk_id, one.key)
    key: str = await connection.fetchval(_KEY, kiosk_id)
    wrong = _wrong(one, epoch, key, before)
    told = (kiosk_id, epoch, one.seq, one.link, one.at, one.text, wrong)
    await connection.execute(_KEEP, *told)
    if wrong:
        await raise_alarm(
            connection,
            "checkpoint",
            f"The checkpoint of place {one.seq} in journal {epoch} of {kiosk_id} {wrong}",
            kiosk_id,
            f"{epoch} {one.seq}",
            details={"checkpoint": one.text},
        )


def _wrong(one: Checkpoint, epoch: str, key: str, before: asyncpg.Record | None) -> str:
    """Return how a sentence ends that says what is wrong with a checkpoint; nothing if it is good."""
    if one.identity != epoch:
        return f"is of another journal, {one.identity}."
    if not is_signed(one):
        return "has a signature that its key did not make: somebody else wrote it."
    if one.key != key:
        return (
            f"was signed with another key ({fingerprint(one.key)}) than this kiosk's"
            f" ({fingerprint(key)}): the key was lost, or somebody else signs."
        )
    if before is None:
        return ""
    if one.seq <= before["seq"]:
        return (
            f"comes after one of place {before['seq']}: an older copy of the journal was put back, and"
            " what came since is not in it."
        )
    if one.before != f"{before['seq']}:{before['link']}":
        return (
            f"does not follow on the one before it, of place {before['seq']}: the journal was changed"
            " before that place. Keep both, and let `kiosk-tui journal verify --checkpoint` name it."
        )
    return ""
