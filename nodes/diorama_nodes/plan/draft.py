"""The part of a scene plan that a language model writes, as a JSON Schema that keeps it within bounds.

It is made from the schema of `ScenePlan`: what fits it is a plan once prompt and planner are put in. Texts, lists
and numbers have an end, names that other nodes must know are choices, and every field is asked for, in one order.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from pydantic import JsonValue

from diorama_nodes.plan.lexicon import lexicon
from diorama_nodes.plan.schema import ScenePlan

Schema = dict[str, Any]

OMITTED: Final[Mapping[str, frozenset[str]]] = {
    "ScenePlan": frozenset({"prompt", "planner", "unplaced", "notes"}),
    "ObjectSpec": frozenset({"shape", "is_implied"}),
    "RelationSpec": frozenset({"count", "region"}),
}
"""Fields that the planner fills in itself, or that only rules have a use for."""
ORDER: Final = (
    "title",
    "language",
    "environment",
    "objects",
    "characters",
    "relations",
    "camera",
    "lights",
    "music",
    "sounds",
    "seconds",
)
"""What is written first can be named by what comes later: objects before the relations between them."""
ID: Final = "^[a-z][a-z0-9_]{0,23}$"
WORD: Final = "^[a-z][a-z_]{1,23}$"
STYLES: Final = ("cyberpunk", "medieval", "fantasy", "modern", "futuristic", "rustic", "japanese", "industrial")
MOODS: Final = ("mysterious", "calm", "cheerful", "sad", "tense", "epic", "romantic")
MATERIALS: Final = (
    "wood",
    "metal",
    "stone",
    "glass",
    "leather",
    "fabric",
    "neon",
    "plastic",
    "ceramic",
    "foliage",
)
ATTRIBUTES: Final[Mapping[str, tuple[str, ...]]] = {
    "ObjectSpec": ("text", "contains", "kind", "light"),
    "CharacterSpec": ("holds", "wears", "kind"),
}
"""What may be said beyond the fields."""
ROLES: Final = (
    *("person", "man", "woman", "child", "girl", "detective", "police", "soldier", "knight", "king", "queen"),
    *("princess", "wizard", "witch", "samurai", "ninja", "monk", "pirate", "robot", "astronaut", "scientist"),
    *("doctor", "teacher", "chef", "farmer", "fisherman", "worker", "builder", "musician", "dancer", "angel"),
)


def _choice(*words: str) -> Schema:
    return {"type": "string", "enum": list(words)}


def _text(most: int) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": most}


def _tenths(least: float, most: float) -> Schema:
    # Without a step a model could write digits for ever.
    return {"type": "number", "minimum": least, "maximum": most, "multipleOf": 0.1}


def _whole(least: int, most: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


def _bounds() -> Mapping[str, Schema]:
    """What a field is narrowed to, by model and field."""
    known = lexicon()
    reference = {"type": "string", "pattern": ID}
    return {
        "ScenePlan.title": _text(60),
        "ScenePlan.seconds": _whole(4, 60),
        "ScenePlan.objects": {"maxItems": 16},
        "ScenePlan.characters": {"maxItems": 6},
        "ScenePlan.relations": {"maxItems": 20},
        "ScenePlan.lights": {"maxItems": 6},
        "ScenePlan.sounds": {"maxItems": 4},
        "EnvironmentSpec.place": _choice(*sorted(known.places)),
        "EnvironmentSpec.style": _choice(*STYLES),
        "EnvironmentSpec.mood": _choice(*MOODS),
        "EnvironmentSpec.weather": {"maxItems": 2},
        "EnvironmentSpec.palette": {"maxItems": 5},
        "EnvironmentSpec.width": _whole(2, 200),
        "EnvironmentSpec.depth": _whole(2, 200),
        "ObjectSpec.id": reference,
        "ObjectSpec.kind": _choice(*sorted(known.kinds)),
        "ObjectSpec.count": _whole(1, 24),
        "ObjectSpec.material": _choice(*MATERIALS),
        "ObjectSpec.dimensions": {
            "type": "array",
            "items": {"anyOf": [_tenths(0.1, 60), {"type": "null"}]},
            "minItems": 3,
            "maxItems": 3,
        },
        "RelationSpec.subject": reference,
        "RelationSpec.object": reference,
        "RelationSpec.other": reference,
        "RelationSpec.rows": _whole(1, 12),
        "RelationSpec.columns": _whole(1, 12),
        "RelationSpec.distance": _tenths(0, 50),
        "RelationSpec.per_object": _whole(1, 12),
        "CharacterSpec.id": reference,
        "CharacterSpec.role": _choice(*ROLES),
        "CharacterSpec.count": _whole(1, 6),
        "CharacterSpec.toward": reference,
        "CameraSpec.subject": reference,
        "MusicSpec.bpm": _whole(40, 200),
        "MusicSpec.instruments": {"maxItems": 4, "items": {"type": "string", "pattern": WORD}},
        "MusicSpec.mood": _choice(*MOODS),
    }


@cache
def draft_schema() -> Schema:
    """The schema that a model writes by: closed, bounded, and a `ScenePlan`'s own where it is not narrower."""
    whole = ScenePlan.model_json_schema()
    models = {"ScenePlan": whole, **whole.pop("$defs")}
    bounds = _bounds()
    narrowed = {name: _narrowed(name, model, bounds) for name, model in models.items() if name != "Unplaced"}
    root = narrowed.pop("ScenePlan")
    root["properties"] = {name: root["properties"][name] for name in ORDER}
    return {**root, "required": list(ORDER), "$defs": narrowed}


def _narrowed(name: str, model: Schema, bounds: Mapping[str, Schema]) -> Schema:
    """The schema of one model: without what is left out, its fields within their bounds."""
    fields = {field: schema for field, schema in model["properties"].items() if field not in OMITTED.get(name, ())}
    made: Schema = {}
    for field, schema in fields.items():
        if field == "attributes":
            made[field] = _attributes(ATTRIBUTES[name])
        else:
            made[field] = _field(schema, bounds.get(f"{name}.{field}"))
    return {"type": "object", "properties": made, "required": list(made), "additionalProperties": False}


def _field(schema: Schema, bound: Schema | None) -> Schema:
    """A field's schema with its bound put in; null stays allowed where it was."""
    bare = {key: value for key, value in copy.deepcopy(schema).items() if key not in ("default", "title")}
    options = bare.get("anyOf", [])
    if bound is None:
        return {"anyOf": [_field(option, None) for option in options]} if options else bare
    if any(option.get("type") == "null" for option in options):
        inner = next(option for option in options if option.get("type") != "null")
        return {"anyOf": [_merged(inner, bound), {"type": "null"}]}
    return _merged(bare, bound)


def _merged(schema: Schema, bound: Schema) -> Schema:
    """A bound alone where it names a type, else the schema with the bound added."""
    return dict(bound) if "type" in bound else {**schema, **bound}


def _attributes(names: tuple[str, ...]) -> Schema:
    fields = {name: _text(24) for name in names}
    return {"type": "object", "properties": fields, "required": [], "additionalProperties": False}


@cache
def strict_schema() -> Schema:
    """The same for services that want every field of every object: what may be left out is null instead."""
    schema = copy.deepcopy(draft_schema())
    for name, attributes in ATTRIBUTES.items():
        made = schema["$defs"][name]["properties"]["attributes"]
        made["properties"] = {field: {"anyOf": [_text(24), {"type": "null"}]} for field in attributes}
        made["required"] = list(attributes)
    return schema


def draft_of(plan: ScenePlan) -> dict[str, JsonValue]:
    """What a model would have written for a plan: an example to show it."""
    written: dict[str, Any] = plan.model_dump(mode="json")
    kept: dict[str, JsonValue] = {name: _shown(written[name]) for name in ORDER}
    return kept


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return [_shown(one) for one in value]
    if not isinstance(value, dict):
        return value
    hidden = OMITTED["ObjectSpec"] | ({"region", "count"} if "subject" in value else frozenset())
    return {name: _shown(one) for name, one in value.items() if name not in hidden}
