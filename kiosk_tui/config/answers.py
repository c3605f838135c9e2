"""A configuration that is put together answer by answer, each checked as the whole is checked.

Owns: the values so far, as a file would hold them. Refuses to know: how anybody is asked.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from kiosk_tui.config.models import Config, sections
from kiosk_tui.config.rules import broken
from kiosk_tui.config.words import example, wrong


class Answers:
    """What is known so far; everything else has its default."""

    def __init__(self) -> None:
        self._values: dict[str, dict[str, Any]] = {name: {} for name, _ in sections()}

    def give(self, key: str, value: Any) -> str:
        """Take a value; return what is wrong with it, or nothing. A wrong one is not kept."""
        section, name = key.split(".")
        before = dict(self._values[section])
        self._values[section][name] = value
        wrong = self._wrong(key)
        if wrong:
            self._values[section] = before
        return wrong

    @property
    def config(self) -> Config:
        """The configuration so far; it need not be whole."""
        return Config.model_validate(self._values)

    def _wrong(self, key: str) -> str:
        try:
            what = next((what for about, what in broken(self.config) if about == key), "")
        except ValidationError as error:
            what = wrong(error.errors(include_url=False)[0], key)
        return f"{what[:1].upper()}{what[1:]}.{example(key)}" if what else ""
