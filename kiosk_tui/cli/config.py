"""`kiosk-tui config`: show, check, schema, init, pin."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from kiosk_tui.cli import output
from kiosk_tui.cli.colour import Rendition, coloured, styled
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.json_output import say_json
from kiosk_tui.cli.secret_input import line
from kiosk_tui.config import secrets
from kiosk_tui.config.answers import Answers
from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.load import Loaded, environment, load, user_file
from kiosk_tui.config.pin import PinError, hash_pin
from kiosk_tui.config.rules import check
from kiosk_tui.config.settings import schema
from kiosk_tui.config.shown import masked
from kiosk_tui.config.template import template
from kiosk_tui.domain.one_line import one_line

Row = tuple[str, object, str]


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; return the exit code."""
    return _ACTIONS[arguments.action](arguments)


def _show(arguments: argparse.Namespace) -> int:
    loaded = load(arguments.config, environment())
    rows = [*_settings(loaded), *_secrets(loaded)]
    if arguments.json:
        say_json({key: {"value": value, "source": source} for key, value, source in rows})
        return Exit.OK
    colours = coloured(sys.stdout)
    for key, value, source in rows:
        name = styled(key, Rendition.NAME, colours=colours)
        told = one_line(json.dumps(value, ensure_ascii=False))
        where = styled(f"# {one_line(source)}", Rendition.DIM, colours=colours)
        output.draw(f"{name} = {told}  {where}")
    return Exit.OK


def _settings(loaded: Loaded) -> Iterator[Row]:
    for path, value in masked(loaded.config):
        yield path, value, loaded.sources.get(path, "default")


def _secrets(loaded: Loaded) -> Iterator[Row]:
    auth = loaded.config.auth
    yield _secret("auth.key", secrets.KEY, auth.key_file)
    if auth.scheme == "oauth":
        yield _secret("auth.client_secret", secrets.CLIENT_SECRET, auth.client_secret_file)
    opinion = loaded.config.second_opinion
    if opinion.user:
        yield _secret("second_opinion.password", secrets.SECOND_OPINION, opinion.password_file)


def _secret(name: str, source: secrets.Source, file: str) -> Row:
    try:
        _, where = secrets.find(source, file, environment())
    except ConfigError as error:
        return name, None, str(error)
    return name, "***", where


def _schema(_arguments: argparse.Namespace) -> int:
    output.export(json.dumps(schema(), indent=2, ensure_ascii=False).splitlines(keepends=True))
    output.draw("")
    return Exit.OK


def _check(arguments: argparse.Namespace) -> int:
    from kiosk_tui.cli import config_check  # noqa: PLC0415 - looks at files, certificates, mounts

    return config_check.run(arguments)


def _init(arguments: argparse.Namespace) -> int:
    if sys.stdin.isatty() and sys.stdout.isatty():
        from kiosk_tui.cli import init  # noqa: PLC0415 - only for people

        return init.run(arguments)
    path: Path = arguments.output or arguments.config or user_file()
    if path.exists():
        raise CommandError(Exit.USAGE, f"{path} exists already: name another with --output.")
    key_file = _ask(arguments.key_file, "File with the key", str(path.parent / "authkey"))
    answers = Answers()
    for key, value in {
        "terminal.url": _ask(arguments.url, "Base URL of TECS (https://.../tecsclientrest)"),
        "terminal.number": _ask(arguments.terminal, "Terminal number (8 digits)"),
        "terminal.place": arguments.place or "",
        "terminal.currency": _ask(arguments.currency, "Currency", "EUR"),
        "auth.key_file": key_file,
    }.items():
        if wrong := answers.give(key, value):
            raise ConfigError(f"{key}: {wrong}")
    check(answers.config, {})
    _write(path, template(answers.config))
    output.say(f"{path} is written. Put the key into {key_file} (chmod 600), then try:")
    output.say(f"  kiosk-tui --config {path} config check")
    return Exit.OK


def _ask(given: str | None, question: str, usual: str = "") -> str:
    if given is None and not usual:
        raise CommandError(Exit.USAGE, f"{question} is missing: give it as an option (see --help).")
    return usual if given is None else given


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="utf-8", errors="replace") as stream:
            stream.write(text)
    except OSError as error:
        raise CommandError(
            Exit.UNAVAILABLE, f"{path} cannot be written: {error.strerror}."
        ) from error


def _pin(_arguments: argparse.Namespace) -> int:
    pin = line("Service PIN (4 to 12 digits): ", "The service PIN")
    try:
        hashed = hash_pin(pin.strip())
    except PinError as error:
        raise CommandError(Exit.USAGE, str(error)) from error
    output.say(hashed)
    return Exit.OK


_ACTIONS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {
    "show": _show,
    "check": _check,
    "schema": _schema,
    "init": _init,
    "pin": _pin,
}
