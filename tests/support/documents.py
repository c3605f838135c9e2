"""What the documents take from the code: whole pages, and blocks between marks.

python -m support.documents writes all of it anew (`scripts/documents` calls it); a test holds every
page and block equal to the code.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from kiosk_tui.cli.handbook import ANY_OTHER, MEANINGS
from kiosk_tui.cli.parser import parser
from kiosk_tui.cli.reference import ArgumentEntry, CommandEntry, entry
from kiosk_tui.config.models import sections
from kiosk_tui.config.models.section import Section
from kiosk_tui.config.office import ALLOWED
from kiosk_tui.config.settings import Setting, settings
from kiosk_tui.config.toml import toml
from kiosk_tui.domain.lifecycle import TABLE
from kiosk_tui.remote.api.problems import Problem
from kiosk_tui.simulator.faults import TRIGGERS
from kiosk_tui.simulator.options import Options
from kiosk_tui.text.themes import ROLES
from support import manuals
from support.completions import scripts

DOCS = Path(__file__).parents[2] / "docs"

_COMMANDS = """# Commands

Made from the program's own `--help` by `scripts/documents`; a test keeps it equal. What a command prints,
its JSON and how a script deals with an exit code: [integrator.md](integrator.md).

`--config FILE` (the configuration) and `--help` are options of every command. `kiosk-tui help COMMAND` shows
the same as this page.

## Exit codes

"""


def commands() -> str:
    """Return the page of all commands and exit codes."""
    pages = (line for one in entry(parser()).every() for line in _command(one))
    return _COMMANDS + "\n".join([*_exit_codes(), *pages]) + "\n"


def _exit_codes() -> Iterator[str]:
    yield _table(("code", "means"), ((code.value, means) for code, means in MEANINGS.items()))
    yield f"\n{ANY_OTHER}"


def _command(one: CommandEntry) -> Iterator[str]:
    yield f"\n## {one.name}\n\n{one.sentence}"
    rows = [
        (f"`{_cell(argument.typed)}`", _meaning(argument))
        for argument in one.arguments
        if argument.typed != "--config FILE"
    ]
    if rows:
        yield f"\n{_table(('argument', 'means'), iter(rows))}"
    yield "\n```console"
    yield from (f"$ {typed}{f'  # {told}' if told else ''}" for typed, told in one.examples)
    yield "```"


def _meaning(one: ArgumentEntry) -> str:
    needed = ["needed"] if one.needed and one.option else []
    return _cell("; ".join([*needed, *([one.meaning] if one.meaning else [])]))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _table(head: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "\n".join(f"| {' | '.join(map(str, line))} |".replace(" --- ", "---") for line in lines)


def lifecycle() -> str:
    """Return the table of what may happen to a transaction."""
    head = ("in state", "when this happened", "then", "and do")
    return _table(head, ((s, e, a, c) for (s, e), (a, c) in TABLE.items()))


def amounts() -> str:
    """Return the amounts that make the simulator go wrong."""
    rows = ((f"{minor / 100:.2f}", text) for minor, (_, text) in sorted(TRIGGERS.items()))
    return _table(("amount", "what happens"), rows)


def options() -> str:
    """Return the simulator's options."""
    rows = (
        (f"`{one.name}`", f"`{one.default!r}`", one.metadata["meaning"])
        for one in dataclasses.fields(Options)
    )
    return _table(("option", "default", "what it does"), rows)


def problems() -> str:
    """Return what the API may refuse."""
    rows = ((f"`{one.code}`", one.status, one.title, one.advice) for one in Problem)
    return _table(("problem", "status", "means", "do"), rows)


def roles() -> str:
    """Return the roles that a theme's colours have."""
    return _table(("role", "colours of"), ((f"`{name}`", text) for name, text in ROLES.items()))


_SETTINGS = """# Settings

Made from the program's own models by `scripts/documents`; a test keeps it equal. Where a configuration is
found, and the commands about it: [operator.md](operator.md#configuration). `kiosk-tui config schema` tells an
editor the same.

Each setting stands in the file under its `[section]`; in the environment it is
`KIOSK_TUI_<SECTION>__<KEY>`. Texts and amounts stand in quotes, times are in seconds.
"""
_MORE = {
    "ui": "Themes of your own: [kiosk.md](kiosk.md#looks).",
    "tip": (
        "A percentage is rounded half up to the currency's minor unit. The count of decimals is ISO 4217's,"
        " never CLDR's."
    ),
    "journal": "The anchor: [operator.md](operator.md#when-the-journal-is-lost).",
    "lane": "Who may do what: [cashier.md](cashier.md#who-may-do-what).",
    "api": "What other software says there: [api.md](api.md).",
    "codes": "The shipped table is `kiosk_tui/tecs/codes.toml`.",
}
"""What a section's readers want to know beyond its settings."""


def settings_page() -> str:
    """Return the page of all settings."""
    return _SETTINGS + "".join(_section(name, model) for name, model in sections())


def _section(section: str, model: type[Section]) -> str:
    head = f"{' '.join((model.__doc__ or '').split())} {_MORE.get(section, '')}".rstrip()
    rows = ((f"`{name}`", _told(settings()[f"{section}.{name}"])) for name in model.model_fields)
    return f"\n## [{section}]\n\n{head}\n\n{_table(('key', 'what it does'), rows)}\n"


def _told(one: Setting) -> str:
    usual = toml(one.default)
    parts = [one.sentence]
    if usual not in ('""', "[]", "{}"):
        parts.append(f"Default: `{usual}`.")
    if one.example and one.example != usual:
        parts.append(f"Example: `{one.example}`." if "`" not in one.example else "")
    if one.was:
        parts.append(f"It was called `{one.was}`, which is still read.")
    way = ALLOWED.get(one.key, False)
    if way:
        parts.append(f"Head office may {'lower' if way == 'downwards' else 'set'} it.")
    return " ".join(filter(None, parts)).replace("|", "\\|")


PAGES: Mapping[str, Callable[[], str]] = {"commands.md": commands, "settings.md": settings_page}
"""Pages that are made as a whole."""


def files() -> Mapping[Path, str]:
    """Return the manual pages and completions that a package installs."""
    return {**manuals.pages(), **scripts()}


BLOCKS: Mapping[tuple[str, str], Callable[[], str]] = {
    ("api.md", "problems"): problems,
    ("developer.md", "lifecycle"): lifecycle,
    ("kiosk.md", "roles"): roles,
    ("simulator.md", "amounts"): amounts,
    ("simulator.md", "options"): options,
}
"""Parts of a page, by page and name: they stand between `<!-- name -->` and `<!-- /name -->`."""


def block(text: str, name: str) -> re.Match[str]:
    """Find a block of a page. Raises `ValueError` where there is none."""
    found = re.search(rf"(?<=<!-- {name} -->\n)(.*?)(?=\n<!-- /{name} -->)", text, re.DOTALL)
    if found is None:
        raise ValueError(f"there is no <!-- {name} --> ... <!-- /{name} -->")
    return found


def main() -> None:
    """Write all pages and blocks anew."""
    for page, made in PAGES.items():
        (DOCS / page).write_text(made(), "utf-8")
    made_files = files()
    for folder in {one.parent for one in made_files}:
        folder.mkdir(exist_ok=True)
        for old in set(folder.iterdir()) - made_files.keys():
            old.unlink()
    for path, text in made_files.items():
        path.write_text(text, "utf-8")
    for (page, name), made in BLOCKS.items():
        text = (DOCS / page).read_text("utf-8")
        found = block(text, name)
        (DOCS / page).write_text(text[: found.start()] + made() + text[found.end() :], "utf-8")


if __name__ == "__main__":
    main()
