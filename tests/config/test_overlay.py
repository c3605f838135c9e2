"""Head office's configuration lies between the kiosk's own file and the environment, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kiosk_tui.cli.main import main
from kiosk_tui.config.load import Loaded, examine, load
from kiosk_tui.config.overlay import Overlay, overlay_file, read, write
from kiosk_tui.fleet.folder import FleetFolder

OWN = """[terminal]
url = "https://test.tecs.at/x"
number = "88091105"
amount_max = "100"
[kiosk]
name = "Own"
idle_s = 30
[tip]
most_percent = 20
"""


@pytest.fixture
def kiosk(tmp_path: Path) -> Path:
    """A kiosk of a head office: its folder."""
    (tmp_path / "config.toml").write_text(f'{OWN}[journal]\npath = "{tmp_path}/journal.db"\n')
    folder = FleetFolder.beside(tmp_path / "journal.db")
    folder.path.mkdir()
    folder.office.write_text("{}")
    return tmp_path


def _configure(kiosk: Path, **changed: Any) -> None:
    settings = {key.replace("__", "."): value for key, value in changed.items()}
    write(overlay_file(kiosk / "journal.db"), Overlay(n=3, settings=settings))


def _load(kiosk: Path, **environment: str) -> Loaded:
    return load(kiosk / "config.toml", environment)


def test_it_lies_in_the_fleets_folder(kiosk: Path) -> None:
    journal = kiosk / "journal.db"
    assert overlay_file(journal).parent == FleetFolder.beside(journal).orders


def test_it_is_over_the_file_and_under_the_environment(
    kiosk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _configure(kiosk, kiosk__name="Office", kiosk__idle_s=45, terminal__amount_max="50")
    loaded = _load(kiosk, KIOSK_TUI_KIOSK__IDLE_S="60")
    assert (loaded.config.kiosk.name, loaded.config.kiosk.idle_s) == ("Office", 60)
    assert loaded.config.terminal.amount_max == "50"
    assert loaded.sources["kiosk.name"] == "head office"
    assert loaded.sources["kiosk.idle_s"] == "$KIOSK_TUI_KIOSK__IDLE_S"
    assert loaded.sources["terminal.number"].endswith("line 3")
    assert loaded.overlay is not None
    assert not loaded.remarks
    assert main(["--config", str(kiosk / "config.toml"), "config", "show"]) == 0
    assert 'kiosk.name = "Office"  # head office' in capsys.readouterr().out


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"terminal__number": "88091106"}, "terminal.number is not for head office to set."),
    ({"terminal__url": "https://elsewhere.example"}, "terminal.url is not for head office to set."),
    ({"kiosk__idle_s": 1}, "kiosk.idle_s (from head office): 1 is out of range"),
    ({"terminal__amount_max": "100.01"}, "head office may lower it only, and 100.01 is above 100."),
    ({"tip__most_percent": 21}, "head office may lower it only, and 21 is above 20."),
    ({"terminal__amount_max": "0.001"}, "terminal.amount_max (from head office)"),
    ({"terminal__amount_max": "much"}, "terminal.amount_max (from head office)"),
]


@pytest.mark.parametrize(("settings", "told"), REFUSED)
def test_one_that_is_wrong_is_not_used_at_all_and_keeps_nothing_closed(
    kiosk: Path, settings: dict[str, Any], told: str
) -> None:
    _configure(kiosk, kiosk__name="Office", **settings)
    loaded = _load(kiosk)
    assert loaded.config.kiosk.name == "Own"
    assert loaded.config.terminal.number == "88091105"
    assert loaded.overlay is None
    (remark,) = loaded.remarks
    assert remark.startswith("What head office has configured is not used: ")
    assert told in remark


def test_one_that_is_damaged_or_no_file_is_not_used(kiosk: Path) -> None:
    file = overlay_file(kiosk / "journal.db")
    file.parent.mkdir()
    for damaged in ("", "[]", '{"n": 1}', '{"n": "one", "settings": {}}', "\x00"):
        file.write_text(damaged)
        assert "is damaged" in _load(kiosk).refused
    file.unlink()
    file.mkdir()
    assert "cannot be read" in _load(kiosk).refused


def test_without_a_head_office_it_means_nothing(kiosk: Path) -> None:
    _configure(kiosk, kiosk__name="Office")
    FleetFolder.beside(kiosk / "journal.db").office.unlink()
    assert _load(kiosk).config.kiosk.name == "Own"
    assert read(overlay_file(kiosk / "journal.db")) is None


def test_it_adds_no_fault_to_a_file_that_is_wrong_itself(kiosk: Path) -> None:
    _configure(kiosk, kiosk__name="Office")
    (kiosk / "config.toml").write_text(f"{OWN}colour = 1\n")
    _, faults = examine(kiosk / "config.toml", {})
    assert len(faults) == 1
    assert "colour" in str(faults[0])


def test_a_candidate_is_looked_at_without_being_kept(kiosk: Path) -> None:
    _configure(kiosk, kiosk__name="Office")
    candidate = Overlay(n=4, settings={"kiosk.name": "Candidate"})
    assert load(kiosk / "config.toml", {}, candidate).config.kiosk.name == "Candidate"
    assert _load(kiosk).config.kiosk.name == "Office"


def test_where_nobody_knows_the_journals_place_nothing_is_looked_for(
    kiosk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (kiosk / "config.toml").write_text(OWN)

    def nobody(_user: int) -> None:
        raise KeyError

    monkeypatch.setattr("pwd.getpwuid", nobody)
    assert "has no home" in load(kiosk / "config.toml", {"HOME": ""}).refused


def test_a_file_that_was_cut_leaves_the_one_before(
    kiosk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _configure(kiosk, kiosk__name="Office")

    def cut(_path: Path, _target: Path) -> None:
        raise OSError(5, "cut")

    monkeypatch.setattr(Path, "replace", cut)
    with pytest.raises(OSError, match="cut"):
        _configure(kiosk, kiosk__name="Newer")
    assert _load(kiosk).config.kiosk.name == "Office"


def test_what_is_kept_is_json_that_names_the_command(kiosk: Path) -> None:
    _configure(kiosk, kiosk__name="Office")
    told = json.loads(overlay_file(kiosk / "journal.db").read_text())
    assert (told["n"], told["settings"]) == (3, {"kiosk.name": "Office"})
