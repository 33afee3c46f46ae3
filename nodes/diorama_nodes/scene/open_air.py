"""Places under the sky: grounds to the horizon, with trees, rocks, water, houses or mountains around."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from diorama.values import Mesh
from diorama_nodes.plan.schema import EnvironmentSpec
from diorama_nodes.scene import growth
from diorama_nodes.scene.alley import DARK, HEIGHTS, WALLS
from diorama_nodes.scene.facade import day_palette, front, night_palette, paint, standing
from diorama_nodes.scene.forms import boxes, merged, panes, sheet, terrain
from diorama_nodes.scene.items import Item
from diorama_nodes.scene.place import Copy, Dressing, Opening, Place
from diorama_nodes.scene.solids import Array, Boxes, box, joined

HORIZON = 160.0


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


def open_air(spec: EnvironmentSpec, groups: Sequence[Sequence[Item]], seed: int) -> Place:
    """A place under the sky with room for what comes onto it."""
    name, land = land_of(spec)
    half_x, half_z = _halves(spec, land, groups)
    low, high = (-half_x, -half_z), (half_x, half_z)
    tallest = max((item.size[1] for items in groups for item in items), default=1.0)
    back = high[1] + max(2.2, min(tallest * 0.55, 14.0))
    shore = land.water if land.water is None else min(land.water, low[1] + half_z * 0.75)
    water = None
    if shore is not None:
        low = (low[0], min(low[1], shore - 6.0))
        water = box(0.0, (low[1] + shore) / 2, 0.0, (2 * half_x, 0.03, shore - low[1]))
    if name == "island":
        back = high[1] + 10.0
    eye_height = 1.65 if name != "island" else 4.2
    focus = (0.0, min(max(1.15, tallest * 0.32), 5.0), -0.15 * half_z)
    return Place(
        name,
        low,
        high,
        lambda openings: _dress(name, land, spec, (half_x, half_z), shore, back, seed),
        way=((-0.6, -half_z * 0.55), (0.4, high[1] - 1.4)),
        way_width=1.3,
        eye=(0.14 * half_x, eye_height, back),
        focus=focus,
        fov_y=0.8,
        water=water,
    )


def _halves(spec: EnvironmentSpec, land: Land, groups: Sequence[Sequence[Item]]) -> tuple[float, float]:
    ground = sum(item.size[0] * item.size[2] for items in groups for item in items if item.size[1] > 0.1)
    longest = max((max(item.size[0], item.size[2]) for items in groups for item in items), default=0.0)
    need = max(land.half, (ground * 4.5) ** 0.5 / 2, longest * 0.9 + 2.0)
    return (spec.width / 2 if spec.width else need), (spec.depth / 2 if spec.depth else need)


def _dress(
    name: str,
    land: Land,
    spec: EnvironmentSpec,
    halves: tuple[float, float],
    shore: float | None,
    back: float,
    seed: int,
) -> Dressing:
    rng = np.random.default_rng([seed, 51])
    dressing = Dressing()
    if name == "island":
        _floating(dressing, land, halves, rng)
    elif name == "rooftop":
        _roof(dressing, land, spec, halves, rng)
    else:
        _ground(dressing, land, halves, shore, rng)
    if land.mountains:
        _mountains(dressing, land, rng, is_snowy=land.ground[1] == "snow" or name in ("mountain", "shore"))
    if land.houses:
        _houses(dressing, spec, halves, rng)
    _grow(dressing, name, land, spec, halves, shore, back, rng)
    return dressing


def _height(
    land: Land, halves: tuple[float, float], shore: float | None, rng: np.random.Generator
) -> Callable[[Array, Array], Array]:
    """The lie of the land: level where things stand, hilly around, below the water behind the shore."""
    phases = rng.uniform(0, 6.28, 6)
    x1, z1 = halves[0] + 1.5, halves[1] + 1.5

    def height(x: Array, z: Array) -> Array:
        out = np.hypot(np.maximum(np.abs(x) - x1, 0), np.maximum(np.abs(z) - z1, 0))
        waves = np.sin(x * 0.07 + phases[0]) * np.cos(z * 0.06 + phases[1]) + 0.5 * np.sin(
            x * 0.17 + z * 0.13 + phases[2]
        )
        rise = land.hills * (waves * 0.6 + 0.35) * np.clip(out / 22.0, 0, 1)
        # Towards the viewer the land stays level, so that it never hides what is looked at.
        rise = rise * np.where(z > z1, 0.0, 1.0)
        if shore is not None:
            edge = shore + 0.6 * np.sin(x * 0.33 + phases[3]) + 0.3 * np.sin(x * 0.9 + phases[4])
            rise = np.where(z < edge + 4, np.minimum(rise, 0.0) - np.clip((edge - z) / 4.0, 0.0, 1.0) * 0.9, rise)
        return np.asarray(rise)

    return height


def _lines(half: float) -> Array:
    """Grid lines, close together within the bounds and wide apart towards the horizon."""
    inner = np.linspace(-half - 2, half + 2, 15)
    outer = half + 2 + np.geomspace(1.5, HORIZON, 16)
    return np.concatenate([-outer[::-1], inner, outer])


def _ground(
    dressing: Dressing, land: Land, halves: tuple[float, float], shore: float | None, rng: np.random.Generator
) -> None:
    soil = paint("ground", land.ground[0], 0.95, land.ground[1])
    height = _height(land, halves, shore, rng)
    parts = [terrain(_lines(halves[0]), _lines(halves[1]), height, soil, land.metres)]
    if land.path:
        stone = paint(
            "path", {"soil": "#a58e6c", "flagstones": "#9d978a", "cobbles": "#8b857b"}[land.path], 0.9, land.path
        )
        z = np.linspace(halves[1] + 9, -halves[1] - 18, 28)
        bend = 0.9 * np.sin(z * 0.16) * np.clip((np.abs(z) - 2) / 8, 0, 1)
        edge = np.stack([bend - 1.0, bend + 1.0], axis=1)
        y = np.maximum(height(edge, np.repeat(z[:, None], 2, axis=1)), 0.0) + 0.012
        grid = np.stack([edge, y, np.repeat(z[:, None], 2, axis=1)], axis=-1)
        parts.append(sheet(grid, np.stack([edge, grid[..., 2]], axis=-1) / 2.0, stone))
    dressing.add("ground", Mesh(merged(parts)), "ground")
    if shore is not None:
        water = paint("water", "#3d6573", 0.06, "water")
        far = HORIZON + halves[1]
        wide = HORIZON + halves[0]
        surface = panes(
            [[(-wide, 0.012, shore + 3), (wide, 0.012, shore + 3), (wide, 0.012, -far), (-wide, 0.012, -far)]],
            water,
            metres_per_picture=7.0,
        )
        # The plane lies a little below the land and above the lake's bed.
        surface.positions[:, 1] -= 0.05
        dressing.add("water", Mesh((surface,)), "water")


def _mountains(dressing: Dressing, land: Land, rng: np.random.Generator, is_snowy: bool) -> None:
    """A range behind everything, two ridges deep."""
    color = {"sand": "#a8714a", "rock": "#6f7076"}.get(land.ground[1], "#66707d")
    rock = paint("mountain", color, 0.95, "rock")
    white = paint("mountain_snow", "#f1f4fa", 0.9, "snow")
    parts = []
    for number, (far, factor) in enumerate(((150.0, 1.0), (95.0, 0.55))):
        turn = np.linspace(-1.9, 1.9, 72)
        ridge = sum(
            rng.uniform(0.4, 1.0) / k**0.8 * np.sin(turn * k * 2.1 + rng.uniform(0, 6.28)) for k in (1, 2, 3, 5, 8, 13)
        )
        ridge = (ridge - ridge.min()) / np.ptp(ridge)
        ridge = land.mountains * factor * (0.25 + 0.75 * ridge)
        level = np.linspace(0, 1, 7)[:, None]
        wobble = 1 + 0.05 * np.sin(turn * 23 + number)[None] * level
        radius = (far + 34.0 * level) * wobble
        points = np.stack(
            [radius * np.sin(turn)[None], ridge[None] * level**1.25 - 1.0, -radius * np.cos(turn)[None]], axis=-1
        )
        uvs = np.stack([np.broadcast_to(turn * 6, points.shape[:2]), -points[..., 1] / 12.0], axis=-1)
        parts.append(sheet(points, uvs, rock))
        if is_snowy and land.mountains > 10:
            parts.append(sheet(points[4:] * np.array([0.998, 1.0, 0.998]), uvs[4:], white))
    dressing.add("mountains", Mesh(merged(parts)), "mountain")


def _houses(dressing: Dressing, spec: EnvironmentSpec, halves: tuple[float, float], rng: np.random.Generator) -> None:
    """House fronts on three sides of the square."""
    style = spec.style if spec.style in WALLS else "medieval" if spec.style in (None, "fantasy", "old") else "plain"
    style = style or "medieval"
    colors = WALLS[style]
    palette = night_palette(colors, False, 0.5, "plaster") if spec.time_of_day in DARK else day_palette(colors, False)
    roof = paint("roof", "#8a4a34", 0.9, "tiles")
    parts = []
    low, high = HEIGHTS[style]
    x1, z1 = halves[0] + 2.5, halves[1] + 3.0
    rows = [((-x1, z1 + 4), np.pi / 2, 2 * z1 + 4), ((-x1, -z1), 0.0, 2 * x1), ((x1, -z1), -np.pi / 2, 2 * z1 + 4)]
    for (x, z), yaw, length in rows:
        done = 0.0
        while done < length - 2.0:
            wide = min(float(rng.uniform(5.0, 8.0)), length - done)
            house = front(rng, wide, float(rng.uniform(low, high)), palette)
            house.parts.append(_gable(house.length, house.height, house.depth, roof))
            parts += standing(house, x + done * np.cos(yaw), z - done * np.sin(yaw), yaw)
            done += wide
    dressing.add("houses", Mesh(merged(parts)), "building")


def _gable(length: float, height: float, depth: float, material: object) -> object:
    """A pitched roof over a front."""
    from diorama.values import Material

    assert isinstance(material, Material)
    top, eave = height + 2.2, 0.35
    slope = [
        [
            (-eave, height, eave),
            (length + eave, height, eave),
            (length + eave, top, -depth / 2),
            (-eave, top, -depth / 2),
        ],
        [
            (length + eave, height, -depth - eave),
            (-eave, height, -depth - eave),
            (-eave, top, -depth / 2),
            (length + eave, top, -depth / 2),
        ],
    ]
    return panes(slope, material, metres_per_picture=2.5)


def _floating(dressing: Dressing, land: Land, halves: tuple[float, float], rng: np.random.Generator) -> None:
    """An island in the air: grass above, a root of rock below."""
    grass = paint("ground", land.ground[0], 0.95, land.ground[1])
    rock = paint("island_rock", "#75685c", 0.95, "rock")
    turn = np.linspace(0, 2 * np.pi, 49)
    edge = 1.32 + sum(
        a * np.sin(turn * k + rng.uniform(0, 6.28)) for k, a in ((2, 0.05), (3, 0.06), (5, 0.04), (9, 0.02))
    )
    edge[-1] = edge[0]
    levels = np.array([(1.0, 0.0), (1.04, -0.35), (0.93, -1.4), (0.7, -3.2), (0.42, -5.6), (0.16, -8.0), (0.01, -9.5)])
    rough = 1 + 0.13 * rng.normal(size=(len(levels), 49)) * np.linspace(0, 1, len(levels))[:, None]
    rough[:, -1] = rough[:, 0]
    radius = edge[None] * levels[:, :1] * rough
    points = np.stack(
        [radius * halves[0] * np.sin(turn), np.repeat(levels[:, 1:], 49, axis=1), radius * halves[1] * np.cos(turn)],
        axis=-1,
    )
    uvs = np.stack([np.broadcast_to(turn * 2, radius.shape), points[..., 1] / 3], axis=-1)
    lid = np.stack([points[0], points[0] * 0.0], axis=0)
    parts = [sheet(points[::-1], uvs[::-1], rock), sheet(lid, lid[..., [0, 2]] / land.metres, grass)]
    dressing.add("ground", Mesh(merged(parts)), "ground")


def _roof(
    dressing: Dressing, land: Land, spec: EnvironmentSpec, halves: tuple[float, float], rng: np.random.Generator
) -> None:
    """A roof with its parapet, and a town around and below it."""
    slab = paint("ground", land.ground[0], 0.9, land.ground[1])
    wall = paint("parapet", "#a39b90", 0.9, "concrete")
    x1, z1 = halves[0] + 0.2, halves[1] + 0.2
    parts = [panes([[(-x1, 0, z1 + 6), (x1, 0, z1 + 6), (x1, 0, -z1), (-x1, 0, -z1)]], slab, metres_per_picture=3.0)]
    rails = [((0, 0.45, -z1 - 0.12), (2 * x1 + 0.5, 0.9, 0.24))]
    rails += [((s * (x1 + 0.12), 0.45, 3.0), (0.24, 0.9, 2 * z1 + 6)) for s in (-1, 1)]
    parts.append(boxes([at for at, _ in rails], [size for _, size in rails], wall))
    parts.append(boxes([(0, -10.02, 3.0)], [(2 * x1, 20, 2 * z1 + 6)], wall))
    colors = WALLS["cyberpunk" if spec.style == "cyberpunk" else "plain"]
    palette = night_palette(colors, False, 0.4) if spec.time_of_day in DARK else day_palette(colors, False)
    for number in range(26):
        turn = -1.5 + 3.0 * number / 25 + float(rng.uniform(-0.05, 0.05))
        far, rise = float(rng.uniform(26, 75)), float(rng.uniform(-8, 9))
        house = front(rng, float(rng.uniform(8, 15)), 20.0 + rise, palette, with_shop=False)
        x, z = far * np.sin(turn), -far * np.cos(turn)
        for part in standing(house, x - house.length / 2, z, -turn * 0.6):
            part.positions[:, 1] -= 20.0
            parts.append(part)
    dressing.add("ground", Mesh(merged(parts)), "ground")


def _grow(
    dressing: Dressing,
    name: str,
    land: Land,
    spec: EnvironmentSpec,
    halves: tuple[float, float],
    shore: float | None,
    back: float,
    rng: np.random.Generator,
) -> None:
    """Trees, bushes, rocks and grass around the bounds, as copies of a few shapes; small growth within them too."""
    height = _height(land, halves, shore, np.random.default_rng([7, 51]))
    height = _height(land, halves, shore, _ground_rng(rng))
    season = "winter" if land.ground[1] == "snow" else spec.season or "summer"
    for kind, count in land.grows:
        shapes = growth.shapes(kind, season, rng)
        first = len(dressing.meshes)
        dressing.meshes += shapes
        low = growth.is_low(kind)
        spots = _spots(kind, count, low, halves, shore, back, name, land, rng)
        ground = np.zeros(len(spots)) if name == "island" else height(spots[:, 0], spots[:, 1])
        for number, ((x, z), y) in enumerate(zip(spots, ground, strict=True)):
            size = float(rng.uniform(0.75, 1.3))
            dressing.copies.append(
                Copy(
                    f"{kind}_{number + 1}",
                    first + int(rng.integers(len(shapes))),
                    (float(x), float(y) - 0.02, float(z)),
                    float(rng.uniform(0, 6.28)),
                    (size, size * float(rng.uniform(0.9, 1.15)), size),
                )
            )


def _ground_rng(rng: np.random.Generator) -> np.random.Generator:
    return rng


def _spots(
    kind: str,
    count: int,
    low: bool,
    halves: tuple[float, float],
    shore: float | None,
    back: float,
    name: str,
    land: Land,
    rng: np.random.Generator,
) -> Array:
    """Places outside the bounds (low growth within them too), clear of the view, the path and the water."""
    x1, z1 = halves
    many = count * 6
    far = 34.0 if not low else 14.0
    x = rng.uniform(-x1 - far, x1 + far, many)
    z = rng.uniform(-z1 - far * 1.3, z1 + 3.0, many)
    if name == "island":
        x, z = rng.uniform(-x1, x1, many), rng.uniform(-z1, z1, many)
        keep = np.hypot(x / x1, z / z1) < 1.15
    else:
        margin = 0.0 if low else 1.6
        outside = (np.abs(x) > x1 + margin) | (z < -z1 - margin)
        keep = outside if not low or kind in ("rock",) else np.ones(many, dtype=bool)
        if not low:
            # A cone of view is left open towards the middle, and nothing tall stands right beside the eye.
            keep &= (np.abs(x) > 0.32 * (back - z)) | (z < -z1 - 2.0)
    if land.path:
        keep &= np.abs(x) > 1.35
    if shore is not None:
        if kind == "reed":
            z = shore + rng.uniform(-1.4, 0.8, many)
            keep = np.abs(x) > 1.6
        else:
            keep &= z > shore + 0.9
    spots = np.stack([x, z], axis=1)[keep]
    return spots[:count]


__all__ = ["Boxes", "Opening", "joined", "open_air"]
