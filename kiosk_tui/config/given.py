"""What a file and the environment give: each setting's value as it stands there, and its place.

A setting that has another name now is taken under its old one, too, until a later release.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.lines import lines
from kiosk_tui.config.models import FORMER, Config
from kiosk_tui.config.words import unknown
from kiosk_tui.files.reading import bad_line, decoded, read
from kiosk_tui.records import dataclass

PREFIX: Final = "KIOSK_TUI_"
SECRETS: Final = frozenset(
    {
        "KIOSK_TUI_AUTH__KEY",
        "KIOSK_TUI_AUTH__CLIENT_SECRET",
        "KIOSK_TUI_SECOND_OPINION__PASSWORD",
    }
)
"""Environment variables that are secrets: `secrets` reads them, they are no settings."""
LONGEST: Final = 1024 * 1024
"""Bytes of a configuration file."""


@dataclass(frozen=True, slots=True)
class Given:
    """A value, and where it stands: in which line of a file, or in which variable."""

    value: Any
    place: str


GivenSettings = dict[str, Given]
"""By `section.key`."""


def from_file(path: Path, faults: list[ConfigError]) -> GivenSettings:
    """Return what a file gives; `faults` gets what stands nowhere. Raises `ConfigError`."""
    text = _text(path)
    try:
        values = _toml(text)
    except _NoTomlError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from error
    numbers, given = lines(text), {}
    for section, keys in values.items():
        if not isinstance(keys, dict):
            what = f"{section} in {path} stands outside a section"
            faults.append(ConfigError(f"{what}: put it under one, such as [kiosk]."))
            continue
        if not keys and section not in Config.model_fields:
            faults.append(unknown(section, str(path), Config.model_fields))
        for name, value in keys.items():
            key = f"{section}.{name}"
            place = f"{path}, line {numbers[key]}" if key in numbers else str(path)
            given[key] = Given(value, place)
    return given


def from_environment(environment: Mapping[str, str], faults: list[ConfigError]) -> GivenSettings:
    """Return what `KIOSK_TUI_<SECTION>__<KEY>` gives."""
    given = {}
    for name in sorted(one for one in environment if one.startswith(PREFIX)):
        match = re.fullmatch(rf"{PREFIX}([A-Z]+)__([A-Z_]+)", name)
        if match is None or name in SECRETS:
            continue
        if not _is_text(environment[name]):
            faults.append(ConfigError(f"${name} is not UTF-8 text: set it anew."))
            continue
        key = f"{match[1].lower()}.{match[2].lower()}"
        given[key] = Given(_value(environment[name]), f"${name}")
    return given


def rename(given: GivenSettings, faults: list[ConfigError]) -> Iterator[str]:
    """Put what has an old name under its new one; yield a sentence for each."""
    for old, new in FORMER.items():
        if old not in given:
            continue
        former = given.pop(old)
        if new in given and given[new].value != former.value:
            faults.append(
                ConfigError(
                    f"{new} (from {given[new].place}) and {old} (from {former.place}) are one setting"
                    f" with two values: keep {new}, and take {old} out."
                )
            )
        given.setdefault(new, replace(former, place=f"{former.place}, as {old}"))
        yield (
            f"{old} (from {former.place}) is called {new} now: rename it, because a later release"
            " does not read the old name."
        )


def strangers(given: GivenSettings) -> Iterator[ConfigError]:
    """Take out what stands in a section that does not exist; yield a fault for each section."""
    told = set()
    for key, one in list(given.items()):
        section = key.partition(".")[0]
        if section not in Config.model_fields:
            del given[key]
            if section not in told:
                yield unknown(section, one.place, Config.model_fields)
            told.add(section)


def _text(path: Path) -> str:
    try:
        return decoded(read(path, LONGEST))
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{path} is not UTF-8 text (line {bad_line(error)}): save it as UTF-8."
        ) from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error


def _is_text(value: str) -> bool:
    """Say whether a variable was text: Python keeps stray bytes as half characters."""
    return value == value.encode("utf-8", "ignore").decode("utf-8")


def _value(text: str) -> Any:
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
