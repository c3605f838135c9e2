"""Patterns compiled at installation are those that Python would compile, or are not used."""

from __future__ import annotations

import importlib
import marshal
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk_tui import patterns

MANY = 150


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file that an installation would write."""
    file = tmp_path_factory.mktemp("patterns") / "patterns"
    script = f"from kiosk_tui import patterns; patterns.write({str(file)!r})"
    subprocess.run([sys.executable, "-c", script], check=True, env={"PYTHONHASHSEED": "0"})
    return file


@pytest.fixture
def compiler() -> Iterator[object]:
    """Return Python's compiler of patterns, and put it right afterwards."""
    found = patterns._compiler()
    real = found.compile
    yield found
    found.compile = real


def test_every_pattern_is_the_one_that_python_compiles(written: Path, compiler: object) -> None:
    del compiler
    table = patterns.read(str(written))
    assert len(table) > MANY
    anew = patterns._compiler().compile
    patterns.use(str(written))
    taken = patterns._compiler().compile
    assert taken is not anew
    for _, flags, pattern in table:
        one, other = taken(pattern, flags), anew(pattern, flags)
        assert one == other  # its code, too
        assert (one.flags, one.groups, one.groupindex) == (
            other.flags,
            other.groups,
            other.groupindex,
        )


def test_what_is_not_in_the_file_is_compiled(written: Path, compiler: object) -> None:
    del compiler
    patterns.use(str(written))
    re.purge()
    assert re.fullmatch("(?P<digits>[0-9]+) nobody else's", "12 nobody else's") is not None
    assert re.fullmatch(b"[0-9]+ nobody else's", b"12 nobody else's") is not None
    with pytest.raises(re.error):
        re.compile("(nobody's")


@pytest.mark.parametrize("other", ["missing", "cut short", "garbage", "another Python's"])
def test_a_file_that_cannot_be_used_changes_nothing(
    written: Path, tmp_path: Path, compiler: object, other: str
) -> None:
    file = tmp_path / "patterns"
    whole = written.read_bytes()
    if other == "cut short":
        file.write_bytes(whole[: len(whole) // 2])
    elif other == "garbage":
        file.write_bytes(b"no such thing")
    elif other == "another Python's":
        file.write_bytes(marshal.dumps(("3.0", marshal.loads(whole)[1])))  # noqa: S302 - ours
    real = patterns._compiler().compile
    patterns.use(str(file))
    assert patterns._compiler().compile is real
    assert compiler is importlib.import_module("re")._compiler


def test_an_installation_writes_the_same_file_each_time(written: Path, tmp_path: Path) -> None:
    again = tmp_path / "patterns"
    script = f"from kiosk_tui import patterns; patterns.write({str(again)!r})"
    subprocess.run([sys.executable, "-c", script], check=True, env={"PYTHONHASHSEED": "0"})
    assert again.read_bytes() == written.read_bytes()
