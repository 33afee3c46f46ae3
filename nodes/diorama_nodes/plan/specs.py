"""Things and links as the plan's schema writes them."""

from __future__ import annotations

from diorama_nodes.plan.ledger import Link, Thing

SIGNALS = {"#c62828": "red", "#e8c02c": "yellow", "#3d8b45": "green"}
"""Colours of a traffic light: which lamp is lit, not how its housing is painted."""


def object_of(thing: Thing) -> dict[str, object]:
    """The fields of an object."""
    dimensions = thing.dimensions
    if dimensions is not None:
        dimensions = tuple(size if size and 0 < size <= 1000 else None for size in dimensions)  # type: ignore[assignment]
    color = thing.color
    if thing.kind == "traffic_light" and color in SIGNALS:
        thing.attributes["light"], color = SIGNALS[color], None
    return {
        "id": thing.id,
        "kind": thing.kind,
        "count": thing.count,
        "color": color,
        "material": thing.material,
        "shape": thing.shape,
        "size": thing.size,
        "dimensions": dimensions,
        "attributes": {name: value for name, value in thing.attributes.items() if value},
        "is_implied": thing.is_implied,
    }


def figure_of(thing: Thing) -> dict[str, object]:
    """The fields of a character."""
    attributes = dict(thing.attributes)
    if thing.size != "medium":
        attributes["size"] = thing.size
    return {
        "id": thing.id,
        "role": thing.kind,
        "action": thing.action,
        "pace": thing.pace,
        "count": min(thing.count, 20),
        "color": thing.color,
        "toward": thing.toward.id if thing.toward else None,
        "attributes": attributes,
    }


def relation_of(link: Link) -> dict[str, object]:
    """The fields of a relation."""
    return {
        "kind": link.kind,
        "subject": link.subject.id,
        "object": link.object.id if link.object else None,
        "other": link.other.id if link.other else None,
        "rows": link.rows or None,
        "columns": link.columns or None,
        "distance": link.distance,
        "region": link.region,
        "per_object": link.per_object,
        "count": link.count,
    }
