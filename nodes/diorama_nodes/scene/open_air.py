"""Places under the sky: grounds to the horizon, with what grows on them and what is around."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from diorama.values import Mesh
from diorama_nodes.objects.surfaces import merged
from diorama_nodes.plan.schema import EnvironmentSpec
from diorama_nodes.scene import growth
from diorama_nodes.scene.facade import paint
from diorama_nodes.scene.forms import panes, sheet, terrain
from diorama_nodes.scene.habits import habit
from diorama_nodes.scene.items import Item
from diorama_nodes.scene.lands import Land, land_of
from diorama_nodes.scene.place import Copy, Dressing, Place
from diorama_nodes.scene.solids import Array, box
from diorama_nodes.scene.surroundings import floating, houses, mountains, roof

HORIZON = 160.0
Lie = Callable[[Array, Array], Array]
"""Heights of the ground at x and z."""


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
        afloat = [
            max(items[0].size[0], items[0].size[2]) for items in groups if items and habit(items[0].kind) == "water"
        ]
        low = (low[0], min(low[1], shore - max(6.0, 1.6 * max(afloat, default=0.0) + 1.0)))
        water = box(0.0, (low[1] + shore) / 2, 0.0, (2 * half_x, 0.03, shore - low[1]))
    focus = (0.0, min(max(1.15, tallest * 0.32), 5.0), -0.15 * half_z)
    eye_height = 1.65
    if name == "island":
        # From farther off and above, so that its rim and the air below it are seen.
        back, eye_height, focus = high[1] * 2.2 + 9.0, 5.5, (0.0, -0.6, 0.0)
    has_island = any(items and items[0].kind.endswith("island") for items in groups)
    return Place(
        name,
        low,
        high,
        lambda openings: _dress("air" if has_island else name, land, spec, (half_x, half_z), shore, back, seed),
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
    # Large things in the background want room behind what stands before them.
    behind = max((items[0].size[2] for items in groups if items and habit(items[0].kind) == "back"), default=0.0)
    deep = need + (0.7 * behind if behind > 3.0 else 0.0)
    return (spec.width / 2 if spec.width else need), (spec.depth / 2 if spec.depth else deep)


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
    height = _height(land, halves, shore, rng)
    dressing = Dressing()
    if name == "air":
        # The island is an object of the plan: there is only sky around it.
        return dressing
    if name == "island":
        floating(dressing, land, halves, rng)
    elif name == "rooftop":
        roof(dressing, land, spec, halves, rng)
    else:
        _ground(dressing, land, halves, shore, height)
    if land.mountains:
        mountains(dressing, land, rng, is_snowy=land.ground[1] == "snow" or name in ("mountain", "shore"))
    if land.houses:
        houses(dressing, spec, halves, rng)
    _grow(dressing, name, land, spec, halves, shore, back, height, rng)
    return dressing


def _height(land: Land, halves: tuple[float, float], shore: float | None, rng: np.random.Generator) -> Lie:
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


def _ground(dressing: Dressing, land: Land, halves: tuple[float, float], shore: float | None, height: Lie) -> None:
    """The ground, a path over it, and the water behind the shore."""
    soil = paint("ground", land.ground[0], 0.95, land.ground[1])
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
        surface.positions[:, 1] -= 0.035
        dressing.add("water", Mesh((surface,)), "water")


def _grow(
    dressing: Dressing,
    name: str,
    land: Land,
    spec: EnvironmentSpec,
    halves: tuple[float, float],
    shore: float | None,
    back: float,
    height: Lie,
    rng: np.random.Generator,
) -> None:
    """Trees, bushes, rocks and grass around the bounds, as copies of a few shapes; small growth within them too."""
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
