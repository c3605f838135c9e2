"""The journal, read while its register writes it, ends, and begins anew."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.opened import opened
from support.shipping import Shop
from support.virtual import START

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.fleet.source import JournalSource


def test_a_commit_is_seen_without_a_query(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    source = opened(JournalSource(shop.path))
    assert source.changed()
    source.look()
    assert source.reader().standing().newest == 0
    assert not source.changed()
    shop.pay()
    assert source.reader().standing().newest == 2
    assert source.changed()


def test_a_journal_in_anothers_place_is_opened_anew(tmp_path: Path) -> None:
    shop, other = Shop(tmp_path), Shop(tmp_path / "other")
    source = opened(JournalSource(shop.path))
    before = source.reader().standing().identity
    for one in (shop, other):
        one.store.close()
    for end in ("-wal", "-shm"):
        shop.path.with_name(f"{shop.path.name}{end}").unlink(missing_ok=True)
    other.path.rename(shop.path)
    assert source.changed()
    assert source.reader().standing().identity != before


def test_no_journal_is_told(tmp_path: Path) -> None:
    source = opened(JournalSource(tmp_path / "journal.db"))
    with pytest.raises(JournalUnavailableError, match="There is no journal"):
        source.reader()


_LOOKS = """
import os, sys
from pathlib import Path
from kiosk_tui.fleet.source import JournalSource
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
source = JournalSource(Path(sys.argv[1]))
for line in sys.stdin:
    print(source.reader().standing().newest, flush=True)
"""


@pytest.mark.journey
@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user, as the unit's read-only folder")
def test_whoever_may_only_read_reads_beside_a_register_and_without_one(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.pay()
    for one in (tmp_path, *tmp_path.parents):
        one.chmod(one.stat().st_mode | 0o055)
    command = [sys.executable, "-c", _LOOKS, str(shop.path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/"
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None

        def newest() -> int:
            for one in tmp_path.glob("journal.db*"):
                one.chmod(0o644)
            assert other.stdin is not None
            assert other.stdout is not None
            other.stdin.write("\n")
            other.stdin.flush()
            return int(other.stdout.readline() or -1)

        assert newest() == 2
        shop.pay()
        assert newest() == 4
        shop.store.close()
        assert newest() == 4
        other.stdin.close()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/"
    ) as other:
        shop.store.check_writable(START)
        shop.store.close()
        assert not (tmp_path / "journal.db-wal").exists()
        assert newest() == 4  # as a file that nobody writes
        shop.store.check_writable(START)
        shop.pay()
        assert newest() == 6
        assert other.stdin is not None
        other.stdin.close()
