"""Where a thing stands in the room: at a wall, in a corner, under the ceiling, in the middle."""

from __future__ import annotations

from diorama_nodes.plan.ledger import Ledger, Thing
from diorama_nodes.plan.phrases import Phrase

FLAT_ON_WALL = frozenset({"on", "hanging_from", "in", "above"})


def stand_at(ledger: Ledger, thing: Thing, relation: str, structure: str, phrase: Phrase, is_indoor: bool) -> None:
    """Note how a thing stands to a part of the room that the text names."""
    if structure == "wall":
        _at_wall(ledger, thing, relation, phrase)
    elif structure == "corner":
        if phrase.det == "every" or (phrase.number or 0) > 1:
            thing.count = max(thing.count, int(phrase.number or 4))
        ledger.link("in_corner", thing)
    elif structure == "ceiling":
        if thing.kind == "lamp":
            thing.kind = "ceiling_light"
        ledger.link("hanging_from_ceiling", thing)
    elif structure == "center":
        ledger.link("center_of_room" if is_indoor else "center_of_scene", thing)
    elif structure == "other":
        ledger.link(relation if relation in ("facing", "next_to", "near", "stacked_on") else "facing", thing, thing)
    elif structure == "water":
        ledger.link("in", thing, region="water")
        thing.attributes["stands_in"] = "water"
    elif structure == "air":
        thing.attributes.setdefault("state", "floating")
    elif structure == "edge":
        ledger.link("near", thing, region=phrase.text.lower()[:80])
        thing.attributes["position"] = "edge"
    elif structure in ("front", "back"):
        thing.attributes["position"] = structure


def _at_wall(ledger: Ledger, thing: Thing, relation: str, phrase: Phrase) -> None:
    number = int(phrase.number or 0)
    is_flat = relation in FLAT_ON_WALL or ("wall" in thing.traits and relation != "facing")
    if relation == "facing":
        thing.attributes["facing"] = "wall"
        return
    ledger.link("on_wall" if is_flat else "against_wall", thing)
    if number == 2:
        thing.count = max(thing.count + thing.count % 2, 2)
        ledger.link("both_sides", thing)
    elif number > 2 or phrase.det == "every":
        thing.count = max(thing.count, min(number or 4, 200))
        thing.attributes["per_wall"] = "1"
