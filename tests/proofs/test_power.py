"""The forgetful files, and the controls of the proof that stands on them."""

from __future__ import annotations

import pytest

from proofs.power.disk import Cut
from proofs.power.files import SECTOR, Fate, Folder
from proofs.power.sweep import Case, many, points
from proofs.power.trial import CONTROLS, LIES, NAMES, NORMAL, OVER, STORIES, draw, run, story

pytestmark = pytest.mark.journey

OLD, NEW = b"a" * 4 * SECTOR, b"b" * 4 * SECTOR
FIRST_START = "the first start and a payment"


def half_written() -> Folder:
    folder = Folder({"journal": OLD})
    file = folder.get("journal")
    assert file is not None
    folder.write(file, 0, NEW)
    return folder


def left(folder: Folder, fate: Fate, seed: int = 1) -> bytes:
    return folder.survivors(fate, seed)["journal"]


@pytest.mark.parametrize("fate", Fate)
def test_what_was_synced_survives(fate: Fate) -> None:
    folder = half_written()
    file = folder.get("journal")
    assert file is not None
    folder.sync(file)
    assert left(folder, fate) == NEW


def test_what_was_not_synced_is_gone_or_kept() -> None:
    assert left(half_written(), Fate.GONE) == OLD
    assert left(half_written(), Fate.KEPT) == NEW


def test_a_write_is_torn_between_sectors_but_never_inside_one() -> None:
    found = {left(half_written(), Fate.ANY_ORDER, seed) for seed in range(200)}
    assert len(found) == 2**4
    for content in found:
        assert all(
            len(set(content[at : at + SECTOR])) == 1 for at in range(0, len(content), SECTOR)
        )


def test_a_cut_in_order_keeps_a_beginning() -> None:
    for seed in range(50):
        content = left(half_written(), Fate.IN_ORDER, seed)
        assert content.lstrip(b"b").strip(b"a") == b""


def test_a_file_may_have_grown_over_sectors_that_were_never_written() -> None:
    folder = Folder({"journal": b""})
    file = folder.get("journal")
    assert file is not None
    folder.write(file, 0, NEW)
    sizes = {len(left(folder, Fate.ANY_ORDER, seed)) for seed in range(50)}
    assert sizes == {0, len(NEW)}
    assert any(set(left(folder, Fate.ANY_ORDER, seed)) - set(b"b") for seed in range(50))


def test_a_name_is_safe_once_its_folder_was_synced() -> None:
    folder = Folder()
    folder.sync(folder.create("journal"))
    assert folder.survivors(Fate.GONE, 1) == {}
    folder.sync_names()
    assert folder.survivors(Fate.GONE, 1) == {"journal": b""}


def test_a_deleted_file_may_come_back() -> None:
    folder = Folder({"journal": OLD})
    folder.delete("journal")
    assert left(folder, Fate.GONE) == OLD
    folder.sync_names()
    assert folder.survivors(Fate.GONE, 1) == {}


def test_power_goes_at_the_very_call() -> None:
    found = run(story("an approved payment", (Cut(20, Fate.GONE, 1),)), tell=True)
    assert found.cuts == 1
    assert found.violations == ()
    assert any("POWER CUT at call 20 " in line for line in found.story)


@pytest.mark.parametrize("name", STORIES)
def test_every_call_of_a_story_is_reached(name: str) -> None:
    cases = points(name, times=1)
    some = cases[:: max(1, len(cases) // 8)]
    tally = many(some)
    assert tally.trials == len(some)
    assert tally.failures == []


def test_only_a_first_start_makes_a_journal() -> None:
    assert run(story(FIRST_START)).calls > run(story("an approved payment")).calls + 30


def test_the_log_is_written_back_inside_the_trials() -> None:
    plain = run(story("an approved payment")).calls
    assert run(story("checkpoints in every payment")).calls > 4 * plain


def test_a_trial_by_chance_can_be_told_again() -> None:
    assert run(draw(7), tell=True) == run(draw(7), tell=True)


@pytest.mark.parametrize("control", [NORMAL, LIES])
def test_a_commit_that_does_not_wait_is_caught(control: str) -> None:
    assert control in CONTROLS
    assert many(Case(seed, control=control) for seed in range(1, 81)).broken


def test_a_folder_that_is_never_synced_is_caught() -> None:
    assert many(points(FIRST_START, times=2, control=NAMES)).broken


def test_zeros_over_a_log_that_a_cut_has_left_are_caught() -> None:
    name = "zeros behind what a cut has left"
    cases = points(name, times=1)
    cuts = [line for line in run(story(name), tell=True).story if "POWER CUT" in line]
    assert len(cuts) == 1
    assert "write" in cuts[0]
    assert many(cases).failures == []
    assert many(points(name, times=1, control=OVER)).broken
