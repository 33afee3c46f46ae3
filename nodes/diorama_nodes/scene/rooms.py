"""Rooms: a floor, walls with openings, a ceiling, and the surfaces that make a kitchen a kitchen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from diorama.values import Light, Material, Mesh, Part
from diorama_nodes.plan.schema import EnvironmentSpec
from diorama_nodes.scene.facade import glow, paint
from diorama_nodes.scene.forms import boxes, merged, panes
from diorama_nodes.scene.items import Item
from diorama_nodes.scene.place import Dressing, Opening, Place, Wall
from diorama_nodes.scene.solids import box
from diorama_nodes.scene.textures import linear

THICK = 0.18


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
        "#ff9c4e",
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
        5.0,
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


def room(spec: EnvironmentSpec, groups: Sequence[Sequence[Item]], seed: int) -> Place:
    """A room large enough for what comes into it; the viewer stands at its open front."""
    finish = finish_of(spec.place)
    width, height, depth = _size(spec, finish, groups)
    half = width / 2
    low, high = (-half, -depth / 2), (half, depth / 2)
    walls = (
        Wall((-half, low[1]), (half, low[1]), (0.0, 1.0), height),
        Wall((-half, high[1]), (-half, low[1]), (1.0, 0.0), height),
        Wall((half, low[1]), (half, high[1]), (-1.0, 0.0), height),
        Wall((half, high[1]), (-half, high[1]), (0.0, -1.0), height),
    )
    far = min(depth * 0.5, 3.4)
    eye = (0.18 * half, min(1.62, height - 0.5), high[1] + max(0.25, 0.75 * (width / 1.9 - far * 0.55)))
    return Place(
        "room",
        low,
        high,
        lambda openings: _dress(finish, (width, height, depth), walls, openings, spec, seed),
        walls,
        ceiling=height,
        way=((0.0, low[1] + 0.8), (0.0, high[1] - 0.9)),
        way_width=0.9,
        eye=eye,
        focus=(0.0, 0.95, -0.1 * depth),
        fov_y=0.86,
        solid=box(0.0, high[1] + 1.0, 0.0, (0.01, 0.01, 0.01), -1.0),
    )


def _size(spec: EnvironmentSpec, finish: Finish, groups: Sequence[Sequence[Item]]) -> tuple[float, float, float]:
    """The least size of the kind of room, grown with what stands on its floor; given sizes hold."""
    ground = sum(
        item.size[0] * item.size[2] for items in groups for item in items if max(item.size) > 0.35 and not item.is_flat
    )
    longest = max((max(item.size[0], item.size[2]) for items in groups for item in items), default=0.0)
    row = max((len(items) * items[0].size[0] for items in groups if items and items[0].size[1] > 1.2), default=0.0)
    tallest = max((item.size[1] for items in groups for item in items), default=0.0)
    width, height, depth = finish.size
    need = (ground * 3.4) ** 0.5
    width = spec.width or max(width, need * 1.1, longest + 1.4, min(row * 1.1 + 0.8, 14.0))
    depth = spec.depth or max(depth, need * 0.95, longest + 1.2)
    return width, max(height, tallest + 0.25), depth


def _dress(
    finish: Finish,
    size: tuple[float, float, float],
    walls: tuple[Wall, ...],
    openings: Sequence[Opening],
    spec: EnvironmentSpec,
    seed: int,
) -> Dressing:
    width, height, depth = size
    half = width / 2
    floor = paint("floor", finish.floor[0], 0.55, finish.floor[1])
    wall = paint("wall", finish.wall[0], 0.9, finish.wall[1])
    top = paint("ceiling", finish.ceiling, 0.95)
    near, far = depth / 2 + 4.0, -depth / 2
    parts = [
        panes(
            [[(-half - 0.2, 0, near), (half + 0.2, 0, near), (half + 0.2, 0, far), (-half - 0.2, 0, far)]],
            floor,
            metres_per_picture=2.0,
        )
    ]
    lid = [[(-half, height, far), (half, height, far), (half, height, near), (-half, height, near)]]
    parts.append(panes(lid, top, metres_per_picture=2.0))
    for number in range(3):
        mine = [opening for opening in openings if opening.wall == number]
        parts += _wall(walls[number], mine, wall, finish)
    parts += _trim(finish, size, walls, [(o.wall, o.along, o.low, o.width) for o in openings])
    parts += _extras(finish, size, seed)
    dressing = Dressing()
    dressing.add("room", Mesh(merged(parts)), "room")
    _light(dressing, finish, size, spec)
    return dressing


def _wall(wall: Wall, openings: Sequence[Opening], material: Material, finish: Finish) -> list[Part]:
    """A wall seen from inside, cut by its openings into upright strips, with reveals in the holes."""
    edges = {0.0, wall.length + (4.0 if wall.normal[0] else 0.0)}
    first = -4.0 if wall.normal[0] > 0.9 else 0.0
    edges = {first, wall.length + (4.0 if wall.normal[0] < -0.9 else 0.0)}
    for opening in openings:
        edges |= {opening.along - opening.width / 2, opening.along + opening.width / 2}
    cuts = sorted(edges)
    rectangles: list[tuple[float, float, float, float]] = []
    for left, right in zip(cuts, cuts[1:], strict=False):
        middle, low = (left + right) / 2, 0.0
        holes = sorted((o.low, o.low + o.height) for o in openings if abs(middle - o.along) < o.width / 2)
        for bottom, top in holes:
            if bottom > low + 1e-6:
                rectangles.append((left, right, low, bottom))
            low = max(low, top)
        if low < wall.height:
            rectangles.append((left, right, low, wall.height))
    parts = [_upright(wall, rectangles, material, finish.picture)]
    reveal = paint("reveal", "#d9d4c8", 0.8)
    for opening in openings:
        parts.append(_reveal(wall, opening, reveal))
    return parts


def _point(wall: Wall, along: float, y: float, out: float = 0.0) -> tuple[float, float, float]:
    way = ((wall.end[0] - wall.start[0]) / wall.length, (wall.end[1] - wall.start[1]) / wall.length)
    return (
        wall.start[0] + way[0] * along + wall.normal[0] * out,
        y,
        wall.start[1] + way[1] * along + wall.normal[1] * out,
    )


def _upright(
    wall: Wall, rectangles: Sequence[tuple[float, float, float, float]], material: Material, metres: float
) -> Part:
    corners = [
        [_point(wall, l, b), _point(wall, r, b), _point(wall, r, t), _point(wall, l, t)] for l, r, b, t in rectangles
    ]
    uvs = np.array([[(l, -b), (r, -b), (r, -t), (l, -t)] for l, r, b, t in rectangles]) / metres
    return panes(corners, material, uvs)


def _reveal(wall: Wall, opening: Opening, material: Material) -> Part:
    left, right = opening.along - opening.width / 2, opening.along + opening.width / 2
    low, top = opening.low, opening.low + opening.height
    rim = [(left, low), (right, low), (right, top), (left, top)]
    corners = []
    for (a0, y0), (a1, y1) in zip(rim, rim[1:] + rim[:1], strict=True):
        corners.append(
            [_point(wall, a1, y1), _point(wall, a0, y0), _point(wall, a0, y0, -THICK), _point(wall, a1, y1, -THICK)]
        )
    return panes(corners, material)


def _trim(
    finish: Finish,
    size: tuple[float, float, float],
    walls: tuple[Wall, ...],
    holes: Sequence[tuple[int, float, float, float]],
) -> list[Part]:
    """The band along the foot of the walls, or a skirting board, interrupted at doors."""
    color, picture, tall = finish.foot or ("#efeae0" if finish.floor[1] == "planks" else "#8a867e", "plaster", 0.1)
    material = paint("skirting", color, 0.6, picture)
    rectangles: dict[int, list[tuple[float, float, float, float]]] = {}
    for number, wall in enumerate(walls[:3]):
        edges = [0.0, wall.length]
        for hole_wall, along, low, width in holes:
            if hole_wall == number and low < tall:
                edges += [along - width / 2, along + width / 2]
        edges.sort()
        rectangles[number] = [(edges[k], edges[k + 1], 0.0, tall) for k in range(0, len(edges) - 1, 2)]
    parts: list[Part] = []
    for number, spans in rectangles.items():
        wall = walls[number]
        raised = [
            [_point(wall, l, b, 0.006), _point(wall, r, b, 0.006), _point(wall, r, t, 0.006), _point(wall, l, t, 0.006)]
            for l, r, b, t in spans
        ]
        uvs = np.array([[(l, -b), (r, -b), (r, -t), (l, -t)] for l, r, b, t in spans]) / 1.5
        parts.append(panes(raised, material, uvs))
    return parts


def _extras(finish: Finish, size: tuple[float, float, float], seed: int) -> list[Part]:
    """Beams under the ceiling and strips of light, where the kind of room has them."""
    width, height, depth = size
    parts: list[Part] = []
    if finish.beams:
        wood = paint("beam", finish.beams, 0.8, "planks")
        zs = np.arange(-depth / 2 + 0.8, depth / 2, 1.5)
        parts.append(boxes([(0, height - 0.07, z) for z in zs], [(width, 0.14, 0.2)] * len(zs), wood))
    if finish.strips:
        light = glow("strip", finish.strips, 3.5)
        rail = paint("rail", "#3b424b", 0.4, metallic=0.6)
        at = [(s * (width / 2 - 0.03), y, 0.0) for s in (-1, 1) for y in (0.12, height - 0.12)]
        parts.append(boxes(at, [(0.04, 0.05, depth)] * 4, light))
        ribs = np.arange(-depth / 2, depth / 2 + 0.1, 2.0)
        ring = [(s * (width / 2 - 0.04), height / 2, z) for z in ribs for s in (-1, 1)]
        parts.append(boxes(ring, [(0.08, height, 0.14)] * len(ring), rail))
        parts.append(boxes([(0, height - 0.04, z) for z in ribs], [(width, 0.08, 0.14)] * len(ribs), rail))
    return parts


def _light(dressing: Dressing, finish: Finish, size: tuple[float, float, float], spec: EnvironmentSpec) -> None:
    """The room's own light: full by day and in the evening, low at night so that lamps can be seen to shine."""
    width, height, depth = size
    factor = {"night": 0.5, "midnight": 0.4, "dusk": 0.7, "evening": 0.8}.get(spec.time_of_day, 1.0)
    area = (width * depth / 20.0) ** 0.5
    at = (0.0, height - 0.35, depth * 0.12)
    dressing.lights.append(Light("room_light", "point", linear(finish.light), finish.candela * factor * area, at))
