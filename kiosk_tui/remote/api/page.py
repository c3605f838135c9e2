"""The document as a page for people: no script, nothing from elsewhere, readable in any browser."""

from __future__ import annotations

import html
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from kiosk_tui.remote.api.openapi import document
from kiosk_tui.remote.api.problems import Problem

STYLE: Final = Path(__file__).with_name("page.css")


@cache
def page() -> bytes:
    """Return the page."""
    told = document()
    info = told["info"]
    parts = [
        '<!doctype html><html lang="en"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width"><title>kiosk-tui API</title>',
        '<link rel="stylesheet" href="/docs/page.css">',
        f"<h1>{_text(info['title'])} API {_text(info['version'])}</h1>",
        f"<p>{_text(info['description'])}",
        ' <a href="/openapi.json">OpenAPI 3.1 document</a></p><h2>Paths</h2>',
    ]
    for path, methods in told["paths"].items():
        parts += [_operation(path, method, one) for method, one in methods.items()]
    parts += ["<h2>Objects</h2>", *map(_schema, told["components"]["schemas"].items())]
    parts += ["<h2>Problems</h2><dl>", *map(_problem, Problem), "</dl></html>"]
    return "\n".join(parts).encode()


def _operation(path: str, method: str, one: dict[str, Any]) -> str:
    rows = [
        f"<tr><td>{_text(each['in'])}<td><code>{_text(each['name'])}</code>"
        f"<td>{'needed' if each['required'] else ''}<td>{_text(each['description'])}"
        for each in one["parameters"]
    ]
    if "requestBody" in one:
        rows.append(f"<tr><td>body<td>{_link(one['requestBody'])}<td><td>")
    answers = [
        f"<tr><td>{status}<td>{_link(each)}<td colspan=2>{_text(each['description'])}"
        for status, each in one["responses"].items()
    ]
    return (
        f'<section id="{_text(one["operationId"])}"><h3><code>{method.upper()} {_text(path)}</code></h3>'
        f"<p>{_text(one['summary'])}. {_text(one['description'])}</p>"
        f"<table>{''.join(rows)}{''.join(answers)}</table></section>"
    )


def _link(holder: dict[str, Any]) -> str:
    (kind, content), *_ = holder["content"].items()
    name = content["schema"].get("$ref", "").rpartition("/")[2]
    return f'<a href="#{_text(name)}">{_text(name)}</a>' if name else _text(kind)


def _schema(item: tuple[str, dict[str, Any]]) -> str:
    name, schema = item
    rows = [
        f"<tr><td><code>{_text(each)}</code><td><code>{_kind(facts)}</code>"
        f"<td>{'needed' if each in schema.get('required', ()) else ''}"
        f"<td>{_text(facts.get('description', ''))}"
        for each, facts in schema.get("properties", {}).items()
    ]
    values = ", ".join(map(str, schema.get("enum", ())))
    return (
        f'<section id="{_text(name)}"><h3>{_text(name)}</h3><p>{_text(schema.get("description", ""))}'
        f" {_text(values)}</p><table>{''.join(rows)}</table></section>"
    )


def _kind(facts: dict[str, Any]) -> str:
    each = [one for one in facts.get("anyOf", [facts]) if one.get("type") != "null"]
    for one in each:
        name = one.get("$ref", one.get("items", {}).get("$ref", "")).rpartition("/")[2]
        if name:
            return f'<a href="#{_text(name)}">{_text(name)}</a>'
        if "enum" in one:
            return _text(" | ".join(map(json.dumps, one["enum"])))
    return _text(str(each[0].get("type", "")) if each else "")


def _problem(one: Problem) -> str:
    return (
        f'<dt id="problem-{one.code}"><code>{one.code}</code> {one.status} {_text(one.title)}'
        f"<dd>{_text(one.advice)}"
    )


def _text(text: str) -> str:
    return html.escape(text)
