"""What the feet of the cast come down on."""

from __future__ import annotations

from collections.abc import Mapping

from diorama_nodes.audio.footfall import Surface
from diorama_nodes.plan.schema import EnvironmentSpec

BY_PLACE: Mapping[Surface, frozenset[str]] = {
    "asphalt": frozenset({"alley", "street", "city", "bus_stop", "car_park", "road", "rooftop", "harbour"}),
    "grass": frozenset({"park", "field", "meadow", "garden", "forest", "clearing", "jungle", "farm", "hill"}),
    "sand": frozenset({"beach", "desert", "sea_shore", "canyon", "dune"}),
    "gravel": frozenset({"lake_shore", "mountain", "quarry", "path", "island"}),
    "stone": frozenset({"town_square", "square", "plaza", "castle", "dungeon", "cave", "temple", "shrine", "ruins"}),
    "metal": frozenset({"space_station", "spaceship", "factory", "server_room", "corridor"}),
    "wood": frozenset({"stage", "jetty", "cabin", "ship"}),
}


def surface_of(environment: EnvironmentSpec) -> Surface:
    """The surface underfoot: snow where it lies, else that of the place, else a wooden floor or grass."""
    if environment.setting == "outdoor" and "snow" in environment.weather:
        return "snow"
    words = set(environment.place.lower().replace("-", "_").split("_")) | {environment.place.lower()}
    for surface, places in BY_PLACE.items():
        if words & places:
            return surface
    return "wood" if environment.setting == "indoor" else "grass"
