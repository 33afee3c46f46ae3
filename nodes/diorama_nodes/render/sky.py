"""The sky: a gradient with sun or moon, stars and clouds."""

from __future__ import annotations

import numpy as np

from diorama.values.scene import Environment, Light
from diorama_nodes.render.arrays import Floats, column, dot, floats, normalized
from diorama_nodes.render.patterns import cloud_noise

SUN_RADIUS = 0.012
MOON_RADIUS = 0.026
"""Radians; both larger than in nature, as painters make them."""
NIGHT_LUMINANCE = 0.06
"""A zenith darker than this is that of a night."""


def is_night(environment: Environment) -> bool:
    """Whether it is night outside: the zenith is too dark for a day."""
    if environment.setting == "indoor":
        return False
    return float(np.dot(environment.sky_zenith, (0.2126, 0.7152, 0.0722))) < NIGHT_LUMINANCE


def sky_radiance(environment: Environment, lights: tuple[Light, ...], directions: Floats, seed: int) -> Floats:
    """The light that comes from the sky along unit directions (3, n), as (3, n)."""
    height = np.clip(directions[1], 0.0, 1.0)
    share = np.sqrt(height)
    sky = column(environment.sky_horizon) * (1 - share) + column(environment.sky_zenith) * share
    if environment.setting == "indoor":
        return floats(sky)
    below = np.clip(-directions[1] * np.float32(4.0), 0.0, 1.0)
    if environment.stars > 0:
        sky += _stars(directions, seed) * np.float32(environment.stars)
    for light in lights:
        if light.kind == "directional":
            sky += _luminary(environment, light, directions, seed)
    sky = _clouded(environment, sky, directions, seed)
    sky *= 1 - np.float32(0.75) * below
    return floats(sky)


def _luminary(environment: Environment, light: Light, directions: Floats, seed: int) -> Floats:
    """The disc of a sun or moon and the glow around it."""
    toward = normalized(-column(light.direction))
    cosine = np.clip(dot(np.broadcast_to(toward, directions.shape), directions), -1.0, 1.0)
    angle = np.sqrt(np.maximum(np.float32(2.0) - np.float32(2.0) * cosine, 0.0))
    color = column(light.color)
    if is_night(environment):
        disc = np.clip((np.float32(MOON_RADIUS) - angle) / np.float32(0.0015), 0.0, 1.0)
        offset = (directions - toward) * np.float32(1.0 / MOON_RADIUS)
        seas = cloud_noise(offset[0] * 2 + offset[2] * 1.3 + 9, offset[1] * 2.4 + 5, seed + 5, 3)
        disc *= np.float32(1.15) - np.float32(0.9) * np.clip((seas - np.float32(0.35)) * 2, 0.0, 1.0)
        glow = np.float32(0.05) * np.exp(-angle * 14) + np.float32(0.012) * np.exp(-angle * 3)
        return floats(color * (disc * np.float32(1.6) + glow))
    strength = np.float32(min(light.intensity, 12.0))
    disc = np.clip((np.float32(SUN_RADIUS) - angle) / np.float32(0.002), 0.0, 1.0) * np.float32(8.0)
    glow = np.float32(0.22) * np.exp(-angle * 18) + np.float32(0.045) * np.exp(-angle * 4)
    return floats(color * ((disc + glow) * strength))


def _stars(directions: Floats, seed: int) -> Floats:
    """Points of light on a lattice over the sphere, each at its own place in its cell."""
    scale = np.float32(75.0)
    x, y, z = directions
    # An even enough lattice: longitude in steps that shrink towards the pole.
    level = np.floor(y * scale)
    circumference = np.maximum(np.floor(np.sqrt(np.maximum(1 - y * y, 0)) * np.float32(2 * np.pi) * scale), 1)
    turn = np.arctan2(z, x) * np.float32(1 / (2 * np.pi)) + np.float32(0.5)
    cell = np.floor(turn * circumference)
    first, second, third = _hashes(cell.astype(np.int64), level.astype(np.int64), seed)
    across = turn * circumference - cell - (np.float32(0.2) + np.float32(0.6) * first)
    along = y * scale - level - (np.float32(0.2) + np.float32(0.6) * second)
    size = np.float32(0.02) + np.float32(0.03) * third
    light = np.exp(-(across * across + along * along) / (size * size)) * np.where(third > 0.86, (third - 0.86) * 16, 0)
    warm = np.stack([np.float32(0.85) + np.float32(0.3) * first, np.ones_like(first), 1.2 - np.float32(0.3) * first])
    return floats(warm * light * (y > 0))


def _hashes(column_number: Floats, row: Floats, seed: int) -> tuple[Floats, Floats, Floats]:
    """Three numbers in 0..1 for each cell, mixed as in SplitMix64."""
    state = column_number.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    state += row.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F) + np.uint64(seed)
    state ^= state >> np.uint64(30)
    state *= np.uint64(0xBF58476D1CE4E5B9)
    state ^= state >> np.uint64(27)
    state *= np.uint64(0x94D049BB133111EB)
    state ^= state >> np.uint64(31)
    low, middle, high = (((state >> np.uint64(shift)) & np.uint64(0xFFFF)) for shift in (0, 16, 32))
    scale = np.float32(1 / 65536)
    return low.astype(np.float32) * scale, middle.astype(np.float32) * scale, high.astype(np.float32) * scale


def _clouded(environment: Environment, sky: Floats, directions: Floats, seed: int) -> Floats:
    """Clouds on a level far above, thicker where it rains or snows."""
    upwards = np.flatnonzero(directions[1] > 0.01)
    if not len(upwards):
        return sky
    x, y, z = directions[:, upwards]
    scale = np.float32(1.1) / (y + np.float32(0.12))
    density = cloud_noise(x * scale + 40, z * scale + 40, seed + 3, 5)
    wetness = min(max(environment.rain, environment.snow), 1.0)
    cover = np.float32(0.56 - 0.33 * wetness)
    amount = np.clip((density - cover) * np.float32(4.5), 0.0, 1.0) * np.clip(y * np.float32(7.0), 0.0, 1.0)
    amount *= np.float32(0.35 if is_night(environment) else 0.8)
    thick = cloud_noise(x * scale + 40.3, z * scale + 40.4, seed + 3, 3)
    bright = column(environment.sky_horizon) * np.float32(1.45 - 0.25 * wetness) + column(
        environment.ambient
    ) * np.float32(0.9 - 0.4 * wetness)
    tone = bright * (np.float32(1.15) - np.float32(0.6) * thick)
    sky[:, upwards] += (tone - sky[:, upwards]) * amount
    return sky
