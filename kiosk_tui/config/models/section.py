"""What every section of the configuration is, and the kinds of values that its settings have.

A setting is declared once, in `Field(...)`: default, limits, a sentence on what it does, an example where
the default is none. The checks, the template, the JSON schema, the reference page and `config show` are
made from that. `json_schema_extra` holds what pydantic has no word for: `unit`; `wrong`, the sentence that
is told when a limit is broken, with {value} and {known}; `writeOnly`, never to be shown; `was`, the name
that a setting had before, under which it is read for a release; `office`, that head office may set it:
True, "downwards" (only to less than what the kiosk's own file says) or "named" (no path of a file). What
says nothing of it is refused to head office.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

import kiosk_tui.libraries  # noqa: F401 - before a model is built
from kiosk_tui.config.paths import whole
from kiosk_tui.records import dataclass


class Section(BaseModel):
    """One section: unknown keys are refused. It is built with the whole, or when it is first used."""

    model_config = ConfigDict(
        defer_build=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    @field_validator("*", mode="before")
    @classmethod
    def _no_flag(cls, value: object, info: ValidationInfo) -> object:
        """Refuse true and false where they are not asked for: pydantic would read 1 and 0."""
        each = value if isinstance(value, list) else [value]
        flag = cls.model_fields[info.field_name or ""].annotation is bool
        if not flag and any(isinstance(one, bool) for one in each):
            raise ValueError("true and false are no values of it")
        return value


@dataclass(frozen=True, slots=True)
class Origin:
    """What a path is read against, the validation's context: the file's folder, and the caller."""

    folder: Path | None
    environment: Mapping[str, str]


def path_here(text: str, info: ValidationInfo, *, elsewhere: bool = False) -> str:
    """Return the whole path that a text means; without a context it stays as it is.

    What lies `elsewhere`, on another file system or in another program's folder, is named whole.
    Raises `PathError`.
    """
    if not isinstance(info.context, Origin):
        return text
    return whole(text, None if elsewhere else info.context.folder, info.context.environment)


def _elsewhere(text: str, info: ValidationInfo) -> str:
    return path_here(text, info, elsewhere=True)


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("it holds a character that cannot be printed: leave it out")
    return text


PATH: Final = WithJsonSchema({"type": "string", "format": "path"})
"""Marks a setting that names a file or folder."""

Text = Annotated[str, AfterValidator(_printable)]
FilePath = Annotated[str, AfterValidator(path_here), PATH]
FarPath = Annotated[str, AfterValidator(_elsewhere), PATH]
Amount = str | int
"""An amount in major units: quoted, because 0.1 is no number that a computer can hold."""
