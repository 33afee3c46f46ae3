"""Rooms: a floor, walls with openings, a ceiling, and the surfaces that make a kitchen a kitchen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from diorama.values import Light, Material, Mesh, Part
from diorama_nodes.objects.surfaces import merged
from diorama_nodes.plan.schema import EnvironmentSpec
from diorama_nodes.scene.facade import glow, paint
from diorama_nodes.scene.finishes import Finish, finish_of
from diorama_nodes.scene.forms import boxes, panes
from diorama_nodes.scene.items import Item
from diorama_nodes.scene.outlook import outlook, windows_of
from diorama_nodes.scene.place import Dressing, Opening, Place, Wall
from diorama_nodes.scene.solids import box
from diorama_nodes.scene.textures import linear

THICK = 0.18
Rectangle = tuple[float, float, float, float]


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
    outlook(dressing, walls, openings, spec, seed)
    _light(dressing, finish, size, spec, bool(windows_of(openings)))
    return dressing


def _wall(wall: Wall, openings: Sequence[Opening], material: Material, finish: Finish) -> list[Part]:
    """A wall seen from inside, cut by its openings into upright strips, with reveals in the holes."""
    first = -4.0 if wall.normal[0] > 0.9 else 0.0
    edges = {first, wall.length + (4.0 if wall.normal[0] < -0.9 else 0.0)}
    for opening in openings:
        edges |= {opening.along - opening.width / 2, opening.along + opening.width / 2}
    cuts = sorted(edges)
    rectangles: list[tuple[float, float, float, float]] = []
    for left, right in pairwise(cuts):
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
    return parts + [_reveal(wall, opening, reveal) for opening in openings]


def _point(wall: Wall, along: float, y: float, out: float = 0.0) -> tuple[float, float, float]:
    way = ((wall.end[0] - wall.start[0]) / wall.length, (wall.end[1] - wall.start[1]) / wall.length)
    return (
        wall.start[0] + way[0] * along + wall.normal[0] * out,
        y,
        wall.start[1] + way[1] * along + wall.normal[1] * out,
    )


def _upright(wall: Wall, rectangles: Sequence[Rectangle], material: Material, metres: float, out: float = 0.0) -> Part:
    """Rectangles (left, right, low, top) on a wall, `out` before it, their pictures laid on in metres."""
    rims = [((a, low), (b, low), (b, top), (a, top)) for a, b, low, top in rectangles]
    corners = [[_point(wall, along, y, out) for along, y in rim] for rim in rims]
    uvs = np.array([[(along, -y) for along, y in rim] for rim in rims]) / metres
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
    return [_upright(walls[number], spans, material, 1.5, 0.006) for number, spans in rectangles.items()]


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


def _light(
    dressing: Dressing, finish: Finish, size: tuple[float, float, float], spec: EnvironmentSpec, has_window: bool
) -> None:
    """The room's own light: low at night so that lamps can be seen to shine, and by day where the sun falls in."""
    width, height, depth = size
    factor = {"night": 0.5, "midnight": 0.4, "dusk": 0.7, "evening": 0.8}.get(
        spec.time_of_day, 0.6 if has_window else 1.0
    )
    area = (width * depth / 20.0) ** 0.5
    at = (0.0, height - 0.35, depth * 0.12)
    dressing.lights.append(Light("room_light", "point", linear(finish.light), finish.candela * factor * area, at))
