"""What the parent loads is what a lane needs until it is open: all of it, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.installation import installed
from support.lanes import MISSING, ROOT, parent

pytestmark = [pytest.mark.journey, pytest.mark.skipif(bool(MISSING), reason=MISSING)]

_NOTED = f"""
import json, os, sys
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
import kiosk_tui.cli.lanes
begun = kiosk_tui.cli.lanes.child.begun

def noted(line):
    lane = begun(line)
    before = sorted(sys.modules)
    from kiosk_tui.ui.app import KioskApp
    show = KioskApp.show

    def shown(app, screen):
        show(app, screen)
        told = {{"before": before, "open": sorted(sys.modules)}}
        Path(os.environ["STATE_DIRECTORY"], "modules.json").write_text(json.dumps(told))

    KioskApp.show = shown
    return lane

kiosk_tui.cli.lanes.child.begun = noted
from kiosk_tui.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize("term", ["linux", "xterm-256color"])
def test_a_lane_loads_nothing_until_it_is_open(tmp_path: Path, term: str) -> None:
    with installed(tmp_path) as shop, parent(tmp_path, _NOTED) as begun:
        shop.configure(kiosk='mode = "lane"')
        terminal = begun.login(shop, TERM=term)
        try:
            terminal.wait("Type the amount, then Enter.")
        finally:
            terminal.close()
    told = json.loads((tmp_path / "modules.json").read_text())
    assert set(told["open"]) - set(told["before"]) == set()


_LOADED = f"""
import asyncio, gc, os, socket, ssl, sys, threading
sys.path.insert(0, {str(ROOT)!r})
from kiosk_tui.lanes import preload
preload.load()
from textual.app import App
from kiosk_tui.config.load import Loaded
from kiosk_tui.journal.store import Store
from kiosk_tui.session.launch import Launch
gc.collect()
kinds = (ssl.SSLContext, socket.socket, asyncio.AbstractEventLoop, App, Launch, Loaded, Store)
print([type(one).__name__ for one in gc.get_objects() if isinstance(one, kinds)])
print(threading.active_count(), len(os.listdir("/proc/self/task")))
print(sorted(int(one) for one in os.listdir("/proc/self/fd"))[:4])
"""


def test_the_parent_holds_modules_only_and_has_no_thread_and_no_file() -> None:
    told = subprocess.run(
        [sys.executable, "-I", "-c", _LOADED], capture_output=True, text=True, check=True
    )
    assert told.stdout.splitlines() == ["[]", "1 1", "[0, 1, 2, 3]"]  # the folder that is listed
