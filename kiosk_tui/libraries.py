"""What our libraries would load, and nobody here uses: kept out, or put off until somebody does.

Whoever imports httpx or pydantic imports this first. Where a library has another shape one day, it loads
what it loads, and a test tells.
"""

from __future__ import annotations

import http  # noqa: F401 - a module of it is put off
import importlib
import sys
import typing
import urllib  # noqa: F401 - likewise
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, cast

import typing_extensions

if TYPE_CHECKING:
    from importlib.abc import Loader  # it brings half of the standard library


def _nothing() -> tuple[()]:
    """Stand for a function of such a module."""
    return ()


def _keep_out(name: str, function: str) -> None:
    module = ModuleType(name)
    vars(module)[function] = _nothing
    sys.modules.setdefault(name, module)


# httpx's own command line: with click (uvicorn brings it) and pygments it is 25 ms and 3 MB.
_keep_out("httpx._main", "main")
# pydantic's plug-ins: it would read what each installed package says of itself, which is 1 MB, and let
# a package that has nothing to do with us take part in every validation.
_keep_out("pydantic.plugin._loader", "get_plugins")


# -- pydantic's schemas, as a type checker sees them

_SCHEMAS: Final = "pydantic_core.core_schema"


class _Untyped(type):
    """The type of classes that are for type checkers; called, each makes a dict, as a `TypedDict` does."""

    __call__ = dict

    def __new__(
        cls, name: str, bases: tuple[type, ...], body: dict[str, Any], **_more: bool
    ) -> _Untyped:
        body.pop("__annotations__", None)
        return super().__new__(cls, name, bases, body)


class _SchemaDict(metaclass=_Untyped):
    """The base of those classes, in place of `TypedDict`."""


class _TypedDict:
    """`TypedDict` for everybody but one module."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._real(*arguments, **named)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> Any:
        if sys._getframe(1).f_globals["__name__"] == _SCHEMAS:  # noqa: SLF001 - nothing else tells
            return (_SchemaDict,)
        return self._real.__mro_entries__(bases)


def _leave_schemas_untyped() -> None:
    """Import pydantic's schemas without their 600 annotations, which Python would compile one by one.

    They tell a type checker what a schema may hold, and cost 8 ms and half a megabyte.
    """
    homes: tuple[Any, ...] = (typing, typing_extensions)
    real = [home.TypedDict for home in homes]
    for home in homes:
        home.TypedDict = _TypedDict(home.TypedDict)
    try:
        importlib.import_module(_SCHEMAS)
    finally:
        for home, one in zip(homes, real, strict=True):
            home.TypedDict = one


# -- what httpx and httpcore import for others: clients that keep cookies, ask for proxies, or wait


class _Request:
    """Stands for `urllib.request.Request` as a base, until a request is made."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        real: Any = importlib.import_module("urllib.request").Request
        for one in type(self).__mro__:
            if _Request in one.__bases__:
                one.__bases__ = (real,)
        real.__init__(self, *arguments, **named)


_PUT_OFF: Final[Mapping[str, Mapping[str, Mapping[str, object]]]] = {
    "httpx": {"urllib.request": {"Request": _Request}, "http.cookiejar": {}},
    "httpcore": {
        "httpcore._sync": {},
        "httpcore._sync.connection_pool": {},
        "httpcore._backends.sync": {},
    },
}
"""What is not loaded while one of these is imported, but when something of it is first called: a dozen
modules, 10 ms and 0.9 MB. What is not called, but looked at, is named here."""


def _later(home: str, name: str) -> Callable[..., Any]:
    """Return what calls that function, or makes one of that class, once it is called."""
    if name.startswith("__"):  # the import system looks for `__path__` and its kin
        raise AttributeError(name)

    def call(*arguments: Any, **named: Any) -> Any:
        return getattr(importlib.import_module(home), name)(*arguments, **named)

    return call


@contextmanager
def _put_off(name: str, names: Mapping[str, object]) -> Iterator[None]:
    """Let a module be imported without loading it."""
    if name in sys.modules:
        yield
        return
    stand_in = ModuleType(name)
    vars(stand_in).update(names, __getattr__=partial(_later, name))
    package, _, module = name.rpartition(".")
    sys.modules[name] = stand_in
    if package in sys.modules:
        vars(sys.modules[package])[module] = stand_in
    try:
        yield
    finally:
        del sys.modules[name]
        if package in sys.modules:
            vars(sys.modules[package]).pop(module, None)


class _LeanLoader:
    """Loads one of these two without what it imports for others."""

    def __init__(self, real: Loader) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._real.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        with ExitStack() as stack:
            for name, names in _PUT_OFF[module.__name__].items():
                stack.enter_context(_put_off(name, names))
            self._real.exec_module(module)


class _LeanFinder:
    """Finds these two for that loader."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in _PUT_OFF:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = cast("Any", _LeanLoader(spec.loader))
        return spec


_leave_schemas_untyped()
sys.meta_path.insert(0, cast("Any", _LeanFinder()))
