"""In which zone days begin and times are shown, and whether this machine means the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

ZONES: Final = Path("/usr/share/zoneinfo")
_LOCAL: Final = Path("/etc/localtime")


def told(now: datetime, zone: tzinfo | None, environment: Mapping[str, str]) -> str:
    """Say which zone is used; `zone` is the register's own (`terminal.timezone`), where it has one."""
    here = now.astimezone()
    own = f"this machine's zone, {name(environment)}"
    if zone is None:
        return f"days and slips in {own} ({here:%H:%M})"
    there = now.astimezone(zone)
    if there.utcoffset() == here.utcoffset():
        return f"days and slips in {zone} ({there:%H:%M})"
    return f"days and slips in {zone} ({there:%H:%M}), {own} ({here:%H:%M}), is not used"


def trouble(environment: Mapping[str, str], zones: Path = ZONES) -> str:
    """Return what is wrong with the zone that this process was given; the C library only takes UTC."""
    given = environment.get("TZ", "").removeprefix(":")
    # a rule such as CET-1CEST needs no file
    if not given or any(one.isdigit() or one in "<,+" for one in given) or not zones.is_dir():
        return ""
    file = Path(given) if given.startswith("/") else zones / given
    return (
        "" if file.is_file() else f"TZ={given} is no zone that this machine knows: it counts as UTC"
    )


def name(environment: Mapping[str, str], local: Path = _LOCAL) -> str:
    """Return the name of this machine's zone, as far as it has one."""
    given = environment.get("TZ", "").removeprefix(":")
    if given:
        return given
    try:
        where = local.resolve(strict=True)
    except OSError:
        return "UTC"
    return str(where).removeprefix(f"{ZONES.resolve()}/")
