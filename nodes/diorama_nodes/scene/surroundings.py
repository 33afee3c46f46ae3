"""What stands around places under the sky: ranges, houses, roofs, the root of a floating island."""

from __future__ import annotations

import numpy as np

from diorama.values import Material, Mesh, Part
from diorama_nodes.objects.surfaces import merged
from diorama_nodes.plan.schema import EnvironmentSpec
from diorama_nodes.scene.alley import DARK, HEIGHTS, WALLS
from diorama_nodes.scene.facade import day_palette, front, night_palette, paint, standing
from diorama_nodes.scene.forms import boxes, panes, sheet
from diorama_nodes.scene.lands import Land
from diorama_nodes.scene.place import Dressing


def mountains(dressing: Dressing, land: Land, rng: np.random.Generator, is_snowy: bool) -> None:
    """A range behind everything, two ridges deep."""
    color = {"sand": "#a8714a", "rock": "#6f7076"}.get(land.ground[1], "#66707d")
    rock = paint("mountain", color, 0.95, "rock")
    white = paint("mountain_snow", "#f1f4fa", 0.9, "snow")
    parts = []
    for number, (far, factor) in enumerate(((150.0, 1.0), (95.0, 0.55))):
        turn = np.linspace(-1.9, 1.9, 72)
        waves = [
            rng.uniform(0.4, 1.0) / k**0.8 * np.sin(turn * k * 2.1 + rng.uniform(0, 6.28)) for k in (1, 2, 3, 5, 8, 13)
        ]
        ridge = np.sum(waves, axis=0)
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


def houses(dressing: Dressing, spec: EnvironmentSpec, halves: tuple[float, float], rng: np.random.Generator) -> None:
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


def _gable(length: float, height: float, depth: float, material: Material) -> Part:
    """A pitched roof over a front."""
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


def floating(dressing: Dressing, land: Land, halves: tuple[float, float], rng: np.random.Generator) -> None:
    """An island in the air: grass above, a root of rock below."""
    grass = paint("ground", land.ground[0], 0.95, land.ground[1])
    rock = paint("island_rock", "#75685c", 0.95, "rock")
    turn = np.linspace(0, 2 * np.pi, 49)
    waves = [a * np.sin(turn * k + rng.uniform(0, 6.28)) for k, a in ((2, 0.05), (3, 0.06), (5, 0.04), (9, 0.02))]
    edge = 1.32 + np.sum(waves, axis=0)
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


def roof(
    dressing: Dressing, land: Land, spec: EnvironmentSpec, halves: tuple[float, float], rng: np.random.Generator
) -> None:
    """A roof with its parapet, and a town around and below it."""
    slab = paint("ground", land.ground[0], 0.9, land.ground[1])
    wall = paint("parapet", "#a39b90", 0.9, "concrete")
    x1, z1 = halves[0] + 0.2, halves[1] + 0.2
    parts = [panes([[(-x1, 0, z1 + 6), (x1, 0, z1 + 6), (x1, 0, -z1), (-x1, 0, -z1)]], slab, metres_per_picture=3.0)]
    rails = [((0.0, 0.45, -z1 - 0.12), (2 * x1 + 0.5, 0.9, 0.24))]
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
