"""The pages, a module for each topic. To add one: write the module, and name it in `MODULES`.

A module has pages (`@page`) and forms (`@form`) as `web/page.py` shows them, and for each page a template
in `web/templates/`:

    {% extends layout %}
    {% block filters %}<label>Site <input name="site" value="{{ query('site') }}"></label>{% endblock %}
    {% block live %}<table>…</table>{% endblock %}
    {% block below %}a form, or what else is not asked for again{% endblock %}

- `live` refreshes itself every 15 seconds, and with each change of a filter, without a reload; without
  JavaScript the filters have a button. A page's own parameters that no filter shows are hidden inputs in
  the block `filters`. A page that stands still says `{% set still = true %}` before its blocks.
- A form is `{% from "parts.html" import token %}<form method="post" action="…">{{ token(login) }}…`. What
  it did is told on the page `back`; what was typed stands in `typed` when it was refused.
- Filters: `total|amount`, `minor|money(currency, exponent)`, `moment|when` (in the office's time zone), `moment|ago` and
  `seconds|lasting` ("2 d 4 h"), `transaction_id|reference`. Pieces of pages: `parts.html`.
- No style and no script in a page: the browser is told to take none. A drawing is an SVG with classes.
- The cells of a table have `data-label="…"`, which stands before them on a narrow screen.
"""

from __future__ import annotations

from types import ModuleType
from typing import Final

from kiosk_tui.office.web.page import Page, PageForm
from kiosk_tui.office.web.pages import (
    alarms,
    commands,
    days,
    disagreements,
    due,
    enrolment,
    kiosks,
    log,
    overview,
    people,
    totals,
    transactions,
)

MODULES: Final[tuple[ModuleType, ...]] = (
    overview,
    due,
    kiosks,
    alarms,
    disagreements,
    days,
    totals,
    transactions,
    enrolment,
    commands,
    people,
    log,
)
"""In the order of the menu."""


def pages() -> tuple[Page, ...]:
    """Return every page."""
    return tuple(one for module in MODULES for one in vars(module).values() if type(one) is Page)


def forms() -> tuple[PageForm, ...]:
    """Return every form."""
    return tuple(
        one for module in MODULES for one in vars(module).values() if type(one) is PageForm
    )
