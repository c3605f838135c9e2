"""The text of a new configuration file: what is set, and the rest as comments, a sentence for each."""

from __future__ import annotations

import textwrap
from typing import Final

from kiosk_tui.config.models import Config, sections
from kiosk_tui.config.settings import settings
from kiosk_tui.config.toml import toml

_HEAD: Final = """# kiosk-tui configuration. A setting behind # has its default.
# `kiosk-tui config show` tells what is used and where it came from, `kiosk-tui config schema` tells
# editors what may stand here.
"""
_WIDTH: Final = 100


def template(config: Config) -> str:
    """Return the file's text: settings that differ from the default are set."""
    values, usual = config.model_dump(mode="json"), Config().model_dump(mode="json")
    parts = [_HEAD]
    for section, model in sections():
        parts.append(f"\n[{section}]\n")
        for name in model.model_fields:
            setting, value = settings()[f"{section}.{name}"], values[section][name]
            told = textwrap.wrap(
                setting.sentence, _WIDTH, initial_indent="# ", subsequent_indent="# "
            )
            mark = "# " if value == usual[section][name] else ""
            parts.append("\n".join([*told, f"{mark}{name} = {toml(value)}\n\n"]))
        parts[-1] = parts[-1].rstrip("\n") + "\n"
    return "".join(parts)
