"""The text of a new configuration file: what is set, and the rest as comments."""

from __future__ import annotations

import json

import msgspec

from kiosk_tui.config.shape import Config

_HEAD = """# kiosk-tui configuration. A line that begins with # shows a setting's default.
# `kiosk-tui config show` tells what is used and where it came from.
"""


def template(config: Config) -> str:
    """Return the file's text: settings that differ from the default are set."""
    usual = msgspec.to_builtins(Config())
    parts = [_HEAD]
    for section, keys in msgspec.to_builtins(config).items():
        parts.append(f"\n[{section}]\n")
        for key, value in keys.items():
            mark = "# " if value == usual[section][key] else ""
            if not isinstance(value, dict):
                parts.append(f"{mark}{key} = {_toml(value)}\n")
    return "".join(parts)


def _toml(value: object) -> str:
    # what JSON writes is TOML, but for this one character, which TOML wants escaped
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
