"""A checkpoint is one line of text, and a few digits on a slip."""

from __future__ import annotations

import pytest

from kiosk_tui.domain.checkpoint import Checkpoint, CheckpointError, parsed, read, short, written


def test_a_checkpoint_is_read_back_from_its_line_and_from_what_a_person_types() -> None:
    whole = Checkpoint(5, "ab" * 32, "beef", "2026-11-23T14:00:00Z", "-", "k" * 43, "s" * 86)
    assert parsed(f"Z 4\n{whole.text}\n") == whole
    assert short(whole.end) == "5 abab abab abab abab"
    assert parsed(" 5 ABAB abab-abab abab ") == Checkpoint(5, "ab" * 8)
    with pytest.raises(CheckpointError, match="no checkpoint"):
        parsed("5")


def test_keys_and_signatures_are_written_without_padding() -> None:
    for data in (bytes(32), bytes(range(64)), b"\xff" * 33):
        text = written(data)
        assert "=" not in text
        assert read(text) == data
