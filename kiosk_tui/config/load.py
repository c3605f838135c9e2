"""Finds the configuration, puts the environment over it, and checks it by its models and rules."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Final

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.given import GivenSettings, from_environment, from_file, rename, strangers
from kiosk_tui.config.models import Config, fields
from kiosk_tui.config.models.section import PATH, Origin
from kiosk_tui.config.office import given_by_office, raised, refusals
from kiosk_tui.config.overlay import Overlay, overlay_file, read
from kiosk_tui.config.paths import PathError, base, journal_file, whole
from kiosk_tui.config.rules import broken
from kiosk_tui.config.validation import validated
from kiosk_tui.config.words import fault
from kiosk_tui.records import dataclass

_PATHS: Final = {key for key, one in fields() if PATH in one.metadata}
SYSTEM: Final = Path("/etc/kiosk-tui/config.toml")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The configuration with the place that each value came from; `found` is False for none at all.

    `by_caller` are the settings whose path begins in the home of whoever calls. `renamed` says in a
    sentence of each setting that stands under an old name what it is called now. `overlay` is what head
    office has configured, and `refused` says in a sentence why that is not used.
    """

    config: Config
    found: bool
    file: Path | None = None
    sources: dict[str, str] = field(default_factory=dict)
    by_caller: frozenset[str] = frozenset()
    renamed: tuple[str, ...] = ()
    overlay: Overlay | None = None
    refused: str = ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What somebody should know of it, a sentence each."""
        return (*self.renamed, self.refused) if self.refused else self.renamed


def load(
    file: Path | None, environment: Mapping[str, str], overlay: Overlay | None = None
) -> Loaded:
    """Load and check the configuration. Raises `ConfigError` for the first fault, with their number.

    With an `overlay` that is looked at, instead of what lies on the disk as head office's.
    """
    loaded, faults = examine(file, environment, overlay)
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
    file: Path | None, environment: Mapping[str, str], overlay: Overlay | None = None
) -> tuple[Loaded, Sequence[ConfigError]]:
    """Return what can be read of a configuration, and everything that is wrong with it.

    What cannot be read has its default in what is returned. Head office's part is used where it is right
    in itself and with the rest, as a whole or not at all; nothing that is wrong with it is a fault.
    """
    path, faults = None, list[ConfigError]()
    try:
        path = find(file, environment)
        in_file = {} if path is None else from_file(path, faults)
    except ConfigError as error:
        return Loaded(Config.model_construct(), found=False, file=path), [error]
    over_it = from_environment(environment, faults)
    renamed = (*rename(in_file, faults), *rename(over_it, faults))
    given = in_file | over_it
    homes = _by_caller(given)
    faults += strangers(given)
    origin = Origin(_folder(path), environment)
    loaded, found = _checked(given, origin, path)
    loaded = replace(loaded, by_caller=homes, renamed=renamed)
    faults += found
    if loaded.found and not faults:
        loaded = _with_office(loaded, in_file, over_it, origin, overlay)
    return loaded, faults


def _checked(
    given: GivenSettings, origin: Origin, path: Path | None
) -> tuple[Loaded, list[ConfigError]]:
    places = {key: one.place for key, one in given.items()}
    faults = list[ConfigError]()
    config, unread = validated(given, origin, faults)
    found = bool(places) or path is not None
    if found:
        for key, what in dict.fromkeys(broken(config, unread)):
            missing = {} if path is None else {key: str(path)}
            faults.append(fault(key, what, missing | places))
    return Loaded(config, found, path, places), faults


def _with_office(
    own: Loaded,
    in_file: GivenSettings,
    over_it: GivenSettings,
    origin: Origin,
    overlay: Overlay | None,
) -> Loaded:
    """Return the configuration with head office's part, or with why that is not used."""
    try:
        journal = journal_file(own.config.journal.path, origin.environment)
        office = overlay or read(overlay_file(journal))
    except ConfigError as error:
        return _refused(own, str(error))
    if office is None:
        return own
    for sentence in refusals(office.settings):
        return _refused(own, sentence)
    given = in_file | given_by_office(office.settings) | over_it
    loaded, faults = _checked(given, origin, own.file)
    for sentence in (*map(str, faults), *raised(loaded.config, own.config)):
        return _refused(own, sentence)
    return replace(loaded, by_caller=own.by_caller, renamed=own.renamed, overlay=office)


def _refused(own: Loaded, why: str) -> Loaded:
    return replace(own, refused=f"What head office has configured is not used: {why}")


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


def _folder(path: Path | None) -> Path | None:
    """Return the folder that the file itself lies in, whatever link leads to it; a pipe has none."""
    whole_path = None if path is None else Path(os.path.realpath(path))
    return whole_path.parent if whole_path is not None and whole_path.is_file() else None


def _by_caller(given: GivenSettings) -> frozenset[str]:
    """Return the settings that mean another path for each who calls."""
    return frozenset(
        key
        for key in _PATHS & given.keys()
        if given[key].value == "~" or str(given[key].value).startswith("~/")
    )


def environment() -> Mapping[str, str]:
    """Return the process's environment."""
    return os.environ
