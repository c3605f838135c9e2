"""Where scenarios lie: those that are shipped, by name, and any file."""

from __future__ import annotations

import difflib
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from kiosk_tui.files.reading import decoded, read

_FOLDER = "shipped"
_LARGEST = 1_000_000


class NoScenarioError(Exception):
    """Nothing of that name can be read; the text is one sentence."""


def shipped() -> dict[str, Traversable]:
    """Return the shipped scenarios by name."""
    folder = files(__package__) / _FOLDER
    found = {one.name.removesuffix(".toml"): one for one in folder.iterdir()}
    return {name: found[name] for name in sorted(found) if found[name].name.endswith(".toml")}


def find(asked: str) -> tuple[str, str]:
    """Return the text of a scenario, and how to call it. Raises `NoScenarioError`.

    A name without a slash or an ending is a shipped one's, unless such a file lies here.
    """
    known = shipped()
    path = Path(asked)
    if asked in known and not path.is_file():
        return known[asked].read_text("utf-8"), asked
    if "/" not in asked and not path.suffix and not path.exists():
        close = difflib.get_close_matches(asked, list(known), 1)
        hint = f"did you mean {close[0]}? There are" if close else "there are"
        raise NoScenarioError(
            f"There is no scenario '{asked}': {hint} {', '.join(known)}, or give a file."
        )
    try:
        if path.stat().st_size > _LARGEST:
            raise NoScenarioError(f"{asked} is too large for a scenario.")
        return decoded(read(path, _LARGEST)), asked
    except OSError as error:
        raise NoScenarioError(f"{asked} cannot be read: {error.strerror}.") from error
    except ValueError as error:  # no UTF-8, or a name that no file can have
        raise NoScenarioError(f"{asked} is not UTF-8 text: save it as UTF-8.") from error
