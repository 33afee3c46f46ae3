"""The page /docs: every operation of the API in plain HTML, made from the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any, Final

STYLE: Final = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }
:root { color-scheme: light dark }
code { font: 13px ui-monospace, monospace } summary { cursor: pointer } details { margin: .3em 0 .3em 1em }
td { padding: 0 1em 0 0; vertical-align: top } h2 { margin-top: 2em; text-transform: capitalize }
"""


def reference_page(document: dict[str, Any]) -> str:
    """The page for an OpenAPI document."""
    parts = [
        '<!doctype html><html lang="en"><meta charset="utf-8">',
        f"<title>{escape(document['info']['title'])} API</title><style>{STYLE}</style>",
        f"<h1>{escape(document['info']['title'])} API {escape(document['info']['version'])}</h1>",
        '<p>The same as <a href="/api/v1/openapi.json">OpenAPI</a>. Errors are problems (RFC 9457) with faults.',
    ]
    for tag in document["tags"]:
        operations = list(_operations(document, tag["name"]))
        if operations:
            parts += [f"<h2>{escape(tag['name'])}</h2><p>{escape(tag['description'])}", *operations]
    return "\n".join([*parts, "</html>"])


def _operations(document: dict[str, Any], tag: str) -> Iterator[str]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if tag in operation.get("tags", ()):
                yield _operation(method, path, operation)


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    rows = "".join(_parameter(one) for one in operation.get("parameters", ()))
    statuses = ", ".join(
        f"{status} {escape(reply['description'])}" for status, reply in sorted(operation["responses"].items())
    )
    return (
        f'<details id="{operation["operationId"]}"><summary><code>{method.upper()} {escape(path)}</code> '
        f"{escape(operation['summary'])}</summary><p>{escape(operation.get('description', ''))}"
        f"{_body(operation)}<table>{rows}</table><p>Answers: {statuses}</details>"
    )


def _parameter(one: dict[str, Any]) -> str:
    need = "needed" if one.get("required") else ""
    return f"<tr><td><code>{escape(one['name'])}</code><td>{one['in']} {need}<td>{escape(one.get('description', ''))}"


def _body(operation: dict[str, Any]) -> str:
    kinds = operation.get("requestBody", {}).get("content", {})
    names = (kind.get("schema", {}).get("$ref", "").rpartition("/")[2] or media for media, kind in kinds.items())
    return "".join(f"<p>Takes: <code>{escape(name)}</code>" for name in names)
