"""The settings as they may be shown: in a terminal, in a support bundle."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk_tui.config.models import Config, extra, fields
from kiosk_tui.tecs.evidence import HIDDEN, without_user


def masked(config: Config) -> Iterator[tuple[str, object]]:
    """Yield every setting with its value; PINs' hashes, and a password in an address, are hidden."""
    values = config.model_dump(mode="json")
    for key, field in fields():
        section, _, name = key.partition(".")
        value = values[section][name]
        if extra(field).get("writeOnly") and value:
            yield key, dict.fromkeys(value, HIDDEN) if isinstance(value, dict) else HIDDEN
        elif isinstance(value, str) and "//" in value and "@" in value:
            yield key, without_user(value)
        else:
            yield key, value
