"""What is made lighter in a library does what the library's own does."""

from __future__ import annotations

import subprocess
import sys

_WORDS = """
import sys, typing
if sys.argv[1] == "lighter":
    import kiosk_tui.libraries
import pydantic, annotated_types
from pydantic_core import SchemaValidator, core_schema

assert (core_schema.ModelField.__mro__[1] is not dict) == (sys.argv[1] == "lighter")
made = core_schema.CoreConfig(title="x", strict=True)
print(type(made), made, SchemaValidator(core_schema.int_schema(gt=3)).validate_python(4))
for word in (annotated_types.Gt(3), annotated_types.Len(1, 2), annotated_types.Interval(gt=1, le=3)):
    same = type(word)(**{name: getattr(word, name) for name in word.__dataclass_fields__})
    print(word, word == same, word == 3, hash(word) == hash(same))
    try:
        setattr(word, next(iter(word.__dataclass_fields__)), 1)
    except AttributeError as error:
        print(error)
print(list(annotated_types.Interval(gt=1, le=3)), list(annotated_types.Len(1, 2)))

class Model(pydantic.BaseModel):
    number: int = pydantic.Field(gt=3, le=9)
    text: typing.Annotated[str, pydantic.StringConstraints(min_length=2, pattern="a")]

print(Model(number=4, text="aa"), Model.model_json_schema())
try:
    Model(number=1, text="x")
except pydantic.ValidationError as error:
    print(error.errors())
"""


def _said(how: str) -> str:
    command = (sys.executable, "-c", _WORDS, how)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_models_and_their_words_are_the_same_with_lighter_parts() -> None:
    assert _said("lighter") == _said("as it is")
