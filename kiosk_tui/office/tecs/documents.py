"""JSON and forms become the fields of transactions, wherever in a document they stand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qsl

from kiosk_tui.office.tecs.names import field_of
from kiosk_tui.office.tecs.values import EntryError
from kiosk_tui.tecs.reading import Number, texts_of

Fields = list[tuple[str, Any]]

_DEEPEST: Final = 6
_MOST_FIELDS: Final = 400


class _Object(list[tuple[str, Any]]):
    """A JSON object with all its members, one that stands twice too."""


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_Object,
    parse_int=Number,
    parse_float=Number,
    parse_constant=lambda _: None,
    strict=False,
)


def transactions_in(body: bytes, content_type: str = "") -> Iterator[Fields]:
    """Yield the fields of each transaction. Raises `EntryError` for what is neither JSON nor a form."""
    if "urlencoded" in content_type.lower():
        yield from _of_form(body)
        return
    for text in texts_of(body, content_type):
        try:
            document = _DECODER.decode(text.strip("\ufeff\0 \t\r\n"))
        except (ValueError, RecursionError):
            continue
        yield from _of_document(document)
        return
    raise EntryError("It is no JSON.")


def _of_form(body: bytes) -> Iterator[Fields]:
    """Yield the fields of a form, or of the JSON that stands in one of them."""
    try:
        pairs: Fields = list(
            parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        )
    except ValueError:
        raise EntryError("It is no form.") from None
    inner = [value for _, value in pairs if value.lstrip().startswith(("{", "["))]
    if inner and not _is_transaction(pairs):
        for value in inner:
            yield from transactions_in(value.encode())
    else:
        yield pairs


def _of_document(document: Any) -> Iterator[Fields]:
    found = list(_within(document, 0))
    if not found:
        raise EntryError("It holds no transaction.")
    yield from found


def _within(value: Any, depth: int) -> Iterator[Fields]:
    """Yield what is a transaction; of a list inside, each of it, and then not what is around it."""
    if depth > _DEEPEST:
        return
    if isinstance(value, _Object):
        lists = [one for _, one in value if isinstance(one, list) and not isinstance(one, _Object)]
        inside = [found for one in lists for found in _within(one, depth + 1)]
        if inside:
            yield from inside
        elif _is_transaction(value):
            yield value
        else:
            for _, one in value:
                if isinstance(one, _Object):
                    yield from _within(one, depth + 1)
    elif isinstance(value, list):
        each = [(one, list(_within(one, depth + 1))) for one in value if isinstance(one, _Object)]
        # what names no transaction, in a list of transactions, is told and not passed over
        told = depth == 0 or any(within for _, within in each)
        for one, within in each:
            yield from within or ([one] if told else [])


def _is_transaction(fields: Fields) -> bool:
    return any(
        field_of(name) == "transaction_id" and value not in (None, "") for name, value in fields
    )
