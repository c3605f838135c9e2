"""docs/scenarios.md names all that a file may say, and all that a run tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk_tui.domain.operations import Operation
from kiosk_tui.lab.acceptance import report
from kiosk_tui.lab.acceptance.models import StepTable
from kiosk_tui.lab.acceptance.run import StepResult
from kiosk_tui.lab.acceptance.scenario import Ending, Scenario
from kiosk_tui.lab.acceptance.shipping import shipped
from kiosk_tui.lab.acceptance.undoing import TO_KEEP, TO_UNDO

TEXT = (Path(__file__).parents[3] / "docs" / "scenarios.md").read_text("utf-8")
ROW = StepResult(1, "sale", "sale 1.00", "approved", "approved", "1.00", 0.0)
VERDICT = report.RunVerdict(Scenario("x", "X", ()), "the simulator", (), (), 0.0, stopped=False)


@pytest.mark.parametrize(
    "word",
    [
        *Operation,
        *Ending,
        *shipped(),
        *(key for key in StepTable.model_fields if key not in ("name", "operation", "amount")),
        *report.described(ROW, None),
        *report.summary(VERDICT),
        TO_UNDO,
        TO_KEEP,
    ],
)
def test_it_names(word: str) -> None:
    assert f"`{word}`" in TEXT
