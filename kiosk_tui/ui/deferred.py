"""Modules that are imported before the first picture, but needed only after it: they run when they are used.

asyncio and Textual import more than a first picture takes: TLS, a command palette with all of its widgets.
Between `begin` and `end` an import of a module that is listed here makes the module without running its
body; the body runs when something of it is asked for, in whatever thread. It is the module itself, so
whoever imports it at any time gets the real one. What is imported from it by name (`from m import f`) is a
`StandIn` for the names that are listed, which passes on what is done with it; any other name runs the body
at once. So a library that changes makes a start slower, not wrong; tests/ui/test_deferred.py tells.

Sources: PEP 451 (specs and loaders), PEP 560 (`__mro_entries__`). `importlib.util.LazyLoader` is the same
without `from m import f`, but runs the body as soon as a module is imported for the second time.
"""

from __future__ import annotations

import contextlib
import gc
import sys
from abc import ABC
from collections.abc import Iterator, Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from importlib.abc import Loader  # it brings half of the standard library

SOON: Final[Mapping[str, tuple[str, ...]]] = {
    "asyncio.sslproto": (),
    "linecache": (),
    "ssl": (),
    "tokenize": (),
    "traceback": ("extract_stack",),
}
"""What a register needs. `complete` runs them, before the process may be short of files or memory."""

SELDOM: Final[Mapping[str, tuple[str, ...]]] = {
    "difflib": ("get_close_matches",),
    "ipaddress": (),
    "mimetypes": (),
    "platformdirs": ("user_downloads_path",),
    "rich.table": ("Table",),
    "textual.canvas": ("Canvas", "Rectangle"),
    "textual.command": (
        *("CommandListItem", "CommandPalette", "Provider", "SimpleProvider"),
        *("DiscoveryHit", "Hit", "Hits"),
    ),
    "textual.markup": ("parse_style",),
    "uuid": ("uuid4",),
}
"""What screens of ours do not use: Textual's command palette, its downloads, its notifications, markup."""


@contextlib.contextmanager
def first_stage() -> Iterator[None]:
    """Hurry until `ui.first` has loaded the second stage; in any case until the end of the block."""
    begin()
    gc.disable()  # modules leave little behind, and to look for it takes a twentieth of a start
    try:
        yield
    finally:
        gc.enable()
        end()


def begin() -> None:
    """Run modules later from now on. One that is loaded already stays as it is."""
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, cast("Any", _FINDER))


def end() -> None:
    """Run modules when they are imported, as ever. Those that were put off run when they are used."""
    if _FINDER in sys.meta_path:
        sys.meta_path.remove(cast("Any", _FINDER))


def complete() -> None:
    """End, and run what a register needs."""
    end()
    for name in SOON:
        module = sys.modules.get(name)
        if module is not None:
            _run(module)


def put_off() -> frozenset[str]:
    """Return the names of the modules whose bodies have not run."""
    return frozenset(
        name for name, module in list(sys.modules.items()) if isinstance(module, _Deferred)
    )


class StandIn:
    """Something of a module that has not run: called, read or asked, it is the real thing."""

    def __init__(self, module: ModuleType, name: str) -> None:
        self.module, self._name = module, name

    def real(self) -> Any:
        """Return what this stands for. Raises what the module's body raises."""
        _run(self.module)
        return getattr(self.module, self._name)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.real()(*arguments, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real(), name)

    def __instancecheck__(self, one: object) -> bool:
        return isinstance(one, self.real())

    def __mro_entries__(self, _bases: tuple[object, ...]) -> tuple[type, ...]:
        """Let a class be derived from this; it gets its real bases when the module runs."""
        return (_Heir,)


class _Heir(ABC):  # noqa: B024 - for its layout alone
    """The base of a class that is derived from a `StandIn`: abstract, as Textual's `Provider` is."""


class _Deferred(ModuleType):
    """A module whose body has not run. `importers`: the globals of those who hold a `StandIn` of it."""

    importers: list[dict[str, Any]]

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # the import system looks for `__path__` and its kin
            raise AttributeError(name)
        if _FINDER in sys.meta_path and name in _NAMES[self.__name__]:
            self.importers.append(sys._getframe(1).f_globals)  # noqa: SLF001 - nothing else tells
            return StandIn(self, name)
        _run(self)
        return object.__getattribute__(self, name)


class _Later:
    """The loader of a module whose body runs later."""

    def __init__(self, real: Loader) -> None:
        self.real = real
        self.lock = RLock()
        self.running = False

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = _Deferred(spec.name)
        module.importers = []
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing yet."""


class _Finder:
    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in _NAMES:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = cast("Loader", _Later(spec.loader))
        return spec


_NAMES: Final = {**SOON, **SELDOM}
_FINDER: Final = _Finder()


def _run(module: ModuleType) -> None:
    """Run a module's body, once, in one thread; another one that asks waits for it."""
    spec = module.__spec__
    later: object = None if spec is None else spec.loader
    if spec is None or not isinstance(later, _Later):
        return
    with later.lock:
        if later.running or not isinstance(module, _Deferred):
            return
        later.running = True
        try:
            later.real.exec_module(module)
        finally:
            later.running = False
        spec.loader = module.__loader__ = later.real
        _replace(module)
        cast("Any", module).__class__ = ModuleType


def _replace(module: _Deferred) -> None:
    """Put the real things where stand-ins of a module are that has run now."""
    for names in module.importers:
        for name, value in list(names.items()):
            if isinstance(value, StandIn) and value.module is module:
                names[name] = value.real()
    del module.importers
    for heir in _Heir.__subclasses__():
        bases: tuple[Any, ...] = getattr(heir, "__orig_bases__", ())
        if any(isinstance(base, StandIn) and base.module is module for base in bases):
            heir.__bases__ = tuple(
                base.real() if isinstance(base, StandIn) else base for base in bases
            )
