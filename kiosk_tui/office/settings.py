"""`office.toml`: how head office is set up. Each process reads what it needs; no file holds a secret."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from kiosk_tui.office.errors import OfficeError

DEFAULT: Final = Path("/etc/kiosk-tui/office.toml")
VARIABLE: Final = "KIOSK_OFFICE_CONFIG"


class OfficeSection(BaseModel):
    """A table of the file. An unknown name is an error: a slip must not mean the default."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DatabaseSection(OfficeSection):
    """`[database]`."""

    url: str = Field(
        default="postgresql:///kiosk_office?host=/run/postgresql",
        description="Where PostgreSQL is; a socket needs no password",
    )
    connections: int = Field(
        default=10, ge=2, le=200, description="The most that one process opens; one listens"
    )


class WebSection(OfficeSection):
    """`[web]`: the pages."""

    socket: Path = Field(
        default=Path("/run/kiosk-office/web/web.sock"), description="Where nginx asks for pages"
    )
    address: str = Field(
        default="", description="As `127.0.0.1:8080` instead of the socket: for a demo, without TLS"
    )
    url: str = Field(default="https://office.example", description="How people's browsers reach it")
    idle_minutes: int = Field(
        default=30, ge=1, le=24 * 60, description="A log-in ends after so long unused"
    )
    demo: bool = Field(default=False, description="Shows a demo's account on the log-in page")
    metrics_token_file: Path | None = Field(
        default=None,
        description="Prometheus gets `/metrics` with this file's token, 16 characters at least",
    )


class IngestSection(OfficeSection):
    """`[ingest]`: the doors for machines."""

    socket: Path = Field(
        default=Path("/run/kiosk-office/ingest-1/ingest.sock"),
        description="Where nginx passes kiosks on to",
    )
    url: str = Field(default="https://kiosks.office.example", description="How kiosks reach it")
    authority: Path | None = Field(
        default=None,
        description="Who vouches for the server's certificate (PEM), where it is an authority of your own",
    )
    push_socket: Path = Field(
        default=Path("/run/kiosk-office/push/push.sock"),
        description="Where nginx passes TECS's pushes on to",
    )


class KeysSection(OfficeSection):
    """`[keys]`: folders that one process each can read."""

    signer: Path = Field(
        default=Path("/var/lib/kiosk-office-signer"), description="The commands' keys"
    )
    enroller: Path = Field(
        default=Path("/var/lib/kiosk-office-enroller"), description="The authority's key"
    )
    certificate_days: int = Field(
        default=90, ge=2, le=825, description="How long a kiosk's certificate holds"
    )


class KeepSection(OfficeSection):
    """`[keep]`: for how many days."""

    events_days: int = Field(default=3650, ge=90, description="Events and transactions")
    health_days: int = Field(default=30, ge=1, description="How each kiosk stood")
    logins_days: int = Field(default=365, ge=1, description="Log-ins, and what people did")


class WatchSection(OfficeSection):
    """`[watch]`: what is an alarm."""

    silent_s: int = Field(
        default=900, ge=30, description="A kiosk that has not spoken for so long is silent"
    )
    due_s: int = Field(
        default=3600, ge=60, description="A cancellation that is due for so long is an alarm"
    )
    skew_s: int = Field(default=120, ge=1, description="A kiosk's clock may differ by so much")
    settle_minutes: int = Field(
        default=60,
        ge=1,
        description="What differs from TECS counts after so long: both sides need time",
    )
    timezone: str = Field(default="Europe/Vienna", description="Whose days totals are by")

    @field_validator("timezone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"there is no time zone {name}") from error
        return name


class TecsSection(OfficeSection):
    """`[tecs]`: the second opinion and the history, with credentials of their own."""

    url: str = Field(
        default="", description="The base of TECS's merchant services; empty: none is asked"
    )
    user: str = Field(default="", description="Who asks")
    password_file: Path | None = Field(
        default=None, description="Its password, readable by its user alone"
    )
    push_path: str = Field(default="push", description="The last part of the push's address")


class OfficeSettings(OfficeSection):
    """The whole file."""

    database: DatabaseSection = DatabaseSection()
    web: WebSection = WebSection()
    ingest: IngestSection = IngestSection()
    keys: KeysSection = KeysSection()
    keep: KeepSection = KeepSection()
    watch: WatchSection = WatchSection()
    tecs: TecsSection = TecsSection()

    @property
    def zone(self) -> ZoneInfo:
        """Whose days totals are by."""
        return ZoneInfo(self.watch.timezone)


def load(named: Path | None = None) -> OfficeSettings:
    """Read the settings: the named file, `$KIOSK_OFFICE_CONFIG`, else the machine's where there is one.

    Raises `OfficeError` with the file and the name that is wrong.
    """
    path = named or Path(os.environ.get(VARIABLE, DEFAULT))
    if named is None and VARIABLE not in os.environ and not path.exists():
        return OfficeSettings()
    try:
        given: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        return OfficeSettings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(one) for one in first["loc"])
        raise OfficeError(f"{path}: {where}: {first['msg']}.") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise OfficeError(f"{path} cannot be read: {error}.") from error
