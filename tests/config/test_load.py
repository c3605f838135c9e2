"""The configuration: one sentence for each fault, with key, place and example."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.config import secrets
from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.load import find, load, load_anyway
from kiosk_tui.config.models.lane import CashierSettings
from kiosk_tui.config.pin import PinError, hash_pin, person_fits, pin_fits
from kiosk_tui.config.shown import masked
from kiosk_tui.config.template import template
from kiosk_tui.domain.rights import Act

GOOD = """
[terminal]
url = "https://test.tecs.at/tecsclientrest"
number = "88091105"
"""


def _file(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text)
    return path


def test_a_minimal_configuration_is_enough(tmp_path: Path) -> None:
    loaded = load(_file(tmp_path, GOOD), {})
    assert loaded.found
    assert loaded.config.timeouts.answer_s == 180
    assert loaded.sources == {
        "terminal.url": f"{tmp_path / 'config.toml'}, line 3",
        "terminal.number": f"{tmp_path / 'config.toml'}, line 4",
    }


def test_the_environment_overrides_a_value_of_any_type(tmp_path: Path) -> None:
    environment = {
        "KIOSK_TUI_TERMINAL__NUMBER": "11460019",
        "KIOSK_TUI_TIP__PERCENT": "[1, 2]",
        "KIOSK_TUI_TIP__ASK": "false",
        "KIOSK_TUI_TIMEOUTS__ANSWER_S": "90",
        "KIOSK_TUI_AUTH__KEY": "not a setting",
    }
    loaded = load(_file(tmp_path, GOOD), environment)
    assert loaded.config.terminal.number == "11460019"
    assert loaded.config.tip.percent == [1, 2]
    assert loaded.config.tip.ask is False
    assert loaded.config.timeouts.answer_s == 90
    assert loaded.sources["tip.ask"] == "$KIOSK_TUI_TIP__ASK"
    assert "not a setting" not in repr(loaded)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[terminal\n", ("not valid TOML",)),
        ("id = 1", ("outside a section",)),
        ("[terminal]\nurll = 'x'", ("terminal.urll", "did you mean url")),
        ("[terminals]\nurl = 'x'", ("terminals", "did you mean terminal")),
        ("[terminal]\nnumber = 88091105", ("terminal.number", "str", '"88091105"')),
        ("[timeouts]\nanswer_s = 'long'", ("timeouts.answer_s", "180")),
        ("[timeouts]\nanswer_s = nan", ("timeouts.answer_s", "out of range")),
        ("[timeouts]\nsettle_s = 119", ("timeouts.settle_s", "overtake", "240")),
        ("[timeouts]\nanswer_s = 5", ("timeouts.answer_s", "10 to 900")),
        ("[terminal]\nnumber = '123'", ("terminal.number", "8 digits", "88091105")),
        ("[terminal]\nurl = 'tecs.at'", ("terminal.url", "not a URL", "https://")),
        ("[terminal]\nurl = 'http://tecs.at'", ("terminal.url", "not encrypted", "allow_http")),
        ("[terminal]\nurl = 'https://u:p@tecs.at'", ("terminal.url", "user or password")),
        ("[terminal]\nurl = 'https://[::1'", ("terminal.url", "not a URL")),
        ("[terminal]\ncurrency = 'EURO'", ("terminal.currency", "ISO 4217", '"EUR"')),
        ("[terminal]\namount_min = 0.5", ("terminal.amount_min", '"1.00"')),
        ("[terminal]\namount_min = '0'", ("terminal.amount_min", "above zero")),
        ("[terminal]\namount_max = '0.001'", ("terminal.amount_max", "3 decimals")),
        ("[terminal]\namount_min = '5'\namount_max = '4'", ("terminal.amount_max", "below")),
        ("[terminal]\nplace = '1010 Vienna, Austria'", ("terminal.place", "13")),
        (f"[terminal]\nreason = '{'x' * 40}'", ("terminal.reason", "39", '"Museum ticket"')),
        (f"[terminal]\nreason = '{'ü' * 20}'", ("terminal.reason", "39")),
        ('[terminal]\nreason = "a\\nb"', ("terminal.reason", "plain")),
        ("[terminal]\nreason = 'x 4111 1111 1111 1111'", ("terminal.reason", "card number")),
        ("[terminal]\ntimezone = 'Mars/Base'", ("terminal.timezone", "Europe/Vienna")),
        ("[kiosk]\nlanguages = ['klingon']", ("kiosk.languages", "klingon", '"en"')),
        ("[kiosk]\nlanguages = []", ("kiosk.languages", "at least one")),
        ("[kiosk]\nmode = 'bank'", ("kiosk.mode", '"kiosk"')),
        ("[kiosk]\nservice_pin_hash = '1234'", ("kiosk.service_pin_hash", "not a PIN's hash")),
        ("[kiosk]\nexposure_count = 1", ("kiosk.exposure_count", "unattended")),
        ("[tip]\npercent = [500]", ("tip.percent", "500", "1 to 100")),
        ("[tip]\nfixed = ['x']", ("tip.fixed", "not an amount")),
        ("[auth]\nscheme = 'basic'", ("auth.user", "needs a user")),
        ("[auth]\nscheme = 'oauth'\nuser = 'x'", ("auth.token_url",)),
        ("[auth]\nscheme = 'magic'", ("auth.scheme", '"raw"')),
        ("[codes]\npayment = { maybe = ['1'] }", ("codes.payment", "maybe", "declined")),
    ],
)
def test_each_fault_names_the_key_what_is_wrong_and_an_example(
    tmp_path: Path, text: str, words: tuple[str, ...]
) -> None:
    if "url" not in text and "number" not in text and text.startswith("[terminal]"):
        text = GOOD + text.removeprefix("[terminal]\n")
    elif not text.startswith("[terminal"):
        text = f"{text}\n{GOOD}"
    elif "url = " in text:
        text += "\nnumber = '88091105'"
    else:
        text += "\nurl = 'https://test.tecs.at/x'"
    with pytest.raises(ConfigError) as caught:
        load(_file(tmp_path, text), {})
    for word in words:
        assert word in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "config.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match="config.toml"):
        load(path, {})


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.integers())))
def test_nothing_in_the_environment_makes_it_raise_anything_else(extra: dict[str, object]) -> None:
    environment = {f"KIOSK_TUI_TIP__{name}": str(value) for name, value in extra.items()}
    try:
        load(None, environment | {"KIOSK_TUI_CONFIG": "/nonexistent/file"})
    except ConfigError:
        return
    raise AssertionError("a file that does not exist was read")


def test_the_file_asked_for_wins_over_the_one_in_the_environment(tmp_path: Path) -> None:
    assert find(tmp_path / "a", {"KIOSK_TUI_CONFIG": "b"}) == tmp_path / "a"
    assert find(None, {"KIOSK_TUI_CONFIG": "b"}) == Path.cwd() / "b"


def test_the_template_is_read_back_as_what_it_was_made_from(tmp_path: Path) -> None:
    loaded = load(_file(tmp_path, GOOD), {}).config
    assert load(_file(tmp_path, template(loaded)), {}).config == loaded


def test_a_layout_is_asked_for_unless_it_is_set_to_nothing(tmp_path: Path) -> None:
    assert load(_file(tmp_path, GOOD), {}).config.terminal.receipt_layout == "01"
    explicit = load(_file(tmp_path, f'{GOOD}receipt_layout = ""'), {}).config
    assert explicit.terminal.receipt_layout == ""
    again = load(_file(tmp_path, template(explicit)), {}).config
    assert again.terminal.receipt_layout == ""


@pytest.mark.parametrize("reason", ["", "x" * 39, "ü" * 19 + "x", "Order 4111 1111 1111 1112"])
def test_a_reason_that_fits_is_taken_as_it_stands(tmp_path: Path, reason: str) -> None:
    config = load(_file(tmp_path, f'{GOOD}reason = "{reason}"'), {}).config
    assert config.terminal.reason == reason


def test_a_card_number_as_the_reason_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(_file(tmp_path, f'{GOOD}reason = "4111111111111111"'), {})
    assert "terminal.reason" in str(caught.value)
    assert "4111111111111111" not in str(caught.value)


class TestSecrets:
    def test_the_credential_comes_before_the_file_and_the_file_before_the_environment(
        self, tmp_path: Path
    ) -> None:
        key = tmp_path / "key"
        key.write_text("from file\n")
        key.chmod(0o600)
        (tmp_path / "authkey").write_text("from systemd\n")
        environment = {"KIOSK_TUI_AUTH__KEY": "from environment"}
        assert secrets.find(secrets.KEY, "", environment)[0].reveal() == "from environment"
        assert secrets.find(secrets.KEY, str(key), environment)[0].reveal() == "from file"
        environment["CREDENTIALS_DIRECTORY"] = str(tmp_path)
        assert secrets.find(secrets.KEY, str(key), environment)[0].reveal() == "from systemd"

    def test_a_file_that_others_may_read_is_refused(self, tmp_path: Path) -> None:
        key = tmp_path / "key"
        key.write_text("k")
        key.chmod(0o644)
        with pytest.raises(ConfigError, match="chmod 600"):
            secrets.find(secrets.KEY, str(key), {})

    @pytest.mark.parametrize("text", ["", " \n", "two\nlines", "käse", "x" * 5000])
    def test_what_is_no_key_is_told_without_showing_it(self, tmp_path: Path, text: str) -> None:
        key = tmp_path / "key"
        key.write_text(text)
        key.chmod(0o600)
        with pytest.raises(ConfigError) as caught:
            secrets.find(secrets.KEY, str(key), {})
        assert not text.strip() or text.strip() not in str(caught.value)

    def test_no_key_at_all_is_told_with_an_example(self) -> None:
        with pytest.raises(ConfigError, match="auth.key_file"):
            secrets.find(secrets.KEY, "", {})


class TestPin:
    def test_only_the_right_one_fits(self) -> None:
        hashed = hash_pin("4711")
        assert pin_fits(hashed, "4711")
        assert not pin_fits(hashed, "4712")
        assert not pin_fits("", "4711")
        assert hash_pin("4711") != hashed  # salted

    @pytest.mark.parametrize("pin", ["", "123", "abcd", "1" * 13, "１２３４"])
    def test_what_is_no_pin_is_told(self, pin: str) -> None:
        with pytest.raises(PinError, match="4 to 12"):
            hash_pin(pin)


def test_what_is_known_of_a_configuration_that_cannot_be_used_is_told_with_the_fault(
    tmp_path: Path,
) -> None:
    loaded, fault = load_anyway(_file(tmp_path, GOOD + "amount_max = 0"), {})
    assert "terminal.amount_max" in fault
    assert loaded.config.terminal.url == "https://test.tecs.at/tecsclientrest"
    loaded, fault = load_anyway(_file(tmp_path, "[terminal"), {})
    assert "not valid TOML" in fault
    assert not loaded.found
    assert loaded.file == tmp_path / "config.toml"
    assert load_anyway(_file(tmp_path, GOOD), {})[1] == ""


def test_settings_are_shown_without_a_hash_and_without_a_password_in_an_address(
    tmp_path: Path,
) -> None:
    text = f"""{GOOD}proxy = "http://user:pass@proxy:3128"
[kiosk]
service_pin_hash = "{hash_pin("1234")}"
[lane.people]
anna = "{hash_pin("4711")}"
"""
    shown = dict(masked(load(_file(tmp_path, text), {}).config))
    assert shown["terminal.proxy"] == "http://***@proxy:3128"
    assert shown["kiosk.service_pin_hash"] == "***"
    assert shown["lane.people"] == {"anna": "***"}
    assert shown["terminal.url"] == "https://test.tecs.at/tecsclientrest"


def test_every_place_where_a_secret_may_lie_is_known_also_where_it_is_refused(
    tmp_path: Path,
) -> None:
    (tmp_path / "authkey").write_text("from systemd\n")
    file = tmp_path / "open"
    file.write_text("open to all\n")
    file.chmod(0o644)
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    found = secrets.every(secrets.KEY, str(file), environment)
    assert list(found) == ["from systemd", "open to all"]
    assert list(secrets.every(secrets.KEY, "/nowhere", {})) == []


class TestTheLane:
    PIN = hash_pin("4711")

    def _load(self, folder: Path, lane: str, kiosk: str = "") -> object:
        return load(_file(folder, f"[kiosk]\n{kiosk}\n{GOOD}\n[lane]\n{lane}\n"), {}).config.lane

    def test_people_and_rights_are_read(self, tmp_path: Path) -> None:
        people = f'people = {{ anna = "{self.PIN}", 7 = "{self.PIN}" }}'
        rights = (
            'pin = ["refund", "moto"]\nsecond_person = ["cancel"]\nbalance = true\ngratuity = true'
        )
        lane = self._load(tmp_path, f"{rights}\n{people}", f'service_pin_hash = "{self.PIN}"')
        assert lane == CashierSettings(
            pin=[Act.REFUND, Act.MOTO],
            second_person=[Act.CANCEL],
            balance=True,
            gratuity=True,
            people={"anna": self.PIN, "7": self.PIN},
        )

    def test_they_may_stand_in_a_table_of_their_own(self, tmp_path: Path) -> None:
        path = _file(tmp_path, f'{GOOD}\n[lane.people]\nanna = "{self.PIN}"\n')
        assert load(path, {}).config.lane.people == {"anna": self.PIN}

    @pytest.mark.parametrize(
        ("lane", "words"),
        [
            ('pin = ["refunds"]', ("lane.pin", "'refunds' is nothing that a lane does", "refund,")),
            ('pin = ["refund"]', ("lane.pin", "kiosk.service_pin_hash is empty", "Example: pin =")),
            ('second_person = ["pay"]', ("lane.second_person", "'pay' is nothing")),
            (
                'second_person = ["cancel"]\npeople = { anna = "PIN" }',
                ("lane.second_person", "two people"),
            ),
            ('people = { anna = "4711" }', ("lane.people", "anna: it is not a PIN's hash")),
            ('people = { anna = "" }', ("lane.people", "anna has no PIN")),
            ('people = { "a+b" = "PIN" }', ("lane.people", "'a+b' is no cashier's id")),
            ("people = 7", ("lane.people",)),
            ('cashiers = "anna"', ("lane.cashiers", "not a setting")),
        ],
    )
    def test_a_fault_is_one_sentence(
        self, tmp_path: Path, lane: str, words: tuple[str, ...]
    ) -> None:
        with pytest.raises(ConfigError) as caught:
            self._load(tmp_path, lane.replace("PIN", self.PIN))
        for word in words:
            assert word in str(caught.value)
        assert str(caught.value).count("\n") == 0

    def test_a_person_s_pin_fits_that_person_only(self) -> None:
        people = {"anna": self.PIN, "bernd": hash_pin("2222")}
        assert person_fits(people, "anna", "4711")
        assert not person_fits(people, "bernd", "4711")
        assert not person_fits(people, "carla", "4711")
        assert not person_fits(people, "", "")
