"""The air between: it takes light away, adds its own, and glows around lamps."""

from __future__ import annotations

import numpy as np

from diorama.values.scene import Environment, Light
from diorama_nodes.render.arrays import Floats, column, dot, floats, normalized

SCALE_HEIGHT = 28.0
"""Metres above which the air is thinner by a factor of e."""
SKY_DISTANCE = 2000.0
GLOW = 1.15 / (4.0 * np.pi)
"""Share of light scattered a steradian towards the eye: more than an even one, for mist scatters forwards."""
CLEAR_AIR = 0.0015
"""Extinction a metre below which lamps raise no glow worth its cost."""


def optical_depth(environment: Environment, origins: Floats, directions: Floats, distance: Floats) -> Floats:
    """How much air lies along rays (3, n) of a length, in e-folds: exponential in height, integrated exactly."""
    start = np.exp(np.clip(-origins[1] / np.float32(SCALE_HEIGHT), -20.0, 2.0))
    rise = directions[1] * distance / np.float32(SCALE_HEIGHT)
    level = np.abs(rise) < 1e-3
    rise = np.where(level, np.float32(1.0), np.clip(rise, -60.0, 60.0))
    mean = np.where(level, np.float32(1.0), -np.expm1(-rise) / rise)
    depth: Floats = np.float32(environment.fog_density) * start * mean * distance
    return np.minimum(depth, np.float32(60.0))


def through_air(
    environment: Environment,
    lights: tuple[Light, ...],
    origins: Floats,
    directions: Floats,
    distance: Floats,
    color: Floats,
) -> Floats:
    """What of `color` (3, n) is left after its way through the air, with what the air adds to it."""
    if environment.fog_density <= 0:
        return color
    depth = optical_depth(environment, origins, directions, distance)
    kept = np.exp(-depth)
    result = color * kept
    result += _air_color(environment, lights, directions) * (1 - kept)
    if environment.fog_density > CLEAR_AIR:
        for light in lights:
            if light.kind != "directional":
                result += _glow(environment, light, origins, directions, distance)
    return floats(result)


def _air_color(environment: Environment, lights: tuple[Light, ...], directions: Floats) -> Floats:
    """The fog's own colour, brighter towards sun or moon."""
    air = np.broadcast_to(column(environment.fog_color), directions.shape)
    for light in lights:
        if light.kind == "directional":
            toward = normalized(-column(light.direction))
            cosine = np.maximum(toward[0] * directions[0] + toward[1] * directions[1] + toward[2] * directions[2], 0.0)
            forward = (cosine**8) * np.float32(min(light.intensity, 12.0) * 0.06)
            air = air + column(light.color) * forward
    return floats(air)


def _glow(environment: Environment, light: Light, origins: Floats, directions: Floats, distance: Floats) -> Floats:
    """Light of one lamp that the air turns into the eye's direction.

    The integral of 1 / r^2 along the ray is an arc tangent (Sun et al. 2005, single scattering); extinction is
    taken at the place nearest to the lamp, where most of the light is.
    """
    offset = column(light.position) - origins
    along = dot(offset, directions)
    aside = np.sqrt(np.maximum(dot(offset, offset) - along * along, np.float32(0.03)))
    angle = np.arctan((distance - along) / aside) + np.arctan(along / aside)
    near = np.clip(along, 0.0, distance)
    strength = np.float32(environment.fog_density * light.intensity * GLOW) * angle / aside
    strength *= np.exp(np.float32(-environment.fog_density) * (near + aside))
    if light.reach is not None:
        window = np.clip(1 - (aside * np.float32(1.0 / max(light.reach, 1e-3))) ** 2, 0.0, 1.0)
        strength *= window * window
    if light.kind == "spot":
        strength *= _beam(light, offset, directions, near)
    return floats(column(light.color) * strength)


def _beam(light: Light, offset: Floats, directions: Floats, near: Floats) -> Floats:
    """How much of a spot's cone the ray crosses, judged a little below the place nearest to the lamp."""
    axis = normalized(column(light.direction))
    from_lamp = directions * near - offset
    from_lamp += axis * np.float32(0.4)
    cosine = dot(normalized(from_lamp), np.broadcast_to(axis, from_lamp.shape))
    outer = np.float32(np.cos(light.outer_cone))
    beam: Floats = np.clip((cosine - outer) / (1 - outer + np.float32(1e-3)) * 2, 0.0, 1.0)
    return beam
