"""Regular expressions: 200 of our libraries', a fifteenth of the instructions until a kiosk is open.

Sources: Lib/re/_compiler.py; `_sre.compile` proves every code before it takes it.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Key: TypeAlias = tuple[bool, int, Any]
"""Whether the pattern is text, its flags, the pattern."""

Compiled: TypeAlias = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]
"""What `_sre.compile` takes after the pattern; the code as bytes, which are small and quick to read."""


def use(table: dict[Key, Compiled]) -> None:
    """Take compiled patterns from that table, each of them once."""
    if not table:
        return
    compiler = _compiler()
    compile_anew, proven = compiler.compile, compiler._sre.compile  # noqa: SLF001

    def taken(pattern: Any, flags: int = 0) -> Any:
        found = None
        if type(pattern) in {str, bytes}:
            found = table.pop((type(pattern) is str, int(flags), pattern), None)
        if found is None:
            return compile_anew(pattern, flags)
        all_flags, code, *groups = found
        return proven(pattern, all_flags, memoryview(code).cast("I").tolist(), *groups)

    compiler.compile = taken


@contextlib.contextmanager
def noted() -> Iterator[dict[Key, Compiled]]:
    """Yield a table that holds, after the block, every pattern that was compiled in it."""
    seen: dict[Key, None] = {}
    table: dict[Key, Compiled] = {}
    compiler = _compiler()
    compile_anew = compiler.compile

    def note(pattern: Any, flags: int = 0) -> Any:
        if type(pattern) in {str, bytes}:
            seen[type(pattern) is str, int(flags), pattern] = None
        return compile_anew(pattern, flags)

    compiler.compile = note
    try:
        yield table
    finally:
        compiler.compile = compile_anew
    table |= {key: compiled(*key) for key in seen}


def compiled(_text: bool, flags: int, pattern: Any) -> Compiled:  # noqa: FBT001 - a `Key`
    """Return what Python's compiler hands to `_sre.compile`."""
    from array import array  # noqa: PLC0415 - when a program is installed
    from types import SimpleNamespace  # noqa: PLC0415

    compiler = _compiler()
    sre = compiler._sre  # noqa: SLF001
    compiler._sre = SimpleNamespace(**{**vars(sre), "compile": lambda *handed: handed})  # noqa: SLF001
    try:
        _, all_flags, code, count, names, indices = compiler.compile(pattern, flags)
    finally:
        compiler._sre = sre  # noqa: SLF001
    return int(all_flags), array("I", code).tobytes(), count, dict(names), tuple(indices)


def _compiler() -> Any:
    """Return Python's compiler of patterns: it is private, so a test looks at it."""
    from re import _compiler as found  # type: ignore[attr-defined]  # noqa: PLC0415

    return found
