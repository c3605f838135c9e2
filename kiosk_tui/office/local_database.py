"""A PostgreSQL of one's own in a folder, reached by a socket in it: for a demo, and for tests.

Uses the server's programs as Debian installs them. As root it runs as another user, because PostgreSQL
refuses to be root. The folder is its user's alone, so the socket asks for no password.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kiosk_tui.office.errors import OfficeError

_LONGEST_SOCKET: Final = 107
_USERS: Final = ("postgres", "nobody")
_SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
}


@dataclass(frozen=True, slots=True)
class LocalDatabase:
    """A server in `folder`; `durable` is only False where a test's data may go with the machine."""

    folder: Path
    durable: bool = True

    @property
    def url(self) -> str:
        """The address of its database."""
        return self.url_of("office")

    def url_of(self, database: str) -> str:
        """Return the address of another database of this server."""
        return f"postgresql://office@/{database}?host={self.folder}"

    def start(self) -> None:
        """Make the server where there is none, and start it where it does not run.

        Raises `OfficeError` when the programs are missing or it does not start.
        """
        found = programs()
        socket = self.folder / ".s.PGSQL.5432"
        if len(os.fsencode(socket)) > _LONGEST_SOCKET:
            raise OfficeError(
                f"The path {self.folder} is too long for a socket: name a shorter folder."
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        data = self.folder / "data"
        if os.geteuid() == 0:
            os.chown(self.folder, _user().pw_uid, _user().pw_gid)
        self.folder.chmod(0o700)
        if not (data / "PG_VERSION").exists():
            shutil.rmtree(data, ignore_errors=True)
            self._run(found / "initdb", "-D", data, "-U", "office", "-A", "trust", "-E", "UTF8",
                      "--locale=C.UTF-8", *(() if self.durable else ("--no-sync",)))  # fmt: skip
        if self._run(found / "pg_ctl", "-D", data, "status", check=False).returncode != 0:
            settings = _SETTINGS | {"unix_socket_directories": str(self.folder)}
            if not self.durable:
                settings |= {"fsync": "off", "full_page_writes": "off"}
            options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
            self._run(found / "pg_ctl", "-D", data, "-w", "-l", self.folder / "log",
                      "-o", options, "start")  # fmt: skip
        self._run(found / "createdb", "-h", self.folder, "-U", "office", "office", check=False)

    def stop(self, how: str = "fast") -> None:
        """Stop the server: `fast`, or `immediate`, which is as if the machine had lost its power."""
        program = programs() / "pg_ctl"
        self._run(program, "-D", self.folder / "data", "-m", how, "-w", "stop", check=False)

    @property
    def pid(self) -> int:
        """The process id of a server that runs."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def _run(self, *command: object, check: bool = True) -> subprocess.CompletedProcess[str]:
        as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            as_user = {"user": _user().pw_uid, "group": _user().pw_gid, "extra_groups": []}
        done = subprocess.run(  # noqa: S603 - our own words and the server's programs
            [str(one) for one in command],
            cwd="/",
            # a server that is asked for in somebody's language says what it says in English
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            **as_user,
        )
        if check and done.returncode:
            log = self.folder / "log"
            said = (done.stderr or (log.read_text() if log.exists() else "")).strip().splitlines()
            raise OfficeError(
                f"PostgreSQL could not be started: {said[-1] if said else 'no word'}."
            )
        return done


def _user() -> pwd.struct_passwd:
    for name in _USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise OfficeError("PostgreSQL must not run as root, and there is no user `postgres` here.")


def programs() -> Path:
    """Return the folder of the newest server's programs. Raises `OfficeError`."""
    installed = Path("/usr/lib/postgresql").glob("[0-9]*/bin/initdb")
    newest = sorted(installed, key=lambda one: int(one.parts[-3]))
    named = shutil.which("initdb")
    if newest:
        return newest[-1].parent
    if named is None:
        raise OfficeError("PostgreSQL is not installed: apt install postgresql")
    return Path(named).resolve().parent
