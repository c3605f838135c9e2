"""Regular expressions that were compiled when the program was installed.

Python keeps the code of modules in `__pycache__`, but compiles every regular expression of theirs at each
start: 200 of our libraries', a fifteenth of the instructions until a kiosk is open. `python -m
kiosk_tui.patterns` writes their code beside ours, and `use` has Python take it from there. A pattern is
found by its whole text and its flags, and only by the very Python that compiled it; any other one, and all
of them where the file is missing or damaged, is compiled as ever.

Sources: Lib/re/_compiler.py; `_sre.compile` proves every code before it takes it.
"""

from __future__ import annotations

import marshal
import sys
from typing import Any, Final, TypeAlias

Key: TypeAlias = tuple[bool, int, Any]
"""Whether the pattern is text, its flags, the pattern."""

Compiled: TypeAlias = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]
"""What `_sre.compile` takes after the pattern; the code as bytes, which are small and quick to read."""

FILE: Final = f"{__file__.rpartition('/')[0]}/__pycache__/patterns.{sys.implementation.cache_tag}"
_LOADED: Final = (
    *("kiosk_tui.cli.run", "kiosk_tui.ui.first", "kiosk_tui.ui.front", "kiosk_tui.ui.second"),
    *("kiosk_tui.cli.payments", "kiosk_tui.cli.choose", "kiosk_tui.ui.driver.listening"),
    *("httpcore", "anyio._backends._asyncio"),
)
"""The modules that stand for a start: with them comes whatever they import. httpx and httpcore import the
last ones when they first send something."""
_VERSION: Final = 2
"""Of the format: the last one whose bytes follow from the values alone, so that a package repeats."""


def use(file: str = FILE) -> None:
    """Take compiled patterns from that file, each of them once."""
    table = read(file)
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


def read(file: str = FILE) -> dict[Key, Compiled]:
    """Return the compiled patterns; none where they are missing, damaged or another Python's."""
    try:
        with open(file, "rb") as stream:  # noqa: PTH123 - no `pathlib` before the first picture
            python, table = marshal.loads(stream.read())  # noqa: S302 - as a `.pyc`, and beside them
    except (OSError, EOFError, TypeError, ValueError):
        return {}
    return table if python == sys.version and isinstance(table, dict) else {}


def write(file: str = FILE) -> None:
    """Load what a start loads, and write the patterns that were compiled for it. Raises `OSError`."""
    import importlib  # noqa: PLC0415 - when a program is installed, as all of these
    import os  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    seen: dict[Key, None] = {}
    compiler = _compiler()
    compile_anew = compiler.compile

    def noted(pattern: Any, flags: int = 0) -> Any:
        if type(pattern) in {str, bytes}:
            seen[type(pattern) is str, int(flags), pattern] = None
        return compile_anew(pattern, flags)

    compiler.compile = noted
    try:
        for name in _LOADED:
            importlib.import_module(name)
    finally:
        compiler.compile = compile_anew
    table = {key: compiled(*key) for key in seen}
    place = Path(file)
    place.parent.mkdir(exist_ok=True)
    fresh = place.with_name(f"{place.name}.{os.getpid()}")
    fresh.write_bytes(marshal.dumps((sys.version, table), _VERSION))
    fresh.replace(place)


def compiled(_text: bool, flags: int, pattern: Any) -> Compiled:  # noqa: FBT001 - a `Key`
    """Return what Python's compiler hands to `_sre.compile`."""
    from array import array  # noqa: PLC0415
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


if __name__ == "__main__":
    write()
