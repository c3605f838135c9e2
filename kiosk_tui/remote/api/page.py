"""The document as a page for people, with the problems that an answer's `type` leads to."""

from __future__ import annotations

import html
from functools import cache

from kiosk_tui.openapi_page.page import STYLE
from kiosk_tui.openapi_page.page import page as shown
from kiosk_tui.remote.api.openapi import document
from kiosk_tui.remote.api.problems import Problem

__all__ = ["STYLE", "page"]


@cache
def page() -> bytes:
    """Return the page."""
    return shown(document(), more=f"<h2>Problems</h2><dl>{''.join(map(_problem, Problem))}</dl>")


def _problem(one: Problem) -> str:
    return (
        f'<dt id="problem-{one.code}"><code>{one.code}</code> {one.status} {html.escape(one.title)}'
        f"<dd>{html.escape(one.advice)}"
    )
