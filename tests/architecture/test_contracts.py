"""Who may import whom: the contracts of pyproject.toml hold, and each of them can break."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]

OFFENCES = {
    "first": ("ui/screens/starting.py", "pydantic"),
    "rooms": ("domain/money.py", "kiosk_tui.payment.flow"),
    "journal": ("ui/screens/welcome.py", "kiosk_tui.journal.reader"),
    "maintenance": ("journal/store.py", "kiosk_tui.journal.maintenance.prune"),
    "tecs": ("ui/app.py", "kiosk_tui.tecs.codes"),
    "payment": ("journal/store.py", "kiosk_tui.payment.flow"),
    "config": ("ui/screens/service/menu.py", "kiosk_tui.config.load"),
    "locales": ("journal/rows.py", "kiosk_tui.text.texts"),
    "keyboard": ("plain/line.py", "kiosk_tui.ui.keyboard.reader"),
    "sockets": ("ui/screens/amount.py", "kiosk_tui.remote.sockets.places"),
    "lanes": ("lanes/parent.py", "kiosk_tui.config.load"),
    "screens": ("cli/recover.py", "kiosk_tui.ui.screens.welcome"),
    "reporting": ("ui/journeys/staff.py", "kiosk_tui.observe.reporting.hook"),
    "diagnosis": ("ui/screens/welcome.py", "kiosk_tui.diagnosis.chain"),
    "simulator": ("tecs/client.py", "kiosk_tui.simulator.ledger"),
    "http": ("payment/register.py", "httpx"),
    "sql": ("cli/journal.py", "sqlite3"),
    "languages": ("receipt/slip.py", "babel"),
    "pydantic": ("domain/outcome.py", "pydantic"),
    "textual": ("session/__init__.py", "textual"),
    "rich": ("cli/json_output.py", "rich"),
    "plain": ("plain/session_dialog.py", "textual"),
    "simulator_console": ("lab/simulator_console/picture.py", "kiosk_tui.payment.flow"),
    "supervision": ("ui/journeys/staff.py", "kiosk_tui.observe.watchdog.notify"),
    "printers": ("ui/screens/result.py", "segno"),
    "server": ("cli/simulator.py", "uvicorn"),
    "fleet": ("fleet/wire.py", "kiosk_tui.payment.flow"),
    "office": ("cli/watch.py", "kiosk_tui.office.database"),
}
"""For each contract a module and an import that it must not have."""


def test_every_contract_holds() -> None:
    linted = _lint(ROOT)
    assert linted.returncode == 0, linted.stdout


def test_each_contract_breaks_when_it_is_offended(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "kiosk_tui", tmp_path / "kiosk_tui")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for module, wrong in OFFENCES.values():
        path = tmp_path / "kiosk_tui" / module
        path.write_text(path.read_text() + f"\nimport {wrong}\n")

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    names = {contract["id"]: contract["name"] for contract in settings["contracts"]}
    assert names.keys() == OFFENCES.keys()

    broken = set(re.findall(r"^(.+?) BROKEN", _lint(tmp_path).stdout, flags=re.MULTILINE))
    assert broken == set(names.values())


def test_a_room_that_is_not_named_in_the_contract_breaks_it(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "kiosk_tui", tmp_path / "kiosk_tui")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "kiosk_tui" / "attic.py").write_text('"""Nobody said where this stands."""\n')
    linted = _lint(tmp_path)
    assert "attic" in linted.stdout
    assert linted.returncode != 0


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=folder,
        # lint-imports looks where Python looks: at this folder first, whatever else is installed
        env=os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
