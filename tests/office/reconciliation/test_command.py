"""`office reconcile`, `import` and `ask`, as people and scripts call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk_tui.cli.main import main

HISTORY = (
    "terminalId,transactionId,amount,currency,transactionDate,cardNumber\n"
    "88091105,{id},1255,EUR,{at},4111111111111111\n"
    "88091105,nothing,1,EUR,,\n"
)


@pytest.fixture
def office(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "office.toml"
    file.write_text(f'[database]\nurl = "{database_url}"\n')
    monkeypatch.setenv("KIOSK_OFFICE_CONFIG", str(file))
    return tmp_path


def test_a_history_is_taken_and_what_differs_is_told(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415

    at = datetime.now(UTC) - timedelta(days=1)
    file = office / "history.csv"
    file.write_text(HISTORY.format(id=f"{at:%Y%m%d%H%M%S}123", at=at.isoformat()))
    assert main(["office", "reconcile"]) == 0
    assert "agree" in capsys.readouterr().out
    assert main(["office", "import", str(file)]) == 65
    said = capsys.readouterr().out
    assert "Line 3: The transaction id" in said
    assert "1 transactions of 1 terminals were taken as history; 1 lines" in said
    assert main(["office", "import", str(file), "--as", "clearing", "--json"]) == 65
    assert json.loads(capsys.readouterr().out)["taken"] == 1
    assert main(["office", "reconcile"]) == 65
    said = capsys.readouterr().out
    assert "12.55 EUR" in said
    assert "history, clearing" in said
    assert "refund the" in said
    assert "4111" not in said
    assert main(["office", "reconcile", "--json"]) == 65
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["minor"], told["confirmed"]) == (
        "charged_without_record",
        1255,
        True,
    )


def test_without_a_service_there_is_no_second_opinion(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["office", "ask", "88091105", "17"]) == 69
    assert "tecs.url" in capsys.readouterr().err
