"""The full screen: a few lines of text that are written again only where they have changed."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import ClassVar, Final

from textual import events
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from kiosk_tui.lab.simulator_console import picture
from kiosk_tui.lab.simulator_console.choices import GROUPS, Group, Option
from kiosk_tui.lab.simulator_console.picture import BY_HAND_S, Line, Times
from kiosk_tui.simulator.server import served
from kiosk_tui.simulator.tecs import Simulator
from kiosk_tui.text.glyphs import drawable
from kiosk_tui.text.looks import CONSOLE, rendering
from kiosk_tui.text.themes import THEMES, css_variables, drawn
from kiosk_tui.text.times import clock
from kiosk_tui.ui.driver.driver import LeanDriver
from kiosk_tui.ui.driver.typed import Burst

LOOK_S: Final = 0.5
"""So often the console looks at the simulator; what has not changed is not drawn again."""

DELAYS_S: Final = (0.0, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, BY_HAND_S)
_SMALLEST: Final = (80, 24)
_MARGIN: Final = 2
_THEME: Final = drawn(THEMES["standard"], rendering(os.environ, CONSOLE))
_Keys = tuple[Mapping[str, str], ...]
_KEYS: Final[_Keys] = (
    {"1": "line faults", "2": "terminal faults", "3": "host faults", "0": "none of them"},
    {"P": "present the card", "C": "red key", "+": "card later", "-": "sooner", "Q": "leave"},
)
_NAMES: Final = {"+": "plus", "-": "minus", ".": "full_stop"}
_MENU_KEYS: Final[_Keys] = ({"1-f": "choose", "Esc": "back"},)


class SimulatorConsole(App[int], inherit_bindings=False):
    """Watches a simulator that serves in this loop, and does to it what a key says."""

    BINDINGS: ClassVar[list[BindingType]] = []
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    CSS = """
    Screen { background: $page-back; color: $page-front; overflow: hidden; layout: vertical; }
    Static { width: 100%; padding: 0 2; }
    #head { height: 2; }
    #state { height: 4; }
    #body { height: 1fr; }
    #keys { height: 2; }
    """

    def __init__(self, simulator: Simulator, url: str) -> None:
        super().__init__(driver_class=LeanDriver, ansi_color=True)
        self.animation_level = "none"
        self._simulator = simulator
        self._url = url
        self._times = Times()
        self._menu: Group | None = None
        self._shown: dict[str, tuple[Line, ...]] = {}

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give the rules above the register's own colours."""
        return css_variables(_THEME)

    def compose(self) -> ComposeResult:
        """Lay out the lines."""
        yield Static("", id="head", markup=False)
        yield Static("", id="state", markup=False)
        yield Static("", id="body", markup=False)
        yield Static("", id="keys", markup=False)

    def on_ready(self) -> None:
        """Hear keys."""
        if isinstance(self._driver, LeanDriver):
            self._driver.listen()

    def on_mount(self) -> None:
        """Begin to look."""
        self.set_interval(LOOK_S, self.look)

    def on_resize(self) -> None:
        """Draw what fits now."""
        self.call_after_refresh(self.look)

    def look(self) -> None:
        """Draw what has changed."""
        columns, rows = self.size
        self._times.note(self._simulator.ledger, clock(datetime.now(UTC)))
        room = columns - 2 * _MARGIN
        self._draw("head", self._head(columns, rows))
        self._draw("state", picture.state(self._simulator, room))
        self._draw("body", self._body(room, max(1, rows - 8)))
        keys = _KEYS if self._menu is None else _MENU_KEYS
        self._draw("keys", [picture.keys(one) for one in keys])

    def on_key(self, event: events.Key) -> None:
        """Do what a key says; every other one does nothing."""
        event.stop()
        event.prevent_default()
        self._press(event.key.lower())
        self.look()

    def on_burst(self, event: Burst) -> None:
        """Do what keys say that came at once, one after the other: no money moves here."""
        for character in event.text.lower():
            self._press(_NAMES.get(character, character))
        self.look()

    def _press(self, key: str) -> None:
        if key == "ctrl+c":
            self.exit(0)
        elif self._menu is not None:
            self._chosen(self._menu, key)
        elif key in GROUPS:
            self._menu = GROUPS[key]
        elif key in self._acts:
            self._acts[key]()

    # -- what keys do --------------------------------------------------------------------------------

    @property
    def _acts(self) -> Mapping[str, Callable[[], object]]:
        return {
            "0": self._simulator.forget_queued,
            "p": self._simulator.terminal.present_card,
            "c": self._simulator.terminal.press_cancel,
            "plus": lambda: self._delay(+1),
            "minus": lambda: self._delay(-1),
            "q": lambda: self.exit(0),
        }

    def _chosen(self, group: Group, key: str) -> None:
        choice = group.pick(key)
        if key in ("escape", "full_stop", "q"):
            self._menu = None
        elif choice is not None:
            self._apply(choice)

    def _apply(self, choice: Option) -> None:
        """Queue a fault and go back; an option is turned over, and more may follow."""
        if choice.behaviour is not None:
            self._simulator.queue(choice.behaviour)
            self._menu = None
        else:
            before = getattr(self._simulator.options, choice.option)
            self._simulator.set_options(**{choice.option: not before})

    def _delay(self, step: int) -> None:
        """Let the card come sooner or later from the next payment on."""
        options = self._simulator.options
        slower = [one for one in DELAYS_S if one > options.card_s]
        faster = [one for one in DELAYS_S if one < options.card_s]
        wanted = slower[:1] if step > 0 else faster[-1:]
        if wanted:
            self._simulator.options = dataclasses.replace(options, card_s=wanted[0])

    # -- drawing -------------------------------------------------------------------------------------

    def _head(self, columns: int, rows: int) -> list[Line]:
        if columns < _SMALLEST[0] or rows < _SMALLEST[1]:
            return [((f"Too small: {_SMALLEST[0]} x {_SMALLEST[1]} are needed.", "warn"),)]
        left, right = f"TECS simulator • {self._url}", "no money moves"
        room = columns - 2 * _MARGIN
        title = (drawable(left).ljust(room - len(right)), "title"), (right, "dim")
        return [title, ((drawable("─" * room), "line"),)]

    def _body(self, columns: int, rows: int) -> list[Line]:
        if self._menu is not None:
            return picture.menu(self._menu, self._simulator, rows)
        return picture.ledger(self._simulator, self._times, columns, rows)

    def _draw(self, place: str, lines: list[Line]) -> None:
        fresh = tuple(lines)
        if self._shown.get(place) == fresh:
            return
        self._shown[place] = fresh
        text = Content("\n").join(
            Content.assemble(*((part, _style(role)) for part, role in line)) for line in fresh
        )
        self.query_one(f"#{place}", Static).update(text, layout=False)


def _style(role: str) -> str:
    look = _THEME[role]
    styles = [name for name in ("bold", "reverse") if getattr(look, name)]
    return " ".join((*styles, f"ansi_{look.front} on ansi_{look.back}"))


def run(simulator: Simulator, host: str, port: int) -> int:
    """Serve and show until somebody leaves. Raises `ValueError` or `OSError` as the server does."""
    return asyncio.run(_whole(simulator, host, port))


async def _whole(simulator: Simulator, host: str, port: int) -> int:
    async with served(simulator, host=host, port=port) as url:
        app = SimulatorConsole(simulator, url)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(number, app.exit, 0)
        code = await app.run_async()
        return app.return_code or code or 0
