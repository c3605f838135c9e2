"""Paths as people write them become whole paths: one rule, for every setting that names a file or folder.

`~` is the caller's home and `~anna` is Anna's. A relative path begins in the configuration file's folder,
never in the folder that somebody happens to call from: there is one journal, whoever calls. Variables are
never expanded: who reads the file cannot know what they were where it is used.
"""

from __future__ import annotations

import os
import pwd
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kiosk_tui.config.faults import ConfigError

_VARIABLE: Final = re.compile(r"\$[A-Za-z_{(]|%[A-Za-z](?=/|$)|\A%[A-Za-z_]+%")
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|[A-Za-z]:[\\/]")


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


def state_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder for what must survive: systemd's, or the user's. Raises `ConfigError`."""
    given = environment.get("STATE_DIRECTORY", "").split(":")[0]
    if given.startswith("/"):
        return Path(given)
    return base(environment, "XDG_STATE_HOME", ".local/state") / "kiosk-tui"


def journal_file(named: str, environment: Mapping[str, str]) -> Path:
    """Return where the journal lies: where `journal.path` says, else there. Raises `ConfigError`."""
    return Path(named) if named else state_folder(environment) / "journal.db"


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
