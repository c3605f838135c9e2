"""Code that libraries write as text is what Python makes of that text, wherever it comes from."""

from __future__ import annotations

import dataclasses
import marshal
import subprocess
import sys
import typing
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk_tui.compiled import generated, table
from kiosk_tui.compiled.taking import GENERATED

MANY = {"exec": 100, "eval": 80}  # since 3.13 a class has one text for all of its methods


@pytest.fixture(autouse=True)
def _shown() -> Iterator[None]:
    yield
    generated.show()


def test_every_code_is_what_python_makes_of_its_text(written: Path) -> None:
    found = table.read(str(written))[GENERATED]
    for kind, most in MANY.items():
        assert sum(key[0] == kind for key in found) > most, f"{kind} is called elsewhere now"
    for (kind, text), (code, count) in found.items():
        assert count > 0
        real = compile(text, "<string>", kind, dont_inherit=True)
        assert marshal.loads(code) == real  # noqa: S302 - ours


def _made() -> tuple[type, type, object]:
    """Make one of each that no library has: not in the table, so compiled."""

    @dataclasses.dataclass(frozen=True)
    class Sum:
        minor: int
        currency: str = "EUR"

    pair = namedtuple("pair", ["nobody", "elses"])  # noqa: PYI024 - this very function is tested

    class Hinted:
        hint: "dict[str, list[int]]"  # noqa: UP037 - a text is what typing compiles

    return Sum, pair, typing.get_type_hints(Hinted)["hint"]


def test_classes_made_with_the_table_are_as_without(written: Path) -> None:
    plain = _made()
    generated.use(table.read(str(written))[GENERATED])
    first = _made()
    with generated.noted() as noted:
        _made()
    assert {count for _, count in noted.values()} == {1}
    generated.use(noted)
    again = _made()
    for sum_, pair, hint in (plain, first, again):
        assert hint == dict[str, list[int]]
        assert pair(1, elses=2) == (1, 2)
        one = sum_(1255)
        assert (one, repr(one)) == (sum_(1255, "EUR"), repr(plain[0](1255)))
        assert sum_.__init__.__annotations__ == plain[0].__init__.__annotations__  # type: ignore[misc]
        with pytest.raises(dataclasses.FrozenInstanceError):
            one.minor = 1
    assert not noted, "what was taken as often as it was asked for is kept by nobody"


def test_a_text_that_is_no_expression_is_refused_as_ever(written: Path) -> None:
    generated.use(table.read(str(written))[GENERATED])
    with pytest.raises(SyntaxError, match="Forward reference must be an expression"):
        typing.ForwardRef("1 +")
    with pytest.raises(TypeError):
        typing.ForwardRef(typing.cast("str", 12))


def test_a_start_compiles_next_to_nothing_any_more(written: Path) -> None:
    """Whoever writes a method as text in a way that is not known makes each start slower."""
    script = f"""
import builtins, sys
from kiosk_tui.compiled.taking import LOADED, take
take({str(written)!r})
texts = []
def noted(builtin):
    def note(text, *more, **named):
        if type(text) is str:
            texts.append(sys._getframe(1).f_globals["__name__"])
        return builtin(text, *more, **named)
    return note
for name in ("compile", "eval", "exec"):
    setattr(builtins, name, noted(getattr(builtins, name)))
import importlib
for name in LOADED:
    importlib.import_module(name)
known = {{"dataclasses", "collections", "typing", "kiosk_tui.records", "kiosk_tui.compiled.generated"}}
print(len(known & set(texts)))
"""
    told = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert int(told.stdout) == 0
