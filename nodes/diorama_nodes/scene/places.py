"""Which place a plan's environment names."""

from __future__ import annotations

from collections.abc import Sequence

from diorama_nodes.plan.schema import ScenePlan
from diorama_nodes.scene.alley import alley
from diorama_nodes.scene.items import Item
from diorama_nodes.scene.open_air import open_air
from diorama_nodes.scene.place import Place
from diorama_nodes.scene.rooms import room

STREETS = (
    "alley",
    "street",
    "road",
    "lane",
    "city",
    "downtown",
    "backstreet",
    "passage",
    "bus_stop",
    "avenue",
    "chinatown",
    "crossing",
)


def place_of(plan: ScenePlan, groups: Sequence[Sequence[Item]], seed: int) -> Place:
    """The place of a plan, large enough for its objects."""
    spec = plan.environment
    if spec.setting == "indoor":
        return room(spec, groups, seed)
    if any(word in spec.place for word in STREETS):
        return alley(spec, seed)
    return open_air(spec, groups, seed)
