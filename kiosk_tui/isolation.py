"""How a process of this program is started: untouched by what other programs have in the environment.

`PYTHONPATH`, `PYTHONHOME` and their kin are meant for some other program on the machine, and so are the
libraries that `LD_LIBRARY_PATH` names; a folder that somebody happens to stand in is nobody's library.
"""

import posix
import sys

_OF_PYTHON = frozenset(
    {
        *("PYTHONPATH", "PYTHONHOME", "PYTHONPLATLIBDIR", "PYTHONUSERBASE", "PYTHONEXECUTABLE"),
        *("PYTHONOPTIMIZE", "PYTHONWARNINGS", "PYTHONINSPECT", "PYTHONSTARTUP", "PYTHONCASEOK"),
        *("PYTHONDEBUG", "PYTHONVERBOSE", "PYTHONDEVMODE", "PYTHONASYNCIODEBUG"),
        *("PYTHONPYCACHEPREFIX", "PYTHONPROFILEIMPORTTIME", "PYTHONTRACEMALLOC"),
    }
)
"""What changes what a program does; `-I` passes over them (and over the rest: seeds, buffers)."""

_OF_THE_LINKER = frozenset({"LD_LIBRARY_PATH", "LD_AUDIT"})
"""`LD_PRELOAD` stays: nobody inherits it by chance."""

NOT_PASSED = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID")
"""What systemd gives to this process alone."""

_ENTRY = f"{__file__.rpartition('/')[0]}/__main__.py"


def program() -> tuple[str, ...]:
    """Return the command that starts this very program, isolated; arguments follow."""
    options = sys._xoptions.items()  # noqa: SLF001 - documented under this name
    more = (f"-X{name}" if on is True else f"-X{name}={on}" for name, on in options)
    return (sys.executable, "-I", "-S", *more, _ENTRY)


def enter() -> None:
    """Leave the environment of other programs behind, by beginning anew where that is needed."""
    names = _OF_THE_LINKER if sys.flags.isolated else _OF_THE_LINKER | _OF_PYTHON
    strange = {name.encode() for name in names}
    if not sys.flags.isolated:
        _forget_folder()
    if sys.executable and any(posix.environ.get(name) for name in strange):
        kept = {name: value for name, value in posix.environ.items() if name not in strange}
        posix.execve(sys.executable, [*program(), *sys.argv[1:]], kept)


def _forget_folder() -> None:
    """Take the folder that `python -m` was called in out of the modules' way."""
    here = posix.getcwd()
    if not sys.flags.safe_path and sys.path and sys.path[0] in ("", here):
        sys.path.pop(0)
        if here == _ENTRY.rpartition("/kiosk_tui/")[0]:
            sys.path.append(here)  # a checkout that is not installed
