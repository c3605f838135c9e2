"""The drill finds what it is there to find: registers that lose money, and judges that sleep."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from kiosk_tui.lab.drill import drill as drill_module
from kiosk_tui.lab.drill import stories
from kiosk_tui.lab.drill.cases import CASES, Case
from kiosk_tui.lab.drill.child import PROGRAM, UnexpectedError
from kiosk_tui.lab.drill.drill import CaseResult, drill
from kiosk_tui.lab.drill.money import LedgerEnd
from kiosk_tui.lab.drill.sandbox import KEY, sandbox
from kiosk_tui.lab.drill.stories import Story
from kiosk_tui.simulator.answers import CARD

pytestmark = pytest.mark.journey

_MAIN = "from kiosk_tui.__main__ import main; import sys\n"

FORGETS = _MAIN + (
    "if 'recover' in sys.argv:\n"
    "    print('No cancellation is due.')\n"
    "    sys.exit(0)\n"
    "sys.exit(main())\n"
)
"""A register that says that it has recovered, and did nothing."""

BOASTS = _MAIN + (
    "code = main()\n"
    "if 'sale' in sys.argv:\n"
    """    print('{"state": "APPROVED", "id": "20261123140000000"}')\n"""
    "sys.exit(code)\n"
)
"""A register that shows an approval that is in no journal."""

CHATTERS = _MAIN + f"print('charging card {CARD}'); sys.exit(main())\n"
"""A register that says the card number aloud."""

IDLES = "print('ready')\n"
"""A register that ends without doing anything."""


def case(story: Story) -> Case:
    """Return the case of the table that tells this story."""
    return next(one for one in CASES if one.story is story)


def _inside(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def played(folder: Path, program: Sequence[str], *told: Story) -> list[CaseResult]:
    return [row async for row in drill([case(one) for one in told], program, folder)]


@pytest.mark.parametrize(
    ("sabotage", "story", "words"),
    [
        (FORGETS, stories.killed_before_the_answer, "is still AUTHORIZING; TECS holds 1255"),
        (FORGETS, stories.killed_before_the_cancellation, "is still CANCEL_DUE"),
        (BOASTS, stories.declined, "was shown as approved"),
        (CHATTERS, stories.plain, "The card's number or expiry is in 1-sale.out"),
    ],
)
async def test_a_broken_register_fails_and_the_evidence_is_kept(
    tmp_path: Path, sabotage: str, story: Story, words: str
) -> None:
    (row,) = await played(tmp_path, (sys.executable, "-c", sabotage), story)
    assert not row.passed
    assert any(words in one for one in row.found), row
    assert row.evidence is not None
    kept = {path.name for path in row.evidence.iterdir()}
    assert {"journal.db", "ledger.json", "1-sale.out", "1-sale.err"} <= kept


async def test_a_register_that_does_nothing_at_all_fails(tmp_path: Path) -> None:
    (row,) = await played(tmp_path, (sys.executable, "-c", IDLES), stories.killed_before_the_answer)
    assert not row.passed
    assert "It never came so far" in row.trouble[0]


async def test_another_end_than_the_fault_must_have_fails(tmp_path: Path) -> None:
    without_fault = Case("any", "none", stories.plain, LedgerEnd.REVERSED, None)
    (row,) = [row async for row in drill([without_fault], PROGRAM, tmp_path)]
    assert not row.passed
    assert row.found == ()
    assert row.trouble == ("It must end otherwise: charged, and reversed, recorded nothing.",)


async def test_a_judge_that_sleeps_fails_the_controls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drill_module, "judge", lambda _: [])
    controls = [one for one in CASES if one.control]
    rows = [row async for row in drill(controls, PROGRAM, tmp_path)]
    assert len(rows) == 2
    assert not any(row.passed for row in rows)


async def test_what_passed_leaves_nothing_behind(tmp_path: Path) -> None:
    (row,) = await played(tmp_path, PROGRAM, stories.plain)
    assert row.passed
    assert row.evidence is None
    assert _inside(tmp_path) == []


async def test_a_child_cannot_be_killed_after_its_end(tmp_path: Path) -> None:
    async with sandbox(tmp_path / "one", (sys.executable, "-c", IDLES)) as built:
        idle = await built.sale()
        assert await idle.ended() == 0
        with pytest.raises(UnexpectedError, match="ended with 0 before it could be killed"):
            await built.kill(idle)


async def test_a_child_sees_no_setting_and_no_secret_of_the_real_register(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = {
        "KIOSK_TUI_TERMINAL__URL": "https://test.tecs.at/tecsclientrest",
        "KIOSK_TUI_AUTH__KEY": "real",
        "CREDENTIALS_DIRECTORY": "/run/credentials/kiosk",
        "STATE_DIRECTORY": "/var/lib/kiosk-tui",
    }
    for name, value in real.items():
        monkeypatch.setenv(name, value)
    told = "import json, os; print(json.dumps(dict(os.environ)))"
    async with sandbox(tmp_path / "one", (sys.executable, "-c", told)) as built:
        child = await built.sale()
        await child.ended()
        seen = child.said.read_text()
    assert not [value for value in real.values() if f'"{value}"' in seen]
    assert os.environ["PATH"] in seen


async def test_a_key_in_a_file_is_found(tmp_path: Path) -> None:
    async with sandbox(tmp_path / "one", PROGRAM) as built:
        assert built.damage() == []
        (built.folder / "kiosk-tui.log").write_text(f"sent {KEY}")
        assert built.damage() == ["The key is in kiosk-tui.log."]


def test_every_case_is_told_apart_and_fits_its_column() -> None:
    named = [(one.step, one.fault) for one in CASES]
    assert len(set(named)) == len(named)
    assert all(len(step) <= 36 and len(fault) <= 27 for step, fault in named)
    assert [one.control for one in CASES].count(True) == 2
