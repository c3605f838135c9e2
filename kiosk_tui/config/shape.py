"""The settings, section by section, with their defaults.

msgspec reads them: with its 2 ms it costs a sixth or less of what pydantic costs at start-up, and
checks types and unknown keys just as strictly.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Amount = str | int
"""An amount in major units: quoted, because 0.1 is no number that a computer can hold."""

CodeTable = dict[str, list[str]]

FilePath = Annotated[str, Meta(description="a file or folder, see `config.paths`")]
"""A path as it is written; whoever loads a configuration makes it whole."""


class Kiosk(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The machine and who stands in front of it."""

    id: str = "kiosk"
    mode: Literal["kiosk", "lane", "technician"] = "kiosk"
    languages: list[str] = field(default_factory=lambda: ["en"])
    name: str = ""
    logo: list[str] = field(default_factory=list)
    welcome: dict[str, str] = field(default_factory=dict)
    theme: str = "standard"
    price: Amount = ""
    presets: list[Amount] = field(default_factory=list)
    idle_s: float = 60.0
    numpad: bool = False
    leave: bool = True
    service_pin_hash: str = ""
    exposure_count: int = 0
    exposure_amount: Amount = "0"


class Terminal(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The card terminal and the account behind it."""

    url: str = ""
    number: str = ""
    source_id: str = "1"
    place: str = ""
    currency: str = "EUR"
    amount_min: Amount = "0.01"
    amount_max: Amount = "1000"
    receipt_layout: str = "01"
    reason: str = ""
    timezone: str = ""
    tip_in_amount: bool = False
    completion_percent: int = 100
    abort: bool = True
    status_query: bool = True
    probe: Literal["version", "status"] = "version"
    proxy: str = ""
    ca_file: FilePath = ""
    allow_http: bool = False


class Auth(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """How the register shows who it is. The secrets themselves are not here."""

    scheme: Literal["raw", "basic", "bearer", "oauth"] = "raw"
    key_file: FilePath = ""
    user: str = ""
    token_url: str = ""
    client_id: str = ""
    client_secret_file: FilePath = ""


class Timeouts(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Waiting times in seconds."""

    connect_s: float = 10.0
    answer_s: float = 180.0
    settle_s: float = 240.0
    give_up_s: float = 30.0
    cancel_s: float = 60.0
    cancel_most_s: float = 300.0


class Tip(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Which tips are offered."""

    percent: list[int] = field(default_factory=lambda: [5, 10, 15])
    fixed: list[Amount] = field(default_factory=list)
    fixed_below: Amount = "0"
    custom: bool = True
    ask: bool = True
    most_percent: int = 100


class Journal(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Where the book is kept, its anchor on another file system, for how long, and its backups."""

    path: FilePath = ""
    anchor: FilePath = ""
    keep_days: int = 400
    backup_folder: FilePath = ""
    backup_keep: int = 14


class Receipt(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What is printed, and where."""

    printer: str = ""
    profile: str = "default"
    ask: bool = True
    columns: int = 42
    copies: list[Literal["customer", "merchant"]] = field(default_factory=lambda: ["customer"])
    declined: bool = True
    qr: bool = True
    qr_url: str = ""


class Log(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Where log lines go: `auto` is journald where there is one, else the file."""

    to: Literal["auto", "file"] = "auto"


class Metrics(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Figures for a monitoring system: a file that Prometheus's node exporter reads."""

    file: FilePath = ""


class Alert(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The command that is run when somebody has to look, and how long is too long."""

    command: list[str] = field(default_factory=list)
    after_s: float = 900.0
    out_of_service_s: float = 900.0
    timeout_s: float = 30.0


class Pos(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Where POS software drives the register (`kiosk-tui serve`)."""

    socket: FilePath = ""
    group: str = ""
    tcp: str = ""
    token_file: FilePath = ""


class Codes(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Overrides of response-code verdicts: verdict → codes such as "51" or "8100-8199"."""

    payment: CodeTable = field(default_factory=dict)
    cancellation: CodeTable = field(default_factory=dict)
    reason: CodeTable = field(default_factory=dict)


class Lane(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The cashier's lane: who signs on, and what needs somebody's leave."""

    pin: list[str] = field(default_factory=list)
    second_person: list[str] = field(default_factory=list)
    balance: bool = False
    gratuity: bool = False
    people: dict[str, str] = field(default_factory=dict)


class Config(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Everything."""

    kiosk: Kiosk = field(default_factory=Kiosk)
    terminal: Terminal = field(default_factory=Terminal)
    auth: Auth = field(default_factory=Auth)
    timeouts: Timeouts = field(default_factory=Timeouts)
    tip: Tip = field(default_factory=Tip)
    journal: Journal = field(default_factory=Journal)
    receipt: Receipt = field(default_factory=Receipt)
    log: Log = field(default_factory=Log)
    metrics: Metrics = field(default_factory=Metrics)
    alert: Alert = field(default_factory=Alert)
    pos: Pos = field(default_factory=Pos)
    codes: Codes = field(default_factory=Codes)
    lane: Lane = field(default_factory=Lane)


EXAMPLES = {
    "kiosk.id": '"lobby-1"',
    "kiosk.mode": '"kiosk"',
    "kiosk.languages": '["en", "de"]',
    "kiosk.name": '"Museum of Time"',
    "kiosk.logo": '["* * *", "MUSEUM"]',
    "kiosk.welcome": '{ en = "Thank you for your visit" }',
    "kiosk.theme": '"high-contrast"',
    "kiosk.price": '"4.00"',
    "kiosk.presets": '["5.00", "10.00", "20.00"]',
    "kiosk.idle_s": "60",
    "kiosk.service_pin_hash": "the line that `kiosk-tui config pin` prints",
    "kiosk.exposure_count": "3",
    "kiosk.exposure_amount": '"200.00"',
    "terminal.url": '"https://test.tecs.at/tecsclientrest"',
    "terminal.number": '"88091105"',
    "terminal.source_id": '"1"',
    "terminal.place": '"1010 Vienna"',
    "terminal.currency": '"EUR"',
    "terminal.amount_min": '"1.00"',
    "terminal.amount_max": '"250.00"',
    "terminal.receipt_layout": '"01"',
    "terminal.reason": '"Museum ticket"',
    "terminal.timezone": '"Europe/Vienna"',
    "terminal.completion_percent": "115",
    "terminal.probe": '"status"',
    "terminal.proxy": '"http://10.0.0.1:3128"',
    "terminal.ca_file": '"/etc/kiosk-tui/ca.pem"',
    "auth.scheme": '"raw"',
    "auth.key_file": '"/etc/kiosk-tui/authkey"',
    "auth.user": '"museum"',
    "auth.token_url": '"https://test-login.tecs.at/cas/oauth2.0/accessToken"',
    "auth.client_id": '"kiosk"',
    "auth.client_secret_file": '"/etc/kiosk-tui/client_secret"',
    "timeouts.connect_s": "10",
    "timeouts.answer_s": "180",
    "timeouts.settle_s": "240",
    "timeouts.give_up_s": "30",
    "timeouts.cancel_s": "60",
    "timeouts.cancel_most_s": "300",
    "tip.percent": "[5, 10, 15]",
    "tip.fixed": '["0.50", "1.00", "2.00"]',
    "tip.fixed_below": '"10.00"',
    "tip.most_percent": "100",
    "journal.path": '"/var/lib/kiosk-tui/journal.db"',
    "journal.anchor": '"/media/anchor/kiosk-1"',
    "journal.keep_days": "400",
    "journal.backup_folder": '"/media/backup/kiosk-1"',
    "journal.backup_keep": "14",
    "receipt.printer": '"tcp://192.0.2.7:9100"',
    "receipt.profile": '"TM-T88V"',
    "receipt.columns": "42",
    "receipt.copies": '["customer", "merchant"]',
    "receipt.qr_url": '"https://museum.example/receipt/{reference}"',
    "log.to": '"file"',
    "metrics.file": '"/var/lib/prometheus/node-exporter/kiosk_tui.prom"',
    "alert.command": '["/usr/local/bin/alert"]',
    "alert.after_s": "900",
    "alert.out_of_service_s": "900",
    "alert.timeout_s": "30",
    "lane.pin": '["refund", "cancel", "moto"]',
    "lane.second_person": '["refund"]',
    "lane.people": '{ anna = "the line that `kiosk-tui config pin` prints" }',
    "pos.socket": '"/run/kiosk-tui/pos.sock"',
    "pos.group": '"pos"',
    "pos.tcp": '"127.0.0.1:8701"',
    "pos.token_file": '"/etc/kiosk-tui/pos-token"',
    "codes.payment": '{ declined = ["5001"] }',
    "codes.cancellation": '{ refused = ["9030"] }',
    "codes.reason": '{ funds = ["61"] }',
}
"""What to show beside a fault. Every other setting is true or false."""
