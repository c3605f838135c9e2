"""What head office may set at a kiosk: the settings whose declaration says so, and no other.

Owns: the allow-list. Whoever adds a setting and says nothing of head office has refused it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.given import Given, GivenSettings
from kiosk_tui.config.models import Config, extra, fields
from kiosk_tui.config.models.section import Origin
from kiosk_tui.config.rules import amount, currency_of
from kiosk_tui.config.validation import validated
from kiosk_tui.domain.money import MoneyError

PLACE: Final = "head office"
"""Where such a value comes from, as `config show` tells it."""

ALLOWED: Final[Mapping[str, bool | str]] = {
    key: extra(field)["office"] for key, field in fields() if "office" in extra(field)
}
"""Each setting that head office may set: True, "downwards" or "named"."""


def refusals(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each value that no kiosk takes from head office, whatever its own file says."""
    allowed: dict[str, Any] = {}
    for key, value in values.items():
        if key not in ALLOWED:
            yield str(ConfigError(f"{key[:80]} is not for head office to set."))
        elif ALLOWED[key] == "named" and str(value).endswith(".toml"):
            yield f"{key}: head office may give a name, and no path of a file."
        else:
            allowed[key] = value
    faults: list[ConfigError] = []
    validated(given_by_office(allowed), Origin(None, {}), faults)
    yield from map(str, faults)


def given_by_office(values: Mapping[str, Any]) -> GivenSettings:
    """Return the values as configuration loading reads them."""
    return {key: Given(value, PLACE) for key, value in values.items()}


def raised(config: Config, own: Config) -> Iterator[str]:
    """Yield a sentence for each limit in `config` that is above that of the kiosk's `own`."""
    for key, way in ALLOWED.items():
        if way != "downwards":
            continue
        section, _, name = key.partition(".")
        most, asked = (getattr(getattr(one, section), name) for one in (own, config))
        try:
            if amount(asked, currency_of(own)) > amount(most, currency_of(own)):
                yield f"{key}: head office may lower it only, and {asked} is above {most}."
        except MoneyError:
            continue  # told by the rules
