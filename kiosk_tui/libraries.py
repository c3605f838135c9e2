"""What our libraries would load or make, and nobody here uses.

Some modules are kept out, by an empty one in their place; some are made of lighter things. Whoever imports
httpx or pydantic imports this first. Where a library has another shape one day, it loads what it loads, and
a test tells.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

from kiosk_tui import records

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


class _Described:
    """In the place of `TypedDict`: its classes make dictionaries, too, and say nothing of their types."""

    def __new__(cls, *pairs: Any, **named: Any) -> Any:
        """Make a dictionary."""
        return dict(*pairs, **named)

    def __init_subclass__(cls, *, total: bool = True) -> None:
        """Take what a `TypedDict` takes."""


# pydantic describes schemas by 90 `TypedDict`s, for type checkers alone, and annotated_types its words by
# dataclasses. To write them down takes 50 million instructions at each start: these are lighter, and ours.
_LIGHTER: Final[Mapping[str, Mapping[str, object]]] = {
    "annotated_types": {"dataclass": records.dataclass},
    "pydantic_core.core_schema": {"TypedDict": _Described},
}
"""What a module gets instead of what it imports by a name."""


class _Loader:
    """Runs a module with other things under some names that it imports; nobody else is concerned."""

    def __init__(self, real: Loader, instead: Mapping[str, object]) -> None:
        self._real, self._instead = real, instead

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._real.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__builtins__ = {**vars(builtins), "__import__": self._import}  # type: ignore[attr-defined]
        self._real.exec_module(module)

    def _import(
        self,
        name: str,
        names: Mapping[str, object] | None = None,
        own: Mapping[str, object] | None = None,
        wanted: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        found = builtins.__import__(name, names, own, wanted or (), level)
        instead = {one: self._instead[one] for one in wanted or () if one in self._instead}
        if not instead:
            return found
        return SimpleNamespace(**{one: getattr(found, one) for one in wanted or ()} | instead)


class _Finder:
    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in _LIGHTER:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = cast("Loader", _Loader(spec.loader, _LIGHTER[name]))
        return spec


sys.meta_path.insert(0, cast("Any", _Finder()))
