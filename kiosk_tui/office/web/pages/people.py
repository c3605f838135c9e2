"""Accounts, for those who command; and everybody's own password."""

from __future__ import annotations

from starlette.responses import Response

from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.people import accounts
from kiosk_tui.office.people.account import Role
from kiosk_tui.office.web.page import PageRequest, form, page


@page("/people", "People", role=Role.COMMAND, menu="Office")
async def people(asked: PageRequest) -> Response:
    """Show every account."""
    return asked.show(
        "people.html", accounts=await accounts.everyone(asked.connection), roles=tuple(Role)
    )


@form("/people", role=Role.COMMAND, back="/people", password_again=True)
async def add(asked: PageRequest) -> str:
    """Make an account."""
    name, role = asked.form.get("name", ""), asked.form.get("role", "")
    if role not in tuple(Role):
        raise OfficeError("The role must be look, operate or command.")
    await accounts.add(
        asked.connection, name, Role(role), _typed_twice(asked), by=asked.account.name
    )
    return f"The account {name} was added."


@form("/people/{name}/disable", role=Role.COMMAND, back="/people", password_again=True)
async def disable(asked: PageRequest) -> str:
    """End an account; not one's own, so that somebody is left."""
    name = asked.http.path_params["name"]
    if name == asked.account.name:
        raise OfficeError("Somebody else has to disable your account.")
    await accounts.disable(asked.connection, name, asked.account.name)
    return f"The account {name} is disabled, and its log-ins have ended."


@form("/people/{name}/password", role=Role.COMMAND, back="/people", password_again=True)
async def password(asked: PageRequest) -> str:
    """Give somebody another password."""
    name = asked.http.path_params["name"]
    await accounts.set_password(
        asked.connection, name, _typed_twice(asked), asked.account.name,
        spared=asked.login.token_sha256,
    )  # fmt: skip
    return f"{name} has another password, and its other log-ins have ended."


@page("/account", "Your account")
async def account(asked: PageRequest) -> Response:
    """Show who is logged in."""
    return asked.show("account.html")


@form("/account", role=Role.LOOK, back="/account", password_again=True)
async def own_password(asked: PageRequest) -> str:
    """Give oneself another password."""
    name = asked.account.name
    await accounts.set_password(
        asked.connection, name, _typed_twice(asked), name, spared=asked.login.token_sha256
    )
    return "You have another password, and your other log-ins have ended."


def _typed_twice(asked: PageRequest) -> str:
    first, second = (asked.form.get(one, "") for one in ("new_password", "new_password_again"))
    if first != second:
        raise OfficeError("The two new passwords are not the same.")
    return str(first)
