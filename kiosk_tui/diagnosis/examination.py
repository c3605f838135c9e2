"""One examination: runs the checks in the order of the chain, and remembers what was found.

Invariant: what stands behind a broken link is skipped and names that link; a fault of a check is a finding.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

from kiosk_tui.diagnosis import machine, network, records, sale, service, settings
from kiosk_tui.diagnosis.chain import CHAIN, NEEDS, Link
from kiosk_tui.diagnosis.findings import Finding, Verdict, bad, behind
from kiosk_tui.diagnosis.subject import Subject
from kiosk_tui.domain.evidence import Visit

log = logging.getLogger(__name__)

Check = Callable[[Subject], Awaitable[Finding]]

CHECKS: Final[Mapping[Link, Check]] = {
    Link.CONFIGURATION: settings.configuration,
    Link.KEY: settings.key,
    Link.DNS: network.dns,
    Link.TCP: network.tcp,
    Link.TLS: network.tls,
    Link.VERSION: service.version,
    Link.CLOCK: service.clock,
    Link.AUTHORIZATION: service.authorization,
    Link.TERMINAL: service.terminal,
    Link.DISK: machine.disk,
    Link.JOURNAL: records.journal,
    Link.CONSOLE: machine.console,
    Link.KEYBOARD: machine.keyboard,
    Link.PRINTER: records.printer,
    Link.TEST_SALE: sale.test_sale,
}

REMEMBERED: Final = 60
"""So many of the last exchanges are kept for whoever wants to see them."""


class Examination:
    """What is known of one subject.

    `running` is the link that is being looked at; `began` is told of each one.
    """

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.found: dict[Link, Finding] = {}
        self.running: Link | None = None
        self.began: Callable[[Link], None] = lambda _link: None
        self.visits: tuple[Visit, ...] = ()

    def note(self, visit: Visit) -> None:
        """Remember what went over the line."""
        self.visits = (*self.visits, visit)[
            -REMEMBERED:
        ]  # anew: screens read it in their own thread

    async def all(self) -> AsyncGenerator[Finding, None]:
        """Look at every link, and yield what was found as it is found."""
        self.subject.heard = None
        for link in CHAIN:
            yield await self._look(link)

    async def each(self, link: Link) -> AsyncGenerator[Finding, None]:
        """Look at one link; first at what it needs, where that is broken or was not looked at."""
        for needed in NEEDS[link]:
            known = self.found.get(needed)
            if known is None or known.broken:
                async for found in self.each(needed):
                    yield found
        yield await self._look(link)

    async def _look(self, link: Link) -> Finding:
        self.running = link
        self.began(link)
        began = time.monotonic()
        try:
            found = await self._check(link)
        finally:
            self.running = None
        if found.took_s is None and found.verdict is not Verdict.SKIPPED:
            found = replace(found, took_s=time.monotonic() - began)
        self.found[link] = found
        return found

    async def _check(self, link: Link) -> Finding:
        culprit = self._culprit(link)
        if culprit is not None:
            return behind(link, culprit)
        try:
            return await CHECKS[link](self.subject)
        except Exception as error:
            log.exception("the check of %s failed", link)
            return bad(
                link,
                f"The check itself failed ({type(error).__name__}).",
                "That is a fault of ours: send a support bundle.",
            )

    def _culprit(self, link: Link) -> Link | None:
        """Return the broken link that this one needs, however far before it."""
        for needed in NEEDS[link]:
            known = self.found.get(needed)
            if known is not None and known.broken:
                return known.because or needed
        return None
