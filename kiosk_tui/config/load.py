"""Finds the configuration, puts the environment over it, and checks it by its models and rules."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.given import GivenSettings, from_environment, from_file, rename, strangers
from kiosk_tui.config.models import Config, fields, sections
from kiosk_tui.config.models.section import PATH, Origin
from kiosk_tui.config.paths import PathError, base, whole
from kiosk_tui.config.rules import broken
from kiosk_tui.config.words import fault, unknown, wrong

SYSTEM: Final = Path("/etc/kiosk-tui/config.toml")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The configuration with the place that each value came from; `found` is False for none at all.

    `by_caller` are the settings whose path begins in the home of whoever calls. `renamed` says in a
    sentence of each setting that stands under an old name what it is called now.
    """

    config: Config
    found: bool
    file: Path | None = None
    sources: dict[str, str] = field(default_factory=dict)
    by_caller: frozenset[str] = frozenset()
    renamed: tuple[str, ...] = ()


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

    What cannot be read has its default in what is returned.
    """
    path, faults = None, list[ConfigError]()
    try:
        path = find(file, environment)
        in_file = {} if path is None else from_file(path, faults)
    except ConfigError as error:
        return Loaded(Config(), found=False, file=path), [error]
    over_it = from_environment(environment, faults)
    renamed = (*rename(in_file, faults), *rename(over_it, faults))
    given = in_file | over_it
    places = {key: one.place for key, one in given.items()}
    homes = _by_caller(given)
    faults += strangers(given)
    config, unread = validated(given, Origin(_folder(path), environment), faults)
    found = bool(places) or path is not None
    if found:
        for key, what in dict.fromkeys(broken(config, unread)):
            missing = {} if path is None else {key: str(path)}
            faults.append(fault(key, what, missing | places))
    return Loaded(config, found, path, places, homes, renamed), faults


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


def validated(
    given: GivenSettings, origin: Origin, faults: list[ConfigError]
) -> tuple[Config, set[str]]:
    """Return the configuration, and the settings that cannot be read; `faults` gets each of them."""
    unread: set[str] = set()
    while True:
        values: dict[str, dict[str, Any]] = {name: {} for name, _ in sections()}
        for key in given.keys() - unread:
            section, _, name = key.partition(".")
            values[section][name] = given[key].value
        try:
            return Config.model_validate(values, context=origin), unread
        except ValidationError as error:
            faults += _faults(error, given)
            unread |= {_key(one["loc"]) for one in error.errors(include_url=False)}


def _faults(error: ValidationError, given: GivenSettings) -> Sequence[ConfigError]:
    """Return a fault for each value that cannot be read, in the order of the settings."""
    places = {key: one.place for key, one in given.items()}
    told: dict[tuple[str, int], ConfigError] = {}
    for one in error.errors(include_url=False):
        key = _key(one["loc"])
        number = next((part for part in one["loc"][2:] if isinstance(part, int)), -1)
        if (key, number) in told:
            continue  # of a value that may be a text or a number each is told
        if one["type"] == "extra_forbidden":
            known = dict(sections())[key.partition(".")[0]].model_fields
            told[key, number] = unknown(key, places[key], known)
        else:
            told[key, number] = fault(key, wrong(one, key), places)
    return list(told.values())


def _key(where: tuple[int | str, ...]) -> str:
    return ".".join(map(str, where[:2]))


def _folder(path: Path | None) -> Path | None:
    """Return the folder that the file itself lies in, whatever link leads to it; a pipe has none."""
    whole_path = None if path is None else Path(os.path.realpath(path))
    return whole_path.parent if whole_path is not None and whole_path.is_file() else None


def _by_caller(given: GivenSettings) -> frozenset[str]:
    """Return the settings that mean another path for each who calls."""
    named = {key for key, one in fields() if PATH in one.metadata}
    return frozenset(
        key
        for key in named & given.keys()
        if given[key].value == "~" or str(given[key].value).startswith("~/")
    )


def environment() -> Mapping[str, str]:
    """Return the process's environment."""
    return os.environ
