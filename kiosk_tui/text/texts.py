"""The one door to translated texts: gettext catalogues, one a language, English built in.

The present language is the customer's, and only for his payment. Whoever writes for somebody else (a
slip, a lane) takes that language's own `Texts`. `scripts/texts` gathers the texts from the code and
compiles the catalogues; only the standard library is needed to read them.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final

CATALOGUES: Final = Path(__file__).parent / "catalogues"

NAMES: Final = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "it": "Italiano",
    "es": "Español",
    "nl": "Nederlands",
    "pl": "Polski",
    "cs": "Čeština",
}
"""The languages that are shipped, each by its own name: who needs it must be able to read it."""


class Texts:
    """The texts of one language; what has no translation stays English."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue: NullTranslations = _catalogue(language)

    def gettext(self, text: str) -> str:
        """Return a text."""
        return self._catalogue.gettext(text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return a text in the form that this language has for so many."""
        return self._catalogue.ngettext(one, many, count)


@cache
def texts_in(locale: str) -> Texts:
    """Return the texts of a locale's language: those of `de` for `de_AT`."""
    return Texts(language_of(locale))


def language_of(locale: str) -> str:
    """Return a locale's two letters: ISO 639-1, as the terminal wants them."""
    return locale[:2].lower()


def speak(locale: str) -> None:
    """Say everything in this language from now on."""
    _CurrentLanguage.texts = texts_in(locale)


def spoken() -> str:
    """Return the present language's two letters."""
    return _CurrentLanguage.texts.language


def _(text: str) -> str:
    """Return a text in the present language."""
    return _CurrentLanguage.texts.gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """Return a text in the present language, in the form that it has for so many."""
    return _CurrentLanguage.texts.ngettext(one, many, count)


def _catalogue(language: str) -> NullTranslations:
    try:
        with (CATALOGUES / f"{language}.mo").open("rb") as file:
            return GNUTranslations(file)
    except FileNotFoundError:
        return NullTranslations()


class _CurrentLanguage:
    texts = Texts("en")
