"""Requests and answers as a technician may see them: every field explained, no secret, no card.

Invariant: what leaves here holds no key, no full card number and no expiry, whatever a peer sends. What
cannot be read as an answer is shown without any digit: it may hold anything.
"""

from __future__ import annotations

import base64
import html
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Final
from urllib.parse import quote, urlsplit

from kiosk_tui.domain.evidence import Answered, Asked, Field
from kiosk_tui.tecs import answers, models
from kiosk_tui.tecs.codes import CodeTable, normal
from kiosk_tui.tecs.form import form_of
from kiosk_tui.tecs.reading import Members, Number, UnreadableError, fields_of, texts_of
from kiosk_tui.tecs.redaction import mask_card, mask_text
from kiosk_tui.tecs.spelling import lines, one_line
from kiosk_tui.tecs.wire import ABORT, STATUS, WIRE

HIDDEN: Final = "***"
LONGEST_TEXT: Final = 4000
"""So much of an answer's body is kept."""

_SHORTEST_SECRET: Final = 4
"""What is shorter would be found everywhere, and be no secret."""

_NEVER_SHOWN: Final = frozenset({"password", "cvc2"})
_SHOWN_HEADERS: Final = ("host", "content-type", "authorization")
_STATUS_KIND: Final = "terminal status"
_NAMES: Final = {
    **{(form.message_type, form.identifier): str(one) for one, form in WIRE.items()},
    (ABORT.message_type, ABORT.identifier): "abort",
    (STATUS.message_type, STATUS.identifier): _STATUS_KIND,
}
_MOST_FIELDS: Final = 200
_LONGEST_VALUE: Final = 200
_DEEPEST: Final = 8
_REQUEST: Final = {name: one.description or "" for name, one in models.Request.model_fields.items()}
_ANSWER: Final = {
    name: one.description or ""
    for model in (models.Version, models.Response)
    for name, one in model.model_fields.items()
}
"""What each field is for."""


class Unquoted(str):
    """A value of an answer that was neither text nor number; TECS sends nothing else."""

    __slots__ = ()


def asked(
    method: str, url: str, headers: Mapping[str, str], fields: Mapping[str, str] | None
) -> Asked:
    """Describe a request. The values of its secret headers and fields are masked."""
    shown = tuple(
        (name.title(), _header(name, headers[name])) for name in _SHOWN_HEADERS if name in headers
    )
    kind = "version" if fields is None else kind_of(fields)
    told = tuple(
        Field(name, _sent(name, value), _REQUEST.get(name, ""))
        for name, value in (fields or {}).items()
    )
    return Asked(kind, method, without_user(url), shown, told)


def kind_of(fields: Mapping[str, str]) -> str:
    """Return what a request is for, in a word or two."""
    pair = fields.get("message_type", ""), fields.get("transaction_origin_identifier", "")
    return _NAMES.get(pair, f"message type {pair[0]}")


def answered(
    status: int,
    body: bytes,
    server_time: datetime | None,
    *,
    request: Asked,
    codes: CodeTable,
    secrets: Sequence[str],
    content_type: str = "",
) -> Answered:
    """Describe an answer: masked, each field explained, with the code's meaning and verdict.

    It is read as the register reads it (`reading`, `answers.read`).
    """
    try:
        found = fields_of(body, content_type)
    except UnreadableError:
        text = _unreadable(body, content_type, secrets)
        form = form_of(body, content_type)
        return Answered(status, len(body), server_time, text=text, form=form)
    # secrets first: masking a number in the middle of one would leave its ends
    found = {
        name: _without_secrets(value, secrets)
        for name, value in islice(found.items(), _MOST_FIELDS)
    }
    sent = next((one.value for one in request.fields if one.name == "transaction_id"), "")
    read = _Read(found, sent)
    shown = {
        _safe_name(name, secrets): hide(read.shown(name, value), secrets)
        for name, value in found.items()
    }
    fields = tuple(
        Field(name, value, _ANSWER.get(name, "ignored")) for name, value in shown.items()
    )
    code = shown.get("response_code", "")
    return Answered(
        status=status,
        size=len(body),
        server_time=server_time,
        fields=fields,
        text=json.dumps(shown, ensure_ascii=False, indent=1)[:LONGEST_TEXT],
        code=code,
        meaning=meaning(code) if code else "",
        verdict=_verdict(request.kind, code, codes) if code else "",
        form=form_of(body, content_type),
    )


class _Read:
    """An answer's fields as the register reads them, and as they may be shown where it does not."""

    def __init__(self, found: Mapping[str, str], sent: str) -> None:
        told = {name: one for name, one in found.items() if not isinstance(one, Unquoted)}
        self._answer = answers.read(told, (sent,))
        self._version = models.Version.model_validate(told)

    def shown(self, name: str, value: str) -> str:
        if not isinstance(value, Unquoted):
            if name in ("message_type", "response_code"):
                return getattr(self._answer, name) or _without_digits(value)
            for model in (self._answer, self._version):
                if name in type(model).model_fields:
                    return str(getattr(model, name))
        return _without_digits(value)


def meaning(code: str) -> str:
    """Return what a response code says, in plain words."""
    return _codes().get(normal(code), "no text is known for this code")


def secrets_of(header: str) -> list[str]:
    """Return what of an Authorization header must never be shown, in every form that it may take."""
    scheme, _, rest = header.partition(" ")
    found = [header, *([rest] if rest else [])]
    if scheme.lower() == "basic" and rest:
        try:
            pair = base64.b64decode(rest, validate=True).decode("utf-8")
        except ValueError:
            pair = ""
        found += [pair, pair.partition(":")[2]]
    return sorted({form for one in found for form in forms(one)}, key=len, reverse=True)


def forms(secret: str) -> list[str]:
    """Return a secret as it is, and as JSON, HTML, a URL or base64 would write it."""
    if len(secret) < _SHORTEST_SECRET:
        return []
    return [
        secret,
        json.dumps(secret)[1:-1],
        html.escape(secret),
        quote(secret),
        base64.b64encode(secret.encode("utf-8", "replace")).decode("ascii"),
    ]


def hide(text: str, secrets: Sequence[str]) -> str:
    """Replace every secret in a text."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


def without_user(url: str) -> str:
    """Write a URL without the user and password that it may hold."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return HIDDEN
    user, at, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{HIDDEN}@{host}").geturl() if at and user else url


def _header(name: str, value: str) -> str:
    if name != "authorization":
        return value
    scheme, space, _ = value.partition(" ")
    return f"{scheme} {HIDDEN}" if space and scheme in ("Basic", "Bearer") else HIDDEN


def _sent(name: str, value: str) -> str:
    if name in _NEVER_SHOWN:
        return HIDDEN if value else ""
    if name == "card_number":
        return mask_card(value)
    if name in ("payment_reason", "personal_id", "receipt_number", "ecr_data"):
        return mask_text(value)
    return value


def _without_secrets(value: object, secrets: Sequence[str]) -> str:
    if isinstance(value, str):
        return hide(value, secrets)
    return Unquoted(hide(_written(value), secrets))


def _written(value: object, depth: int = 0) -> str:
    """Write a value as JSON does, its numbers as they came, and only so deep."""
    if isinstance(value, Number):
        return value
    if depth == _DEEPEST:
        return "..."
    if isinstance(value, Members):
        pairs = (f"{json.dumps(name)}: {_written(one, depth + 1)}" for name, one in value)
        return "{" + ", ".join(islice(pairs, _MOST_FIELDS)) + "}"
    if isinstance(value, list):
        written = (_written(one, depth + 1) for one in value)
        return "[" + ", ".join(islice(written, _MOST_FIELDS)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _safe_name(name: str, secrets: Sequence[str]) -> str:
    known = name in _ANSWER or name in _REQUEST
    return name if known else hide(_without_digits(hide(name, secrets)[:40]), secrets)


def _unreadable(body: bytes, content_type: str, secrets: Sequence[str]) -> str:
    text = hide(next(texts_of(body, content_type)).replace("\0", ""), secrets)
    # once more: what cannot be seen may have stood inside a secret
    return _digitless(hide(lines(text[: 4 * LONGEST_TEXT]), secrets)[:LONGEST_TEXT])


def _without_digits(text: str) -> str:
    return _digitless(one_line(text[: 4 * _LONGEST_VALUE]))[:_LONGEST_VALUE]


def _digitless(text: str) -> str:
    return "".join("#" if one.isdigit() else one for one in text)


def _verdict(kind: str, code: str, codes: CodeTable) -> str:
    if kind == _STATUS_KIND:
        return ""
    if kind == "cancellation":
        return str(codes.cancellation(code))
    return str(codes.payment(code))


@cache
def _codes() -> Mapping[str, str]:
    return dict(_each_code())


def _each_code() -> Iterator[tuple[str, str]]:
    told = tomllib.loads((files(__package__) / "explained.toml").read_text("utf-8"))["code"]
    for span, text in told.items():
        low, _, high = span.partition("-")
        for code in range(int(low), int(high or low) + 1):
            yield str(code), text
