"""The editor's valibot schemas of what the server sends, written from its OpenAPI document and its schema of events.

`python -m tests.editor.api_types` writes `editor/src/api/generated.ts`; that it is in step is tested.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from diorama.run.service import Service
from diorama.server.app import create_app
from diorama.server.event_schema import event_schema
from diorama.server.openapi import openapi_of
from tests.support.service_nodes import catalogue

FILE = Path(__file__).parents[2] / "editor" / "src" / "api" / "generated.ts"
MODELS = (
    "Fault",
    "Problem",
    "Run",
    "RunPage",
    "PlannedStep",
    "Plan",
    "Checked",
    "Templates",
    "Upload",
    "Artefact",
    "Share",
    "SharePage",
    "Shared",
    "Queue",
    "Waiting",
    "Hindsights",
    "RunLog",
    "ArtefactPage",
    "Devices",
    "Models",
    "Settings",
    "SavedGraphPage",
    "GraphVersionPage",
)
"""Models of the API that the editor reads; what they are made of comes along."""
HEAD = """/** What the server sends. Written by `npm run generate` from the engine's own schemas: never by hand. */

import * as v from "valibot";
"""

Tree = dict[str, Any]


def openapi() -> Tree:
    """The OpenAPI document of a server."""
    with tempfile.TemporaryDirectory() as folder, Service(Path(folder), catalogue=catalogue()) as service:
        return openapi_of(create_app(service))


def generated() -> str:
    """The file, whole."""
    events = event_schema()
    models = openapi()["components"]["schemas"]
    kinds = [reference.rpartition("/")[2] for reference in events["discriminator"]["mapping"].values()]
    parts = [HEAD, *(declared(name, models[name]) for name in ordered(models, MODELS))]
    parts += [declared(f"{name}Event", events["$defs"][name]) for name in sorted(kinds)]
    union = ", ".join(f"{name}Event" for name in sorted(kinds))
    parts.append(f'export const AnyEvent = v.variant("kind", [{union}]);\n')
    parts.append("export type AnyEvent = v.InferOutput<typeof AnyEvent>;\n")
    durable = ", ".join(json.dumps(kind) for kind in events["durable"])
    parts.append(
        f"/** Kinds that are numbered and kept. */\nexport const DURABLE: ReadonlySet<string> = new Set([{durable}]);\n"
    )
    return "\n".join(parts)


def ordered(models: Tree, wanted: tuple[str, ...]) -> list[str]:
    """The wanted models and what they are made of, parts first."""
    found: list[str] = []

    def add(name: str) -> None:
        for part in parts_of(models[name]):
            add(part)
        if name not in found:
            found.append(name)

    for name in wanted:
        add(name)
    return found


def parts_of(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        if isinstance(tree.get("$ref"), str) and tree["$ref"].rpartition("/")[2] != "JsonValue":
            yield tree["$ref"].rpartition("/")[2]
        for child in tree.values():
            yield from parts_of(child)
    elif isinstance(tree, list):
        for child in tree:
            yield from parts_of(child)


def declared(name: str, tree: Tree) -> str:
    help_ = tree.get("description", "").partition("\n")[0]
    head = f"/** {help_} */\n" if help_ else ""
    return f"{head}export const {name} = {schema(tree)};\nexport type {name} = v.InferOutput<typeof {name}>;\n"


def schema(tree: Tree) -> str:
    """A JSON Schema as valibot says it."""
    if "$ref" in tree:
        name: str = tree["$ref"].rpartition("/")[2]
        return "v.unknown()" if name == "JsonValue" else name
    if "const" in tree:
        return f"v.literal({json.dumps(tree['const'])})"
    if "enum" in tree:
        return f"v.picklist({json.dumps(tree['enum'])})"
    if "anyOf" in tree:
        return union(tree["anyOf"])
    match tree.get("type"):
        case "object":
            return fields(tree)
        case "array":
            items = tree.get("prefixItems")
            return (
                f"v.tuple([{', '.join(map(schema, items))}])" if items else f"v.array({schema(tree.get('items', {}))})"
            )
        case "string" | "boolean" as kind:
            return f"v.{kind}()"
        case "integer" | "number":
            return "v.number()"
        case "null":
            return "v.null()"
        case _:
            return "v.unknown()"


def union(options: list[Tree]) -> str:
    others = [one for one in options if one.get("type") != "null"]
    inner = schema(others[0]) if len(others) == 1 else f"v.union([{', '.join(map(schema, others))}])"
    return inner if len(others) == len(options) else f"v.nullable({inner})"


def fields(tree: Tree) -> str:
    if "properties" not in tree:
        more = tree.get("additionalProperties")
        return f"v.record(v.string(), {schema(more) if isinstance(more, dict) else 'v.unknown()'})"
    required = set(tree.get("required", ()))
    lines = [
        f"  {name}: {schema(one) if name in required else f'v.optional({schema(one)})'},"
        for name, one in tree["properties"].items()
    ]
    return "v.object({\n" + "\n".join(lines) + "\n})"


if __name__ == "__main__":
    FILE.write_text(generated())
