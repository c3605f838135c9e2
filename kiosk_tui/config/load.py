"""Finds the configuration, puts the environment over it, and checks it by one set of rules."""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from kiosk_tui.config import shape
from kiosk_tui.config.check import faults_of
from kiosk_tui.config.faults import ConfigError, fault
from kiosk_tui.config.lines import lines
from kiosk_tui.config.paths import PathError, base, by_caller, resolved, whole
from kiosk_tui.config.shape import Config
from kiosk_tui.files.reading import bad_line, decoded, read

PREFIX: Final = "KIOSK_TUI_"
SYSTEM: Final = Path("/etc/kiosk-tui/config.toml")
SECRETS: Final = frozenset({"KIOSK_TUI_AUTH__KEY", "KIOSK_TUI_AUTH__CLIENT_SECRET"})
"""Environment variables that are secrets: `secrets` reads them, they are no settings."""

Values = dict[str, dict[str, Any]]


LONGEST: Final = 1024 * 1024
"""Bytes of a configuration file."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The configuration with the place that each value came from; `found` is False for none at all.

    `by_caller` are the settings whose path begins in the home of whoever calls.
    """

    config: Config
    found: bool
    file: Path | None = None
    sources: dict[str, str] = field(default_factory=dict)
    by_caller: frozenset[str] = frozenset()


def load(file: Path | None, environment: Mapping[str, str]) -> Loaded:
    """Load and check the configuration. Raises `ConfigError` for the first fault, with their number."""
    loaded, faults = examine(file, environment)
    if faults:
        more = len(faults) - 1
        told = f" ({more} more: `kiosk-tui config check` tells them.)" if more else ""
        raise ConfigError(f"{faults[0]}{told}")
    return loaded


def load_anyway(file: Path | None, environment: Mapping[str, str]) -> tuple[Loaded, str]:
    """Return what is known of a configuration, and in a sentence why it cannot be used, or nothing.

    For whoever looks for the fault: everything else needs a configuration that was checked.
    """
    loaded, faults = examine(file, environment)
    return loaded, " ".join(map(str, faults[:1]))


def examine(
    file: Path | None, environment: Mapping[str, str]
) -> tuple[Loaded, Sequence[ConfigError]]:
    """Return what can be read of a configuration, and everything that is wrong with it.

    What cannot be used has its default in what is returned.
    """
    try:
        path = find(file, environment)
    except ConfigError as error:
        return Loaded(Config(), found=False), [error]
    try:
        text = "" if path is None else _text(path)
        values = {} if path is None else _parsed(text, path)
    except ConfigError as error:
        return Loaded(Config(), found=False, file=path), [error]
    faults = _outside(values, path)
    sources = {f"{section}.{key}": str(path) for section, keys in values.items() for key in keys}
    numbers = lines(text)
    places = {key: _at(path, numbers.get(key)) for key in sources}
    overlay = _overlay(values, environment, faults)
    sources |= overlay
    places |= overlay
    config, wrong = _converted(values, places, faults)
    homes = by_caller(config)
    config, unclear = resolved(config, _folder(path), environment)
    found = bool(sources) or path is not None
    if found:
        said = wrong | {key for key, _ in unclear}
        told = [*unclear, *((key, what) for key, what in faults_of(config) if key not in said)]
        if path is not None:
            places = {key: str(path) for key, _ in told} | places
        faults += [fault(key, what, places) for key, what in dict.fromkeys(told)]
    return Loaded(config, found, path, sources, homes), faults


def find(file: Path | None, environment: Mapping[str, str]) -> Path | None:
    """Return the configuration file's whole path: the one asked for, else the first that exists.

    Raises `ConfigError` where a user's own cannot be looked for.
    """
    asked = str(file or environment.get("KIOSK_TUI_CONFIG", ""))
    if asked:
        try:
            return Path(whole(asked, Path.cwd(), environment))
        except (PathError, OSError) as error:
            raise ConfigError(f"The configuration file {error}.") from None
    with contextlib.suppress(ConfigError):  # a user without a home has no configuration there
        if user_file(environment).exists():
            return user_file(environment)
    return SYSTEM if SYSTEM.exists() else None


def user_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where a user's own configuration lies. Raises `ConfigError`."""
    return base(environment, "XDG_CONFIG_HOME", ".config") / "kiosk-tui" / "config.toml"


def _text(path: Path) -> str:
    try:
        return decoded(read(path, LONGEST))
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{path} is not UTF-8 text (line {bad_line(error)}): save it as UTF-8."
        ) from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error


def _parsed(text: str, path: Path) -> Values:
    try:
        return _toml(text)
    except _NoTomlError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from error


def _folder(path: Path | None) -> Path | None:
    """Return the folder that the file itself lies in, whatever link leads to it; a pipe has none."""
    whole_path = None if path is None else Path(os.path.realpath(path))
    return whole_path.parent if whole_path is not None and whole_path.is_file() else None


def _at(path: Path | None, number: int | None) -> str:
    return f"{path}, line {number}" if number else str(path)


def _outside(values: dict[str, Any], path: Path | None) -> list[ConfigError]:
    """Take out what stands outside of every section, and tell it."""
    found = [name for name, keys in values.items() if not isinstance(keys, dict)]
    for name in found:
        del values[name]
    return [
        ConfigError(f"{one} in {path} stands outside a section: put it under one, such as [kiosk].")
        for one in found
    ]


def _overlay(
    values: Values, environment: Mapping[str, str], faults: list[ConfigError]
) -> dict[str, str]:
    """Put `KIOSK_TUI_<SECTION>__<KEY>` over the file's values; return where they came from."""
    sources = {}
    for name in sorted(environment):
        match = re.fullmatch(rf"{PREFIX}([A-Z]+)__([A-Z_]+)", name)
        if match is None or name in SECRETS:
            continue
        if not _is_text(environment[name]):
            faults.append(ConfigError(f"${name} is not UTF-8 text: set it anew."))
            continue
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


def _converted(
    values: Values, sources: Mapping[str, str], faults: list[ConfigError]
) -> tuple[Config, set[str]]:
    """Return the configuration, and the keys whose value is of no use; `faults` gets each of them."""
    try:
        return msgspec.convert(values, Config, strict=False), set()
    except msgspec.ValidationError:
        pass
    wrong: set[str] = set()
    good: Values = {}
    for section, keys in values.items():
        if not hasattr(Config(), section):
            faults.append(_unknown("", section, sources))
            continue
        for key, value in keys.items():
            try:
                msgspec.convert({section: {key: value}}, Config, strict=False)
            except msgspec.ValidationError as error:
                faults.append(_fault(str(error), sources))
                wrong.add(f"{section}.{key}")
            else:
                good.setdefault(section, {})[key] = value
    return msgspec.convert(good, Config, strict=False), wrong


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
