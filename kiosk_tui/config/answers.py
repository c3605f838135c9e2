"""A configuration that is put together answer by answer, each checked by the rules that check the whole.

Owns: the values so far, as a file would hold them. Refuses to know: how anybody is asked.
"""

from __future__ import annotations

from typing import Any

import msgspec

from kiosk_tui.config.check import first_fault
from kiosk_tui.config.shape import EXAMPLES, Config


class Answers:
    """What is known so far; everything else has its default."""

    def __init__(self) -> None:
        self._values: dict[str, dict[str, Any]] = {}

    def give(self, key: str, value: Any) -> str:
        """Take a value; return what is wrong with it, or nothing. A wrong one is not kept."""
        section, name = key.split(".")
        before = dict(self._values.get(section, {}))
        self._values.setdefault(section, {})[name] = value
        wrong = self._wrong(key)
        if wrong:
            self._values[section] = before
        return wrong

    @property
    def config(self) -> Config:
        """The configuration so far; it need not be whole."""
        return msgspec.convert(self._values, Config, strict=False)

    def _wrong(self, key: str) -> str:
        try:
            what = first_fault(self.config, key)
        except msgspec.ValidationError as error:
            what = str(error).partition(" - at `$")[0].replace("`", "")
        example = EXAMPLES.get(key)
        if not what:
            return ""
        shown = f" For example: {example}" if example and example.startswith(('"', "[")) else ""
        return f"{what[:1].upper()}{what[1:]}.{shown}"
