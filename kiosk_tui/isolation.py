"""How a process of this program is started: untouched by what other programs have in the environment.

`PYTHONPATH`, `PYTHONHOME` and their kin are meant for some other program on the machine, and so are the
libraries that `LD_LIBRARY_PATH` names; a folder that somebody happens to stand in is nobody's library.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn

_OF_PYTHON: Final = frozenset(
    {
        *("PYTHONPATH", "PYTHONHOME", "PYTHONPLATLIBDIR", "PYTHONUSERBASE", "PYTHONEXECUTABLE"),
        *("PYTHONOPTIMIZE", "PYTHONWARNINGS", "PYTHONINSPECT", "PYTHONSTARTUP", "PYTHONCASEOK"),
        *("PYTHONDEBUG", "PYTHONVERBOSE", "PYTHONDEVMODE", "PYTHONASYNCIODEBUG"),
        *("PYTHONPYCACHEPREFIX", "PYTHONPROFILEIMPORTTIME", "PYTHONTRACEMALLOC"),
    }
)
"""What changes what a program does; `-I` passes over them (and over the rest: seeds, buffers)."""

_OF_THE_LINKER: Final = frozenset({"LD_LIBRARY_PATH", "LD_AUDIT"})
"""`LD_PRELOAD` stays: nobody inherits it by chance."""

RELOAD: Final = signal.SIGUSR1
"""Asks for a new configuration. Not SIGHUP: that says that the terminal went away."""


class _Anew:
    way: Callable[[], NoReturn] | None = None


_ENTRY: Final = Path(__file__).with_name("__main__.py")


def program() -> tuple[str, ...]:
    """Return the command that starts this very program, isolated; arguments follow."""
    options = sys._xoptions.items()  # noqa: SLF001 - documented under this name
    more = (f"-X{name}" if on is True else f"-X{name}={on}" for name, on in options)
    return (sys.executable, "-I", *more, str(_ENTRY))


def enter() -> None:
    """Leave the environment of other programs behind, by beginning anew where that is needed."""
    strange = {name for name in _OF_THE_LINKER if os.environ.get(name)}
    if not sys.flags.isolated:
        strange |= {name for name in _OF_PYTHON if os.environ.get(name)}
        _forget_folder()
    if strange and sys.executable:
        kept = {name: value for name, value in os.environ.items() if name not in strange}
        os.execve(sys.executable, [*program(), *sys.argv[1:]], kept)  # noqa: S606


def anew(way: Callable[[], NoReturn]) -> None:
    """Let this process begin anew in this way, and not by becoming another one."""
    _Anew.way = staticmethod(way)


def begin_anew() -> NoReturn:
    """Become a new process of this program, with the same arguments and the same number."""
    # ignored until the new one listens: by default it would kill
    signal.signal(RELOAD, signal.SIG_IGN)
    if _Anew.way is not None:
        _Anew.way()
    os.execv(sys.executable, [*program(), *sys.argv[1:]])  # noqa: S606


def _forget_folder() -> None:
    """Take the folder that `python -m` was called in out of the modules' way."""
    if not sys.flags.safe_path and sys.path and sys.path[0] in ("", str(Path.cwd())):
        here = sys.path.pop(0)
        if (here or str(Path.cwd())) == str(_ENTRY.parent.parent):
            sys.path.append(here)  # a checkout that is not installed
