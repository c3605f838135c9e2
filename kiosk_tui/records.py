"""`dataclass` for this program: the standard library's, which writes less code at each start.

The standard library writes and compiles six functions for every class at every start: 3.6 million
instructions and 14 kB each, a fifth of what a command costs, and most of the classes never have an instance.
Here fields and slots are the standard library's as ever; `__init__` is written when the first instance is
made. How instances are compared, hashed, shown and kept from change is the same for all classes, and
written once, below. A test holds every class of this program equal to what it would be.
"""

from __future__ import annotations

import dataclasses
import gc
from functools import cache
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass
else:

    def dataclass(
        cls: type | None = None, /, *, frozen: bool = False, eq: bool = True, **more: bool
    ) -> type | Callable[[type], type]:
        """Make a class a dataclass, or return what does; `more` are `slots` and `kw_only`."""
        fields = dataclasses.dataclass(init=False, repr=False, eq=False, **more)

        def made(plain: type) -> type:
            return _completed(fields(plain), frozen=frozen, eq=eq)

        return made if cls is None else made(cls)


__all__ = ["dataclass"]

_UNSET = object()


def _completed(cls: Any, *, frozen: bool, eq: bool) -> type:
    def first(self: Any, *values: Any, **named: Any) -> None:
        cls.__init__ = _init(cls, frozen=frozen)
        cls.__init__(self, *values, **named)

    own = vars(cls)
    if "__init__" not in own:
        cls.__init__ = first
    if "__repr__" not in own:
        cls.__repr__ = _repr
    if eq:
        if "__eq__" not in own:
            cls.__eq__ = _eq
        if own.get("__hash__") is None:
            cls.__hash__ = _hash if frozen else None
    if frozen:
        cls.__setattr__, cls.__delattr__ = _setattr, _delattr
        cls.__getstate__, cls.__setstate__ = _getstate, _setstate
    return cls  # type: ignore[no-any-return]


def _init(cls: Any, *, frozen: bool) -> Callable[..., None]:
    """Write `__init__` as the standard library does, which would write two more functions with it."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_UNSET": _UNSET}
    taken, named = ["self"], list[str]()
    lines = []
    for one in dataclasses.fields(cls):
        name, value, default = one.name, one.name, ""
        if one.default_factory is not dataclasses.MISSING:
            known[f"_make_{name}"] = one.default_factory
            value, default = f"_make_{name}()", "=_UNSET"
            if one.init:
                value += f" if {name} is _UNSET else {name}"
        elif one.default is not dataclasses.MISSING:
            known[f"_default_{name}"] = one.default
            default = f"=_default_{name}"
            value = name if one.init else f"_default_{name}"
        if one.init:
            (named if one.kw_only else taken).append(name + default)
        if one.init or default:
            lines.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    arguments = ", ".join([*taken, *(["*", *named] if named else [])])
    body = "\n ".join(lines or ["pass"])
    exec(f"def __init__({arguments}):\n {body}", known)  # noqa: S102 - our own classes' field names
    known["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
    return known["__init__"]  # type: ignore[no-any-return]


def write_all() -> None:
    """Write each `__init__` there is now: for a process that others are forked from."""
    for one in gc.get_objects():
        if issubclass(type(one), type):
            own = vars(one).get("__init__")
            if getattr(own, "__module__", None) == __name__ and own.__name__ == "first":
                one.__init__ = _init(one, frozen=one.__setattr__ is _setattr)


@cache  # each commit of the journal compares and hashes a dozen times
def _named(cls: type) -> tuple[str, ...]:
    return tuple(one.name for one in dataclasses.fields(cls) if one.compare)


def _compared(self: Any) -> tuple[Any, ...]:
    return tuple([getattr(self, name) for name in _named(self.__class__)])


def _eq(self: Any, other: object) -> object:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self is other or _compared(self) == _compared(other)


def _hash(self: Any) -> int:
    return hash(_compared(self))


@recursive_repr()
def _repr(self: Any) -> str:
    shown = (
        f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr
    )
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _setattr(_self: Any, name: str, _value: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _delattr(_self: Any, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _getstate(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in dataclasses.fields(self)]


def _setstate(self: Any, state: list[Any]) -> None:
    for one, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)
