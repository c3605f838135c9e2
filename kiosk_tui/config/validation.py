"""Given values become a configuration, with a sentence for each that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.given import GivenSettings
from kiosk_tui.config.models import Config, sections
from kiosk_tui.config.models.section import Origin
from kiosk_tui.config.words import fault, unknown, wrong


def validated(
    given: GivenSettings, origin: Origin, faults: list[ConfigError]
) -> tuple[Config, set[str]]:
    """Return the configuration, and the settings that cannot be read; `faults` gets each of them."""
    unread: set[str] = set()
    while True:
        values: dict[str, dict[str, Any]] = {name: {} for name, _ in sections()}
        for key in given.keys() - unread:
            section, _, name = key.partition(".")
            values[section][name] = given[key].value
        try:
            return Config.model_validate(values, context=origin), unread
        except ValidationError as error:
            faults += _faults(error, given)
            unread |= {_key(one["loc"]) for one in error.errors(include_url=False)}


def _faults(error: ValidationError, given: GivenSettings) -> Sequence[ConfigError]:
    """Return a fault for each value that cannot be read, in the order of the settings."""
    places = {key: one.place for key, one in given.items()}
    told: dict[tuple[str, int], ConfigError] = {}
    for one in error.errors(include_url=False):
        key = _key(one["loc"])
        number = next((part for part in one["loc"][2:] if isinstance(part, int)), -1)
        if (key, number) in told:
            continue  # of a value that may be a text or a number each is told
        if one["type"] == "extra_forbidden":
            known = dict(sections())[key.partition(".")[0]].model_fields
            told[key, number] = unknown(key, places[key], known)
        else:
            told[key, number] = fault(key, wrong(one, key), places)
    return list(told.values())


def _key(where: tuple[int | str, ...]) -> str:
    return ".".join(map(str, where[:2]))
