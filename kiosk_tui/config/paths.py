"""Paths as people write them become whole paths: one rule, for every setting that names a file or folder.

`~` is the caller's home and `~anna` is Anna's. A relative path begins in the configuration file's folder,
never in the folder that somebody happens to call from: there is one journal, whoever calls. Variables are
never expanded: who reads the file cannot know what they were where it is used.
"""

from __future__ import annotations

import os
import pwd
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.shape import Config, FilePath

Fault = tuple[str, str]

_ELSEWHERE: Final = frozenset({"journal.anchor", "metrics.file"})
"""What lies on another file system, or in another program's folder, is named whole."""

_VARIABLE: Final = re.compile(r"\$[A-Za-z_{(]|%[A-Za-z](?=/|$)|\A%[A-Za-z_]+%")
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|[A-Za-z]:[\\/]")
_PRINTER: Final = re.compile(r"(?P<scheme>file|text):(?://(?=[/~])|(?!//))(?P<path>.+)")


class PathError(ValueError):
    """A path that cannot be used; the text goes behind the setting's name."""


def home(environment: Mapping[str, str]) -> Path:
    """Return the caller's home: `$HOME`, where it is a whole path, else the one in passwd.

    Raises `ConfigError` where there is neither.
    """
    named = environment.get("HOME", "")
    if named.startswith("/"):
        return Path(named)
    try:
        found = pwd.getpwuid(os.geteuid()).pw_dir
    except KeyError:
        found = ""
    if found.startswith("/"):
        return Path(found)
    raise ConfigError(
        f"User {os.geteuid()} has no home on this machine (no passwd entry, and HOME is"
        f" {named or 'not set'}), so nobody knows where to keep the journal: name its place with"
        " journal.path in a file that --config names, or a whole path of that user's in HOME or"
        " STATE_DIRECTORY."
    )


def base(environment: Mapping[str, str], variable: str, usual: str) -> Path:
    """Return a folder of the XDG base directories: a relative one in the environment is no one's.

    Source: XDG Base Directory Specification, "all paths set in these environment variables must be
    absolute". Raises `ConfigError`.
    """
    named = environment.get(variable, "")
    return Path(named) if named.startswith("/") else home(environment) / usual


def whole(text: str, folder: Path | None, environment: Mapping[str, str]) -> str:
    """Return the whole path that a text means. Raises `PathError`."""
    if not text:
        return ""
    if "\0" in text:
        raise PathError("no file's name holds the character 0")
    if text != text.strip() or not text.isprintable():
        raise PathError(f"'{text}' begins or ends with a blank, or holds what cannot be seen")
    if _VARIABLE.search(text):
        raise PathError(
            f"'{text}' holds a variable, and none is expanded here: write the whole path, or ~/ for"
            " the home of whoever calls"
        )
    if _ADDRESS.match(text):
        raise PathError(f"'{text}' is an address, and no path of this machine")
    if text.startswith("~"):
        return _of_home(text, environment)
    if text.startswith("/"):
        return text
    if folder is None:
        raise PathError(
            f"'{text}' is no whole path, and nothing is known that it could begin in: write one from / on"
        )
    return str(folder / text)


def _of_home(text: str, environment: Mapping[str, str]) -> str:
    name, slash, rest = text[1:].partition("/")
    if name:
        try:
            found = pwd.getpwnam(name).pw_dir
        except (KeyError, ValueError):
            raise PathError(f"'{text}': there is no user {name} on this machine") from None
    else:
        try:
            found = str(home(environment))
        except ConfigError:
            raise PathError(f"'{text}': user {os.geteuid()} has no home on this machine") from None
    return os.path.join(found, rest) if slash else found  # noqa: PTH118 - a text stays a text


def resolved(
    config: Config, folder: Path | None, environment: Mapping[str, str]
) -> tuple[Config, list[Fault]]:
    """Return the configuration with every path whole, and what is wrong with the others."""
    faults: list[Fault] = []

    def take(key: str, text: str) -> str:
        try:
            return whole(text, None if key in _ELSEWHERE else folder, environment)
        except PathError as error:
            faults.append((key, str(error)))
            return ""

    changed: dict[str, dict[str, object]] = {}
    for section, name, text in _named(config):
        changed.setdefault(section, {})[name] = take(f"{section}.{name}", text)
    if config.kiosk.theme.endswith(".toml"):
        changed.setdefault("kiosk", {})["theme"] = take("kiosk.theme", config.kiosk.theme)
    if config.alert.command and "/" in config.alert.command[0]:
        command, *arguments = config.alert.command
        changed.setdefault("alert", {})["command"] = [take("alert.command", command), *arguments]
    if printer := _PRINTER.fullmatch(config.receipt.printer):
        path = take("receipt.printer", printer["path"])
        changed.setdefault("receipt", {})["printer"] = path and f"{printer['scheme']}://{path}"
    sections = {
        name: msgspec.structs.replace(getattr(config, name), **values)
        for name, values in changed.items()
    }
    return msgspec.structs.replace(config, **sections), faults


def _named(config: Config) -> Iterator[tuple[str, str, str]]:
    """Yield every setting that names a file or folder, and has a value."""
    for section in msgspec.structs.fields(Config):
        values = getattr(config, section.name)
        for one in msgspec.structs.fields(type(values)):
            if one.type == FilePath and (text := getattr(values, one.name)):
                yield section.name, one.name, text


def by_caller(config: Config) -> frozenset[str]:
    """Return the settings, not made whole yet, that mean another path for each who calls."""
    return frozenset(
        f"{section}.{name}"
        for section, name, text in _named(config)
        if text == "~" or text.startswith("~/")
    )
