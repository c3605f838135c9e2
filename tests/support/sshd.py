"""A real sshd on loopback: its own port, host key, user key and settings in a folder of the test's."""

from __future__ import annotations

import contextlib
import getpass
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

DEADLINE_S = 20.0
SSHD = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
SSH = shutil.which("ssh")
KEYGEN = shutil.which("ssh-keygen")
MISSING = "" if SSHD and SSH and KEYGEN else "openssh-server and openssh-client are not installed"


@dataclass(frozen=True)
class Sshd:
    """A server that lets one key in."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def client(
        self, *command: str, port: int = 0, key: str = "user", send: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Return the command that runs `command` on a terminal at the other end.

        `port`: where a line to it begins, when it is not reached directly. `key` is a file of the folder,
        and `send` are variables that the client wants to have there.
        """
        options = {
            "UserKnownHostsFile": "/dev/null",
            "StrictHostKeyChecking": "no",
            "IdentitiesOnly": "yes",
            "LogLevel": "ERROR",
            "ControlPath": "none",
        }
        flags = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
        flags += [part for one in send for part in ("-o", f"SetEnv={one}")]
        target = f"{getpass.getuser()}@127.0.0.1"
        identity = ("-F", "none", "-i", str(self.folder / key))
        return (str(SSH), "-tt", *identity, *flags, "-p", str(port or self.port), target, *command)

    def cut(self) -> None:
        """Cut every connection: end the processes that hold them, as a dead line would."""
        for child in _children(self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, 9)


def _children(pid: int) -> list[int]:
    """Return the processes that sshd made for its connections; not those behind the terminals."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in listed]


def make_key(file: Path) -> str:
    """Make a key; return its line for those who let it in."""
    command = [str(KEYGEN), "-q", "-t", "ed25519", "-N", "", "-f", str(file)]
    subprocess.run(command, check=True)
    return file.with_name(f"{file.name}.pub").read_text().strip()


@contextlib.contextmanager
def sshd(folder: Path, *more: str) -> Iterator[Sshd]:
    """Serve on a free port of loopback; `more` are lines of its configuration."""
    for name in ("host", "user"):
        make_key(folder / name)
    (folder / "authorized").write_bytes((folder / "user.pub").read_bytes())
    (folder / "authorized").chmod(0o600)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = folder / "sshd_config"
    settings.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\n"
        f"AuthorizedKeysFile {folder}/authorized\nStrictModes no\nUsePAM no\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n"
        "PrintMotd no\nPrintLastLog no\nAcceptEnv STATE_DIRECTORY\n"
        + "".join(f"{line}\n" for line in more)
    )
    log = folder / "sshd.log"
    # privilege separation needs this folder, and the package's own service makes it at boot
    with contextlib.suppress(OSError):
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    with log.open("wb") as errors:
        process = subprocess.Popen([str(SSHD), "-D", "-e", "-f", str(settings)], stderr=errors)
    try:
        _wait(port, process, log)
        yield Sshd(folder, port, process)
    finally:
        for child in _children(process.pid) if process.poll() is None else []:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, 15)
        process.terminate()
        process.wait(DEADLINE_S)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + DEADLINE_S
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.05)


def remote(folder: Path, *arguments: str) -> str:
    """Return the program as one command of a remote shell, with its state in a folder."""
    program = (sys.executable, "-m", "kiosk_tui", *arguments)
    here = Path(__file__).parents[2]  # its path may have spaces
    given = (f"STATE_DIRECTORY={folder}", f"HOME={folder}", "LANG=C.UTF-8", "TERM=linux")
    return f"cd {shlex.quote(str(here))} && exec {shlex.join(('env', *given, *program))}"
