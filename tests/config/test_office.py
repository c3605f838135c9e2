"""What head office may set is said where a setting is declared; everything else is refused by name."""

from __future__ import annotations

import pytest

from kiosk_tui.config.models import Config, fields
from kiosk_tui.config.models.section import Origin
from kiosk_tui.config.office import ALLOWED, PLACE, given_by_office, raised, refusals
from kiosk_tui.config.validation import validated

LIST = {
    "kiosk.id", "kiosk.name", "kiosk.languages", "kiosk.logo", "kiosk.welcome", "kiosk.idle_s",
    "ui.theme", "ui.look", "ui.accent", "ui.motion", "ui.palette", "ui.thrift",
    "tip.percent", "tip.fixed", "tip.fixed_below", "tip.custom", "tip.ask", "tip.most_percent",
    "day.starts", "day.close", "day.print",
    "receipt.columns", "receipt.copies", "receipt.declined", "receipt.qr",
    "log.to", "terminal.amount_max",
}  # fmt: skip
"""Written out once more: a setting that joins it is somebody's decision."""


def test_the_list_is_exactly_this() -> None:
    assert set(ALLOWED) == LIST
    assert {key for key, way in ALLOWED.items() if way == "downwards"} == {
        "tip.most_percent",
        "terminal.amount_max",
    }


@pytest.mark.parametrize("key", sorted({key for key, _ in fields()} - LIST))
def test_every_other_setting_is_refused_by_name(key: str) -> None:
    assert list(refusals({key: "1"})) == [f"{key} is not for head office to set."]


def test_nothing_on_the_list_is_a_command_an_address_or_a_path() -> None:
    for key, field in fields():
        if key in LIST:
            kinds = repr((field.annotation, field.metadata))
            assert "path" not in kinds or ALLOWED[key] == "named", key
            assert not {"command", "url", "printer", "proxy", "file"} & set(key.split(".")), key


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"ui.theme": "/etc/shadow.toml"}, "no path"),
        ({"ui.theme": "plaid"}, "is no theme"),
        ({"kiosk.idle_s": 1}, "out of range"),
        ({"kiosk.idle_s": True}, "no values of it"),
        ({"kiosk.idle_s": {"a": []}}, "a number is needed"),
        ({"kiosk.languages": ["xx"]}, "xx"),
        ({"kiosk.name.first": "x"}, "kiosk.name.first is not"),
        ({"kiosk": {"id": "x"}}, "kiosk is not"),
        ({"": 1}, " is not for head office"),
        ({"terminal.num\nber": 1}, r"terminal.num\nber is not"),
    ],
)
def test_a_value_that_no_kiosk_takes_is_refused(values: dict[str, object], told: str) -> None:
    found = list(refusals(values))
    assert len(found) == 1
    assert told in found[0]


def test_what_is_right_is_taken() -> None:
    values = {
        "kiosk.name": "Museum",
        "kiosk.idle_s": 30,
        "kiosk.welcome": {"en": "Hello"},
        "tip.percent": [5, 10],
        "ui.theme": "high-contrast",
        "terminal.amount_max": "50",
    }
    assert not list(refusals(values))
    config, unread = validated(given_by_office(values), Origin(None, {}), [])
    assert not unread
    assert config.kiosk.name == "Museum"
    assert {one.place for one in given_by_office(values).values()} == {PLACE}


def _config(**limits: object) -> Config:
    return Config.model_validate(
        {"terminal": {"amount_max": limits["most"]}, "tip": {"most_percent": limits["tip"]}}
    )


def test_limits_go_downwards_only() -> None:
    own = _config(most="100", tip=20)
    assert not list(raised(_config(most="100.00", tip=10), own))
    told = list(raised(_config(most="100.01", tip=21), own))
    assert told == [
        "terminal.amount_max: head office may lower it only, and 100.01 is above 100.",
        "tip.most_percent: head office may lower it only, and 21 is above 20.",
    ]
    assert not list(raised(_config(most="a lot", tip=20), own))
