"""What is loaded when: nothing of weight before the first picture, nothing foreign near the money."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support import terminal
from support.terminal import running

from kiosk_tui.ui import deferred

TOO_EARLY = frozenset(
    {
        *("argparse", "json", "gettext", "unittest", "email", "http"),
        *("httpx", "httpcore", "anyio", "truststore", "pydantic", "pydantic_core"),
        *("babel", "starlette", "uvicorn", "sqlite3"),
    }
)
"""What loads while the customer looks at the first screen."""

NOT_AT_REST = frozenset(
    {
        *("click", "pygments"),  # httpx's own command line
        *("babel", "iso4217", "xml"),  # tables stand for them
        *("ctypes", "curses", "argparse"),
    }
)
"""What an open register has no use for: megabytes of it."""

WITHIN_NOT_AT_REST = frozenset(
    {"urllib.request", "http.cookiejar", "httpcore._sync", "httpcore._backends.sync"}
)
"""The same, within packages of which something is used: no proxy of the environment, no cookies, no thread
that waits for an answer."""

ONLY_WHERE_CONFIGURED = frozenset(
    {
        *("kiosk_tui.fiscal", "kiosk_tui.domain.fiscal", "kiosk_tui.payment.fiscal"),
        *("kiosk_tui.journal.signatures", "kiosk_tui.session.fiscal"),
    }
)
"""What a register has no use for that signs nothing."""

# Runs the program itself, and writes down what is loaded once the first picture is on the screen,
# and again when the register is open behind it.
_WATCHED = """
import gc, os, sys

def note(name, app):
    from kiosk_tui.ui import deferred
    put_off = deferred.put_off()
    modules = sorted(set(sys.modules) - put_off)
    widgets = [type(one).__name__ for one in app.screen.query("*")]
    seen = {"modules": modules, "put_off": sorted(put_off), "gc": gc.isenabled(), "widgets": widgets}
    import json  # not before it was looked
    path = os.environ["STATE_DIRECTORY"] + "/" + name
    with open(path + ".new", "w") as file:
        json.dump(seen, file)
    os.replace(path + ".new", path)  # whoever sees it sees it whole

def watch():
    from kiosk_tui.ui.app import KioskApp

    on_ready, attach = KioskApp.on_ready, KioskApp.attach

    def watched_ready(app):
        note("painted.json", app)
        on_ready(app)

    def watched_attach(app, *arguments):
        attach(app, *arguments)
        note("open.json", app)

    show = KioskApp.show

    def watched_show(app, screen):
        show(app, screen)
        note(type(screen).__name__ + ".json", app)

    KioskApp.on_ready, KioskApp.attach, KioskApp.show = watched_ready, watched_attach, watched_show

class WhenTheScreenIsLoaded:
    def find_spec(self, name, path=None, target=None):
        if name == "kiosk_tui.ui.screen_thread":
            sys.meta_path.remove(self)
            watch()

sys.meta_path.insert(0, WhenTheScreenIsLoaded())

from kiosk_tui.__main__ import main
sys.exit(main())
"""


FIRST_STAGE = frozenset(
    f"kiosk_tui.{name}"
    for name in (
        *("cli.afterwards", "cli.exits", "cli.front", "cli.full_screen", "cli.main", "cli.output"),
        *("cli.run", "cli.signals", "cli.streams"),
        *(
            "config.faults",
            "domain.journal_errors",
            "domain.one_line",
            "files.writing",
            "isolation",
        ),
        *("observe.uncaught", "remote.sockets.places"),
        *("session.console", "session.errors", "session.signals", "session.status"),
        *("start.abilities", "start.arguments", "start.early", "start.picture"),
        *("text.encodings", "text.glyphs", "text.texts", "text.themes"),
        *(
            "text.colours",
            "text.looks",
            "ui.driver.grid",
            "ui.driver.moves",
            "ui.driver.pen",
            "ui.driver.shading",
            "ui.driver.styles",
            "ui.driver.wiping",
        ),
        *("ui.app", "ui.app_message", "ui.exit_codes", "ui.first", "ui.other_loop"),
        # they spare a fifth of a start
        *("compiled.generated", "compiled.patterns", "compiled.table", "compiled.taking"),
        "records",
        "ui.deferred",  # spares a sixth of a start
        *(
            "ui.repaint",
            "ui.kept_styles",
            "ui.screen_thread",
            "ui.strips",
            "ui.stylesheets",
            "ui.driver.driver",
            "ui.driver.outlet",
        ),
        *("ui.driver.shadow", "ui.screens.frame", "ui.screens.starting", "ui.widgets.room"),
    )
)
"""All of ours that the first picture waits for. Whatever is added here makes every start slower."""


def _top(modules: list[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


def test_nothing_of_weight_loads_before_the_first_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "PROGRAM", (sys.executable, "-c", _WATCHED))
    with running("--demo", folder=tmp_path) as kiosk:
        kiosk.wait("Pay by card")

    painted = json.loads((tmp_path / "painted.json").read_text())
    assert not _top(painted["modules"]) & TOO_EARLY
    early = {*deferred.SOON, *deferred.SELDOM} - set(painted["put_off"])
    assert not early, (
        f"{', '.join(sorted(early))} runs before the first picture: Textual or the standard library has come"
        " to import a name of it, or uses it, that kiosk_tui/ui/deferred.py does not list. The program"
        " works, and starts slower. Add the name, or take the module off the list."
    )
    assert "textual.widgets._tree" not in painted["modules"], (
        "Textual loads widgets for its command palette from another module than textual.command: put that"
        " one off in kiosk_tui/ui/deferred.py"
    )
    assert painted["widgets"] == ["Vertical", "Static"], (
        "Textual puts widgets of its own on every screen: look for what `_disable_tooltips` and"
        " `_disable_notifications` are called now (kiosk_tui/ui/app.py)"
    )
    assert not painted["gc"]
    ours = {name for name in painted["modules"] if name.startswith("kiosk_tui.")}
    packages = {name.rpartition(".")[0] for name in ours}
    assert ours - packages - {"kiosk_tui.__main__"} == FIRST_STAGE

    # the same look at a moment when they must be there, or it would see nothing at all
    opened = json.loads((tmp_path / "open.json").read_text())
    assert opened["gc"]
    assert not set(opened["put_off"]) & set(deferred.SOON)
    assert "textual.command" in opened["put_off"]
    assert _top(opened["modules"]) >= {"httpx", "pydantic", "sqlite3"}
    assert not _top(opened["modules"]) & NOT_AT_REST
    assert not set(opened["modules"]) & WITHIN_NOT_AT_REST
    assert not set(opened["modules"]) & ONLY_WHERE_CONFIGURED
    assert "textual.widgets._directory_tree" not in opened["modules"]  # by `textual.types`
    assert "importlib.metadata" not in opened["modules"]
    assert not [one for one in opened["modules"] if one.startswith("_sysconfigdata")]


def test_a_payment_loads_nothing_that_money_depends_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "PROGRAM", (sys.executable, "-c", _WATCHED))
    with running("--demo", folder=tmp_path) as kiosk:
        kiosk.wait("Pay by card")
        kiosk.hears("\r")
        kiosk.wait("How much would you like to pay?")
        kiosk.hears("1255\r")
        kiosk.wait("tip")
        kiosk.hears("0")
        kiosk.until((tmp_path / "Result.json").exists, "the result")
    before, after = (
        set(json.loads((tmp_path / f"{screen}.json").read_text())["modules"])
        for screen in ("Welcome", "Result")
    )
    ours = {f"kiosk_tui.{room}" for room in ("domain", "payment", "journal", "tecs", "session")}
    theirs = {"pydantic", "pydantic_core", "httpx", "httpcore", "h11", "anyio", "ssl", "sqlite3"}
    late = {one for one in after - before if ".".join(one.split(".")[:2]) in ours}
    assert not late | (_top(list(after - before)) & theirs)


@pytest.mark.parametrize("asked", [False, True])
def test_what_speaks_to_systemd_loads_only_where_systemd_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, asked: bool
) -> None:
    monkeypatch.setattr(terminal, "PROGRAM", (sys.executable, "-c", _WATCHED))
    told = {"NOTIFY_SOCKET": str(tmp_path / "nobody")} if asked else {}
    with running("--demo", folder=tmp_path, environment=told) as kiosk:
        kiosk.wait("Pay by card")
    at_first, then = (
        "kiosk_tui.observe.watchdog" in json.loads((tmp_path / name).read_text())["modules"]
        for name in ("painted.json", "open.json")
    )
    assert (at_first, then) == (False, asked)


@pytest.mark.parametrize("room", ["domain", "payment"])
def test_the_money_rooms_import_the_standard_library_only(room: str) -> None:
    allowed = {"kiosk_tui.domain", "kiosk_tui.records", f"kiosk_tui.{room}"}
    script = f"""
import sys
before = set(sys.modules)  # what site-packages' own .pth files load is not ours
import importlib, pkgutil
package = importlib.import_module("kiosk_tui.{room}")
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
print(*(set(sys.modules) - before), sep="\\n")
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded = done.stdout.split()
    foreign = {
        name
        for name in loaded
        if name.partition(".")[0] not in sys.stdlib_module_names
        and name != "kiosk_tui"
        and not any(name == one or name.startswith(f"{one}.") for one in allowed)
    }
    assert not foreign
    assert f"kiosk_tui.{room}" in loaded
