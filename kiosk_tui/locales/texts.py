"""The one door to translated texts. English is built in; catalogues come with more languages."""

from __future__ import annotations

from gettext import NullTranslations

_catalogue = NullTranslations()


def _(text: str) -> str:
    """Return a text in the present language."""
    return _catalogue.gettext(text)
