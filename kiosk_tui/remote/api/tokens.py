"""Who asks: a program that has said a token, or whoever may open the Unix socket."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import field
from typing import Final

from kiosk_tui.domain.rights import Permission
from kiosk_tui.records import dataclass

EVERYTHING: Final = frozenset(Permission)


@dataclass(frozen=True, slots=True)
class ApiCaller:
    """A program, by the name that the configuration gives it, and what it may do."""

    name: str
    permissions: frozenset[Permission]


SOCKETS_USER: Final = ApiCaller("the socket", EVERYTHING)
"""Whoever may open the Unix socket: its owner and its group."""


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A secret, and who says it."""

    caller: ApiCaller
    secret: str = field(repr=False)


def caller_of(header: str | None, tokens: Sequence[ApiToken], *, needed: bool) -> ApiCaller | None:
    """Return who says this `Authorization`; None when nobody does.

    Every token is compared, each in constant time: how long it takes tells nothing of them.
    """
    if header is None:
        return None if needed else SOCKETS_USER
    scheme, _, said = header.partition(" ")
    found: ApiCaller | None = None
    for one in tokens:
        if hmac.compare_digest(said.strip().encode("utf-8", "replace"), one.secret.encode()):
            found = one.caller
    return found if scheme.lower() == "bearer" else None
