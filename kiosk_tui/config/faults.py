"""How a fault in the configuration is told."""

from __future__ import annotations

from collections.abc import Mapping


class ConfigError(ValueError):
    """A configuration that cannot be used; its text is one sentence (exit code 78)."""


def fault(key: str, what: str, sources: Mapping[str, str]) -> ConfigError:
    """Name the key, where its value came from, what is wrong, and an example."""
    from kiosk_tui.config.shape import EXAMPLES  # noqa: PLC0415 - only when there is a fault to tell

    where = f" (from {sources[key]})" if key in sources else ""
    name = key.rpartition(".")[2]
    example = EXAMPLES.get(key)
    shown = f" Example: {name} = {example}" if example else ""
    return ConfigError(f"{key}{where}: {what}.{shown}")
