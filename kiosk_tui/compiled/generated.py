"""Functions and annotations that are written as text: a seventh of the instructions until a kiosk is open.

`dataclasses` and named tuples write their methods as text and have Python compile it; `typing` does so
with every annotation that is a text, most of them several times. The builtin that each of these modules
calls for it is hidden there by one that looks into the table first.

Sources: Lib/dataclasses.py (`_create_fn`, since 3.13 `_FuncBuilder`), Lib/collections/__init__.py
(`namedtuple`), Lib/typing.py (`ForwardRef`).
"""

from __future__ import annotations

import builtins
import collections
import contextlib
import dataclasses
import marshal
import typing
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from kiosk_tui import records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType, ModuleType

Key: TypeAlias = tuple[str, str]
"""What it is to Python (`exec` or `eval`), the text."""

Compiled: TypeAlias = list[Any]
"""Its code as bytes, and how often a start asks for it: after that, nobody keeps it in memory."""

_HIDDEN: Final[tuple[tuple[ModuleType, str], ...]] = (
    (dataclasses, "exec"),
    (records, "exec"),
    (collections, "eval"),
    (typing, "compile"),
)
"""In which modules which builtin is hidden. None of their texts is changed by a `__future__` of theirs."""


def use(table: dict[Key, Compiled]) -> None:
    """Take compiled code from that table, as often as it says."""

    def taken(kind: str, text: str) -> CodeType:
        found = table.get((kind, text))
        if found is None:
            return _compiled(kind, text)
        found[1] -= 1
        if found[1] <= 0:
            table.pop((kind, text), None)
        if isinstance(found[0], bytes):  # read once: who has the same text shares the code
            found[0] = marshal.loads(found[0])  # noqa: S302 - as a `.pyc`, and beside them
        return typing.cast("CodeType", found[0])

    if table:
        _hide(taken)


@contextlib.contextmanager
def noted() -> Iterator[dict[Key, Compiled]]:
    """Yield a table that gets everything that is compiled in the block."""
    table: dict[Key, Compiled] = {}

    def note(kind: str, text: str) -> CodeType:
        code = _compiled(kind, text)
        table.setdefault((kind, text), [marshal.dumps(code, _VERSION), 0])[1] += 1
        return code

    _hide(note)
    try:
        yield table
    finally:
        show()


def show() -> None:
    """Have the modules call the builtins again."""
    for module, name in _HIDDEN:
        vars(module).pop(name, None)


_VERSION: Final = 2
"""Of the format: its bytes follow from the code alone."""


def _compiled(kind: str, text: str) -> CodeType:
    return compile(text, "<string>", kind, dont_inherit=True)


def _hide(code_of: Callable[[str, str], CodeType]) -> None:
    def execute(text: str, *scopes: Any) -> None:
        builtins.exec(code_of("exec", text), *scopes)  # noqa: S102 - in the caller's place

    def evaluate(text: str, *scopes: Any) -> object:
        return builtins.eval(code_of("eval", text), *scopes)  # noqa: S307 - likewise

    def make(text: Any, file: Any, mode: Any, *more: Any, **named: Any) -> object:
        if (file, mode, more, named) == ("<string>", "eval", (), {}) and type(text) is str:
            return code_of(mode, text)
        return builtins.compile(text, file, mode, *more, **named)

    hiding = {"exec": execute, "eval": evaluate, "compile": make}
    for module, name in _HIDDEN:
        vars(module)[name] = hiding[name]
