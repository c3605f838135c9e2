"""The links of the chain: their order, their names, and what each one needs, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Link(StrEnum):
    """A link of the chain. The values are a promise to scripts: added to, never changed."""

    CONFIGURATION = "configuration"
    KEY = "key"
    DNS = "dns"
    TCP = "tcp"
    TLS = "tls"
    VERSION = "version"
    CLOCK = "clock"
    AUTHORIZATION = "authorization"
    TERMINAL = "terminal"
    DISK = "disk"
    JOURNAL = "journal"
    CONSOLE = "console"
    KEYBOARD = "keyboard"
    PRINTER = "printer"
    TEST_SALE = "test_sale"


NEEDS: Final[Mapping[Link, tuple[Link, ...]]] = {
    Link.CONFIGURATION: (),
    Link.KEY: (),
    Link.DNS: (),
    Link.TCP: (Link.DNS,),
    Link.TLS: (Link.TCP,),
    Link.VERSION: (Link.TLS,),
    Link.CLOCK: (Link.VERSION,),
    Link.AUTHORIZATION: (Link.CONFIGURATION, Link.KEY, Link.VERSION),
    Link.TERMINAL: (Link.AUTHORIZATION,),
    Link.DISK: (),
    Link.JOURNAL: (Link.DISK,),
    Link.CONSOLE: (),
    Link.KEYBOARD: (),
    Link.PRINTER: (),
    Link.TEST_SALE: (Link.TERMINAL, Link.CLOCK, Link.DISK, Link.JOURNAL),
}
"""In the order in which they are looked at. What is needed stands before who needs it."""

CHAIN: Final = tuple(NEEDS)

TITLES: Final[Mapping[Link, str]] = {
    Link.CONFIGURATION: "configuration",
    Link.KEY: "key",
    Link.DNS: "DNS",
    Link.TCP: "TCP",
    Link.TLS: "TLS",
    Link.VERSION: "/version",
    Link.CLOCK: "clock",
    Link.AUTHORIZATION: "authorization",
    Link.TERMINAL: "terminal",
    Link.DISK: "disk",
    Link.JOURNAL: "journal",
    Link.CONSOLE: "console",
    Link.KEYBOARD: "keyboard",
    Link.PRINTER: "printer",
    Link.TEST_SALE: "test sale",
}

WAY: Final = (
    *(Link.CONFIGURATION, Link.DNS, Link.TCP, Link.TLS),
    *(Link.VERSION, Link.AUTHORIZATION, Link.TERMINAL),
)
"""The way of a payment from the kiosk to its terminal, as the bench draws it."""

MACHINE: Final = (
    *(Link.KEY, Link.CLOCK, Link.DISK, Link.JOURNAL),
    *(Link.CONSOLE, Link.KEYBOARD, Link.PRINTER, Link.TEST_SALE),
)
"""What the machine itself needs, as the bench lists it."""

ORDER: Final = (*WAY, *MACHINE)
"""All links as the bench goes through them."""

NAMES: Final[Mapping[Link, str]] = {
    **{link: title.capitalize() for link, title in TITLES.items()},
    Link.CONFIGURATION: "Kiosk",
    Link.DNS: "DNS",
    Link.TCP: "TCP",
    Link.TLS: "TLS",
    Link.VERSION: "TECS",
    Link.AUTHORIZATION: "Key",
    Link.KEY: "Key file",
    Link.CONSOLE: "Screen",
}
"""What the bench calls each link: at most 8 characters in a box, 9 in the list."""
