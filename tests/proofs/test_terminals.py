"""The visitors' own machinery: they see what a screen hears, and Textual's reader fails before their eyes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from support.showcase import SHOWCASE

from proofs.terminals.answers import every
from proofs.terminals.visitors import visiting

pytestmark = pytest.mark.journey

SEED = 20261129


@pytest.fixture
def chance() -> random.Random:
    return random.Random(SEED)


def test_no_cut_answer_types_gives_up_or_breaks_anything_at_a_screen(
    tmp_path: Path, chance: random.Random
) -> None:
    with visiting(tmp_path, "ours") as visitor:
        assert visitor.screens == list(SHOWCASE)
        chosen = ["waiting", "lane_busy", *chance.sample(visitor.screens, 8)]
        assert not [told for one in chosen if (told := visitor.case(one, chance))]


def test_textual_s_reader_types_it(tmp_path: Path, chance: random.Random) -> None:
    with visiting(tmp_path, "textuals") as visitor:
        assert [told for _ in range(8) if (told := visitor.case("lane", chance))]


def test_every_answer_is_told_apart_from_the_others_by_its_name() -> None:
    names = [name for name, _ in every()]
    assert len(set(names)) == len(names)
    assert all(data for _, data in every())
