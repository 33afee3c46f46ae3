"""How kinds of rooms are finished: floors, walls, ceilings, light."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finish:
    """How a kind of room looks: (colour, picture) of floor, walls and ceiling, its least size, its light."""

    floor: tuple[str, str]
    wall: tuple[str, str]
    ceiling: str = "#e9e5dc"
    size: tuple[float, float, float] = (4.6, 2.7, 4.2)
    """Width, height, depth."""
    light: str = "#ffe2bd"
    candela: float = 11.0
    foot: tuple[str, str, float] | None = None
    """Colour, picture and height of a band along the foot of the walls."""
    beams: str | None = None
    strips: str | None = None
    """Colour of light strips along the walls."""
    picture: float = 2.0
    """Metres that a wall's picture covers."""


FINISHES: dict[str, Finish] = {
    "room": Finish(("#a9825a", "planks"), ("#d9cfc0", "plaster")),
    "kitchen": Finish(("#b9b2a4", "tiles"), ("#e8dfc9", "plaster"), foot=("#9fc0bd", "tiles", 1.3)),
    "bedroom": Finish(("#a57c55", "planks"), ("#9fb0c4", "plaster"), foot=("#e6e2da", "plaster", 0.5)),
    "living_room": Finish(("#8d6642", "planks"), ("#c8b59a", "plaster"), size=(5.6, 2.8, 5.0)),
    "library": Finish(
        ("#5f4029", "planks"),
        ("#4c5a48", "plaster"),
        "#d8cdb8",
        (6.4, 3.4, 5.6),
        "#ffc98a",
        12.0,
        ("#4a3020", "planks", 1.1),
        "#3e291b",
    ),
    "study": Finish(
        ("#5f4029", "planks"),
        ("#5b4a52", "plaster"),
        "#b9a88e",
        (5.2, 3.0, 4.6),
        "#ffb870",
        7.0,
        ("#46301f", "planks", 1.0),
        "#3e291b",
    ),
    "bathroom": Finish(("#8fa6ad", "tiles"), ("#dfe8e8", "tiles"), size=(3.8, 2.6, 3.4), light="#f4f7ff", picture=1.6),
    "workshop": Finish(
        ("#76736d", "concrete"), ("#8c8478", "brick"), "#77736c", (7.5, 3.8, 6.5), "#fff0d6", 22.0, beams="#4b4b4d"
    ),
    "garage": Finish(("#76736d", "concrete"), ("#a3a099", "concrete"), "#77736c", (7.5, 3.4, 6.5), "#f5f3ea", 22.0),
    "warehouse": Finish(
        ("#6d6a66", "concrete"), ("#7d6558", "brick"), "#565452", (11.0, 5.5, 10.0), "#ffe9c8", 45.0, beams="#3a3b3e"
    ),
    "factory": Finish(
        ("#6d6a66", "concrete"), ("#7d6558", "brick"), "#565452", (11.0, 5.5, 10.0), "#ffe9c8", 45.0, beams="#3a3b3e"
    ),
    "shop": Finish(
        ("#b59a78", "tiles"),
        ("#dccfae", "plaster"),
        size=(6.0, 3.0, 5.0),
        candela=15.0,
        foot=("#7c5638", "planks", 1.0),
    ),
    "cafe": Finish(
        ("#8d6642", "planks"), ("#b9977a", "brick"), "#3f3a36", (6.4, 3.2, 5.6), "#ffc88a", 13.0, beams="#2f241c"
    ),
    "bar": Finish(
        ("#4b3424", "planks"),
        ("#5a2f33", "brick"),
        "#2c2727",
        (6.4, 3.1, 5.6),
        "#ff9a62",
        9.0,
        ("#36241a", "planks", 1.1),
    ),
    "tavern": Finish(
        ("#5d4630", "planks"),
        ("#b5a184", "plaster"),
        "#4a3826",
        (7.0, 3.2, 6.0),
        "#ffac5e",
        12.0,
        ("#463020", "planks", 1.0),
        "#39281b",
    ),
    "classroom": Finish(
        ("#b39468", "planks"),
        ("#d5dccb", "plaster"),
        size=(8.4, 3.1, 8.0),
        light="#fff6e4",
        candela=26.0,
        foot=("#8aa58f", "plaster", 1.1),
    ),
    "office": Finish(
        ("#7d838b", "carpet"), ("#d9dde0", "plaster"), size=(6.4, 2.8, 5.4), light="#f6f9ff", candela=18.0
    ),
    "arcade": Finish(
        ("#2b2140", "carpet"), ("#33264d", "plaster"), "#15121f", (7.4, 3.0, 6.4), "#9a6cff", 8.0, strips="#ff3d9a"
    ),
    "server_room": Finish(
        ("#5d6672", "plates"), ("#6d7683", "plates"), "#4a505a", (6.6, 2.9, 7.0), "#9fc6ff", 9.0, strips="#4fb4ff"
    ),
    "laboratory": Finish(
        ("#c9ced0", "tiles"), ("#e3e9ea", "plaster"), size=(6.4, 2.9, 5.4), light="#f2f8ff", candela=20.0
    ),
    "hospital": Finish(
        ("#bccbc9", "tiles"),
        ("#e2ebe6", "plaster"),
        size=(6.0, 2.9, 5.4),
        light="#f2f8ff",
        candela=18.0,
        foot=("#9dbfb4", "plaster", 1.1),
    ),
    "dungeon": Finish(
        ("#5f5b55", "flagstones"),
        ("#57534d", "brick"),
        "#45423e",
        (6.8, 3.3, 6.2),
        "#ffcf9a",
        8.0,
        beams=None,
        picture=3.2,
    ),
    "cave": Finish(("#6a6055", "soil"), ("#5c544b", "rock"), "#443e38", (9.0, 4.2, 8.0), "#8fb4ff", 12.0, picture=4.0),
    "castle_hall": Finish(
        ("#7a7266", "flagstones"),
        ("#7d766b", "brick"),
        "#4a3826",
        (10.0, 5.5, 10.0),
        "#ffb468",
        30.0,
        beams="#39281b",
        picture=3.2,
    ),
    "church": Finish(
        ("#8d867b", "flagstones"), ("#b3aa9a", "concrete"), "#9b9284", (9.0, 7.0, 12.0), "#ffd9a0", 40.0, picture=3.0
    ),
    "museum": Finish(("#b7a88e", "planks"), ("#e6e2db", "plaster"), "#f0eeea", (8.0, 4.0, 7.0), "#fff4e4", 28.0),
    "theatre": Finish(
        ("#5b3a26", "planks"),
        ("#431a20", "plaster"),
        "#1c1416",
        (11.0, 6.0, 8.5),
        "#ff8f6a",
        12.0,
        ("#2b1114", "planks", 1.0),
    ),
    "space_station": Finish(
        ("#7f8894", "plates"), ("#b7c0ca", "plates"), "#98a2ad", (5.0, 2.8, 8.0), "#cfe6ff", 10.0, strips="#8fd0ff"
    ),
    "greenhouse": Finish(("#8d867b", "flagstones"), ("#a9bfae", "tiles"), "#c3d4cf", (6.5, 3.4, 6.5), "#fff7df", 20.0),
    "gym": Finish(("#b08a5a", "planks"), ("#c3c7c9", "plaster"), size=(9.0, 4.2, 8.0), light="#f5f7ff", candela=35.0),
    "corridor": Finish(("#8a857c", "tiles"), ("#c3bfb5", "plaster"), size=(3.0, 2.7, 12.0), candela=14.0),
}
ALIASES = {
    "stage": "theatre",
    "theater": "theatre",
    "concert_hall": "theatre",
    "opera": "theatre",
    "ballroom": "castle_hall",
    "hall": "castle_hall",
    "throne_room": "castle_hall",
    "great_hall": "castle_hall",
    "castle": "castle_hall",
    "temple": "church",
    "cathedral": "church",
    "chapel": "church",
    "bakery": "shop",
    "butcher_shop": "shop",
    "butchers_shop": "shop",
    "store": "shop",
    "bookshop": "library",
    "market": "shop",
    "pharmacy": "shop",
    "restaurant": "cafe",
    "diner": "cafe",
    "coffee_shop": "cafe",
    "pub": "tavern",
    "inn": "tavern",
    "nightclub": "bar",
    "club": "bar",
    "crypt": "dungeon",
    "cellar": "dungeon",
    "prison": "dungeon",
    "cell": "dungeon",
    "basement": "garage",
    "lounge": "living_room",
    "spaceship": "space_station",
    "spacecraft": "space_station",
    "space": "space_station",
    "bridge": "space_station",
    "hydroponics": "space_station",
    "lab": "laboratory",
    "data_center": "server_room",
    "attic": "study",
    "wizard_study": "study",
    "reading_room": "library",
    "gallery": "museum",
    "studio": "workshop",
    "smithy": "workshop",
    "forge": "workshop",
    "hangar": "warehouse",
    "hospital_room": "hospital",
    "hotel_room": "bedroom",
    "dining_room": "living_room",
    "nursery": "bedroom",
    "childrens_room": "bedroom",
    "subway": "corridor",
    "tunnel": "corridor",
    "hallway": "corridor",
}


def finish_of(place: str) -> Finish:
    """The finish of the kind of room that a place's name tells."""
    words = [place, *reversed(place.split("_"))]
    for word in words:
        name = ALIASES.get(word, word)
        if name in FINISHES:
            return FINISHES[name]
    return FINISHES["room"]
