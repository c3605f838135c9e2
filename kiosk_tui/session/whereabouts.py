"""Where the journal lies, and why that may not be where another caller looks for it, or not for long."""

from __future__ import annotations

import contextlib
import os
import pwd
from collections.abc import Iterator
from pathlib import Path

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.paths import home
from kiosk_tui.files.mounts import LIST, concern
from kiosk_tui.journal.lock import HiddenHolderError, held_by
from kiosk_tui.session.launch import Launch


def concerns(launch: Launch, mounts: Path = LIST) -> Iterator[str]:
    """Yield what somebody should know of the journal's place, a sentence each. The demo's may be lost."""
    if launch.demo:
        return
    why = concern(launch.journal, mounts)
    if why:
        yield (
            f"The journal {launch.journal} may be lost: {why}. Name a place on a disk of this machine"
            " ([journal] path)."
        )
    others = [str(one) for one in _others(launch)] if by_caller(launch) else []
    if others:
        yield (
            f"Another user's call of this configuration has made another journal: {', '.join(others)}."
            " What is due there is not known here: name one whole path ([journal] path)."
        )


def used_elsewhere(launch: Launch) -> str:
    """Say who uses this terminal through the journal of another caller; nothing where nobody is seen to."""
    for journal in _others(launch) if by_caller(launch) and not launch.demo else ():
        try:
            holder = held_by(journal)
        except HiddenHolderError:
            continue
        if holder:
            return (
                f"The same configuration is in use with another journal, {journal}, by {holder}: end that"
                " first, and name one whole path ([journal] path)."
            )
    return ""


def whose(launch: Launch) -> str:
    """Say whose journal it is, where each caller has one of his own; nothing where it is everybody's."""
    if not by_caller(launch):
        return ""
    return (
        f"That is user {os.geteuid()}'s: any other one (root by sudo or cron, too) would have another. Name"
        " its whole path ([journal] path) where more than one calls."
    )


def by_caller(launch: Launch) -> bool:
    """Whether the journal lies somewhere else for another user of this machine."""
    if launch.config.journal.path:
        return "journal.path" in launch.loaded.by_caller
    return not launch.environment.get("STATE_DIRECTORY", "").startswith("/")


def _others(launch: Launch) -> Iterator[Path]:
    """Yield the journals that other likely callers of this configuration have."""
    try:
        mine = Path(os.path.realpath(launch.journal))
        inside = mine.relative_to(os.path.realpath(home(launch.environment)))
    except (ValueError, ConfigError):
        return
    for one in dict.fromkeys(_homes(launch)):
        journal = Path(os.path.realpath(one / inside))
        if journal != mine and _there(journal):
            yield journal


def _homes(launch: Launch) -> Iterator[Path]:
    """Yield the homes of root, of whoever became root, of this user, and of the file's owner."""
    users = [0, os.geteuid()]
    sudo = launch.environment.get("SUDO_UID", "")
    if sudo.isascii() and sudo.isdigit() and len(sudo) < 10:  # noqa: PLR2004 - a user's number
        users.append(int(sudo))
    if launch.loaded.file is not None:
        with contextlib.suppress(OSError):
            users.append(launch.loaded.file.stat().st_uid)
    for user in users:
        try:
            yield Path(pwd.getpwuid(user).pw_dir)
        except KeyError:
            continue


def _there(journal: Path) -> bool:
    try:
        return journal.is_file()
    except OSError:  # another user's home is nobody's to look into
        return False
