"""The one door to the texts that people read; English until `translations.speak` brings another language.

The present language is the customer's, and only for his payment. Light: the first picture needs it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

N_: Final[Callable[[str], str]] = str
"""Marks a text for `scripts/texts`: it is translated when it is said."""


class TextSource(Protocol):
    """The texts of one language; what has no translation stays English."""

    @property
    def language(self) -> str:
        """Two letters, ISO 639-1."""

    def gettext(self, text: str) -> str:
        """Return a text."""

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return a text in the form that this language has for so many."""


class _English:
    language = "en"

    def gettext(self, text: str) -> str:
        return text

    def ngettext(self, one: str, many: str, count: int) -> str:
        return one if count == 1 else many


def language_of(locale: str) -> str:
    """Return a locale's two letters: ISO 639-1, as the terminal wants them."""
    return locale[:2].lower()


def speak_in(texts: TextSource) -> None:
    """Say everything with these texts from now on."""
    _Current.texts = texts


def spoken() -> str:
    """Return the present language's two letters."""
    return _Current.texts.language


def _(text: str) -> str:
    """Return a text in the present language."""
    return _Current.texts.gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """Return a text in the present language, in the form that it has for so many."""
    return _Current.texts.ngettext(one, many, count)


def capital(text: str) -> str:
    """Return a text as it begins a line: with a capital letter."""
    return text[:1].upper() + text[1:]


class _Current:
    texts: TextSource = _English()
