"""A setting is declared once: what people are told of it is made from that, and says all."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from kiosk_tui.cli.main import main
from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.given import Given
from kiosk_tui.config.load import examine, load
from kiosk_tui.config.models import FORMER, Config, fields, sections
from kiosk_tui.config.models.section import Origin
from kiosk_tui.config.settings import settings
from kiosk_tui.config.template import template
from kiosk_tui.config.validation import validated

GOOD = '[terminal]\nurl = "https://test.tecs.at/x"\nnumber = "88091105"\n'


def _file(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("key", [key for key, _ in fields()])
def test_a_setting_is_told_in_a_sentence_with_an_example_and_its_limits(key: str) -> None:
    one = settings()[key]
    assert one.description[0].isupper()
    assert not one.description.endswith(".")
    assert one.example or one.kind == "true or false"
    assert one.wrong or (one.least is None) == (one.most is None)


def test_an_example_is_a_value_that_is_taken() -> None:
    for key, one in settings().items():
        if one.example and "`" not in one.example:  # what `config pin` prints is no example to copy
            value = tomllib.loads(f"value = {one.example}")["value"]
            _, unread = validated({key: Given(value, "here")}, Origin(None, {}), [])
            assert not unread


def test_the_template_tells_every_setting(tmp_path: Path) -> None:
    text = template(load(_file(tmp_path, GOOD), {}).config)
    for section, model in sections():
        part = text.partition(f"\n[{section}]\n")[2].partition("\n[")[0]
        for name in model.model_fields:
            assert f"\n# {name} = " in part or f"\n{name} = " in part, name
    assert 'One of "kiosk", "lane", "technician".' in text.replace("\n# ", " ")
    assert "\n# idle_s = 60\n" in text
    assert "From 5 to 3600 seconds." in text


def test_tables_are_written_out_and_read_back(tmp_path: Path) -> None:
    text = f"""{GOOD}[kiosk]
welcome = {{ en = "Hello \\"you\\"", "de AT" = "Servus" }}
[codes.payment]
declined = ["5001", "8100-8199"]
"""
    config = load(_file(tmp_path, text), {}).config
    assert load(_file(tmp_path, template(config)), {}).config == config


def test_the_schema_says_of_each_setting_what_it_may_be(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["config", "schema"]) == 0
    said = capsys.readouterr().out
    schema = json.loads(said)
    assert said.startswith('{\n  "$schema"')
    assert said.endswith("}\n")
    assert schema["properties"].keys() == Config.model_fields.keys()
    assert schema["additionalProperties"] is False
    kiosk = schema["$defs"]["KioskSettings"]["properties"]
    assert (kiosk["idle_s"]["minimum"], kiosk["idle_s"]["maximum"]) == (5, 3600)
    assert kiosk["mode"]["enum"] == ["kiosk", "lane", "technician"]
    assert kiosk["service_pin_hash"]["writeOnly"] is True
    assert "wrong" not in json.dumps(schema)


@pytest.mark.parametrize("key", [key for key, _ in fields()])
@pytest.mark.parametrize(
    "value", ["x" * 500, "", "\a", "-1", "1e9", -1, 10**9, 0.5, True, [], ["x" * 99] * 99, {"x": 1}]
)
def test_whatever_is_refused_is_told_in_words_that_fit(key: str, value: object) -> None:
    faults: list[ConfigError] = []
    _, unread = validated({key: Given(value, "here")}, Origin(None, {}), faults)
    assert len(faults) >= len(unread)
    for fault in faults:
        what = str(fault).partition(": ")[2]
        assert len(what.partition(". ")[0]) > len("it is 1"), str(fault)
        assert "None" not in what
        assert "{value}" not in what
        assert "nput should" not in what  # pydantic's own


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("backup_keep = true", "journal.backup_keep (from "),
        ("keep_days = 400.5", "a whole number is needed, and it is a number"),
        ("path = 7", "a string in quotes is needed, and it is a whole number"),
    ],
)
def test_a_value_of_another_kind_is_told(tmp_path: Path, text: str, words: str) -> None:
    _, (fault,) = examine(_file(tmp_path, f"{GOOD}[journal]\n{text}\n"), {})
    assert words in str(fault)
    assert "Example: " in str(fault)


class TestASettingThatIsCalledOtherwiseNow:
    """`kiosk.theme` became `ui.theme`: no upgrade closes a kiosk whose file says the old name."""

    def test_each_old_name_is_the_name_of_no_setting(self) -> None:
        assert {"kiosk.theme": "ui.theme"} | {
            f"pos.{one}": f"api.{one}" for one in ("socket", "group", "tcp")
        } == FORMER
        assert not FORMER.keys() & dict(fields()).keys()

    @pytest.mark.parametrize("variable", ["KIOSK_TUI_KIOSK__THEME", "KIOSK_TUI_UI__THEME"])
    def test_it_is_read_under_both_names_and_the_environment_is_above_the_file(
        self, tmp_path: Path, variable: str
    ) -> None:
        for section in ("kiosk", "ui"):
            file = _file(tmp_path, f'{GOOD}[{section}]\ntheme = "mono"\n')
            assert load(file, {}).config.ui.theme == "mono"
            over = load(file, {variable: "high-contrast"})
            assert over.config.ui.theme == "high-contrast"
            assert variable in over.sources["ui.theme"]

    def test_config_check_says_the_new_name_and_is_content(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("KIOSK_TUI_AUTH__KEY", "k")
        monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
        file = _file(tmp_path, f'{GOOD}[kiosk]\ntheme = "mono"\n')
        assert main(["--config", str(file), "config", "check"]) == 0
        told = f"kiosk.theme (from {file}, line 5) is called ui.theme now: rename it"
        assert told in capsys.readouterr().out
        assert file.read_text().endswith('[kiosk]\ntheme = "mono"\n')

    def test_both_names_with_two_values_is_a_fault_and_with_one_value_is_none(
        self, tmp_path: Path
    ) -> None:
        text = f'{GOOD}[kiosk]\ntheme = "mono"\n[ui]\ntheme = "VALUE"\n'
        same, faults = examine(_file(tmp_path, text.replace("VALUE", "mono")), {})
        assert (same.config.ui.theme, faults) == ("mono", [])
        _, (fault,) = examine(_file(tmp_path, text.replace("VALUE", "standard")), {})
        for words in ("ui.theme (from ", "line 7", "kiosk.theme (from ", "line 5", "two values"):
            assert words in str(fault)

    def test_a_wrong_value_is_told_with_the_place_and_the_name_that_stands_there(
        self, tmp_path: Path
    ) -> None:
        _, (fault,) = examine(_file(tmp_path, f'{GOOD}[kiosk]\ntheme = "pink"\n'), {})
        assert "line 5, as kiosk.theme): 'pink' is no theme" in str(fault)
