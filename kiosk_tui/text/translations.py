"""The translations: gettext catalogues, one a language.

Whoever writes for somebody else than the customer (a slip, a lane) takes that language's own `Texts`.
`scripts/texts` gathers the texts from the code and compiles the catalogues; only the standard library is
needed to read them.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final

from kiosk_tui.text.texts import language_of, speak_in

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


def speak(locale: str) -> None:
    """Say everything in this language from now on."""
    speak_in(texts_in(locale))


def _catalogue(language: str) -> NullTranslations:
    try:
        with (CATALOGUES / f"{language}.mo").open("rb") as file:
            return GNUTranslations(file)
    except FileNotFoundError:
        return NullTranslations()
