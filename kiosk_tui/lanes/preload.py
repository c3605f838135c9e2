"""What the parent loads for all lanes: every module that a lane needs until it is open, and no more.

Modules only: no configuration, key, journal or TLS context is ever in the parent.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from typing import Any, Final, cast

_OURS: Final = (
    *("kiosk_tui.cli.front", "kiosk_tui.cli.run", "kiosk_tui.cli.choose"),
    *(
        "kiosk_tui.ui.driver.listening",
        "kiosk_tui.ui.driver.tour",
        "kiosk_tui.ui.front",
        "kiosk_tui.ui.second",
    ),
    *("kiosk_tui.ui.journeys.cashier", "kiosk_tui.ui.shapes.console.figures_s"),
    *("kiosk_tui.session.lane", "kiosk_tui.observe.logs.file"),
)
_LIBRARIES: Final = (
    *("textual.drivers.headless_driver", "textual.layouts.factory", "textual.pilot"),
    *("textual.scrollbar", "rich._unicode_data.unicode17-0-0"),
    *("babel.dates", "babel.numbers", "pydantic.plugin._loader"),
    *("httpcore", "anyio._backends._asyncio"),
)
"""Each brings others with it. A test holds these lists against what a lane has loaded once it is open."""

_BUILT: Final = (
    ("kiosk_tui.tecs.models", "build"),
    ("kiosk_tui.config.models", "build"),
    ("kiosk_tui.tecs.codes", "shipped"),
    ("kiosk_tui.records", "write_all"),
    ("kiosk_tui.observe.logs", "loggers"),
    ("kiosk_tui.session.screens", "draws_codes"),
    ("kiosk_tui.ui.warm_up", "draw_a_lane"),
)
_ABSENT: Final = ("sniffio",)
"""httpcore looks for it several times with each request; what is not installed is looked for once."""


def load() -> None:
    """Load them, build what is built at first use, and draw a lane for nobody."""
    for name in _OURS:
        importlib.import_module(name)
    for name in _LIBRARIES:
        with contextlib.suppress(ImportError):  # another version may have another inside
            importlib.import_module(name)
    for name in _ABSENT:
        try:
            importlib.import_module(name)
        except ImportError:
            sys.modules.setdefault(name, cast("Any", None))  # so Python notes that there is none
    for name, function in _BUILT:
        getattr(importlib.import_module(name), function)()
