"""Modules that run when they are used: whoever imports one, whenever, gets the whole of the real one."""

from __future__ import annotations

import contextlib
import gc
import importlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk_tui.ui import deferred
from kiosk_tui.ui.deferred import StandIn

NAME = "put_off_in_a_test"


@pytest.fixture
def put_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the file of a module that is put off for the length of a test."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(deferred._NAMES, NAME, ("Base", "double"))
    importlib.invalidate_caches()
    deferred.begin()
    yield tmp_path / f"{NAME}.py"
    deferred.end()
    sys.modules.pop(NAME, None)


def test_a_module_runs_when_something_of_it_is_asked_for(put_off: Path) -> None:
    put_off.write_text("import sys\nran = True\ndef double(n): return 2 * n\n")
    module = importlib.import_module(NAME)
    assert "ran" not in vars(module)
    assert deferred.put_off() >= {NAME}
    assert importlib.import_module(NAME) is module  # a second import does not run it either
    assert "ran" not in vars(module)

    assert module.ran
    assert module.double(4) == 8
    assert type(module) is type(sys)
    assert NAME not in deferred.put_off()
    assert not hasattr(module, "nothing")


def test_what_was_imported_by_name_is_the_real_thing_once_the_module_has_run(put_off: Path) -> None:
    put_off.write_text(
        "from abc import ABC\nclass Base(ABC):\n    word = 'real'\ndef double(n): return 2 * n\n"
    )
    names: dict[str, object] = {"__name__": "importer"}
    exec(f"from {NAME} import Base, double\nclass Heir(Base):\n    pass\n", names)  # noqa: S102
    assert isinstance(names["double"], StandIn)
    stand_in, heir = names["double"], names["Heir"]
    assert isinstance(heir, type)

    assert stand_in(21) == 42
    module = sys.modules[NAME]
    assert names["double"] is module.double
    assert names["Base"] is module.Base
    assert heir.__mro__[:2] == (heir, module.Base)


def test_a_name_that_is_not_listed_runs_the_module_at_once(put_off: Path) -> None:
    put_off.write_text("other = 1\ndouble = 2\n")
    names: dict[str, object] = {"__name__": "importer"}
    exec(f"from {NAME} import double, other\n", names)  # noqa: S102
    assert (names["double"], names["other"]) == (2, 1)


def test_afterwards_nobody_gets_a_stand_in(put_off: Path) -> None:
    put_off.write_text("double = 2\n")
    importlib.import_module(NAME)
    deferred.end()
    names: dict[str, object] = {"__name__": "importer"}
    exec(f"from {NAME} import double\n", names)  # noqa: S102
    assert names["double"] == 2


def test_threads_that_ask_at_once_get_the_whole_module(put_off: Path) -> None:
    put_off.write_text(
        "import threading\nhalf = threading.current_thread()\nentered()\nwhole = 1\n"
    )
    module = importlib.import_module(NAME)
    inside, second_asks = threading.Event(), threading.Event()

    def entered() -> None:
        inside.set()
        second_asks.wait(10)

    vars(module)["entered"] = entered
    seen: list[object] = []
    first = threading.Thread(target=lambda: seen.append(module.whole))
    first.start()
    assert inside.wait(10)

    def ask() -> None:
        second_asks.set()
        seen.append(module.whole)

    second = threading.Thread(target=ask)
    second.start()
    first.join(10)
    second.join(10)
    assert seen == [1, 1]
    assert module.half is first


def test_a_body_that_fails_is_tried_again(put_off: Path) -> None:
    put_off.write_text(
        "import sys\nif not hasattr(sys, 'may_run'): raise OSError('no file left')\n"
    )
    module = importlib.import_module(NAME)
    with pytest.raises(OSError, match="no file left"):
        _ = module.anything
    assert NAME in deferred.put_off()
    put_off.write_text("anything = 'whole'\n")
    importlib.invalidate_caches()
    assert module.anything == "whole"


def test_a_start_that_fails_leaves_imports_and_garbage_as_they_were() -> None:
    before = list(sys.meta_path)
    seen = []
    with contextlib.suppress(OSError), deferred.first_stage():
        seen = [gc.isenabled(), sys.meta_path == before]
        raise OSError("no terminal")
    assert seen == [False, False]
    assert gc.isenabled()
    assert sys.meta_path == before


# In a process of its own: this one has loaded Textual.
_PALETTE = """
from kiosk_tui.ui import deferred

deferred.begin()
import asyncio
from textual import app as textual_app, theme
assert {"ssl", "asyncio.sslproto", "textual.command"} <= deferred.put_off(), deferred.put_off()
deferred.complete()
assert not set(deferred.SOON) & deferred.put_off()
assert "textual.command" in deferred.put_off()

async def use():
    app = textual_app.App()
    async with app.run_test() as pilot:
        app.search_themes()
        await pilot.pause()
        assert type(app.screen).__name__ == "CommandPalette"

asyncio.run(use())
from textual.command import CommandPalette, Provider
assert textual_app.CommandPalette is CommandPalette
assert issubclass(theme.ThemeProvider, Provider) and textual_app.ThemeProvider is theme.ThemeProvider
import ssl, asyncio.sslproto
assert asyncio.sslproto.ssl is ssl and asyncio.base_events.ssl is ssl
assert asyncio.base_events.sslproto is asyncio.sslproto
assert type(ssl).__name__ == type(asyncio.sslproto).__name__ == "module"
ssl.create_default_context()
"""


def test_textuals_palette_and_tls_are_whole_when_somebody_uses_them() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PALETTE], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, (
        "What kiosk_tui/ui/deferred.py puts off is not whole when it is used; Textual or asyncio has changed"
        f" what it imports by name, or the classes that derive from it:\n{done.stderr}"
    )
