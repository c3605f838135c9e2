"""Secrets: found, never kept among the settings, never shown.

Order: `$CREDENTIALS_DIRECTORY/<name>` (systemd), the configured file (refused when others may read
it), then the environment.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.files.reading import decoded, read
from kiosk_tui.records import dataclass
from kiosk_tui.tecs.auth import Secret

LONGEST = 4096
"""Characters of a key."""
LONGEST_FILE = 4 * LONGEST
"""Bytes: also of one that an editor has saved as UTF-16."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where one secret may be: a systemd credential, a file setting, an environment variable."""

    credential: str
    setting: str
    variable: str


KEY = Source("authkey", "auth.key_file", "KIOSK_TUI_AUTH__KEY")
CLIENT_SECRET = Source("client_secret", "auth.client_secret_file", "KIOSK_TUI_AUTH__CLIENT_SECRET")
SECOND_OPINION = Source(
    "second_opinion", "second_opinion.password_file", "KIOSK_TUI_SECOND_OPINION__PASSWORD"
)


def api_token(name: str) -> Source:
    """Return where the token of a program lies; never in the environment."""
    return Source(f"api_token.{name}", "api.tokens.token_file", "")


def find(source: Source, file: str, environment: Mapping[str, str]) -> tuple[Secret, str]:
    """Return a secret and where it came from. Raises `ConfigError`."""
    folder = environment.get("CREDENTIALS_DIRECTORY")
    credential = Path(folder) / source.credential if folder else None
    if credential is not None and os.path.lexists(credential):
        return _usable(_read(credential, source), str(credential)), str(credential)
    if file:
        path = Path(file)
        text = _read(path, source)
        check_private(path, source.setting)
        return _usable(text, f"{source.setting} = {file}"), file
    text = environment.get(source.variable, "")
    if text:
        return _usable(text, f"${source.variable}"), f"${source.variable}"
    raise ConfigError(
        f"{source.setting}: no key was found. For a service, put it into"
        f" /etc/credstore/kiosk-tui.{source.credential} (root's, mode 600); else into a file that only"
        f" this user can read, and name that: {source.setting.rpartition('.')[2]} ="
        f' "/etc/kiosk-tui/{source.credential}"'
    )


def every(source: Source, file: str, environment: Mapping[str, str]) -> Iterator[str]:
    """Yield whatever may be that secret, also where it may not be used: so that none is shown."""
    folder = environment.get("CREDENTIALS_DIRECTORY")
    for path in (f"{folder}/{source.credential}" if folder else "", file):
        with contextlib.suppress(OSError, ValueError):
            if path:
                yield _any_text(read(Path(path), LONGEST_FILE))[:LONGEST].strip()


def _read(path: Path, source: Source) -> str:
    try:
        return decoded(read(path, LONGEST_FILE))
    except OSError as error:
        raise ConfigError(f"{source.setting}: {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise ConfigError(f"{source.setting}: {path} is not text.") from None


def _any_text(content: bytes) -> str:
    try:
        return decoded(content)
    except UnicodeDecodeError:
        return content.decode("utf-8", "replace")


def check_private(path: Path, setting: str) -> None:
    """Raise `ConfigError` where others may read a secret file, or where it is not there."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        raise ConfigError(f"{setting}: {path} cannot be read: {error.strerror}.") from error
    if mode & 0o077:
        raise ConfigError(
            f"{setting}: {path} can be read by others (mode {mode:o}): run chmod 600 {path}"
        )


def _usable(text: str, where: str) -> Secret:
    text = text.strip()
    if not text:
        raise ConfigError(f"The key in {where} is empty: put the key there.")
    if len(text) > LONGEST or not text.isascii() or not text.isprintable():
        raise ConfigError(f"The key in {where} is not one line of plain characters.")
    return Secret(text)
