"""The licences of the libraries that a package brings along, as one text.

Owns: what the file THIRD_PARTY_LICENSES says. Sources: the metadata and the licence files that each
library's own wheel has put into site-packages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Final

OWN: Final = "kiosk-tui"
_FILE: Final = re.compile(r"(LICEN[CS]E|COPYING|NOTICE|AUTHORS)([._-].*)?", re.IGNORECASE)
_CODE: Final = (".py", ".pyc")
_RULE: Final = "-" * 78
_LONGEST: Final = 60
"""Some libraries write the whole text where its name belongs."""


class LicenceError(Exception):
    """A library says nowhere under which licence it may be passed on."""


def third_party_licences(packages: Path) -> str:
    """Return the list of libraries in a site-packages folder, then every licence file in it.

    Raises `LicenceError` for a library without a licence: it must not be passed on.
    """
    found = sorted(_others(packages), key=lambda one: one.name.lower())
    listed = (f"{one.name} {one.version}: {_licence(one)}" for one in found)
    head = "This package brings these libraries along, each under its own licence:"
    texts = (
        f"{_RULE}\n{path.relative_to(packages)}\n{_RULE}\n\n{path.read_text('utf-8').strip()}"
        for path in _files(packages)
    )
    return "\n\n".join((head, "\n".join(listed), *texts)) + "\n"


def _others(packages: Path) -> Iterator[Distribution]:
    return (one for one in distributions(path=[str(packages)]) if one.name != OWN)


def _licence(library: Distribution) -> str:
    """Return a licence's name, as the library's metadata has it."""
    told = library.metadata
    expression, free = (
        (told.get_all(name) or [""])[0].strip() for name in ("License-Expression", "License")
    )
    short = free if len(free) <= _LONGEST and "\n" not in free else ""
    classified = (
        one.rsplit(" :: ", 1)[1]
        for one in told.get_all("Classifier") or ()
        if one.startswith("License :: ")
    )
    name = expression or short or ", ".join(classified)
    if not name:
        raise LicenceError(
            f"{library.name} {library.version} names no licence: look at what it allows, and leave it"
            " out of the package if that is not known"
        )
    return name


def _files(packages: Path) -> list[Path]:
    """Return all licence files, those of libraries inside of libraries too."""
    return sorted(
        path
        for path in packages.rglob("*")
        if _FILE.fullmatch(path.name) and path.suffix not in _CODE and path.is_file()
        if not path.relative_to(packages).parts[0].startswith("kiosk_tui")
    )
