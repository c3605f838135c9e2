"""A page and a form: what each needs, and what their functions are given.

@page("/due", "Open cancellations", menu="Now")
async def due(asked: PageRequest) -> Response:
    rows = await asked.connection.fetch("SELECT …")
    return asked.show("due.html", rows=rows)

@form("/alarms/{alarm_id:int}/seen", "alarm seen", role=Role.OPERATE, back="/alarms")
async def seen(asked: PageRequest) -> str:
    …
    return "The alarm is closed."
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import Response

from kiosk_tui.office.database import Connection
from kiosk_tui.office.people.account import Account, Role
from kiosk_tui.office.people.login_sessions import LoginSession
from kiosk_tui.office.settings import OfficeSettings
from kiosk_tui.office.web import templates

MENUS: Final = ("Now", "Money", "Machines", "Office")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What a page's or a form's function is given.

    `connection` is in a transaction: of a page, one that can only read and sees one moment; of a form,
    one that is committed with the line in the log of actions. `form` is empty for a page.
    """

    http: Request
    settings: OfficeSettings
    connection: Connection
    login: LoginSession
    page: Page
    form: ImmutableMultiDict[str, str] = field(default_factory=ImmutableMultiDict)
    problem: str = ""

    @property
    def account(self) -> Account:
        """Who asks."""
        return self.login.account

    def query(self, name: str, default: str = "") -> str:
        """Return a parameter of the address, the first of its name."""
        return str(self.http.query_params.get(name, default)).strip()

    def show(self, template: str, *, status: int = 200, **facts: Any) -> Response:
        """Return the page; or only its block `live`, when a page that is open asks for it again."""
        return templates.show(self, template, 409 if self.problem else status, facts)


Show = Callable[[PageRequest], Awaitable[Response]]
Do = Callable[[PageRequest], Awaitable[str | Response]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page under `path`. In the menu under `menu`, if any, for those whose `role` allows it."""

    path: str
    title: str
    run: Show
    role: Role
    menu: str


@dataclass(frozen=True, slots=True)
class PageForm:
    """What a page's form does when it is sent.

    `action` is its word in the log of actions; empty where what it calls writes that line. `back` is the path of the page that is shown afterwards,
    with the same parameters: with the sentence that `run` returns, or with the one of its `OfficeError`.
    What can be shown only once, `run` returns as an answer of its own.
    `password_again` asks for the person's password in the field `password`.
    """

    path: str
    action: str
    run: Do
    role: Role
    back: str
    password_again: bool


def page(
    path: str, title: str, *, role: Role = Role.LOOK, menu: str = ""
) -> Callable[[Show], Page]:
    """Make a function that shows something a page; `path` is Starlette's."""
    return lambda run: Page(path, title, run, role, menu)


def form(
    path: str, action: str = "", *, role: Role, back: str, password_again: bool = False
) -> Callable[[Do], PageForm]:
    """Make a function that does something a form's; it returns a sentence, or raises `OfficeError`."""
    return lambda run: PageForm(path, action, run, role, back, password_again)
