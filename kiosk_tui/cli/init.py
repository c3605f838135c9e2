"""`kiosk-tui config init` at a terminal: asks, shows, writes, and ends with a look at the whole chain.

Nothing that exists is overwritten unless somebody says so, and then the old one is kept beside it. The
key goes into a file of its own that only its owner can read.
"""

from __future__ import annotations

import argparse
import grp
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from kiosk_tui.cli import doctor, output
from kiosk_tui.cli.asking import ask
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.interview import Progress, ask_pin, ask_secret, interview, secrets_of, yes
from kiosk_tui.cli.parser import parser
from kiosk_tui.config import secrets
from kiosk_tui.config.answers import Answers
from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.load import SYSTEM, user_file
from kiosk_tui.config.paths import PathError, whole
from kiosk_tui.config.rules import check
from kiosk_tui.config.template import template

_UNITS: Final = (Path("/usr/lib/systemd/system"), Path("/etc/systemd/system"))
_CREDENTIALS: Final = Path("/etc/credstore")
_GROUP: Final = "kiosk-tui"
_SOURCES: Final[Mapping[str, secrets.Source]] = {
    one.setting: one for one in (secrets.KEY, secrets.CLIENT_SECRET)
}


def run(arguments: argparse.Namespace) -> int:
    """Lead a technician through the questions; return the exit code."""
    try:
        return _run(arguments)
    except (EOFError, KeyboardInterrupt):
        output.say("")
        raise CommandError(Exit.INTERRUPTED, "Nothing was written.") from None


def _run(arguments: argparse.Namespace) -> int:
    usual = SYSTEM if os.geteuid() == 0 else user_file()
    path: Path = arguments.output or arguments.config or usual
    output.say(f"This writes the configuration {path}.")
    answers, given = Answers(), _given(arguments)
    for key, value in given.items():
        wrong = answers.give(key, value)
        if wrong:
            raise CommandError(Exit.USAGE, f"{key}: {wrong}")
    progress = Progress(answers, given)
    interview(progress)
    keys = _ask_secrets(progress, path)
    progress.tell(progress.questions + len(secrets_of(answers.config)) + 1)
    answers.give("kiosk.service_pin_hash", ask_pin(answers.config))
    check(answers.config, {})
    text = template(answers.config)
    output.say("")
    for line in _set(text):
        output.say(line)
    output.say("(every other setting stands in the file as a comment, with its default)")
    output.say("")
    if not _may_write(path):
        raise CommandError(Exit.INTERRUPTED, "Nothing was written.")
    for file, secret in keys.items():
        _put(file, secret)
    _write(path, text)
    output.say(f"{path} is written.")
    return _look(path, "" if path == usual else f" --config {path}")


def _given(arguments: argparse.Namespace) -> Mapping[str, str]:
    options = {
        "terminal.url": arguments.url,
        "terminal.number": arguments.terminal,
        "terminal.place": arguments.place,
        "terminal.currency": arguments.currency,
        "auth.key_file": arguments.key_file,
    }
    return {key: value for key, value in options.items() if value is not None}


# -- keys -----------------------------------------------------------------------------------------


def _ask_secrets(progress: Progress, path: Path) -> dict[Path, str]:
    """Return the secrets that were typed, by the file that each goes into."""
    typed = {}
    answers, given = progress.answers, progress.given
    for number, (key, what) in enumerate(secrets_of(answers.config).items(), 1):
        progress.tell(progress.questions + number)
        secret = ask_secret(what)
        source = _SOURCES[key]
        named = given.get(key) or _ask_file(f"File for it ({what})", source, path)
        if wrong := answers.give(key, named):
            raise CommandError(Exit.USAGE, f"{key}: {wrong}")
        file = Path(_where(named, path))
        if _goes_there(secret, file, source):
            typed[file] = secret
    return typed


def _goes_there(secret: str, file: Path, source: secrets.Source) -> bool:
    """Say whether a secret is written to a file; one that comes later is not, nor over one to keep."""
    if not file.exists():
        if not secret:
            output.say(f"  Put it into {file} and run: chmod 600 {file}")
        return bool(secret)
    try:
        secrets.find(source, str(file), {})
    except ConfigError as error:
        output.say(f"  {error}")
    if not secret:
        output.say(f"  {file} exists, and is kept.")
        return False
    return yes(f"{file} exists. Replace what is in it?", usual=False)


def _where(file: str, path: Path) -> str:
    """Return where a file is looked for that a configuration at `path` names."""
    try:
        return whole(file, path.absolute().parent, os.environ)
    except PathError as error:
        raise CommandError(Exit.USAGE, f"auth.key_file: {error}.") from error


def _ask_file(question: str, source: secrets.Source, path: Path) -> str:
    usual = path.parent / source.credential
    if path == SYSTEM and any((one / "kiosk-tui@.service").exists() for one in _UNITS):
        usual = _CREDENTIALS / f"kiosk-tui.{source.credential}"  # where the unit looks for it
    while True:
        typed = ask(f"{question} [{usual}]: ").strip() or str(usual)
        if "\0" not in typed and Path(typed).is_absolute():
            return typed
        output.say("  Its whole path, from / on.")


def _put(file: Path, secret: str) -> None:
    if file.exists():
        _keep_old(file)
    _make(file, secret + "\n", 0o600)
    output.say(f"{file} is written; only its owner can read it.")


# -- the file -------------------------------------------------------------------------------------


def _set(text: str) -> list[str]:
    """Return the lines that say something, each under its section."""
    shown: list[str] = []
    section = ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line
        elif line and not line.startswith("#"):
            shown += [section] * bool(section) + [line]
            section = ""
    return shown


def _may_write(path: Path) -> bool:
    if not os.path.lexists(path):
        return yes(f"Write it to {path}?", usual=True)
    output.say(f"{path} exists. It would be kept beside the new one, under another name.")
    return yes("Replace it?", usual=False)


def _write(path: Path, text: str) -> None:
    if os.path.lexists(path):
        _keep_old(path)
    _make(path, text, 0o600)
    if path == SYSTEM:
        # the register's own user reads it; the key is handed over by systemd
        with suppress(KeyError, OSError):
            os.chown(path, -1, grp.getgrnam(_GROUP).gr_gid)
            path.chmod(0o640)


def _keep_old(path: Path) -> None:
    kept = path.with_name(f"{path.name}.old-{time.strftime('%Y%m%d-%H%M%S')}")
    try:
        path.rename(kept)
    except OSError as error:
        raise CommandError(
            Exit.UNAVAILABLE, f"{path} cannot be kept as {kept}: {error.strerror}."
        ) from error
    output.say(f"The old one is kept: {kept}")


def _make(path: Path, text: str, mode: int) -> None:
    try:
        path.parent.mkdir(mode=0o755 if path == SYSTEM else 0o700, parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(file, "w", encoding="utf-8", errors="replace") as stream:
            stream.write(text)
    except OSError as error:
        raise CommandError(
            Exit.UNAVAILABLE, f"{path} cannot be written: {error.strerror}."
        ) from error


def _look(path: Path, named: str) -> int:
    """End with a look at the whole chain, and with what to do next."""
    output.say("")
    code = int(doctor.run(parser().parse_args(["--config", str(path), "doctor"])))
    output.say("")
    if code:
        output.say("Next: mend what is bad above, and look again:")
        output.say(f"  kiosk-tui{named} doctor")
    else:
        output.say("Next, to take payments:")
        output.say(f"  kiosk-tui{named}")
        output.say("When something is red:")
        output.say(f"  kiosk-tui{named} doctor")
    return code
