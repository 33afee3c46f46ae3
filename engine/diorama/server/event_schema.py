"""The JSON Schema of events: what TypeScript types are generated from, and what programs may rely on."""

from __future__ import annotations

from typing import Annotated, Any, Final, get_args

from pydantic import Discriminator, TypeAdapter

from diorama.run.events import Event, Kept

VERSION: Final = 1
"""Grows when a kind or field of an event goes or changes its meaning; new ones come without that."""
ADDRESS: Final = "/api/v1/events/schema"


def event_schema() -> dict[str, Any]:
    """The schema of the union: `kind` tells which; `durable` lists the kinds that are numbered and kept."""
    adapter: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Discriminator("kind")])
    schema = adapter.json_schema(mode="serialization")
    for one in schema["$defs"].values():
        if "properties" in one:
            _say_what_is_sent(one)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ADDRESS,
        "title": "Diorama event",
        "version": VERSION,
        "durable": [kind_of(one) for one in get_args(Kept)],
        **schema,
    }


def kind_of(event: Any) -> str:
    """The kind of an event's class."""
    kind: str = event.__dataclass_fields__["kind"].default
    return kind


def _say_what_is_sent(event: dict[str, Any]) -> None:
    """Fields are there whenever an event is sent, but for those with a default: older journals lack them.

    Titles would only give generated types needless names.
    """
    event["required"] = [name for name, one in event["properties"].items() if "default" not in one or "const" in one]
    for one in event["properties"].values():
        one.pop("title", None)
        one.pop("default", None)
