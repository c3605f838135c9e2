"""Given values become a configuration, with a sentence for each that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import ValidationError

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.given import GivenSettings
from kiosk_tui.config.models import Config, sections
from kiosk_tui.config.models.section import Origin, Section
from kiosk_tui.config.words import fault, unknown, wrong

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def validated(
    given: GivenSettings, origin: Origin, faults: list[ConfigError]
) -> tuple[Config, set[str]]:
    """Return the configuration, and the settings that cannot be read; `faults` gets each of them.

    A section of which nothing is given has its defaults as they are declared: pydantic need not build what
    would check them, which for all sections is a twentieth of a start, and megabytes.
    """
    unread: set[str] = set()
    built: dict[str, Section] = {}
    for name, model in sections():
        values = {
            key.partition(".")[2]: one.value
            for key, one in given.items()
            if key.startswith(f"{name}.")
        }
        while values and name not in built:
            try:
                built[name] = model.model_validate(values, context=origin)
            except ValidationError as error:
                wrong_ones = error.errors(include_url=False)
                faults += _faults(name, wrong_ones, given)
                for one in wrong_ones:
                    values.pop(str(one["loc"][0]), None)
                    unread.add(f"{name}.{one['loc'][0]}")
        built.setdefault(name, model.model_construct())
    return Config.model_construct(None, **built), unread


def _faults(
    section: str, errors: Sequence[ErrorDetails], given: GivenSettings
) -> Sequence[ConfigError]:
    """Return a fault for each value that cannot be read, in the order of the settings."""
    places = {key: one.place for key, one in given.items()}
    told: dict[tuple[str, int], ConfigError] = {}
    for one in errors:
        key = f"{section}.{one['loc'][0]}"
        number = next((part for part in one["loc"][1:] if isinstance(part, int)), -1)
        if (key, number) in told:
            continue  # of a value that may be a text or a number each is told
        if one["type"] == "extra_forbidden":
            known = dict(sections())[section].model_fields
            told[key, number] = unknown(key, places[key], known)
        else:
            told[key, number] = fault(key, wrong(one, key), places)
    return list(told.values())
