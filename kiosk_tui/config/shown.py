"""The settings as they may be shown: in a terminal, in a support bundle."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from kiosk_tui.config.shape import Config
from kiosk_tui.tecs.evidence import HIDDEN, without_user


def masked(config: Config) -> Iterator[tuple[str, object]]:
    """Yield every setting with its value; PINs' hashes, and a password in an address, are hidden."""
    for section, keys in msgspec.to_builtins(config).items():
        for key, value in keys.items():
            path = f"{section}.{key}"
            if path == "kiosk.service_pin_hash" and value:
                yield path, HIDDEN
            elif path == "lane.people":
                yield path, dict.fromkeys(value, HIDDEN)
            elif isinstance(value, str) and "//" in value and "@" in value:
                yield path, without_user(value)
            else:
                yield path, value
