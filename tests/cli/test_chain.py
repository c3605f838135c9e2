"""An auditor's commands, as they are typed: what was changed in a journal is named, and by whom it is vouched for."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.installation import Installation, installed


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        built.configure()
        yield built


def doctored(path: Path, *statements: str) -> None:
    """Change a journal as somebody would who knows SQL: the triggers are put aside."""
    with closing(sqlite3.connect(path)) as raw:
        for (name,) in raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        for one in statements:
            raw.execute(one)
        raw.commit()


def test_a_z_report_names_what_proves_the_journal_up_to_it(
    shop: Installation, tmp_path: Path
) -> None:
    shop.json("sale", "--amount", "12.55")
    _, closed = shop.json("day", "close")
    assert closed["checkpoint"] in " ".join(shop.run("day", "show").stdout.split())
    shop.json("sale", "--amount", "2.00")

    proved = shop.run("journal", "verify", "--checkpoint", closed["checkpoint"])
    assert (proved.returncode, "as the checkpoint says" in proved.stdout) == (0, True)

    doctored(shop.journal, "UPDATE register_events SET content = '{}' WHERE event = 'DAY_CLOSED'")
    refused = shop.run("journal", "verify")
    assert (refused.returncode, "Altered: place 3, DAY_CLOSED" in refused.stdout) == (65, True)


def test_a_checkpoint_from_elsewhere_finds_an_older_copy(
    shop: Installation, tmp_path: Path
) -> None:
    shop.json("sale", "--amount", "12.55")
    older = shop.journal.read_bytes()
    shop.json("sale", "--amount", "900.00")
    code, made = shop.json("journal", "checkpoint", "--sign")
    assert (code, made["seq"]) == (0, 4)
    kept = tmp_path / "checkpoint.json"
    kept.write_text(f'{{"checkpoint": "{made["checkpoint"]}"}}\n', encoding="ascii")

    assert shop.run("journal", "verify", "--checkpoint", str(kept)).returncode == 0
    for end in ("", "-wal", "-shm", ".mark"):
        shop.journal.with_name(shop.journal.name + end).unlink(missing_ok=True)
    shop.journal.write_bytes(older)
    refused = shop.run("journal", "verify", "--checkpoint", str(kept))
    assert refused.returncode == 65
    assert "Cut off" in refused.stdout


def test_the_registers_key_is_made_once_and_shown_without_its_secret(shop: Installation) -> None:
    shop.json("sale", "--amount", "12.55")
    none = shop.run("journal", "key")
    assert (none.returncode, "no key yet" in none.stderr) == (69, True)
    assert "no checkpoint in this journal yet" in shop.run("journal", "checkpoint").stderr

    shop.run("journal", "checkpoint", "--sign")
    file = shop.journal.with_name(f"{shop.journal.name}.key")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    _, key = shop.json("journal", "key")
    assert key["public"] in shop.run("journal", "checkpoint").stdout
    assert key["fingerprint"] in shop.run("journal", "key").stdout
    assert file.read_text("ascii").strip() not in str(key)
    _, proved = shop.json("journal", "verify")
    assert (proved["chain"]["keys"], proved["chain"]["signatures_checked"]) == (
        [key["public"]],
        True,
    )

    file.write_text("not a key\n", encoding="ascii")
    for action in (("checkpoint", "--sign"), ("key",)):
        refused = shop.run("journal", *action)
        assert (refused.returncode, "cannot be read" in refused.stderr) == (65, True)


def test_a_checkpoint_that_is_none_is_refused(shop: Installation, tmp_path: Path) -> None:
    shop.json("sale", "--amount", "12.55")
    refused = shop.run("journal", "verify", "--checkpoint", "yesterday")
    assert (refused.returncode, "That is no checkpoint" in refused.stderr) == (2, True)


def test_a_chain_of_one_entry_is_not_told_of_in_the_plural(shop: Installation) -> None:
    shop.run("recover")
    assert "Its chain is unbroken: 1 entry up to place 0," in shop.run("journal", "verify").stdout


def test_a_journal_without_a_checkpoint_says_what_it_proves_and_what_not(
    shop: Installation,
) -> None:
    shop.json("sale", "--amount", "12.55")
    assert "No checkpoint vouches for it" in shop.run("journal", "verify").stdout
