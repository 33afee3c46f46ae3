"""What rain does to surfaces: they darken, and what is level gathers puddles that mirror."""

from __future__ import annotations

import numpy as np

from diorama.values.scene import Environment
from diorama_nodes.render.arrays import Floats, normalized
from diorama_nodes.render.patterns import cloud_noise, value_noise
from diorama_nodes.render.surface import Points

LEVEL = 0.86
"""Height of a unit normal above which water stays on a surface."""
WET_ROUGHNESS = 0.24
PUDDLE_ROUGHNESS = 0.045
WET_SHEEN = 0.07
"""Mirrored straight back beyond what dry ground does; more than water's own share, as a wet street looks to the eye."""


def soak(points: Points, environment: Environment, seconds: float, seed: int) -> None:
    """Change the points to what they are when wet, in place."""
    if environment.wetness <= 0:
        return
    level = np.flatnonzero(points.face_normal[1] > LEVEL)
    wetness = np.float32(environment.wetness)
    points.color *= 1 - np.float32(0.25) * wetness
    points.roughness -= (points.roughness - np.minimum(points.roughness, np.float32(0.45))) * wetness * np.float32(0.6)
    if not len(level):
        return
    x, z = points.position[0, level], points.position[2, level]
    # Water gathers in hollows a few steps wide, with ragged edges.
    hollow = cloud_noise(x * np.float32(0.55), z * np.float32(0.55), seed + 11, 4)
    puddle = np.clip((hollow - np.float32(0.66) + np.float32(0.32) * wetness) * np.float32(9.0), 0.0, 1.0)
    film = wetness * (np.float32(0.55) + np.float32(0.45) * puddle)
    points.color[:, level] *= 1 - np.float32(0.35) * film - np.float32(0.15) * puddle
    grain = value_noise(x * np.float32(9.0), z * np.float32(9.0), seed + 12)
    wet = np.float32(WET_ROUGHNESS) + np.float32(0.12) * grain
    target = wet + (np.float32(PUDDLE_ROUGHNESS) - wet) * puddle
    rough = points.roughness[level]
    points.roughness[level] = rough + (np.minimum(target, rough) - rough) * np.minimum(film * 2, np.float32(1.0))
    points.reflectance[level] += film * np.float32(WET_SHEEN)
    points.normal[:, level] = _ripples(
        points.normal[:, level], x, z, puddle, points.distance[level], environment, seconds, seed
    )


def _ripples(
    normal: Floats,
    x: Floats,
    z: Floats,
    puddle: Floats,
    distance: Floats,
    environment: Environment,
    seconds: float,
    seed: int,
) -> Floats:
    """Normals of wet ground: a fine swell everywhere, and the rings of drops where water stands."""
    # Far away a pixel holds many waves: they are roughness there, and no longer slopes.
    nearness = 1 / (1 + (distance * np.float32(0.2)) ** 2)
    swell = (np.float32(0.02) * (1 - puddle) + np.float32(0.004)) * nearness
    scale = np.float32(6.0)
    tilt_x = (value_noise(x * scale, z * scale, seed + 13) - np.float32(0.5)) * swell
    tilt_z = (value_noise(x * scale + 71, z * scale, seed + 13) - np.float32(0.5)) * swell
    if environment.rain > 0:
        for layer in range(2):
            ring_x, ring_z = _rings(x, z, seconds + 0.37 * layer, seed + 17 * layer)
            strength = puddle * nearness * np.float32(0.10 * min(environment.rain, 1.0))
            tilt_x += ring_x * strength
            tilt_z += ring_z * strength
    bent = normal.copy()
    bent[0] += tilt_x
    bent[2] += tilt_z
    return normalized(bent)


def _rings(x: Floats, z: Floats, seconds: float, seed: int) -> tuple[Floats, Floats]:
    """Slopes of rings that grow and fade, one drop to a cell of 35 cm, each at its own time."""
    cell = np.float32(0.35)
    column, row = np.floor(x / cell), np.floor(z / cell)
    lattice = np.random.default_rng(seed).random((3, 64, 64)).astype(np.float32)
    at = ((row.astype(np.int32) & 63) << 6) + (column.astype(np.int32) & 63)
    start, across, along = (plane.reshape(-1)[at] for plane in lattice)
    age = (start + np.float32(seconds * 1.4)) % np.float32(1.0)
    dx = x / cell - column - (np.float32(0.35) + np.float32(0.3) * across)
    dz = z / cell - row - (np.float32(0.35) + np.float32(0.3) * along)
    radius = np.sqrt(dx * dx + dz * dz) + np.float32(1e-4)
    front = (radius - age * np.float32(0.45)) * np.float32(60.0)
    wave = np.sin(front) * np.exp(-front * front * np.float32(0.04)) * (1 - age) * (radius < 0.5)
    return wave * dx / radius, wave * dz / radius
