"""How pages are drawn: Jinja2 with everything escaped, and how money and times are written on them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kiosk_tui.domain.money import Currency, Total
from kiosk_tui.domain.transaction import reference_of
from kiosk_tui.office.people.account import Role
from kiosk_tui.office.wording import lasting, operation_word, state_word
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.times import local

if TYPE_CHECKING:
    from kiosk_tui.office.web.page import Page, PageRequest

STATIC: Final = files("kiosk_tui.office.web").joinpath("static")
_STYLE: Final = hashlib.sha256(STATIC.joinpath("office.css").read_bytes()).hexdigest()[:12]

_STATES: Final = {
    "APPROVED": "good", "CANCEL_DUE": "warn", "VOID_DUE": "warn", "NEEDS_STAFF": "bad",
    "AUTHORIZING": "warn", "GIVEN_UP": "warn", "GOODS_DUE": "warn", "GOODS_DUE_AGAIN": "warn",
}  # fmt: skip


def is_fragment(http: Request) -> bool:
    """Tell whether an open page asks for its block `live` again."""
    return http.headers.get("hx-request") == "true"


def show(asked: PageRequest, template: str, status: int, facts: Mapping[str, Any]) -> Response:
    """Return a page of somebody who is logged in."""
    return _drawn(
        asked.http,
        template,
        status,
        {
            "layout": "live.html" if is_fragment(asked.http) else "base.html",
            "title": asked.page.title,
            "page": asked.page,
            "account": asked.account,
            "allowed_roles": [role for role in Role if asked.account.role.allows(role)],
            "login": asked.login,
            "problem": asked.problem,
            "typed": asked.form,
            "query": asked.query,
            "zone": asked.settings.zone,
            **facts,
        },
    )


def show_bare(http: Request, template: str, status: int = 200, **facts: Any) -> Response:
    """Return a page without a menu, for whoever is not logged in or cannot be told more."""
    return _drawn(http, template, status, facts)


def money(minor: int | Decimal | None, currency: str, exponent: int = 2) -> str:
    """Write an amount: €12.55; a missing one is a dash."""
    if minor is None:
        return "-"
    return format_amount(Total(int(minor), Currency(currency, exponent)), "en")


def amount(total: Total | None) -> str:
    """Write a sum with its currency; a missing one is a dash."""
    return "-" if total is None else format_amount(total, "en")


def state_kind(state: str) -> str:
    """Return the colour of a transaction's state: what is owed stands out."""
    return _STATES.get(state, "calm")


def plain_word(word: str) -> str:
    """Write a constant's name as people do: `CANCEL_CONFIRMED` is cancel confirmed."""
    return word.replace("_", " ").lower()


def ago(moment: datetime | None) -> str:
    """Write how long ago a moment was."""
    return "never" if moment is None else f"{lasting(datetime.now(UTC) - moment)}"


@pass_context
def when(context: Context, moment: datetime | None) -> str:
    """Write a moment in the office's time zone, as an element: 2026-11-29 12:05."""
    if moment is None:
        return "-"
    zone: ZoneInfo = context["zone"]
    there = local(moment, zone)
    return Markup('<time datetime="{}">{}</time>').format(
        there.isoformat(timespec="seconds"), f"{there:%Y-%m-%d %H:%M}"
    )


@pass_context
def exactly(context: Context, moment: datetime | None) -> str:
    """Write a moment to the second: 2026-11-29 12:05:31."""
    zone: ZoneInfo = context["zone"]
    return "-" if moment is None else f"{local(moment, zone):%Y-%m-%d %H:%M:%S}"


def reference(transaction_id: Decimal | int | str) -> str:
    """Write the reference of a transaction's id, as it stands on the slip."""
    return reference_of(str(int(transaction_id)))


def _drawn(http: Request, template: str, status: int, facts: Mapping[str, Any]) -> Response:
    menu: Mapping[str, tuple[Page, ...]] = http.app.state.menu
    text = _environment.get_template(template).render(
        path=http.url.path,
        address=http.url.path + (f"?{http.url.query}" if http.url.query else ""),
        menu=menu,
        style=_STYLE,
        **facts,
    )
    return HTMLResponse(text, status)


_environment: Final = Environment(
    loader=PackageLoader("kiosk_tui.office.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {
    "money": money,
    "lasting": lasting,
    "ago": ago,
    "when": when,
    "exactly": exactly,
    "reference": reference,
    "amount": amount,
    "state_word": state_word,
    "state_kind": state_kind,
    "operation_word": operation_word,
    "plain_word": plain_word,
}
