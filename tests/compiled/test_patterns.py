"""Patterns compiled at installation are those that Python would compile, or are not used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk_tui.compiled import patterns, table
from kiosk_tui.compiled.taking import PATTERNS

MANY = 150


@pytest.fixture(autouse=True)
def _compiler() -> Iterator[None]:
    """Put Python's compiler of patterns right afterwards."""
    found = patterns._compiler()
    real = found.compile
    yield
    found.compile = real


def test_every_pattern_is_the_one_that_python_compiles(written: Path) -> None:
    found = table.read(str(written))[PATTERNS]
    assert len(found) > MANY
    anew = patterns._compiler().compile
    patterns.use(dict(found))
    taken = patterns._compiler().compile
    assert taken is not anew
    for _, flags, pattern in found:
        one, other = taken(pattern, flags), anew(pattern, flags)
        assert one == other  # its code, too
        assert (one.flags, one.groups, one.groupindex) == (
            other.flags,
            other.groups,
            other.groupindex,
        )


def test_what_is_not_in_the_table_is_compiled(written: Path) -> None:
    patterns.use(table.read(str(written))[PATTERNS])
    re.purge()
    assert re.fullmatch("(?P<digits>[0-9]+) nobody else's", "12 nobody else's") is not None
    assert re.fullmatch(b"[0-9]+ nobody else's", b"12 nobody else's") is not None
    with pytest.raises(re.error):
        re.compile("(nobody's")
