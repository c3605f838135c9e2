"""Whether it is TECS that answers: what does not answer as TECS is not TECS.

A portal that wants a login and a page that says "back soon" answer with 200, too. A register that took
them for TECS would open, and each customer's payment would be unknown and reversed.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from kiosk_tui.domain.identity import Place, TransactionId
from kiosk_tui.domain.outcome import Probe, StatusOutcome
from kiosk_tui.domain.transaction import Exchange, ExchangeKind
from kiosk_tui.tecs.answers import Reply
from kiosk_tui.tecs.form import form_of
from kiosk_tui.tecs.models import Version
from kiosk_tui.tecs.reading import UnreadableError, fields_of

_ANSWERS: Final = "TECS answers."


def by_version(reply: Reply) -> Probe:
    """Judge the answer to `GET version`: TECS's names the service and its version (documented example)."""
    facts = Version()
    if reply.read_by_its_body and not reply.trouble:
        try:
            facts = Version.model_validate(fields_of(reply.body, reply.content_type))
        except UnreadableError:
            facts = Version()
    if not (facts.appName and facts.version):
        return _another(reply)
    return Probe(
        reachable=True,
        why=_ANSWERS,
        server_time=reply.server_time,
        app_name=facts.appName,
        version=facts.version,
        build_date=facts.buildDate,
    )


def by_status(reply: Reply, outcome: StatusOutcome) -> Probe:
    """Judge the answer to a status request: TECS's names that request and has a code."""
    if outcome.answer is None or not outcome.answer.response_code:
        return _another(reply)
    return Probe(reachable=True, why=_ANSWERS, server_time=reply.server_time)


def _another(reply: Reply) -> Probe:
    closed = Probe(reachable=False, why="", server_time=reply.server_time)
    if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return replace(closed, why=f"TECS answered with HTTP status {reply.status}.")
    if reply.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        why = (
            f"The payment service refuses this register (HTTP status {reply.status}): see the key."
        )
        return replace(closed, why=why)
    form = form_of(reply.body, reply.content_type)
    why = (
        f"Somebody answers, but not as TECS (HTTP status {reply.status}, {form}): a portal, a page about"
        " maintenance, or another address. `kiosk-tui doctor` tells more."
    )
    return replace(closed, why=why)


def own_exchange(place: Place) -> Exchange:
    """Return a status request that no journal knows: 20 digits, where a journal's ids have 17."""
    now = datetime.now(UTC)
    digits = f"{now:%Y%m%d%H%M%S}{now.microsecond // 1000:03}{secrets.randbelow(1000):03}"
    new = TransactionId(digits)
    return Exchange(new, new, ExchangeKind.STATUS, place, now)
