"""The login command's side: it asks the parent for a lane, hands its terminal over, and stays in front.

The terminal belongs to the login command's session, and no other process can take it: so this one stays
until the lane has ended, hands on changes of size, hang-ups and other signals, and ends with the lane's
code. While it waits it is a shell, which needs a tenth of Python's memory.

1. login → parent: the order (folder, what is on the screen, arguments, environment) and the three standard streams.
2. lane → login: `begun PID`. All that could fail is done by then.
3. login → lane: `go`. Only now does the lane run; a login command that gave up meanwhile has closed the line.
4. lane or parent → login: `ended CODE`, or `again` for a lane that is to begin anew. The line's end without
   a word: the lane was killed, and so was the parent.

Nothing dear is imported here: this runs before anything is on the screen.
"""

import marshal
import posix
import sys
from _socket import AF_UNIX, SCM_RIGHTS, SO_PEERCRED, SOCK_STREAM, SOL_SOCKET, socket

from kiosk_tui.start import early
from kiosk_tui.start.picture import PUT_RIGHT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

WAIT_S = 5.0
"""So long a parent may take, which may just be loading; then the lane starts by itself."""

BEGUN = b"begun %d\n"
GO = b"go\n"
ENDED = b"ended %d\n"
AGAIN = b"again 0\n"
HEAD = 8
"""An order begins with its length in so many digits."""

_LINE = 3
_SHELL = "/bin/sh"
KEEPER = rf"""
lane=$1
shift
for one in HUP INT QUIT TERM USR1 WINCH; do
    trap "heard=1; kill -s $one $lane 2>/dev/null" $one
done
while :; do
    heard=
    read -r word code <&{_LINE} && break
    [ "$heard" ] || {{ word=ended code=137 && break; }}
done
[ "$word" != again ] || exec "$@" {_LINE}<&-
if [ "$code" -ge 128 ]; then
    {PUT_RIGHT}
fi
exit "$code"
"""
"""Stays in front of a lane (its process, then the command that begins anew are its arguments)."""


def identity() -> bytes:
    """Return what tells this installation from every other one, of the same version, too."""
    mine = posix.stat(__file__)
    return b"%d.%d" % (mine.st_ino, mine.st_mtime_ns)


def hand_over(command: "Sequence[str]") -> None:
    """Become whoever waits for a forked lane; return where this process is to be the lane itself.

    `command` starts this program anew; the arguments are `sys.argv`'s. The lane's environment is this
    process's.
    """
    mine = dict(posix.environ)
    place = _place()
    line = socket(AF_UNIX, SOCK_STREAM)
    try:
        line.settimeout(WAIT_S)
        line.connect(place)
        lane = _asked(line)
    except (OSError, ValueError):
        line.close()
        return
    _keep(line.detach(), lane, [*command, *sys.argv[1:]], mine)


def _place() -> bytes:
    """Return where the parent listens, and forget it: no program that a lane starts is a lane."""
    posix.unsetenv(early.LANES)
    return posix.environ.pop(early.LANES, b"")  # `os.environ` is a view of it


def _asked(line: socket) -> int:
    """Return the lane's process. Raises `OSError`, `ValueError`: there is none, and there will be none."""
    if _user(line) not in (0, posix.geteuid()):
        raise ValueError("somebody else's")  # systemd, which is root, has opened the parent's
    order = _order()
    files = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
    line.sendmsg([b"%0*d" % (HEAD, len(order)), order], [(SOL_SOCKET, SCM_RIGHTS, files)])
    word, lane = line.recv(64).split()
    if word != BEGUN.split()[0]:
        raise ValueError("no lane")
    line.sendall(GO)
    return int(lane)


def _order() -> bytes:
    arguments = [one.encode(errors="surrogateescape") for one in sys.argv[1:]]
    environment = [b"=".join(one) for one in posix.environ.items()]
    begun = early.taken()
    screen = (begun.before, begun.size) if begun is not None else None
    head = [
        identity(),
        posix.getcwdb(),
        marshal.dumps(screen).hex().encode(),
        b"%d" % len(arguments),
    ]
    return b"\0".join([*head, *arguments, *environment])


def _user(line: socket) -> int:
    credentials = line.getsockopt(SOL_SOCKET, SO_PEERCRED, 12)
    return int.from_bytes(credentials[4:8], sys.byteorder)


def _keep(line: int, lane: int, again: list[str], environment: dict[bytes, bytes]) -> None:
    """Stay in front as a shell. Without one, the lane hears a hang-up, and nobody is lost: it ends."""
    posix.dup2(line, _LINE)
    posix.set_inheritable(_LINE, True)  # it may have had this number before
    posix.set_blocking(_LINE, True)
    posix.execve(_SHELL, ["sh", "-c", KEEPER, "lane", str(lane), *again], environment)
