"""What to build: a configuration or the demo, for whom, and where its files lie."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.load import Loaded
from kiosk_tui.config.models import Config
from kiosk_tui.config.paths import journal_file, state_folder
from kiosk_tui.domain.identity import Place
from kiosk_tui.journal.anchor import Anchor
from kiosk_tui.records import dataclass
from kiosk_tui.session.settings import Mode
from kiosk_tui.text.translations import NAMES


class NamedFileError(ConfigError):
    """A file that the configuration names, and that can be mended while a kiosk waits for it."""


@dataclass(frozen=True, slots=True)
class Launch:
    """What to build: a configuration, or the demo on the built-in simulator; and for whom.

    `asked_mode` is the mode that the command line names, in place of the configuration's.
    """

    loaded: Loaded
    demo: bool
    command: str
    environment: Mapping[str, str]
    asked_mode: str = ""

    @property
    def config(self) -> Config:
        return self.loaded.config

    @property
    def mode(self) -> Mode:
        """Who sits in front of it."""
        return Mode(self.asked_mode or self.config.kiosk.mode)

    @property
    def journal(self) -> Path:
        """Where the journal lies. The demo has one of its own, never the real one.

        Links are not resolved: the mark beside a link still tells of a journal whose disk is away. The
        lock is one for all links. Raises `ConfigError` where nobody knows.
        """
        if self.demo:
            return state_folder(self.environment) / "demo" / "journal.db"
        return journal_file(self.config.journal.path, self.environment)

    @property
    def hands_over(self) -> bool:
        """Whether a command hands goods over. The demo takes no money, and hands nothing over."""
        return bool(self.config.goods.command) and not self.demo

    @property
    def anchor(self) -> Anchor | None:
        """What knows of the journal from outside of its file system. The demo has none."""
        if self.demo or not self.config.journal.anchor:
            return None
        return Anchor(Path(self.config.journal.anchor), self.config.terminal.number)


def place(launch: Launch) -> Place:
    """Return the terminal that this register works with."""
    terminal = launch.config.terminal
    number = terminal.number or ("88091105" if launch.demo else "")
    return Place(number, terminal.source_id)


def zone_of(config: Config) -> tzinfo | None:
    """Return the zone that the register keeps: its own, or nothing for this machine's."""
    return ZoneInfo(config.terminal.timezone) if config.terminal.timezone else None


def languages(launch: Launch) -> tuple[str, ...]:
    """Return what a customer may pick from: in a demo that nobody configured, all that there is."""
    if launch.demo and "kiosk.languages" not in launch.loaded.sources:
        return tuple(NAMES)
    return tuple(launch.config.kiosk.languages)
