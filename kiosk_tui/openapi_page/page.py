"""An OpenAPI 3.1 document as HTML: no script, nothing from elsewhere, readable in any browser.

Of OpenAPI it knows what our documents use. Examples of a request and of an answer that have the same name belong
together, and are shown so.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

STYLE: Final = Path(__file__).with_name("page.css")
_METHODS: Final = ("get", "post", "put", "patch", "delete")


def page(
    document: Mapping[str, Any],
    *,
    document_url: str = "/openapi.json",
    style_url: str = "/docs/page.css",
    more: str = "",
) -> bytes:
    """Return the page; `more` is HTML that stands at its end."""
    info = document["info"]
    operations = list(_operations(document))
    schemas = document.get("components", {}).get("schemas", {})
    parts = [
        '<!doctype html><html lang="en"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_text(info['title'])} API</title>",
        f'<link rel="stylesheet" href="{_text(style_url)}">',
        f"<h1>{_text(info['title'])} API {_text(info['version'])}</h1>{_prose(info['description'])}",
        f'<p><a href="{_text(document_url)}">OpenAPI 3.1 document</a></p><h2>Paths</h2><ul>',
        *(
            f'<li><a href="#{_text(one["operationId"])}"><code>{_text(title)}</code></a>'
            f" {_inline(one.get('summary', ''))}"
            for title, one in operations
        ),
        "</ul>",
        *(_operation(title, one) for title, one in operations),
        "<h2>Objects</h2>",
        *(_schema(name, one) for name, one in schemas.items()),
        more,
        "</html>",
    ]
    return "\n".join(parts).encode()


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each operation with its method and its path from the root of the server."""
    for path, item in document["paths"].items():
        servers = item.get("servers") or document.get("servers") or [{"url": "/"}]
        whole = servers[0]["url"].rstrip("/") + path
        for method in _METHODS:
            if method in item:
                yield f"{method.upper()} {whole}", item[method]


def _operation(title: str, one: Mapping[str, Any]) -> str:
    rows = [
        f"<tr><td>{_text(each['in'])}<td><code>{_text(each['name'])}</code>"
        f"<td>{'needed' if each.get('required') else ''}<td>{_inline(each.get('description', ''))}"
        for each in one.get("parameters", ())
    ]
    if "requestBody" in one:
        rows.append(f"<tr><td>body<td>{_content(one['requestBody'])}<td><td>")
    rows += [
        f"<tr><td>{_text(status)}<td>{_content(each)}<td colspan=2>{_inline(each['description'])}"
        for status, each in one["responses"].items()
    ]
    return (
        f'<section id="{_text(one["operationId"])}"><h3><code>{_text(title)}</code></h3>'
        f"<p>{_inline(one.get('summary', ''))}.</p>{_prose(one.get('description', ''))}"
        f"<table>{''.join(rows)}</table>{''.join(_examples(one))}</section>"
    )


def _content(holder: Mapping[str, Any]) -> str:
    """Name what a body or an answer holds."""
    return ", ".join(
        (_kind(content["schema"]) if _references(content["schema"]) else "") or _text(media_type)
        for media_type, content in holder.get("content", {}).items()
    )


def _examples(one: Mapping[str, Any]) -> Iterator[str]:
    asked = {name: each for _, name, each in _named(one.get("requestBody", {}))}
    answered = {
        name: (f"{status} {media_type}", each)
        for status, answer in one["responses"].items()
        for media_type, name, each in _named(answer)
    }
    for name in {**asked, **answered}:
        request = asked.get(name, {})
        status, answer = answered.get(name, ("", {}))
        told = {**answer, **request}
        yield (
            f"<details><summary>{_inline(told.get('summary', name))}</summary>"
            f"{_prose(told.get('description', ''))}{_value(request)}"
            f"{f'<p>{_text(status)}</p>' if status else ''}{_value(answer)}</details>"
        )


def _named(holder: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for media_type, content in holder.get("content", {}).items():
        for name, each in content.get("examples", {}).items():
            yield media_type, name, each


def _value(example: Mapping[str, Any]) -> str:
    if "value" not in example:
        return ""
    value = example["value"]
    text = value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False)
    return f"<pre>{_text(text)}</pre>"


def _schema(name: str, schema: Mapping[str, Any]) -> str:
    needed = schema.get("required", ())
    rows = [
        f"<tr><td><code>{_text(each)}</code><td>{_kind(facts)} {_limits(facts)}"
        f"<td>{'needed' if each in needed else ''}<td>{_inline(facts.get('description', ''))}"
        for each, facts in schema.get("properties", {}).items()
    ]
    rows += [
        f"<tr><td><code>{_text(str(each['const']))}</code><td>{_text(each.get('title', ''))}"
        f"<td><td>{_inline(each.get('description', ''))}"
        for each in schema.get("anyOf", ())
        if "const" in each
    ]
    values = ", ".join(map(str, schema.get("enum", ())))
    also = ", ".join(filter(None, map(_kind, schema.get("allOf", ()))))
    return (
        f'<section id="{_text(name)}"><h3>{_text(name)}</h3>{_prose(schema.get("description", ""))}'
        f"<p>{_text(values)}{f'All of {also}, and:' if also else ''}</p>"
        f"<table>{''.join(rows)}</table></section>"
    )


def _kind(facts: Mapping[str, Any]) -> str:
    """Name the type of a value: links to objects, the values of an enumeration, or JSON's type."""
    links = [f'<a href="#{_text(name)}">{_text(name)}</a>' for name in _references(facts)]
    if links:
        return " | ".join(links)
    for one in facts.get("anyOf", [facts]):
        if "enum" in one:
            return f"<code>{_text(' | '.join(map(json.dumps, one['enum'])))}</code>"
    types = [one.get("type", []) for one in facts.get("anyOf", [facts])]
    flat = [each for one in types for each in ([one] if isinstance(one, str) else one)]
    return _text(next((each for each in flat if each != "null"), ""))


def _references(facts: Mapping[str, Any]) -> list[str]:
    each = [facts, *facts.get("anyOf", ()), *facts.get("oneOf", ())]
    found = [one.get("$ref", one.get("items", {}).get("$ref", "")) for one in each]
    return [one.rpartition("/")[2] for one in found if one]


def _limits(facts: Mapping[str, Any]) -> str:
    """Say how long a text may be, and what it looks like."""
    found = [f"&le; {facts['maxLength']}"] if "maxLength" in facts else []
    found += [f"= <code>{_text(json.dumps(facts['const']))}</code>"] if "const" in facts else []
    for one in (facts, *facts.get("allOf", ())):
        found += [f"<code>{_text(one['pattern'])}</code>"] if "pattern" in one else []
    return " ".join(found)


def _prose(text: str) -> str:
    return "".join(f"<p>{_inline(one)}</p>" for one in text.split("\n\n") if one)


def _inline(text: str) -> str:
    return re.sub("`([^`]+)`", r"<code>\1</code>", _text(text))


def _text(text: str) -> str:
    return html.escape(text)
