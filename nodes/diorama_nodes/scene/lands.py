"""Kinds of land: their ground, what grows on them, and what is at their horizon."""

from __future__ import annotations

from dataclasses import dataclass

from diorama_nodes.plan.schema import EnvironmentSpec


@dataclass(frozen=True, slots=True)
class Land:
    """How a kind of land looks: ground (colour, picture), hills, what grows, and how much room there is."""

    ground: tuple[str, str] = ("#6f8f45", "grass")
    hills: float = 2.5
    """Metres that the ground rises and falls outside the bounds."""
    half: float = 7.0
    grows: tuple[tuple[str, int], ...] = (("tuft", 70), ("tree", 14), ("bush", 12))
    """Kinds of growth and how many."""
    mountains: float = 0.0
    """Height of a range at the horizon."""
    water: float | None = None
    """Metres of z behind which there is water."""
    houses: bool = False
    path: str | None = None
    """Picture of a path through the middle."""
    metres: float = 3.0


LANDS: dict[str, Land] = {
    "field": Land(),
    "meadow": Land(grows=(("tuft", 110), ("flower", 90), ("tree", 9), ("bush", 8))),
    "garden": Land(
        ("#6d9447", "grass"), 1.0, grows=(("flower", 90), ("bush", 26), ("tree", 10), ("tuft", 40)), path="flagstones"
    ),
    "park": Land(
        ("#6b9048", "grass"), 1.2, grows=(("tree", 22), ("bush", 20), ("tuft", 60), ("flower", 30)), path="soil"
    ),
    "forest": Land(
        ("#4f5a33", "soil"), 2.0, grows=(("pine", 46), ("tree", 22), ("bush", 26), ("tuft", 90), ("rock", 10))
    ),
    "clearing": Land(("#5c6e3d", "grass"), 2.0, grows=(("pine", 46), ("bush", 12), ("tuft", 60), ("rock", 6))),
    "jungle": Land(("#47562c", "soil"), 2.0, grows=(("tree", 40), ("bush", 60), ("tuft", 120), ("palm", 14))),
    "swamp": Land(("#4a4f35", "soil"), 0.6, grows=(("dead_tree", 22), ("reed", 90), ("bush", 14)), water=-6.0),
    "desert": Land(
        ("#d8b078", "sand"), 5.0, grows=(("cactus", 12), ("rock", 16), ("bush", 5)), mountains=9.0, metres=6.0
    ),
    "canyon": Land(("#c98d5c", "sand"), 6.0, grows=(("rock", 24), ("cactus", 8)), mountains=38.0, metres=6.0),
    "beach": Land(("#e4cda0", "sand"), 0.5, grows=(("palm", 9), ("rock", 8), ("tuft", 10)), water=-5.0, metres=5.0),
    "shore": Land(
        ("#8a8a62", "grass"),
        1.0,
        grows=(("reed", 90), ("tree", 12), ("tuft", 50), ("rock", 9)),
        water=-2.5,
        mountains=12.0,
    ),
    "mountain": Land(
        ("#7f8070", "rock"), 5.0, grows=(("pine", 20), ("rock", 34), ("tuft", 30)), mountains=46.0, metres=5.0
    ),
    "snow": Land(("#eef2f8", "snow"), 2.5, grows=(("pine", 40), ("rock", 9)), mountains=26.0, metres=5.0),
    "square": Land(("#b3a48e", "paving"), 0.0, 9.0, (), houses=True),
    "village": Land(("#94805f", "soil"), 0.0, 9.0, (("tree", 5), ("bush", 8)), houses=True),
    "rooftop": Land(("#8d8a86", "flagstones"), 0.0, 6.0, ()),
    "island": Land(("#7ba04f", "grass"), 0.0, 6.5, (("tuft", 60), ("flower", 40), ("rock", 6)), metres=3.0),
    "castle": Land(
        ("#75804d", "grass"),
        2.0,
        9.0,
        (("tree", 16), ("bush", 12), ("rock", 10), ("tuft", 60)),
        mountains=22.0,
        path="cobbles",
    ),
    "shrine": Land(
        ("#6c7a4a", "grass"), 1.5, 7.0, (("pine", 26), ("tree", 12), ("tuft", 50), ("rock", 8)), path="flagstones"
    ),
    "graveyard": Land(("#59633f", "grass"), 1.2, 7.0, (("dead_tree", 12), ("tuft", 80), ("rock", 10))),
    "moon": Land(("#a9a7a2", "rock"), 3.5, 8.0, (("rock", 40),), mountains=16.0, metres=6.0),
    "mars": Land(("#b5663c", "sand"), 4.0, 8.0, (("rock", 40),), mountains=24.0, metres=6.0),
    "harbour": Land(("#8f8a82", "paving"), 0.0, 8.0, (), water=-4.0, houses=False),
    "underwater": Land(("#8fa79a", "sand"), 3.0, 7.0, (("rock", 30), ("reed", 70)), mountains=9.0, metres=5.0),
    "stage": Land(("#4c3527", "planks"), 0.0, 7.0, ()),
}
ALIASES = {
    "lake": "shore",
    "lake_shore": "shore",
    "lakeside": "shore",
    "river": "shore",
    "riverbank": "shore",
    "pond": "shore",
    "water": "shore",
    "sea": "beach",
    "seaside": "beach",
    "coast": "beach",
    "ocean": "beach",
    "tropical_island": "beach",
    "woods": "forest",
    "grove": "forest",
    "wood": "forest",
    "mountains": "mountain",
    "peak": "mountain",
    "cliff": "mountain",
    "hill": "meadow",
    "hills": "meadow",
    "valley": "mountain",
    "snowfield": "snow",
    "tundra": "snow",
    "arctic": "snow",
    "glacier": "snow",
    "town_square": "square",
    "plaza": "square",
    "marketplace": "square",
    "market": "square",
    "courtyard": "square",
    "town": "square",
    "village_square": "square",
    "roof": "rooftop",
    "rooftop_garden": "rooftop",
    "terrace": "rooftop",
    "balcony": "rooftop",
    "sky": "island",
    "floating_island": "island",
    "temple": "shrine",
    "cemetery": "graveyard",
    "dunes": "desert",
    "savanna": "desert",
    "farm": "meadow",
    "backyard": "garden",
    "harbor": "harbour",
    "port": "harbour",
    "dock": "harbour",
    "pier": "harbour",
    "drawbridge": "castle",
    "ruins": "castle",
    "fortress": "castle",
    "planet": "mars",
    "space": "moon",
    "playground": "park",
    "vineyard": "meadow",
}


def land_of(spec: EnvironmentSpec) -> tuple[str, Land]:
    """The kind of land that a place's name tells, under snow in a snowy winter."""
    name = "field"
    for word in (spec.place, *reversed(spec.place.split("_"))):
        found = ALIASES.get(word, word)
        if found in LANDS:
            name = found
            break
    land = LANDS[name]
    is_snowy = "snow" in spec.weather or (spec.season == "winter" and land.ground[1] in ("grass", "soil"))
    if is_snowy and land.ground[1] in ("grass", "soil", "rock"):
        grows = tuple(
            (("pine" if kind == "tree" else kind), count)
            for kind, count in land.grows
            if kind not in ("tuft", "flower", "bush")
        )
        land = Land(
            ("#eef2f8", "snow"), land.hills, land.half, grows, land.mountains, land.water, land.houses, None, 5.0
        )
    return name, land
