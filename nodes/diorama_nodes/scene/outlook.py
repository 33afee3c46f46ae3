"""What is seen through the windows of a room, and the sunlight that falls in through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from diorama.values import Light, Mesh
from diorama.values.scene import Vector
from diorama_nodes.plan.schema import EnvironmentSpec
from diorama_nodes.scene import growth
from diorama_nodes.scene.facade import paint
from diorama_nodes.scene.forms import panes
from diorama_nodes.scene.place import Copy, Dressing, Opening, Wall

SILL = 0.3
"""Metres above the floor from which an opening is a window and not a door."""
WITHOUT = frozenset(("space_station", "underwater", "sky", "server_room"))
"""Places beyond whose windows nothing grows."""
STEEP, ASIDE = 0.58, 0.42
"""Radians: how high sun or moon stands before the window, and how far to its side."""
BRIGHT = 2.2
"""How much stronger it is than outside, where the eye is used to it."""
FAR = 40.0


def windows_of(openings: Sequence[Opening]) -> list[Opening]:
    """The openings that are windows."""
    return [opening for opening in openings if opening.low > SILL]


def outlook(
    dressing: Dressing, walls: Sequence[Wall], openings: Sequence[Opening], spec: EnvironmentSpec, seed: int
) -> None:
    """Ground and trees outside each wall that has a window."""
    if spec.place in WITHOUT:
        return
    rng = np.random.default_rng([seed, 61])
    is_snowy = "snow" in spec.weather or spec.season == "winter"
    soil = paint("outside", "#eef2f8" if is_snowy else "#6f8f45", 0.95, "snow" if is_snowy else "grass")
    season = "winter" if is_snowy else spec.season or "summer"
    sides = sorted({opening.wall for opening in windows_of(openings)})
    if not sides:
        return
    first = len(dressing.meshes)
    dressing.meshes += growth.shapes("pine" if is_snowy else "tree", season, rng)
    count = len(dressing.meshes) - first
    for side in sides:
        wall = walls[side]
        corners = [_beyond(wall, along, out) for along, out in ((-FAR, 0.2), (FAR, 0.2), (FAR, FAR), (-FAR, FAR))]
        dressing.add(f"outside_{side + 1}", Mesh((panes([corners], soil, metres_per_picture=4.0),)), "ground")
        for number in range(7):
            along, out = float(rng.uniform(-0.8, 1.8)) * wall.length, float(rng.uniform(6.0, 16.0))
            size = float(rng.uniform(0.8, 1.3))
            x, y, z = _beyond(wall, along, out)
            turn = float(rng.uniform(0, 6.28))
            name = f"outside_{side + 1}_tree_{number + 1}"
            dressing.copies.append(Copy(name, first + number % count, (x, y, z), turn, (size, size, size)))


def _beyond(wall: Wall, along: float, out: float) -> Vector:
    """A place outside a wall, on ground that is a little lower than the floor."""
    way = ((wall.end[0] - wall.start[0]) / wall.length, (wall.end[1] - wall.start[1]) / wall.length)
    x, z = (wall.start[axis] + way[axis] * along - wall.normal[axis] * out for axis in (0, 1))
    return x, -0.4, z


def falling_in(light: Light, walls: Sequence[Wall], openings: Sequence[Opening]) -> Light:
    """Sun or moon, standing so that it shines through the first window; as it was where there is none."""
    windows = windows_of(openings)
    if not windows:
        return light
    wall = walls[windows[0].wall]
    inward = np.array([wall.normal[0], 0.0, wall.normal[1]])
    # Through a side wall it shines towards the viewer, where the floor is seen.
    beside = np.array([0.0, 0.0, 1.0]) if abs(inward[0]) > 0.9 else np.array([1.0, 0.0, 0.0])
    flat = inward * np.cos(ASIDE) + beside * np.sin(ASIDE)
    way = flat * np.cos(STEEP) - np.array([0.0, np.sin(STEEP), 0.0])
    direction = (float(way[0]), float(way[1]), float(way[2]))
    return replace(light, intensity=light.intensity * BRIGHT, direction=direction)
