"""Our `dataclass` makes what the standard library's would make, of every class that there is."""

from __future__ import annotations

import copy
import dataclasses
import importlib
import inspect
import pickle
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import kiosk_tui
from kiosk_tui import records

_APART = ("kiosk_tui.__main__", "kiosk_tui.office", "kiosk_tui.lab", "kiosk_tui.simulator")


def _made_here() -> Iterator[Any]:
    """Yield every class of the program that `records.dataclass` made."""
    found = {}
    for module in pkgutil.walk_packages(kiosk_tui.__path__, "kiosk_tui."):
        if module.name.startswith(_APART):
            continue
        for one in vars(importlib.import_module(module.name)).values():
            if isinstance(one, type) and dataclasses.is_dataclass(one):
                found[f"{one.__module__}.{one.__qualname__}"] = one
    for _, one in sorted(found.items()):
        if one.__module__.startswith("kiosk_tui.") and _of_ours(one):
            yield one


def _of_ours(one: Any) -> bool:
    return one.__eq__ is records._eq or vars(one).get("__setattr__") is records._setattr


CLASSES = list(_made_here())


def _twin(one: Any) -> Any:
    """Return what the standard library makes of the same fields."""
    frozen = one.__setattr__ is records._setattr
    fields = [(field.name, field.type, copy.copy(field)) for field in dataclasses.fields(one)]
    return dataclasses.make_dataclass(
        one.__qualname__, fields, frozen=frozen, eq=one.__eq__ is records._eq
    )


def _filled(one: Any, **other: str) -> Any:
    """Return an instance whose fields hold their own names; nothing of the class itself is called."""
    instance = object.__new__(one)
    for field in dataclasses.fields(one):
        object.__setattr__(instance, field.name, other.get(field.name, field.name))
    return instance


def _taken(function: Any) -> list[tuple[str, Any, Any]]:
    """Return what a function takes; a factory's default is one that the standard library keeps to itself."""
    known = inspect.signature(function).parameters.values()
    return [
        (one.name, one.kind, "..." if type(one.default).__name__ in _FACTORY else one.default)
        for one in known
    ]


_FACTORY = ("object", "_HAS_DEFAULT_FACTORY_CLASS")


def test_most_classes_are_made_here() -> None:
    assert len(CLASSES) > 150


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: f"{one.__module__[10:]}.{one.__name__}")
def test_a_class_is_what_the_standard_library_would_make_of_it(one: Any) -> None:
    twin = _twin(one)
    ours, theirs = _filled(one), _filled(twin)
    if one.__repr__ is records._repr:
        assert repr(ours) == repr(theirs)
    if one.__hash__ is records._hash:
        assert hash(ours) == hash(theirs)
    else:
        assert (one.__hash__ is None) == (twin.__hash__ is None)
    assert ours != theirs
    for field in dataclasses.fields(one):
        if one.__eq__ is records._eq:
            changed = {field.name: "something else"}
            same = _filled(twin) == _filled(twin, **changed)
            assert (_filled(one) == _filled(one, **changed)) is same
    written = records._init(one, frozen=one.__setattr__ is records._setattr)
    assert _taken(written) == _taken(twin.__init__)
    assert one.__match_args__ == twin.__match_args__


@records.dataclass(frozen=True, slots=True)
class Frozen:
    """As most are."""

    first: int
    second: list[int] = dataclasses.field(default_factory=list)
    named: int = dataclasses.field(default=7, kw_only=True)
    aside: str = dataclasses.field(default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.first < 0:
            raise ValueError("below nothing")


@records.dataclass
class Changing:
    """As messages are."""

    first: int
    second: str = "x"
    counted: int = dataclasses.field(default=3, init=False)
    gathered: list[int] = dataclasses.field(default_factory=list, init=False)


def test_an_instance_is_made_as_it_was_declared() -> None:
    one = Frozen(1, aside="y")
    assert (one.first, one.second, one.aside) == (1, [], "y")
    assert Frozen(1, named=8).named == 8
    with pytest.raises(
        TypeError, match=r"__init__\(\) takes from 2 to 4 positional arguments but 5"
    ):
        Frozen(1, [], "", 8)  # type: ignore[call-arg]
    assert Frozen(1).second is not Frozen(1).second
    with pytest.raises(ValueError, match="below nothing"):
        Frozen(-1)
    with pytest.raises(TypeError, match=r"Frozen\.__init__\(\) missing 1 required positional"):
        Frozen()  # type: ignore[call-arg]
    assert dataclasses.replace(one, first=2) == Frozen(2)
    assert repr(one) == "Frozen(first=1, second=[], named=7)"


def test_what_is_frozen_stays() -> None:
    one = Frozen(1)
    for name in ("first", "unheard"):
        with pytest.raises(
            dataclasses.FrozenInstanceError, match=f"cannot assign to field '{name}'"
        ):
            setattr(one, name, 2)
        with pytest.raises(dataclasses.FrozenInstanceError, match=f"cannot delete field '{name}'"):
            delattr(one, name)
    assert not hasattr(one, "__dict__")


def test_copies_are_whole() -> None:
    one = Frozen(1, [2], "y")
    for other in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):  # noqa: S301
        assert (other.first, other.second, other.aside) == (1, [2], "y")


def test_what_changes_has_no_hash() -> None:
    one = Changing(1)
    assert (one.counted, one.gathered) == (3, [])
    one.second = "y"
    assert one == Changing(1, "y") != Changing(2, "y")
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)
