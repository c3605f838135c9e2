"""Finds the configuration, puts the environment over it, and checks it by one set of rules."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from kiosk_tui.config import shape
from kiosk_tui.config.check import check
from kiosk_tui.config.faults import ConfigError, fault
from kiosk_tui.config.shape import Config

PREFIX: Final = "KIOSK_TUI_"
SYSTEM: Final = Path("/etc/kiosk-tui/config.toml")
SECRETS: Final = frozenset({"KIOSK_TUI_AUTH__KEY", "KIOSK_TUI_AUTH__CLIENT_SECRET"})
"""Environment variables that are secrets: `secrets` reads them, they are no settings."""

Values = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The configuration with the place that each value came from; `found` is False for none at all."""

    config: Config
    found: bool
    file: Path | None = None
    sources: dict[str, str] = field(default_factory=dict)


def load(file: Path | None, environment: Mapping[str, str]) -> Loaded:
    """Load and check the configuration. Raises `ConfigError`."""
    loaded = read(file, environment)
    if loaded.found:
        check(loaded.config, loaded.sources)
    return loaded


def load_anyway(file: Path | None, environment: Mapping[str, str]) -> tuple[Loaded, str]:
    """Return what is known of a configuration, and in a sentence why it cannot be used, or nothing.

    For whoever looks for the fault: everything else needs a configuration that was checked.
    """
    try:
        return load(file, environment), ""
    except ConfigError as error:
        fault_found = str(error)
    try:
        return read(file, environment), fault_found
    except ConfigError:
        return Loaded(Config(), found=False, file=find(file, environment)), fault_found


def read(file: Path | None, environment: Mapping[str, str]) -> Loaded:
    """Read the configuration, unchecked. Raises `ConfigError` for what makes no sense at all."""
    path = find(file, environment)
    values = {} if path is None else _read(path)
    sources = {f"{section}.{key}": str(path) for section, keys in values.items() for key in keys}
    sources |= _overlay(values, environment)
    config = _convert(values, sources)
    return Loaded(config, bool(sources) or path is not None, path, sources)


def find(file: Path | None, environment: Mapping[str, str]) -> Path | None:
    """Return the configuration file: the one asked for, else the first that exists."""
    asked = file or (Path(named) if (named := environment.get("KIOSK_TUI_CONFIG")) else None)
    if asked is not None:
        return asked
    return next((one for one in (user_file(), SYSTEM) if one.exists()), None)


def user_file() -> Path:
    """Return where a user's own configuration lies."""
    from platformdirs import user_config_path  # noqa: PLC0415 - not needed with --config

    return user_config_path("kiosk-tui") / "config.toml"


def _read(path: Path) -> Values:
    try:
        found = _toml(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 text: save it as UTF-8.") from error
    except _NoTomlError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from error
    for section, keys in found.items():
        if not isinstance(keys, dict):
            raise ConfigError(
                f"{section} in {path} stands outside a section: put it under one, such as [kiosk]."
            )
    return found


def _overlay(values: Values, environment: Mapping[str, str]) -> dict[str, str]:
    """Put `KIOSK_TUI_<SECTION>__<KEY>` over the file's values; return where they came from."""
    sources = {}
    for name in sorted(environment):
        match = re.fullmatch(rf"{PREFIX}([A-Z]+)__([A-Z_]+)", name)
        if match is None or name in SECRETS:
            continue
        if not _is_text(environment[name]):
            raise ConfigError(f"${name} is not UTF-8 text: set it anew.")
        section, key = match[1].lower(), match[2].lower()
        values.setdefault(section, {})[key] = _parse(environment[name])
        sources[f"{section}.{key}"] = f"${name}"
    return sources


def _is_text(value: str) -> bool:
    """Say whether a variable was text: Python keeps stray bytes as half characters."""
    return value == value.encode("utf-8", "ignore").decode("utf-8")


def _parse(text: str) -> Any:
    """Read a list as TOML writes it; everything else is text that the setting's type converts."""
    if text.startswith(("[", "{")):
        try:
            return _toml(f"value = {text}")["value"]
        except _NoTomlError:
            return text
    return text


class _NoTomlError(Exception):
    """Text that is no TOML."""


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise _NoTomlError("it is nested too deeply") from None
    except ValueError as error:  # also for a number with thousands of digits
        raise _NoTomlError(str(error)) from error


def _convert(values: Values, sources: Mapping[str, str]) -> Config:
    try:
        return msgspec.convert(values, Config, strict=False)
    except msgspec.ValidationError as error:
        raise _fault(str(error), sources) from None


def _fault(text: str, sources: Mapping[str, str]) -> ConfigError:
    """Turn msgspec's report into a sentence that names the key and an example."""
    text, _, where = text.partition(" - at `$")
    path = ".".join(where.rstrip("`").strip(".").split(".")[:2])
    path = re.sub(r"\[.*", "", path)
    unknown = re.match(r"Object contains unknown field `(.*)`", text)
    if unknown is not None:
        return _unknown(path, unknown[1], sources)
    return fault(path, f"{text[:1].lower()}{text[1:].replace('`', '')}", sources)


def _unknown(section: str, name: str, sources: Mapping[str, str]) -> ConfigError:
    key = f"{section}.{name}" if section else name
    where = f" in {sources[key]}" if key in sources else ""
    known = _names(section)
    close = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}."
    return ConfigError(f"{key}{where} is not a setting: {hint}")


def _names(section: str) -> list[str]:
    owner = getattr(shape.Config(), section, None) if section else shape.Config()
    return [one.name for one in msgspec.structs.fields(owner or shape.Config())]


def environment() -> Mapping[str, str]:
    """Return the process's environment."""
    return os.environ
