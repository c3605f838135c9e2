"""The register's own key: made once, kept secret, and nobody else's signature is taken for its own."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk_tui.domain.checkpoint import ChainEnd, Checkpoint, parsed, unsigned
from kiosk_tui.fleet.register_key import RegisterKey, fingerprint, is_signed
from kiosk_tui.journal.chain import START

AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
ONE = unsigned("beef", ChainEnd(7, b"\xab" * 32), AT, ChainEnd(3, START))


@pytest.fixture
def key(tmp_path: Path) -> RegisterKey:
    return RegisterKey.kept(tmp_path / "journal.db")


def test_it_is_made_once_for_a_journal_and_private(key: RegisterKey, tmp_path: Path) -> None:
    file = tmp_path / "journal.db.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert RegisterKey.kept(tmp_path / "journal.db").public == key.public
    assert RegisterKey.read(tmp_path / "journal.db").public == key.public
    assert RegisterKey.kept(tmp_path / "other.db").public != key.public


def test_a_file_that_holds_no_key_is_not_replaced(key: RegisterKey, tmp_path: Path) -> None:
    file = tmp_path / "journal.db.key"
    file.write_text("not a key\n", encoding="ascii")
    with pytest.raises(ValueError, match=r".+"):
        RegisterKey.kept(tmp_path / "journal.db")
    assert file.read_text("ascii") == "not a key\n"


def test_what_it_signed_is_read_back_and_checked(key: RegisterKey) -> None:
    signed = key.sign(ONE)
    assert parsed(f'{{"checkpoint": "{signed.text}"}}') == signed
    assert is_signed(signed)
    assert len(fingerprint(key.public)) == len("abcd abcd abcd abcd")


@pytest.mark.parametrize(
    "other",
    [
        {"seq": 8},
        {"link": "ac" * 32},
        {"identity": "bee0"},
        {"at": "2026-11-23T14:00:01Z"},
        {"before": "-"},
        {"key": "A" * 43},
        {"signature": "A" * 86},
        {"signature": ""},
    ],
)
def test_another_content_key_or_signature_is_refused(
    key: RegisterKey, other: dict[str, str]
) -> None:
    changed: Checkpoint = replace(key.sign(ONE), **other)  # type: ignore[arg-type]
    assert not is_signed(changed)
